internal import Core
internal import Foundation
internal import Yams

/// The files of a profile's folder, read as text with every fault of form on its line.
struct ProfileFiles {
    let folder: URL

    func has(_ file: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(file).path)
    }

    /// Nil, with a fault, when the file is absent, too large or no UTF-8.
    func text(_ file: String, _ log: inout FaultLog) -> String? {
        let path = folder.appendingPathComponent(file).path
        guard let handle = FileHandle(forReadingAtPath: path) else {
            log.add(file, 0, zh: "文件不存在或无法打开。", en: "the file is missing or cannot be opened.")
            return nil
        }
        defer { try? handle.close() }
        guard let bytes = try? handle.read(upToCount: OrganisationLimits.profileFileBytesMax + 1) else {
            log.add(file, 0, zh: "文件是空的，或无法读取。", en: "the file is empty or cannot be read.")
            return nil
        }
        guard bytes.count <= OrganisationLimits.profileFileBytesMax else {
            let limit = OrganisationLimits.profileFileBytesMax >> 20
            log.add(file, 0, zh: "文件超过 \(limit) MB。", en: "the file is larger than \(limit) MB.")
            return nil
        }
        let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        guard let text = String(bytes: isMarked ? bytes.dropFirst(3) : bytes[...], encoding: .utf8) else {
            log.add(file, 0, zh: "文件不是 UTF-8 编码。", en: "the file is not UTF-8.")
            return nil
        }
        return text
    }

    func yaml(_ file: String, _ log: inout FaultLog) -> Node? {
        guard let text = text(file, &log) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if let long = lines.firstIndex(where: { $0.utf8.count > OrganisationLimits.yamlLineCharactersMax }) {
            log.add(file, long + 1, zh: "这一行太长。", en: "this line is too long.")
            return nil
        }
        return YAMLText(text).node(file, &log)
    }

    /// JSON is YAML in its flow style, but for tabs between tokens; its strings hold no bare tab.
    func json(_ file: String, _ log: inout FaultLog) -> Node? {
        guard let text = text(file, &log) else { return nil }
        guard text.first(where: { !$0.isWhitespace }) == "{" else {
            log.add(file, 1, zh: "不是 JSON：应以 { 开头。", en: "this is no JSON: it must start with {.")
            return nil
        }
        return YAMLText(text.replacing("\t", with: " ")).node(file, &log)
    }
}

/// A text that is parsed only if the parser's recursion stays shallow.
private struct YAMLText {
    let text: String
    init(_ text: String) { self.text = text }

    func node(_ file: String, _ log: inout FaultLog) -> Node? {
        if let line = tooDeep {
            log.add(file, line, zh: "括号嵌套太深。", en: "brackets are nested too deeply.")
            return nil
        }
        do {
            guard let node = try Yams.compose(yaml: text) else {
                log.add(file, 1, zh: "文件是空的。", en: "the file is empty.")
                return nil
            }
            return node
        } catch let error as YamlError {
            report(error, file, &log)
        } catch {
            log.add(file, 0, zh: "文件无法解析。", en: "the file cannot be parsed.")
        }
        return nil
    }

    private var tooDeep: Int? {
        var (depth, line) = (0, 1)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\n"): line += 1
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: continue
            }
            if depth > OrganisationLimits.nestingMax { return line }
        }
        return nil
    }

    private func report(_ error: YamlError, _ file: String, _ log: inout FaultLog) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            log.add(file, mark.line, zh: "格式错误：\(problem)。", en: "malformed: \(problem).")
        case .reader(let problem, let offset, _, _):
            let line = offset.map { text.utf8.prefix($0).count { $0 == UInt8(ascii: "\n") } + 1 } ?? 1
            log.add(file, line, zh: "含有不能出现的字符：\(problem)。", en: "a character is not allowed: \(problem).")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.sorted().joined(separator: ", ")
            log.add(
                file, context.mark.line, zh: "同一处有重复的项：\(names)。",
                en: "fields stand twice in one place: \(names).")
        default: log.add(file, 0, zh: "文件无法解析。", en: "the file cannot be parsed.")
        }
    }
}

/// Reading what a node of YAML is expected to be.
struct ProfileNode {
    let file: String
    let node: Node
    var line: Int { node.mark?.line ?? 0 }

    /// The parts of a mapping by name; a fault when the node is none.
    func parts(_ log: inout FaultLog) -> [String: ProfileNode]? {
        guard case .mapping(let mapping) = node else {
            log.add(file, line, zh: "这里应是“名称: 值”。", en: "“name: value” is expected here.")
            return nil
        }
        var parts: [String: ProfileNode] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                log.add(file, line, zh: "名称应是文字。", en: "a name must be text.")
                continue
            }
            parts[name] = ProfileNode(file: file, node: value)
        }
        return parts
    }

    func items(_ log: inout FaultLog) -> [ProfileNode]? {
        guard case .sequence(let sequence) = node else {
            log.add(file, line, zh: "这里应是列表。", en: "a list is expected here.")
            return nil
        }
        return sequence.map { ProfileNode(file: file, node: $0) }
    }

    /// A mapping of plain texts, but for the parts `excluding`, which are read apart.
    func record(excluding: Set<String> = [], _ log: inout FaultLog) -> ProfileRecord? {
        guard let parts = parts(&log) else { return nil }
        var fields: [String: ProfileRecord.Field] = [:]
        for (name, part) in parts.sorted(by: { $0.key < $1.key }) where !excluding.contains(name) {
            guard let text = part.node.scalar?.string else {
                log.add(file, part.line, zh: "“\(name)”应是文字。", en: "“\(name)” must be text.")
                continue
            }
            fields[name] = .init(text: text, line: part.line)
        }
        return ProfileRecord(file: file, line: line, fields: fields)
    }
}
