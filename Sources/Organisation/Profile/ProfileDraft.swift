internal import Core
internal import Foundation

/// A profile as far as it could be read, with the lines its parts stand on: what `ProfileCheck` judges.
struct ProfileDraft {
    struct TownshipRow {
        let code: String
        let name: Bilingual
        let centre: Coordinate
        let aliases: [String]
        let provenance: Provenance
    }
    struct Pattern {
        let kind: String
        let text: String
        let provenance: Provenance
    }

    var slug: String
    var code: Located<String>?
    var name: Bilingual?
    var zone: TimeZoneOffset?
    var fieldSources: [String: Provenance] = [:]
    var patterns: [Located<Pattern>] = []
    var leadingGroup: Located<LeadingGroup>?
    var industries: [Located<KeyIndustry>] = []
    var covered: Located<ClosedRange<Day>>?
    var units: [Located<Unit>] = []
    var townships: [Located<TownshipRow>] = []
    var outlines: ProfileOutlines?
    var days: [Located<CalendarDay>] = []
    var limits: [Located<HotlineRules.Limit>] = []
    var mechanism = MechanismRules.usual
    var severity: SeverityWords?

    init(files: ProfileFiles, slug: String, _ log: inout FaultLog) {
        self.slug = slug
        readDistrict(files, &log)
        readUnits(files, &log)
        readTownships(files, &log)
        if let root = files.json("outlines.geojson", &log) {
            outlines = ProfileOutlines(ProfileNode(file: "outlines.geojson", node: root), isOurs: true, &log)
        }
        readCalendar(files, &log)
        readHotline(files, &log)
        readMechanism(files, &log)
        severity = ProfileSeverity.read(files, &log)
    }

    /// Nil while a part that every profile has could not be read.
    var profile: Profile? {
        guard let code, let name, let zone, let leadingGroup, let covered, let outlines else { return nil }
        var rings: [String: [Ring]] = [:]
        for feature in outlines.features { if let code = feature.code { rings[code, default: []] += feature.rings } }
        let days = days.map(\.value).sorted { $0.day < $1.day }
        return Profile(
            code: code.value, slug: slug, name: name, zone: zone, units: units.map(\.value),
            townships: townships.map { row in
                Township(
                    code: row.value.code, name: row.value.name, centre: row.value.centre,
                    outlines: rings[row.value.code] ?? [], isSchematic: outlines.isSchematic,
                    aliases: row.value.aliases, provenance: row.value.provenance)
            },
            keyIndustries: industries.map(\.value), leadingGroup: leadingGroup.value,
            calendar: WorkCalendar(
                holidays: Set(days.filter { $0.kind == .holiday }.map(\.day)),
                makeUpWorkdays: Set(days.filter { $0.kind == .workday }.map(\.day)), covered: covered.value),
            hotline: HotlineRules(limits: limits.map(\.value)),
            numberPatterns: Dictionary(
                patterns.map { ($0.value.kind, $0.value.text) }, uniquingKeysWith: { first, _ in first }),
            severity: severity,
            sources: ProfileSources(fields: fieldSources, outlines: outlines.provenance, days: days),
            mechanism: mechanism)
    }
}

// MARK: - The tables

extension ProfileDraft {
    private mutating func readUnits(_ files: ProfileFiles, _ log: inout FaultLog) {
        let file = "units.csv"
        let columns = ["code", "kind", "name_zh", "name_en", "short_zh", "short_en", "verified", "source"]
        for record in Self.table(files, file, columns, max: OrganisationLimits.unitsMax, &log) {
            let code = record.code("code", &log)
            let kind = record.choice("kind", Unit.Kind.self, &log)
            let name = record.bilingual("name_zh", "name_en", &log)
            let short = record.bilingual("short_zh", "short_en", &log)
            let provenance = record.provenance(&log)
            guard let code, let kind, let name, let short, let provenance else { continue }
            let unit = Unit(code: code, kind: kind, name: name, shortName: short, provenance: provenance)
            units.append(Located(value: unit, file: file, line: record.line))
        }
    }

    private mutating func readTownships(_ files: ProfileFiles, _ log: inout FaultLog) {
        let file = "townships.csv"
        let columns = ["code", "name_zh", "name_en", "latitude", "longitude", "aliases", "verified", "source"]
        for record in Self.table(files, file, columns, max: OrganisationLimits.townshipsMax, &log) {
            let code = record.code("code", &log)
            let name = record.bilingual("name_zh", "name_en", &log)
            let centre = record.coordinate(&log)
            let aliases = record.optionalText("aliases", &log)?.split(separator: "|").map(String.init) ?? []
            let provenance = record.provenance(&log)
            if aliases.count > OrganisationLimits.aliasesMax {
                log.add(file, record.line, zh: "别名太多。", en: "there are too many aliases.")
            }
            guard let code, let name, let centre, let provenance else { continue }
            let row = TownshipRow(code: code, name: name, centre: centre, aliases: aliases, provenance: provenance)
            townships.append(Located(value: row, file: file, line: record.line))
        }
    }

