package import Web

/// Who sees personal data in full, and what the others see instead.
///
/// Only those who handle a case may open what is masked, and each opening is a line in the audit trail
/// (`AuditEvent.Kind.personalDataRead`). Administrators and leaders never need to.
package struct Masking: Sendable, Equatable {
    /// The visitor may ask for the full text; asking is recorded.
    package let mayReveal: Bool

    /// - Parameter unitCodes: the units that lead or support the case; unit staff and heads reveal only their own.
    package init(for visitor: Visitor, unitCodes: [String]) {
        guard let account = visitor.account else {
            mayReveal = false
            return
        }
        let isOfUnit = account.unitCode.map(unitCodes.contains) ?? false
        mayReveal =
            account.roles.contains(.digitalOffice)
            || (isOfUnit && !account.roles.isDisjoint(with: [.unitStaff, .unitHead]))
    }

    /// `张三丰` → `张**`; names of other scripts keep their first letter.
    package static func name(_ name: String) -> String {
        guard let first = name.first else { return "" }
        return String(first) + String(repeating: "*", count: min(max(name.count - 1, 1), 4))
    }

    /// `13812341234` → `138****1234`; shorter numbers keep their last two digits.
    package static func phone(_ phone: String) -> String {
        let digits = phone.filter { $0.isASCII && $0.isNumber }
        guard digits.count >= 7 else {
            return String(repeating: "*", count: max(digits.count - 2, 1)) + digits.suffix(2)
        }
        let head = digits.count >= 11 ? 3 : 1
        return digits.prefix(head) + String(repeating: "*", count: digits.count - head - 4) + digits.suffix(4)
    }

    /// `UU00821` → `U***`
    package static func author(_ author: String) -> String {
        author.isEmpty ? "" : String(author.prefix(1)) + "***"
    }

    /// The road stays, the door does not: `曹杨路500号3号楼201室` → `曹杨路***`.
    package static func address(_ address: String) -> String {
        guard let door = address.firstIndex(where: { $0.isASCII && $0.isNumber }) else { return address }
        return String(address[..<door]) + "***"
    }

    /// Free text with telephone, identity and bank numbers masked: what public pages and other units may read.
    package static func text(_ text: String) -> String {
        guard text.utf8.count(where: { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) >= digitsMin else {
            return text
        }
        var out = ""
        out.reserveCapacity(text.utf8.count)
        var run = ""
        func flush() {
            let digits = run.count { $0.isNumber }
            let isPersonal = digits >= digitsMin && !looksLikeDate(run)
            out += isPersonal ? masked(run, digits: digits) : run
            run = ""
        }
        for character in text {
            let continues = !run.isEmpty && (character == "-" || character == "X" || character == "x")
            if character.isASCII && character.isNumber || continues {
                run.append(character)
            } else {
                flush()
                out.append(character)
            }
        }
        flush()
        return out
    }

    /// Shorter numbers are of houses, buses and years.
    private static let digitsMin = 7

    private static func masked(_ run: String, digits: Int) -> String {
        let keptAtFront = digits >= 11 ? 3 : 0
        var index = 0
        return String(
            run.map { character -> Character in
                guard character.isNumber || character == "X" || character == "x" else { return character }
                defer { index += 1 }
                return index < keptAtFront || index >= digits - 4 ? character : "*"
            })
    }

    /// `2021-04-19`, `20210419`, `2019-2020`: not of a person.
    private static func looksLikeDate(_ run: String) -> Bool {
        let parts = run.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.dropLast().allSatisfy({ !$0.isEmpty }),
            parts[0].starts(with: "19".utf8) || parts[0].starts(with: "20".utf8),
            parts.allSatisfy({ $0.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } })
        else { return false }
        switch parts.map(\.count) {
        case [4, 4]: return parts[1].starts(with: "19".utf8) || parts[1].starts(with: "20".utf8)
        case [4, 1, 1], [4, 1, 2], [4, 2, 1], [4, 2, 2], [4, 1, 1, 0], [4, 1, 2, 0], [4, 2, 1, 0], [4, 2, 2, 0]:
            return true
        case [8]:
            let month = Int(String(decoding: parts[0].dropFirst(4).prefix(2), as: UTF8.self)) ?? 0
            return (1...12).contains(month) && parts[0].dropFirst(6).first.map { $0 <= UInt8(ascii: "3") } == true
        default: return false
        }
    }
}
