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
            "Appeals": ground.union(["Organisation", "Casework"]),
            "Platform": ground.union(["Organisation", "Casework", "Appeals"]),
            "shuzhi": ground.union(["Organisation", "Casework", "Appeals", "Platform"]),
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
            for (index, line) in file.lines.enumerated() where !line.contains("///") {
                #expect(line.firstMatch(of: pattern) == nil, "\(file):\(index + 1) holds SQL: move it to a *Store file")
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
        arguments: [#"(^|[^.`\w])public\b(?!`)"#, #"\bfatalError\("#, #"\btry!"#, #"\bas!"#, #"\bprecondition\(false"#])
    func banned(pattern: String) throws {
        let regex = try Regex(pattern)
        for file in SourceTree.sources {
            for (index, line) in codeLines(file).enumerated() {
                #expect(line.firstMatch(of: regex) == nil, "\(file):\(index + 1): \(pattern)")
            }
        }
    }

    @Test("Only the command line prints")
    func printing() {
        for file in SourceTree.sources where file.room != "shuzhi" {
            for (index, line) in codeLines(file).enumerated() {
                #expect(line.firstMatch(of: /(^|[^.\w])print\(/) == nil, "\(file):\(index + 1) prints")
            }
        }
    }

    @Test("Nothing is left for later, and no line of code is commented out")
    func nothingLeft() {
        for file in SourceTree.swift where file.room != "TidyTests" {
            for (index, line) in file.lines.enumerated() {
                #expect(
                    line.firstMatch(of: /\b(TODO|FIXME|XXX|HACK)\b/) == nil,
                    "\(file):\(index + 1): do it or file it")
                #expect(
                    line.firstMatch(of: /^\s*\/\/ (let|var|func|if|return|guard|try|for|import) .*[({=]/) == nil,
                    "\(file):\(index + 1): dead code")
            }
        }
    }

    @Test("Files, functions and lines stay short enough to read")
    func sizes() {
        for file in SourceTree.swift {
            #expect(file.lines.count <= TidyLimits.fileLinesMax, "\(file) has \(file.lines.count) lines: split it")
            for (index, line) in file.lines.enumerated() where line.count > TidyLimits.lineCharactersMax {
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
            for (index, line) in file.lines.enumerated() {
                #expect(line.firstMatch(of: /\/(work|home|root|Users)\/\w/) == nil, "\(file):\(index + 1): \(line)")
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

/// Functions and initialisers longer than the limit, found by indentation: the formatter guarantees it.
private func longFunctions(in file: SourceTree.File) -> [(line: Int, length: Int)] {
    let lines = file.lines
    var found: [(Int, Int)] = []
    for (start, line) in lines.enumerated() {
        let opening = /^\s*((package|private|fileprivate|static|mutating|override|nonisolated)\s+)*(func|init)\b/
        guard line.firstMatch(of: opening) != nil else { continue }
        let indent = line.prefix { $0 == " " }
        let closing = indent + "}"
        guard let end = lines[start...].firstIndex(where: { $0 == closing }) else { continue }
        if end - start + 1 > TidyLimits.functionLinesMax { found.append((start + 1, end - start + 1)) }
    }
    return found
}