    private mutating func readCalendar(_ files: ProfileFiles, _ log: inout FaultLog) {
        let file = "calendar.csv"
        let columns = ["day", "kind", "name_zh", "name_en", "verified", "source"]
        for record in Self.table(files, file, columns, max: OrganisationLimits.calendarDaysMax, &log) {
            let day = record.day("day", &log)
            let kind = record.choice("kind", CalendarDay.Kind.self, &log)
            let name = record.bilingual("name_zh", "name_en", &log)
            let provenance = record.provenance(&log)
            guard let day, let kind, let name, let provenance else { continue }
            let value = CalendarDay(day: day, kind: kind, name: name, provenance: provenance)
            days.append(Located(value: value, file: file, line: record.line))
        }
    }

    private static func table(
        _ files: ProfileFiles, _ file: String, _ columns: [String], max: Int, _ log: inout FaultLog
    ) -> [ProfileRecord] {
        guard let text = files.text(file, &log),
            let records = ProfileTable.records(file, text, columns: columns, &log)
        else { return [] }
        guard records.count <= max else {
            log.add(file, records[max].line, zh: "超过 \(max) 行。", en: "there are more than \(max) lines.")
            return []
        }
        return records
    }
}

// MARK: - The YAML files

extension ProfileDraft {
    private mutating func readHotline(_ files: ProfileFiles, _ log: inout FaultLog) {
        let file = "hotline.yaml"
        guard let root = files.yaml(file, &log),
            let parts = ProfileNode(file: file, node: root).parts(&log)
        else { return }
        Self.allow(["limits"], parts, &log)
        for item in Self.list("limits", parts, file, &log) {
            guard let record = item.record(&log) else { continue }
            record.allow(["name", "zh", "en", "working_days", "verified", "source"], &log)
            let name = record.code("name", &log)
            let title = record.bilingual("zh", "en", &log)
            let days = record.whole("working_days", in: 1...OrganisationLimits.workingDaysMax, &log)
            let provenance = record.provenance(&log)
            guard let name, let title, let days, let provenance else { continue }
            let limit = HotlineRules.Limit(name: name, workingDays: days, title: title, provenance: provenance)
            limits.append(Located(value: limit, file: file, line: record.line))
        }
    }

    private mutating func readDistrict(_ files: ProfileFiles, _ log: inout FaultLog) {
        let file = "district.yaml"
        guard let root = files.yaml(file, &log),
            let parts = ProfileNode(file: file, node: root).parts(&log)
        else { return }
        Self.allow(
            ["code", "name", "zone", "number_patterns", "leading_group", "key_industries", "calendar"], parts, &log)
        readIdentity(parts, file, &log)
        readLeadingGroup(parts, file, &log)
        for item in Self.list("key_industries", parts, file, &log) {
            guard let record = item.record(&log) else { continue }
            record.allow(["code", "zh", "en", "verified", "source"], &log)
            let code = record.code("code", &log)
            let name = record.bilingual("zh", "en", &log)
            let provenance = record.provenance(&log)
            guard let code, let name, let provenance else { continue }
            let industry = KeyIndustry(code: code, name: name, provenance: provenance)
            industries.append(Located(value: industry, file: file, line: record.line))
        }
    }

