import Foundation

/// The package's own sources as text, for the house rules to read.
struct SourceTree {
    struct File: CustomStringConvertible {
        /// Below the package's root: `Sources/Core/Day.swift`.
        let path: String
        let text: String
        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var name: String { (path as NSString).lastPathComponent }
        var room: String { String(path.split(separator: "/")[1]) }
        var description: String { path }
    }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let swift = files(below: ["Sources", "Tests", "Benchmarks"], endings: ["swift"])
    static let sources = swift.filter { $0.path.hasPrefix("Sources/") }
    static let templates = files(below: ["Sources"], endings: ["mustache"])
    /// Everything a reader may open, for rules about words.
    static let all =
        swift + templates
        + files(
            below: ["Sources", "docs", "scripts", "profiles", ".ci"],
            endings: ["md", "yaml", "css", "js", "sh", "txt", "run", "install", "screenshots", ""])
        + files(below: ["."], endings: ["md", "Makefile"], isDeep: false)

    private static func files(below folders: [String], endings: Set<String>, isDeep: Bool = true) -> [File] {
        folders.flatMap { folder -> [File] in
            let base = root.appendingPathComponent(folder)
            let options: FileManager.DirectoryEnumerationOptions = isDeep ? [] : [.skipsSubdirectoryDescendants]
            let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil, options: options)
            let urls = (walk?.allObjects as? [URL] ?? []).sorted { $0.path < $1.path }
            return urls.compactMap { url in
                guard endings.contains(url.pathExtension) || endings.contains(url.lastPathComponent),
                    !url.hasDirectoryPath, let text = try? String(contentsOf: url, encoding: .utf8)
                else { return nil }
                let path = url.standardizedFileURL.path.dropFirst(root.standardizedFileURL.path.count + 1)
                return File(path: String(path), text: text)
            }
        }
    }
}

/// Code with comments and the insides of string literals blanked, line by line, so that rules see code only.
func codeLines(_ file: SourceTree.File) -> [String] {
    var isInBlockString = false
    return file.lines.map { line in
        var out = ""
        var isInString = false
        var characters = Array(line)[...]
        while let character = characters.first {
            if characters.starts(with: "\"\"\"") {
                isInBlockString.toggle()
                characters = characters.dropFirst(3)
                continue
            }
            characters = characters.dropFirst()
            if isInBlockString { continue }
            if isInString {
                if character == "\\" { characters = characters.dropFirst() }
                if character == "\"" { isInString = false; out.append("\"") }
                continue
            }
            if character == "\"" { isInString = true; out.append("\""); continue }
            if character == "/", characters.first == "/" { break }
            out.append(character)
        }
        return out
    }
}
