import ArgumentParser
import Core
import Foundation
import Mining
import Sheets

/// `shuzhi mine topics`: what each text is about.
struct MineTopics: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics", abstract: here("训练和使用主题模型。", "Train and use a topic model."),
        subcommands: [MineTopicsTrain.self, MineTopicsPredict.self])
}

struct MineTopicsTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: here("用已分类的文本训练主题模型。", "Train a topic model on labelled texts."),
        discussion: """
            \(here("示例", "Example")):
              shuzhi mine topics train --input labelled.csv --model topics.bin
            \(here("输入列", "Input columns")): text,label
            """)

    @Option(help: ArgumentHelp(here("训练文件（CSV、XLSX）。", "File of labelled texts (CSV, XLSX)."), valueName: "file"))
    var input: String
    @Option(help: ArgumentHelp(here("写到哪里。", "Where to write the model."), valueName: "file"))
    var model: String
    @Option(help: ArgumentHelp(here("随机种子；同样的输入和种子得到同样的模型。", "Seed; the same input and seed give the same model.")))
    var seed: UInt64 = 1
    @Option(help: ArgumentHelp(here("文本列的表头。", "Header of the text."), valueName: "column"))
    var text: String?
    @Option(help: ArgumentHelp(here("类别列的表头。", "Header of the label."), valueName: "column"))
    var label: String?

    func run() throws {
        let named: [(MineColumn, String?)] = [(.text, text), (.label, label)]
        let table = try MineTable(
            path: input,
            named: Dictionary(uniqueKeysWithValues: named.compactMap { column, name in name.map { (column, $0) } }),
            required: [.text, .label])
        var examples: [TopicModel.Example] = []
        while let row = try table.next() {
            let (text, label) = (row.string(.text), row.string(.label))
            if !text.isEmpty, !label.isEmpty { examples.append(TopicModel.Example(text: text, label: label)) }
        }
        guard !examples.isEmpty else { throw MineError.noRows }
        Terminal.say("用 \(examples.count) 条文本训练……", "Training on \(examples.count) texts…")
        let trained: TopicModel
        do {
            trained = try TopicModel.train(examples, seed: seed)
        } catch .topics(let found) {
            throw MineError.tooFewTopics(found)
        }
        let bytes = trained.bytes()
        try MineModelFile.write(bytes, to: model)
        let topics = trained.labels.joined(separator: here("、", ", "))
        Terminal.say(
            "\(trained.labels.count) 个主题：\(topics)；模型 \(bytes.count >> 10) KiB。",
            "\(trained.labels.count) topics: \(topics); the model has \(bytes.count >> 10) KiB.")
    }
}

struct MineTopicsPredict: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: here("判断每条文本的主题。", "Tell the topic of each text."),
        discussion: """
            \(here("示例", "Example")):
              shuzhi mine topics predict --model topics.bin --input messages.csv --output topics.csv
            \(here("输入列", "Input columns")): id,text    \(here("输出列", "output columns")): id,label,confidence
            """)

    @Option(help: ArgumentHelp(here("模型文件；省略则用随程序提供的模型。", "Model; the shipped one when left out."), valueName: "file"))
    var model: String?
    @Option(help: ArgumentHelp(here("文本文件（CSV、XLSX）。", "File of texts (CSV, XLSX)."), valueName: "file"))
    var input: String
    @Option(help: ArgumentHelp(here("结果；省略则写到标准输出。", "Result; standard output when left out."), valueName: "file"))
    var output: String?
    @Option(help: ArgumentHelp(here("编号列的表头。", "Header of the identifier."), valueName: "column"))
    var id: String?
    @Option(help: ArgumentHelp(here("文本列的表头。", "Header of the text."), valueName: "column"))
    var text: String?

    func run() throws {
        let topics = try load()
        let named: [(MineColumn, String?)] = [(.id, id), (.text, text)]
        let table = try MineTable(
            path: input,
            named: Dictionary(uniqueKeysWithValues: named.compactMap { column, name in name.map { (column, $0) } }),
            required: [.id, .text])
        let writer = try output.map { try CSVWriter(path: $0, hasMark: false) } ?? CSVWriter(handle: .standardOutput)
        try writer.write(["id", "label", "confidence"])
        var (done, scratch) = (0, TopicModel.Scratch())
        while let row = try table.next() {
            let key = row.string(.id)
            if key.isEmpty { continue }
            let text = row.string(.subject) + "\n" + row.string(.text)
            let prediction = topics.predict(text, &scratch)
            try writer.write([key, prediction.label, MineModelFile.decimal(prediction.permille)])
            done += 1
            if done % 10_000 == 0 { Terminal.progress("\(table.percent) %") }
        }
        try writer.finish()
        Terminal.endProgress()
        Terminal.say("\(done) 条。", "\(done) texts.")
    }

    private func load() throws -> TopicModel {
        guard let model else {
            guard let standard = TopicModel.standard else { throw MineError.noModel }
            return standard
        }
        return try MineModelFile.read(model) { bytes throws(ModelFileError) in try TopicModel(bytes: bytes) }
    }
}