    private mutating func readIdentity(_ parts: [String: ProfileNode], _ file: String, _ log: inout FaultLog) {
        if let record = Self.record("code", parts, file, ["value", "verified", "source"], &log) {
            if let text = record.code("value", &log) { code = Located(value: text, file: file, line: record.line) }
            fieldSources["code"] = record.provenance(&log)
        }
        if let record = Self.record("name", parts, file, ["zh", "en", "verified", "source"], &log) {
            name = record.bilingual("zh", "en", &log)
            fieldSources["name"] = record.provenance(&log)
        }
        if let record = Self.record("zone", parts, file, ["value", "verified", "source"], &log) {
            if let text = record.text("value", &log) {
                zone = TimeZoneOffset(text: text)
                if zone == nil {
                    log.add(
                        file, record.line(of: "value"), zh: "“\(text)”不是时区偏移，应写成 +08:00。",
                        en: "“\(text)” is no offset from UTC; write it as +08:00.")
                }
            }
            fieldSources["zone"] = record.provenance(&log)
        }
        if let record = Self.record("calendar", parts, file, ["from", "to", "verified", "source"], &log) {
            let (from, to) = (record.day("from", &log), record.day("to", &log))
            if let from, let to {
                if from <= to {
                    covered = Located(value: from...to, file: file, line: record.line)
                } else {
                    log.add(file, record.line, zh: "“from”晚于“to”。", en: "“from” is later than “to”.")
                }
            }
            fieldSources["calendar"] = record.provenance(&log)
        }
        guard let list = parts["number_patterns"] else {
            log.add(file, 1, zh: "缺少“number_patterns”。", en: "“number_patterns” is missing.")
            return
        }
        for (kind, node) in (list.parts(&log) ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard let record = node.record(&log) else { continue }
            record.allow(["value", "verified", "source"], &log)
            let (text, provenance) = (record.text("value", &log), record.provenance(&log))
            guard let text, let provenance else { continue }
            let pattern = Pattern(kind: kind, text: text, provenance: provenance)
            patterns.append(Located(value: pattern, file: file, line: record.line))
            fieldSources["number_patterns.\(kind)"] = provenance
        }
    }

    private mutating func readLeadingGroup(_ parts: [String: ProfileNode], _ file: String, _ log: inout FaultLog) {
        guard let node = parts["leading_group"], let inner = node.parts(&log) else {
            if parts["leading_group"] == nil {
                log.add(file, 1, zh: "缺少“leading_group”。", en: "“leading_group” is missing.")
            }
            return
        }
        Self.allow(["heads", "deputies", "verified", "source"], inner, &log)
        let provenance = node.record(excluding: ["heads", "deputies"], &log)?.provenance(&log)
        func offices(_ name: String) -> [Bilingual] {
            Self.list(name, inner, file, &log).compactMap { item in
                guard let record = item.record(&log) else { return nil }
                record.allow(["zh", "en"], &log)
                return record.bilingual("zh", "en", &log)
            }
        }
        let (heads, deputies) = (offices("heads"), offices("deputies"))
        guard let provenance else { return }
        let group = LeadingGroup(heads: heads, deputies: deputies, provenance: provenance)
        leadingGroup = Located(value: group, file: file, line: node.line)
    }

    private static func allow(_ names: Set<String>, _ parts: [String: ProfileNode], _ log: inout FaultLog) {
        for (name, node) in parts.sorted(by: { $0.value.line < $1.value.line }) where !names.contains(name) {
            log.add(
                node.file, node.line, zh: "不认识的项“\(name)”。可用：\(names.sorted().joined(separator: "、"))。",
                en: "unknown field “\(name)”; there are \(names.sorted().joined(separator: ", ")).")
        }
    }

    private static func record(
        _ name: String, _ parts: [String: ProfileNode], _ file: String, _ fields: Set<String>, _ log: inout FaultLog
    ) -> ProfileRecord? {
        guard let node = parts[name] else {
            log.add(file, 1, zh: "缺少“\(name)”。", en: "“\(name)” is missing.")
            return nil
        }
        guard let record = node.record(&log) else { return nil }
        record.allow(fields, &log)
        return record
    }

    private static func list(
        _ name: String, _ parts: [String: ProfileNode], _ file: String, _ log: inout FaultLog
    ) -> [ProfileNode] {
        guard let node = parts[name] else {
            log.add(file, 1, zh: "缺少“\(name)”。", en: "“\(name)” is missing.")
            return []
        }
        guard let items = node.items(&log) else { return [] }
        guard items.count <= OrganisationLimits.listItemsMax else {
            log.add(file, node.line, zh: "“\(name)”太长。", en: "“\(name)” is too long.")
            return []
        }
        return items
    }
}

extension TimeZoneOffset {
    /// Reads `+08:00`; nil for anything else, and for what no clock on earth shows.
    init?(text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"),
            bytes[3] == UInt8(ascii: ":"), let hours = Int(text.dropFirst().prefix(2)),
            let minutes = Int(text.suffix(2)), (0...14).contains(hours), (0..<60).contains(minutes)
        else { return nil }
        self.init(minutes: (bytes[0] == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes))
    }

    /// `+08:00`
    package var text: String {
        "\(minutes < 0 ? "-" : "+")\(Day.padded(abs(minutes) / 60, 2)):\(Day.padded(abs(minutes) % 60, 2))"
    }
}
