import ArgumentParser
import Core
import Foundation
import Mining
import Sheets

/// `shuzhi mine places`: which township an address lies in.
struct MinePlaces: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "places", abstract: here("训练和使用地址模型。", "Train and use a model of addresses."),
        subcommands: [MinePlacesTrain.self, MinePlacesPredict.self])
}

struct MinePlacesTrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: here("用已定位的地址训练。", "Train on addresses whose point and township are known."),
        discussion: """
            \(here("示例", "Example")):
              shuzhi mine places train --input located.csv --model places.bin
            \(here("输入列", "Input columns")): address,wgs84_lng,wgs84_lat,township
            """)

    @Option(help: ArgumentHelp(here("训练文件（CSV、XLSX）。", "File of located addresses (CSV, XLSX)."), valueName: "file"))
    var input: String
    @Option(help: ArgumentHelp(here("写到哪里。", "Where to write the model."), valueName: "file"))
    var model: String

    func run() throws {
        let table = try MineTable(
            path: input, named: [:], required: [.address, .longitude, .latitude, .township])
        var examples: [PlaceModel.Example] = []
        while let row = try table.next() {
            let (address, township) = (row.string(.address), row.string(.township))
            if address.isEmpty || township.isEmpty { continue }
            guard let longitude = Double(row.string(.longitude)), let latitude = Double(row.string(.latitude)),
                let point = Coordinate(latitude: latitude, longitude: longitude)
            else { throw MineError.notAPoint(row: row.number) }
            examples.append(PlaceModel.Example(address: address, point: point, township: township))
        }
        guard !examples.isEmpty else { throw MineError.noRows }
        let trained: PlaceModel
        do {
            trained = try PlaceModel.train(examples)
        } catch .townships(let found) {
            throw MineError.tooFewTownships(found)
        } catch .examples(let found) {
            throw MineError.tooManyPlaces(found)
        }
        let bytes = trained.bytes()
        try MineModelFile.write(bytes, to: model)
        Terminal.say(
            "\(examples.count) 个地址，\(trained.townships.count) 个街镇；模型 \(bytes.count >> 10) KiB。",
            "\(examples.count) addresses, \(trained.townships.count) townships; the model has \(bytes.count >> 10) KiB."
        )
    }
}

struct MinePlacesPredict: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: here("判断每个地址属于哪个街镇。", "Tell the township of each address."),
        discussion: """
            \(here("示例", "Example")):
              shuzhi mine places predict --model places.bin --input addresses.csv --output townships.csv
            \(here("输入列", "Input columns")): address
            \(here("输出列", "Output columns")): address,township,confidence
            \(here("township 为空表示没有把握。", "township is empty where it is not sure."))
            """)

    @Option(help: ArgumentHelp(here("模型文件。", "Model."), valueName: "file"))
    var model: String
    @Option(help: ArgumentHelp(here("地址文件（CSV、XLSX）。", "File of addresses (CSV, XLSX)."), valueName: "file"))
    var input: String
    @Option(help: ArgumentHelp(here("结果；省略则写到标准输出。", "Result; standard output when left out."), valueName: "file"))
    var output: String?
    @Flag(help: ArgumentHelp(here("没有把握时也给出最可能的街镇。", "Name the likeliest township even where it is not sure.")))
    var always = false

    func run() throws {
        let places = try MineModelFile.read(model) { bytes throws(ModelFileError) in try PlaceModel(bytes: bytes) }
        let table = try MineTable(path: input, named: [:], required: [.address])
        let writer = try output.map { try CSVWriter(path: $0, hasMark: false) } ?? CSVWriter(handle: .standardOutput)
        try writer.write(["address", "township", "confidence"])
        var (done, unsure) = (0, 0)
        while let row = try table.next() {
            let address = row.string(.address)
            if address.isEmpty { continue }
            let guess = places.guess(address)
            if !guess.isSure { unsure += 1 }
            try writer.write([
                address, guess.isSure || always ? guess.township : "", MineModelFile.decimal(guess.permille),
            ])
            done += 1
            if done % 1_000 == 0 { Terminal.progress("\(table.percent) %") }
        }
        try writer.finish()
        Terminal.endProgress()
        Terminal.say("\(done) 个地址，\(unsure) 个没有把握。", "\(done) addresses, \(unsure) not sure.")
    }
}
