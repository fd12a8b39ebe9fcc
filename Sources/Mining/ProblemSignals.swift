/// Words of danger, haste, repetition and complaint in one message, as they are meant there.
struct ProblemSignals: Sendable, Equatable {
    private let signs: [SeveritySign]

    init(_ codes: [UInt16], _ lexicon: SeverityLexicon) { signs = lexicon.signs(codes) }

    func of(_ kind: SeverityLexicon.Kind) -> [SeveritySign] { signs.filter { $0.kind == kind } }

    func has(_ kind: SeverityLexicon.Kind) -> Bool { signs.contains { $0.kind == kind } }
}
