package import Core
import Foundation
package import Organisation

/// Recognises units in what plans write: full names, short names, other names of the profile, with and without 区.
package struct UnitNames: Sendable {
    package struct Found: Sendable, Equatable {
        package var codes: [String] = []
        /// What names no unit of the district.
        package var unknown: [String] = []
    }

    private let codes: [String: String]
    private let townships: [String]

    package init(_ profile: Profile) {
        let district = profile.name.zh
        let stem = String(district.dropLast())
        var codes: [String: String] = [:]
        func add(_ name: String, _ code: String) {
            let key = Self.key(name)
            // A name of two units names neither.
            if !key.isEmpty { codes[key] = codes[key].map { $0 == code ? code : "" } ?? code }
        }
        for unit in profile.units {
            let aliases = profile.mechanism.aliases[unit.code] ?? []
            let township = profile.township(unit.code)
            for name in [unit.name.zh, unit.shortName.zh] + aliases + (township.map { [$0.name.zh] + $0.aliases } ?? [])
            {
                add(name, unit.code)
                add("区" + name, unit.code)
                for prefix in [district, "中共" + stem, stem, "区"] where name.hasPrefix(prefix) {
                    let rest = String(name.dropFirst(prefix.count))
                    if rest.unicodeScalars.count > 1 {
                        add(rest, unit.code)
                        add("区" + rest, unit.code)
                    }
                }
            }
        }
        self.codes = codes.filter { !$0.value.isEmpty }
        townships = profile.units.filter { $0.kind == .township }.map(\.code)
    }

    private static func key(_ name: String) -> String {
        String(name.filter { !$0.isWhitespace && !"（）()“”\"".contains($0) })
    }

    /// Reads a list such as `区科委、区财政局，各街镇`.
    package func find(in text: String) -> Found {
        var found = Found()
        let parts = text.components(separatedBy: CharacterSet(charactersIn: "、，,；;/\n\t 。")).flatMap { part in
            // 发展和改革委员会 is one unit, 科委和财政局 are two.
            codes[Self.key(part)] != nil ? [part] : part.components(separatedBy: CharacterSet(charactersIn: "和及"))
        }
        for part in parts {
            let name = Self.key(part)
            guard !name.isEmpty, !["等", "等单位"].contains(name) else { continue }
            if ["各街镇", "各街道镇", "各街道", "各镇", "各街道、镇"].contains(name) {
                for code in townships where !found.codes.contains(code) { found.codes.append(code) }
            } else if let code = codes[name] ?? codes[String(name.hasSuffix("等") ? name.dropLast() : name[...])] {
                if !found.codes.contains(code) { found.codes.append(code) }
            } else {
                found.unknown.append(part.trimmingCharacters(in: .whitespaces))
            }
        }
        return found
    }

    /// `牵头单位：区科委；配合单位：区财政局、各街镇`, apart or in brackets at the end of a sentence.
    package struct Duties: Sendable, Equatable {
        package var rest: String
        package var lead: String?
        package var supporting: String?
    }

    package static func duties(in text: String) -> Duties {
        var duties = Duties(rest: text, lead: nil, supporting: nil)
        let leads = ["牵头单位", "牵头部门", "责任单位", "主办单位", "责任部门"]
        let others = ["配合单位", "配合部门", "协办单位", "参与单位", "协同单位"]
        guard let (start, _) = earliest(leads + others, in: text[...]) else { return duties }
        var rest = text[start...]
        while let (at, label) = earliest(leads + others, in: rest) {
            var value = rest[rest.index(at, offsetBy: label.count)...].drop { $0 == "：" || $0 == ":" || $0 == " " }
            let tail = value
            if let next = earliest(leads + others, in: value) { value = value[..<next.at] }
            let end = value.firstIndex { "）)。".contains($0) } ?? value.endIndex
            let names = value[..<end].trimmingCharacters(in: CharacterSet(charactersIn: "；;，, \n"))
            if leads.contains(label) {
                duties.lead = duties.lead ?? names
            } else {
                duties.supporting = duties.supporting ?? names
            }
            rest = tail
        }
        duties.rest = text[..<start].trimmingCharacters(in: CharacterSet(charactersIn: "（( \n；;，,"))
        return duties
    }

    private static func earliest(_ labels: [String], in text: Substring) -> (at: String.Index, label: String)? {
        var best: (at: String.Index, label: String)?
        for label in labels {
            guard let range = text.range(of: label) else { continue }
            if best.map({ range.lowerBound < $0.at }) ?? true { best = (range.lowerBound, label) }
        }
        return best
    }
}

/// Due dates as plans write them: `2021年12月底`, `2021年上半年`, `2021年三季度`, `2021-12-31`.
package enum DueText {
    /// The last day of what is named; nil where no year is.
    package static func read(_ text: String) -> Day? {
        let text = text.filter { !$0.isWhitespace || $0 == " " }
        if let match = text.firstMatch(of: /(\d{4})[-\/.年](\d{1,2})[-\/.月](\d{1,2})/),
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3)
        {
            return Day(year: year, month: month, day: day)
        }
        if let match = text.firstMatch(of: /(\d{4})[-\/.年](\d{1,2})月?/), let year = Int(match.1),
            let month = Int(match.2), (1...12).contains(month)
        {
            return end(year, month)
        }
        guard let match = text.firstMatch(of: /(\d{4})年?/), let year = Int(match.1), (1_990...2_100).contains(year)
        else { return nil }
        if text.contains("上半年") { return end(year, 6) }
        for (words, month) in [
            (["一季度", "1季度", "Q1"], 3), (["二季度", "2季度", "Q2"], 6), (["三季度", "3季度", "Q3"], 9),
            (["四季度", "4季度", "Q4"], 12),
        ] where words.contains(where: text.contains) {
            return end(year, month)
        }
        return end(year, 12)
    }

    private static func end(_ year: Int, _ month: Int) -> Day? {
        Day(year: year, month: month, day: Day.length(ofMonth: month, year: year))
    }
}
