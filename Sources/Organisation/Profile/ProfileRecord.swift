internal import Core

/// Named texts of one place in a file: a line of a table, or a mapping of YAML. Readers of values report what is
/// wrong and give nil, so that one pass finds every fault.
struct ProfileRecord {
    struct Field {
        let text: String
        let line: Int
    }
    let file: String
    let line: Int
    let fields: [String: Field]

    /// Reports fields that nothing reads: most often a misspelt one.
    func allow(_ names: Set<String>, _ log: inout FaultLog) {
        for (name, field) in fields.sorted(by: { ($0.value.line, $0.key) < ($1.value.line, $1.key) })
        where !names.contains(name) {
            log.add(
                file, field.line, zh: "不认识的项“\(name)”。可用：\(names.sorted().joined(separator: "、"))。",
                en: "unknown field “\(name)”; there are \(names.sorted().joined(separator: ", ")).")
        }
    }

    /// Text that must be there; what cannot be shown on a page is refused.
    func text(_ name: String, _ log: inout FaultLog) -> String? {
        guard let field = fields[name] else {
            log.add(file, line, zh: "缺少“\(name)”。", en: "“\(name)” is missing.")
            return nil
        }
        guard let text = optionalText(name, &log) else { return nil }
        if text.isEmpty {
            log.add(file, field.line, zh: "“\(name)”是空的。", en: "“\(name)” is empty.")
            return nil
        }
        return text
    }

    /// Empty when the field is absent; nil when what it holds cannot be used.
    func optionalText(_ name: String, _ log: inout FaultLog) -> String? {
        guard let field = fields[name] else { return "" }
        guard field.text.count <= OrganisationLimits.fieldCharactersMax else {
            let limit = OrganisationLimits.fieldCharactersMax
            log.add(
                file, field.line, zh: "“\(name)”超过 \(limit) 个字符。",
                en: "“\(name)” has more than \(limit) characters.")
            return nil
        }
        let isClean = field.text.unicodeScalars.allSatisfy {
            ![.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
        }
        guard isClean else {
            log.add(
                file, field.line, zh: "“\(name)”含有控制字符。", en: "“\(name)” holds control characters.")
            return nil
        }
        return field.text
    }

    func line(of name: String) -> Int { fields[name]?.line ?? line }

    func bilingual(_ zh: String = "zh", _ en: String = "en", _ log: inout FaultLog) -> Bilingual? {
        let (chinese, english) = (text(zh, &log), text(en, &log))
        guard let chinese, let english else { return nil }
        return Bilingual(zh: chinese, en: english)
    }

    /// `verified` and `source`, which every value of a profile has.
    func provenance(_ log: inout FaultLog) -> Provenance? {
        let source = text("source", &log)
        guard let word = text("verified", &log) else { return nil }
        let isVerified: Bool
        switch word.lowercased() {
        case "yes", "true": isVerified = true
        case "no", "false": isVerified = false
        default:
            log.add(
                file, line(of: "verified"), zh: "“verified”应为 yes 或 no，而不是“\(word)”。",
                en: "“verified” must be yes or no, not “\(word)”.")
            return nil
        }
        return source.map { Provenance(isVerified: isVerified, source: $0) }
    }

    func whole(_ name: String, in range: ClosedRange<Int>, _ log: inout FaultLog) -> Int? {
        guard let text = text(name, &log) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            log.add(
                file, line(of: name),
                zh: "“\(name)”应为 \(range.lowerBound) 到 \(range.upperBound) 的整数，而不是“\(text)”。",
                en: "“\(name)” must be a whole number from \(range.lowerBound) to \(range.upperBound), not “\(text)”.")
            return nil
        }
        return number
    }

    func day(_ name: String, _ log: inout FaultLog) -> Day? {
        guard let text = text(name, &log) else { return nil }
        guard let day = Day(iso: text) else {
            log.add(
                file, line(of: name), zh: "“\(text)”不是日期，应写成 2021-04-19。",
                en: "“\(text)” is no day; write it as 2021-04-19.")
            return nil
        }
        return day
    }

    func coordinate(_ log: inout FaultLog) -> Coordinate? {
        let (latitude, longitude) = (text("latitude", &log), text("longitude", &log))
        guard let latitude, let longitude else { return nil }
        guard let north = Double(latitude), let east = Double(longitude),
            let point = Coordinate(latitude: north, longitude: east)
        else {
            log.add(
                file, line, zh: "“\(latitude), \(longitude)”不是经纬度（度，WGS 84，先纬度后经度）。",
                en: "“\(latitude), \(longitude)” are no degrees of latitude and longitude (WGS 84).")
            return nil
        }
        return point
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Choice.Type, _ log: inout FaultLog
    ) -> Choice? {
        guard let text = text(name, &log) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        log.add(
            file, line(of: name), zh: "“\(name)”应为 \(known) 之一，而不是“\(text)”。",
            en: "“\(name)” must be one of \(known), not “\(text)”.")
        return nil
    }

    /// Lower-case letters, digits, `-` and `_`: what is safe in a path, a file name and a query.
    func code(_ name: String, _ log: inout FaultLog) -> String? {
        guard let text = text(name, &log) else { return nil }
        let isCode =
            text.utf8.count <= 40
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
        guard isCode else {
            log.add(
                file, line(of: name), zh: "“\(text)”不能作代码：只用小写字母、数字、-、_，至多 40 个字符。",
                en: "“\(text)” is no code: use lower-case letters, digits, - and _, at most 40 characters.")
            return nil
        }
        return text
    }
}
