/// A unified social credit code (统一社会信用代码, GB 32100-2015) whose check character fits.
package struct CreditCode: Hashable, Sendable, Comparable {
    /// Eighteen characters, capital letters.
    package let text: String

    /// Reads a code as people write it: small letters, full-width forms and blanks are taken as meant.
    package init(_ written: some StringProtocol) throws(CreditCodeFault) {
        let characters = written.unicodeScalars.compactMap { scalar -> Character? in
            let value = (0xFF01...0xFF5E).contains(scalar.value) ? scalar.value - 0xFEE0 : scalar.value
            guard !scalar.properties.isWhitespace, value != 0xFEFF, value != 0x200B, value != 0x2D else { return nil }
            return Unicode.Scalar(value).map(Character.init)
        }
        let code = String(characters).uppercased()
        guard !code.isEmpty else { throw .empty }
        guard code.count == 18 else { throw .length(code.count) }
        var values: [Int] = []
        for character in code {
            guard let value = Self.alphabet.firstIndex(of: character) else { throw .character(character) }
            values.append(value)
        }
        let sum = zip(values, Self.weights).reduce(0) { $0 + $1.0 * $1.1 }
        guard Self.alphabet[(31 - sum % 31) % 31] == Array(code)[17] else { throw .check }
        text = code
    }

    /// Whether the organisation's own code within (GB 11714-1997) has its check character too. Not asked for: codes
    /// that were converted from older registers are in use without it.
    package var isOrganisationCodeSound: Bool { Self.organisationCheck(Array(text)[8..<16]) == Array(text)[16] }

    package static func < (left: CreditCode, right: CreditCode) -> Bool { left.text < right.text }

    /// No I, O, S, V, Z, which are mistaken for digits.
    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
    /// Powers of 3 modulo 31.
    private static let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

    private static func organisationCheck(_ code: ArraySlice<Character>) -> Character? {
        let weights = [3, 7, 9, 10, 5, 8, 4, 2]
        var sum = 0
        for (character, weight) in zip(code, weights) {
            let value =
                character.wholeNumberValue ?? character.asciiValue.map { Int($0) - Int(UInt8(ascii: "A")) + 10 } ?? 0
            sum += value * weight
        }
        switch 11 - sum % 11 {
        case 10: return "X"
        case 11: return "0"
        case let digit: return Character(String(digit))
        }
    }

    /// A code made of its first sixteen characters, with both checks computed; for generated districts and tests.
    package static func completing(_ first16: String) -> CreditCode? {
        guard first16.count == 16, let organisation = organisationCheck(Array(first16)[8..<16]) else { return nil }
        let seventeen = first16 + String(organisation)
        let sum = zip(seventeen, weights).reduce(0) { $0 + (alphabet.firstIndex(of: $1.0) ?? 0) * $1.1 }
        return try? CreditCode(seventeen + String(alphabet[(31 - sum % 31) % 31]))
    }
}

extension CreditCode: CustomStringConvertible {
    package var description: String { text }
}

/// Why a text is no unified social credit code.
package enum CreditCodeFault: Problem, Equatable {
    case empty
    case length(Int)
    case character(Character)
    case check

    package var report: ProblemReport {
        switch self {
        case .empty:
            .init(
                .invalid, "credit_code.empty", zh: "没有统一社会信用代码。请填写 18 位代码。",
                en: "The unified social credit code is missing. Give its 18 characters.")
        case .length(let count):
            .init(
                .invalid, "credit_code.length", zh: "统一社会信用代码应为 18 位，这里是 \(count) 位。请核对。",
                en: "A unified social credit code has 18 characters, this one has \(count). Check it.")
        case .character(let character):
            .init(
                .invalid, "credit_code.character", zh: "统一社会信用代码不用“\(character)”（没有 I、O、S、V、Z）。请核对。",
                en: "A unified social credit code has no “\(character)” (I, O, S, V, Z are not used). Check it.")
        case .check:
            .init(
                .invalid, "credit_code.check", zh: "统一社会信用代码的校验位不符，很可能有一位写错。请对照营业执照核对。",
                en:
                    "The check digit does not fit: a character is probably wrong. Compare it with the licence."
            )
        }
    }
}
