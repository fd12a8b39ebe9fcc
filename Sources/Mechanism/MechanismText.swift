import Foundation

/// What people type: trimmed, without what no page could show, and not too long.
enum MechanismText {
    static func clean(_ text: String, max: Int = MechanismLimits.textCharactersMax) throws(MechanismError) -> String {
        let kept = text.unicodeScalars.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar == "\n" || scalar == "\t"
            case .format, .surrogate, .privateUse, .unassigned: false
            default: true
            }
        }
        let trimmed = String(String.UnicodeScalarView(kept)).trimmingCharacters(in: .whitespacesAndNewlines)
        guard trimmed.utf8.count <= max || trimmed.unicodeScalars.count <= max else { throw .textTooLong(max: max) }
        return trimmed
    }

    static func title(_ text: String) throws(MechanismError) -> String {
        let title = try clean(text, max: MechanismLimits.titleCharactersMax)
            .replacingOccurrences(of: "\n", with: " ")
        guard !title.isEmpty else { throw .planTitleMissing }
        return title
    }

    /// `62` or `62.5` per cent as permille; nil for anything else.
    static func permille(_ text: String) -> Int? {
        let text = text.trimmingCharacters(in: CharacterSet(charactersIn: "%％").union(.whitespaces))
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...3).contains(parts[0].utf8.count),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }), let whole = Int(parts[0])
        else { return nil }
        var tenth = 0
        if parts.count == 2 {
            guard parts[1].utf8.count == 1, let digit = Int(parts[1]) else { return nil }
            tenth = digit
        }
        let permille = whole * 10 + tenth
        return permille <= 1_000 ? permille : nil
    }

    /// 625 → `62.5`, 620 → `62`.
    static func percent(_ permille: Int) -> String {
        permille % 10 == 0 ? String(permille / 10) : "\(permille / 10).\(permille % 10)"
    }
}
