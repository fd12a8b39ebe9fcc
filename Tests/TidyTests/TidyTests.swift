import Foundation
import Testing

/// The house rules of docs/architecture.md, kept by a test.
@Suite("House rules")
struct TidyTests {
    @Test("A room imports only what its floor allows")
    func floors() {
        let ground: Set = ["Core", "Store", "Web", "Mining", "Sheets"]
        let allowed: [String: Set<String>] = [
            "Core": [], "Store": ["Core"], "Web": ["Core"], "Mining": ["Core"], "Sheets": ["Core"],
            "TestKit": ["Core", "Store"],
            "Organisation": ground.subtracting(["Mining"]),
            "Casework": ground.subtracting(["Mining"]).union(["Organisation"]),
            "Indicators": ground.subtracting(["Mining"]).union(["Organisation"]),
            "Mechanism": ground.subtracting(["Mining"]).union(["Organisation", "Casework", "Indicators"]),
            "Appeals": ground.union(["Organisation", "Casework"]),
            "Platform": ground.union(["Organisation", "Casework", "Indicators", "Mechanism", "Appeals"]),
            "shuzhi": ground.union(["Organisation", "Casework", "Indicators", "Appeals", "Platform"]),
        ]
        let rooms = Set(allowed.keys)
        for file in SourceTree.sources {
            let imports = file.lines.compactMap { line -> String? in
                let words = line.split(separator: " ")
                guard let at = words.firstIndex(of: "import"), at <= 1, words.count > at + 1 else { return nil }
                return String(words[at + 1])
            }
            let wrong = Set(imports).intersection(rooms).subtracting(allowed[file.room] ?? [])
            #expect(wrong.isEmpty, "\(file) imports \(wrong.sorted()), which its floor does not allow")
        }
    }

    @Test("Core stands on Foundation alone")
    func core() {
        for file in SourceTree.sources where file.room == "Core" {
            for line in file.lines where line.hasPrefix("import ") || line.hasPrefix("package import ") {
                let module = line.split(separator: " ").last.map(String.init) ?? ""
                #expect(["Foundation", "Synchronization"].contains(module), "\(file): \(line)")
            }
        }
    }

