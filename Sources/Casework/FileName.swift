import Core

/// File names as people send them, made harmless and still theirs.
enum FileName {
    /// Without folders, control and direction marks, and leading or trailing dots and blanks; never empty, and cut in
    /// the middle of its stem when too long, so that the ending stays.
    static func clean(_ name: String) -> String {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" || $0 == ":" }).last ?? ""
        let visible = last.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
            default: !"<>\"|?*".unicodeScalars.contains(scalar)
            }
        }
        var text = Substring(String(String.UnicodeScalarView(visible)))
        while let first = text.first, first == "." || first.isWhitespace { text.removeFirst() }
        while let end = text.last, end == "." || end.isWhitespace { text.removeLast() }
        let (stem, ending) = parts(String(text))
        let name = reserved.contains(stem.uppercased()) ? "_" + stem : stem
        let room = CasesLimits.fileNameCharactersMax - ending.unicodeScalars.count - 1
        let short = String(String.UnicodeScalarView(name.unicodeScalars.prefix(room)))
        let kept = short.isEmpty ? "附件" : short
        return ending.isEmpty ? kept : "\(kept).\(ending)"
    }

    /// The ending in lower case, without its dot; empty when there is none.
    static func ending(_ name: String) -> String { parts(name).ending.lowercased() }

    private static func parts(_ name: String) -> (stem: String, ending: String) {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return (name, "") }
        let ending = name[name.index(after: dot)...]
        guard (1...10).contains(ending.count), ending.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            return (name, "")
        }
        return (String(name[..<dot]), String(ending))
    }

    /// Device names of Windows, on which most of the district reads its files.
    private static let reserved: Set<String> = {
        let numbered = (1...9).flatMap { ["COM\($0)", "LPT\($0)"] }
        return Set(["CON", "PRN", "AUX", "NUL"] + numbered)
    }()
}
