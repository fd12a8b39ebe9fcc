import Core

/// Keeps a text that somebody wrote from being run as a formula by the program that opens an exported CSV.
///
/// A text that begins with `=`, `+`, `-`, `@`, their full-width forms, a tab or a line end, and is not a plain number,
/// gets an apostrophe in front; so does one that begins with apostrophes before such a sign. Reading takes
/// exactly one off again, so that what was exported comes back as it was.
enum FormulaGuard {
    static func guarded(_ text: String) -> String {
        needsGuard(text.utf8) ? "'" + text : text
    }

    /// The text without the apostrophe that `guarded` put there.
    static func unguarded(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard bytes.first == 0x27 else { return bytes }
        let rest = UnsafeBufferPointer(rebasing: bytes.dropFirst())
        return needsGuard(rest) ? rest : bytes
    }

    private static func needsGuard(_ text: some Collection<UInt8>) -> Bool {
        let signed = text.drop { $0 == 0x27 }
        guard let first = signed.first else { return false }
        switch first {
        case UInt8(ascii: "="), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D: return true
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            return signed.count < text.count || !isPlainNumber(signed.dropFirst())
        case 0xEF:
            return ["＝", "＋", "－", "＠"].contains { signed.starts(with: $0.utf8) }
        default: return false
        }
    }

    /// Digits with at most one point among them: `-3.5` needs no guard, a telephone sum such as `+86-21-1` does.
    private static func isPlainNumber(_ text: some Collection<UInt8>) -> Bool {
        var (digits, points) = (0, 0)
        for byte in text {
            switch byte {
            case 0x30...0x39: digits += 1
            case 0x2E: points += 1
            default: return false
            }
        }
        return digits > 0 && points <= 1
    }
}