    @Test("SQL is written only in *Store and *Migrations files, and in the Store room")
    func sqlStaysInStores() {
        let pattern = /["\s](SELECT .+ FROM |INSERT INTO |DELETE FROM |UPDATE \w+ SET |CREATE TABLE |ALTER TABLE )/
        for file in SourceTree.sources where file.room != "Store" && file.room != "TestKit" {
            if file.name.hasSuffix("Store.swift") || file.name.hasSuffix("Migrations.swift") { continue }
            for found in places(in: file.lines, of: ["SELECT ", "INSERT ", "DELETE ", "UPDATE ", " TABLE "], pattern)
            where !found.line.contains("///") {
                Issue.record("\(file):\(found.number) holds SQL: move it to a *Store file")
            }
        }
    }

    @Test("Statements are never spliced from text outside the Store room")
    func noSplicing() {
        for file in SourceTree.sources where file.room != "Store" && file.room != "TestKit" {
            #expect(!file.text.contains("SQL(stringLiteral:"), "\(file) splices text into SQL: interpolate instead")
        }
    }

    @Test(
        "What stops the process or hides a failure is not in the sources",
        arguments: [
            ("public", #"(^|[^.`\w])public\b(?!`)"#), ("fatalError(", #"\bfatalError\("#), ("try!", #"\btry!"#),
            ("as!", #"\bas!"#), ("precondition(false", #"\bprecondition\(false"#),
        ])
    func banned(word: String, pattern: String) throws {
        let regex = try Regex(pattern)
        for file in SourceTree.sources where file.text.contains(word) {
            for found in places(in: codeLines(file), of: [word], regex) {
                Issue.record("\(file):\(found.number): \(pattern)")
            }
        }
    }

    @Test("Only the command line prints")
    func printing() {
        for file in SourceTree.sources where file.room != "shuzhi" && file.text.contains("print(") {
            for found in places(in: codeLines(file), of: ["print("], /(^|[^.\w])print\(/) {
                Issue.record("\(file):\(found.number) prints")
            }
        }
    }

    @Test("Nothing is left for later, and no line of code is commented out")
    func nothingLeft() {
        for file in SourceTree.swift where file.room != "TidyTests" {
            let marks = places(
                in: file.lines, of: ["TODO", "FIXME", "XXX", "HACK"], /\b(TODO|FIXME|XXX|HACK)\b/)
            for found in marks { Issue.record("\(file):\(found.number): do it or file it") }
            let dead = /^\s*\/\/ (let|var|func|if|return|guard|try|for|import) .*[({=]/
            for found in places(in: file.lines, of: ["// "], dead) {
                Issue.record("\(file):\(found.number): dead code")
            }
        }
    }

    @Test("Files, functions and lines stay short enough to read")
    func sizes() {
        for file in SourceTree.swift {
            #expect(file.lines.count <= TidyLimits.fileLinesMax, "\(file) has \(file.lines.count) lines: split it")
            // Bytes are never fewer than characters, and quick to count.
            for (index, line) in file.lines.enumerated()
            where line.utf8.count > TidyLimits.lineCharactersMax && line.count > TidyLimits.lineCharactersMax {
                Issue.record("\(file):\(index + 1) has \(line.count) characters")
            }
            for function in longFunctions(in: file) {
                Issue.record("\(file):\(function.line) has a function of \(function.length) lines: split it")
            }
        }
    }

    @Test("No path of a developer's machine is in the project")
    func machinePaths() {
        for file in SourceTree.all where !file.path.contains("TidyTests") {
            let folders = ["/work/", "/home/", "/root/", "/Users/"]
            for found in places(in: file.lines, of: folders, /\/(work|home|root|Users)\/\w/) {
                Issue.record("\(file):\(found.number): \(found.line)")
            }
        }
    }

    @Test("Each room has its page, and each decision record says context, decision and consequences")
    func documents() throws {
        let rooms = Set(SourceTree.sources.map(\.room)).subtracting(["shuzhi", "TestKit", "Core"])
        for room in rooms where !room.hasPrefix("C") || room == "Casework" {
            let page = SourceTree.root.appendingPathComponent("Sources/\(room)/\(room).md")
            #expect(FileManager.default.fileExists(atPath: page.path), "Sources/\(room)/\(room).md is missing")
        }
        let records = SourceTree.all.filter { $0.path.hasPrefix("docs/adr/") }
        #expect(!records.isEmpty)
        for record in records {
            for heading in ["## Context", "## Decision", "## Consequences"] {
                #expect(record.text.contains(heading), "\(record) has no “\(heading)”")
            }
        }
        let numbers = records.map { $0.name.prefix(3) }
        #expect(Set(numbers).count == numbers.count, "two decision records share a number: \(numbers)")
    }

    @Test("Every template is used, and every migration name is unique and well formed")
    func nothingUnused() {
        let code = SourceTree.sources.map(\.text).joined(separator: "\n")
        let markup = SourceTree.templates.map(\.text).joined(separator: "\n")
        for template in SourceTree.templates {
            guard let range = template.path.range(of: "/Templates/") else { continue }
            let name = template.path[range.upperBound...].dropLast(".mustache".count)
            let isUsed =
                code.contains("\"\(name)\"") || markup.contains("{{> \(name)}}")
                || markup.contains("{{>\(name)}}") || markup.contains("{{<\(name)}}")
            #expect(isUsed, "\(template) is not used")
        }
        let names = SourceTree.sources.flatMap { file in
            file.text.matches(of: /Migration\(\s*"([^"]+)"/).map { String($0.output.1) }
        }
        #expect(Set(names).count == names.count, "a migration name is used twice")
        for name in names { #expect(name.firstMatch(of: /^[a-z]+\.\d{4}-[a-z0-9-]+$/) != nil, "\(name)") }
    }
}

enum TidyLimits {
    static let fileLinesMax = 420
    static let functionLinesMax = 70
    static let lineCharactersMax = 120
}

/// Lines that hold one of the words and match the pattern. Words are looked for first: a pattern costs a hundred times
/// as much.
private func places(
    in lines: [some StringProtocol & BidirectionalCollection], of words: [String], _ pattern: some RegexComponent
) -> [(number: Int, line: String)] {
    lines.enumerated().compactMap { index, line in
        guard words.contains(where: { line.contains($0) }) else { return nil }
        let text = String(line)
        return text.firstMatch(of: pattern) == nil ? nil : (index + 1, text)
    }
}

/// Functions and initialisers longer than the limit, found by indentation: the formatter guarantees it.
private func longFunctions(in file: SourceTree.File) -> [(line: Int, length: Int)] {
    let lines = file.lines
    var found: [(Int, Int)] = []
    // A function written in one line ends there.
    for (start, line) in lines.enumerated()
    where (line.contains("func ") || line.contains("init")) && !line.hasSuffix("}") {
        let opening = /^\s*((package|private|fileprivate|static|mutating|override|nonisolated)\s+)*(func|init)\b/
        guard line.firstMatch(of: opening) != nil else { continue }
        let indent = line.prefix { $0 == " " }
        let closing = indent + "}"
        guard let end = lines[start...].firstIndex(where: { $0 == closing }) else { continue }
        if end - start + 1 > TidyLimits.functionLinesMax { found.append((start + 1, end - start + 1)) }
    }
    return found
}
