package import Core

/// How the numbers of a kind of case look: `PT-{yyyyMMdd}-{n:5}`.
///
/// Braces hold parts of the day of opening (`yyyy`, `MM`, `dd`) or, exactly once, the running number and its least
/// width. A running number too long for its width keeps all its digits. It starts at 1 wherever the rest of the
/// pattern is new; a pattern without a day runs on for ever.
package struct NumberPattern: Sendable, Hashable {
    enum Piece: Sendable, Hashable {
        case literal(String)
        case year, month, day
    }

    package enum Fault: String, Sendable, CaseIterable {
        case empty, tooLong, unclosedBrace, unknownPart, noRunningNumber, twoRunningNumbers, width
        case dayWithoutMonthAndYear, character
    }

    let before: [Piece]
    let after: [Piece]
    let width: Int

    package init(_ text: String) throws(Fault) {
        guard !text.isEmpty else { throw .empty }
        guard text.count <= CasesLimits.numberPatternCharactersMax else { throw .tooLong }
        var sides: [[Piece]] = [[]]
        var width = 0
        var rest = Substring(text)
        while let first = rest.first {
            if first == "{" {
                guard let end = rest.firstIndex(of: "}") else { throw .unclosedBrace }
                let part = rest[rest.index(after: rest.startIndex)..<end]
                rest = rest[rest.index(after: end)...]
                if part.hasPrefix("n:") {
                    guard sides.count == 1 else { throw .twoRunningNumbers }
                    width = try Self.width(part.dropFirst(2))
                    sides.append([])
                } else {
                    sides[sides.count - 1] += try Self.dayPieces(part)
                }
            } else {
                let literal = rest.prefix { $0 != "{" }
                guard literal.allSatisfy(Self.isPlain) else { throw .character }
                sides[sides.count - 1].append(.literal(String(literal)))
                rest = rest[literal.endIndex...]
            }
        }
        guard sides.count == 2 else { throw .noRunningNumber }
        let pieces = sides[0] + sides[1]
        let hasYear = pieces.contains(.year)
        let hasMonth = pieces.contains(.month)
        guard hasYear || !hasMonth, hasMonth || !pieces.contains(.day) else { throw .dayWithoutMonthAndYear }
        (before, after, self.width) = (sides[0], sides[1], width)
    }

    private static func width(_ text: Substring) throws(Fault) -> Int {
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let width = Int(text),
            (1...CasesLimits.numberDigitsMax).contains(width)
        else { throw .width }
        return width
    }

    private static func dayPieces(_ part: Substring) throws(Fault) -> [Piece] {
        var pieces: [Piece] = []
        var rest = part
        while !rest.isEmpty {
            switch true {
            case rest.hasPrefix("yyyy"): pieces.append(.year)
            case rest.hasPrefix("MM"): pieces.append(.month)
            case rest.hasPrefix("dd"): pieces.append(.day)
            default: throw .unknownPart
            }
            rest = rest.dropFirst(pieces.last == .year ? 4 : 2)
        }
        guard !pieces.isEmpty else { throw .unknownPart }
        return pieces
    }

    /// Letters and digits of any script and the marks that office numbers use; nothing that a path, a file name or
    /// a table would read otherwise.
    private static func isPlain(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "-_.·〔〕[]()（）第号 ".contains(character)
    }

    /// The numbers that share one running number: a pattern filled in for a day, but for the running number.
    package struct Scope: Sendable, Hashable {
        package let before: String
        package let after: String
        let width: Int

        /// What the counter is stored under.
        package var key: String { "\(before){n}\(after)" }
        package func number(_ running: Int64) -> String {
            "\(before)\(Day.padded(Int(running), width))\(after)"
        }
    }

    package func scope(on day: Day) -> Scope {
        let parts = day.parts
        func fill(_ pieces: [Piece]) -> String {
            pieces.map { piece in
                switch piece {
                case .literal(let text): text
                case .year: Day.padded(parts.year, 4)
                case .month: Day.padded(parts.month, 2)
                case .day: Day.padded(parts.day, 2)
                }
            }.joined()
        }
        return Scope(before: fill(before), after: fill(after), width: width)
    }
}

extension NumberPattern.Fault: Error {}
