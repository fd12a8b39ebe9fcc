internal import Core
internal import Web

/// One value of a profile as the administration reads it.
struct ProfileEntry: Sendable {
    enum Part: String, Sendable, CaseIterable {
        case district, group, departments, townships, industries, limits, calendar
    }

    let part: Part
    let name: String
    let value: String
    let provenance: Provenance

    static func all(of profile: Profile, _ visit: Visit) -> [ProfileEntry] {
        district(profile, visit) + group(profile, visit) + units(profile, visit) + industries(profile, visit)
            + limits(profile, visit) + calendar(profile, visit)
    }

    private static func district(_ profile: Profile, _ visit: Visit) -> [ProfileEntry] {
        var values: [(field: String, name: String, value: String)] = [
            ("code", visit.word("organisation.profile.code"), profile.code),
            ("name", visit.word("organisation.profile.name"), profile.name(visit.language)),
            ("zone", visit.word("organisation.profile.zone"), offset(profile.zone)),
        ]
        for (kind, pattern) in profile.numberPatterns.sorted(by: { $0.key < $1.key }) {
            let key = "organisation.profile.pattern.\(kind)"
            let name = visit.site.words.contains(key) ? visit.word(key) : kind
            values.append(("number_patterns.\(kind)", visit.word("organisation.profile.pattern", name), pattern))
        }
        var entries = values.map { value in
            ProfileEntry(
                part: .district, name: value.name, value: value.value,
                provenance: profile.sources.fields[value.field] ?? unknown(visit))
        }
        if let outlines = profile.sources.outlines {
            let schematic = profile.townships.contains(where: \.isSchematic)
            entries.append(
                ProfileEntry(
                    part: .district, name: visit.word("organisation.profile.outlines"),
                    value: visit.word(
                        schematic ? "organisation.profile.outlines.schematic" : "organisation.profile.outlines.real"),
                    provenance: outlines))
        }
        return entries
    }

    private static func offset(_ zone: TimeZoneOffset) -> String {
        let (hours, rest) = (abs(zone.minutes) / 60, abs(zone.minutes) % 60)
        return "UTC\(zone.minutes < 0 ? "-" : "+")\(hours < 10 ? "0" : "")\(hours):\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func unknown(_ visit: Visit) -> Provenance {
        Provenance(isVerified: false, source: visit.word("organisation.source.unknown"))
    }

    private static func group(_ profile: Profile, _ visit: Visit) -> [ProfileEntry] {
        let group = profile.leadingGroup
        func list(_ names: [Bilingual]) -> String {
            names.map { $0(visit.language) }.joined(separator: visit.word("web.list_separator"))
        }
        return [
            ProfileEntry(
                part: .group, name: visit.word("organisation.profile.heads"), value: list(group.heads),
                provenance: group.provenance),
            ProfileEntry(
                part: .group, name: visit.word("organisation.profile.deputies"), value: list(group.deputies),
                provenance: group.provenance),
        ]
    }

    private static func units(_ profile: Profile, _ visit: Visit) -> [ProfileEntry] {
        let departments = profile.units.filter { $0.kind == .department }.map {
            ProfileEntry(part: .departments, name: $0.name(visit.language), value: $0.code, provenance: $0.provenance)
        }
        let townships = profile.townships.map { township in
            let aliases = township.aliases.joined(separator: visit.word("web.list_separator"))
            return ProfileEntry(
                part: .townships, name: township.name(visit.language),
                value: aliases.isEmpty
                    ? township.code : visit.word("organisation.profile.aliases", township.code, aliases),
                provenance: township.provenance)
        }
        return departments + townships
    }

    private static func industries(_ profile: Profile, _ visit: Visit) -> [ProfileEntry] {
        profile.keyIndustries.map {
            ProfileEntry(part: .industries, name: $0.name(visit.language), value: $0.code, provenance: $0.provenance)
        }
    }

    private static func limits(_ profile: Profile, _ visit: Visit) -> [ProfileEntry] {
        profile.hotline.limits.map {
            ProfileEntry(
                part: .limits, name: $0.title(visit.language),
                value: visit.word("organisation.profile.days", String($0.workingDays)), provenance: $0.provenance)
        }
    }

    private static func calendar(_ profile: Profile, _ visit: Visit) -> [ProfileEntry] {
        profile.sources.days.map {
            ProfileEntry(
                part: .calendar, name: "\(visit.day($0.day)) \($0.name(visit.language))",
                value: visit.word("organisation.day.\($0.kind.rawValue)"), provenance: $0.provenance)
        }
    }
}
