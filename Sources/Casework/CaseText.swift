import Core

/// Checks of what people type into a case: trimmed, not empty, not too long.
enum CaseText {
    static func title(_ text: String) throws(CaseError) -> String {
        let text = trimmed(text)
        guard !text.isEmpty else { throw .titleMissing }
        guard text.unicodeScalars.count <= CasesLimits.titleCharactersMax else {
            throw .titleTooLong(max: CasesLimits.titleCharactersMax)
        }
        return text
    }

    static func reason(_ text: String) throws(CaseError) -> String {
        let text = trimmed(text)
        guard !text.isEmpty else { throw .reasonMissing }
        return try short(text, max: CasesLimits.reasonCharactersMax)
    }

    static func comment(_ text: String) throws(CaseError) -> String {
        let text = trimmed(text)
        guard !text.isEmpty else { throw .textMissing }
        return try short(text, max: CasesLimits.commentCharactersMax)
    }

    static func detail(_ text: String) throws(CaseError) -> String {
        try short(text, max: CasesLimits.detailCharactersMax)
    }

    private static func short(_ text: String, max: Int) throws(CaseError) -> String {
        // UTF-8 never has fewer bytes than characters, so most texts need no count.
        guard text.utf8.count <= max || text.unicodeScalars.count <= max else { throw .textTooLong(max: max) }
        return text
    }

    /// Without white space at either end, and without NUL, which PostgreSQL cannot store.
    private static func trimmed(_ text: String) -> String {
        var scalars = Substring(text).unicodeScalars
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        guard scalars.contains("\0") else { return String(Substring(scalars)) }
        return String(String.UnicodeScalarView(scalars.filter { $0 != "\0" }))
    }
}
