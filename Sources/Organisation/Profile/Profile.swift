package import Core

/// A district as data: who is in it, where, when it works and by which limits. Nothing of it is in code.
package struct Profile: Sendable {
    /// GB/T 2260 code of the district: `310107`.
    package let code: String
    /// The profile's short name, which configuration uses: `putuo`.
    package let slug: String
    package let name: Bilingual
    package let zone: TimeZoneOffset
    package let units: [Unit]
    package let townships: [Township]
    package let keyIndustries: [KeyIndustry]
    package let leadingGroup: LeadingGroup
    package let calendar: WorkCalendar
    package let hotline: HotlineRules
    /// Case number patterns by case kind: `PT-{yyyyMMdd}-{n:5}`.
    package let numberPatterns: [String: String]
    /// Nil where the profile says nothing of it: then nothing is read as urgent from words.
    package let severity: SeverityWords?
    /// Where the values that stand alone come from.
    package let sources: ProfileSources
    package let mechanism: MechanismRules

    package init(
        code: String, slug: String, name: Bilingual, zone: TimeZoneOffset, units: [Unit], townships: [Township],
        keyIndustries: [KeyIndustry], leadingGroup: LeadingGroup, calendar: WorkCalendar, hotline: HotlineRules,
        numberPatterns: [String: String], severity: SeverityWords? = nil,
        sources: ProfileSources = ProfileSources(), mechanism: MechanismRules = .usual
    ) {
        self.code = code
        self.slug = slug
        self.name = name
        self.zone = zone
        self.units = units
        self.townships = townships
        self.keyIndustries = keyIndustries
        self.leadingGroup = leadingGroup
        self.calendar = calendar
        self.hotline = hotline
        self.numberPatterns = numberPatterns
        self.severity = severity
        self.sources = sources
        self.mechanism = mechanism
    }

    package func unit(_ code: String) -> Unit? { units.first { $0.code == code } }
    package func township(_ code: String) -> Township? { townships.first { $0.code == code } }
}

/// Where a value of the profile comes from, and whether somebody of the district has confirmed it.
package struct Provenance: Sendable, Equatable {
    package let isVerified: Bool
    package let source: String
    package init(isVerified: Bool, source: String) {
        self.isVerified = isVerified
        self.source = source
    }
}

/// Where those values of a profile come from that are no records of their own.
package struct ProfileSources: Sendable, Equatable {
    /// By field of `district.yaml`: `code`, `name`, `zone`, `calendar`; patterns as `number_patterns.appeal`.
    package let fields: [String: Provenance]
    package let outlines: Provenance?
    /// The days of the calendar in order, each with its name and source.
    package let days: [CalendarDay]

    package init(fields: [String: Provenance] = [:], outlines: Provenance? = nil, days: [CalendarDay] = []) {
        self.fields = fields
        self.outlines = outlines
        self.days = days
    }
}

/// One day that is not what its weekday says.
package struct CalendarDay: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable { case holiday, workday }
    package let day: Day
    package let kind: Kind
    package let name: Bilingual
    package let provenance: Provenance

    package init(day: Day, kind: Kind, name: Bilingual, provenance: Provenance) {
        self.day = day
        self.kind = kind
        self.name = name
        self.provenance = provenance
    }
}

/// A department or township of the district; townships are units as well, by the same code.
package struct Unit: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable { case department, township }
    package let code: String
    package let kind: Kind
    package let name: Bilingual
    package let shortName: Bilingual
    package let provenance: Provenance

    package init(code: String, kind: Kind, name: Bilingual, shortName: Bilingual, provenance: Provenance) {
        self.code = code
        self.kind = kind
        self.name = name
        self.shortName = shortName
        self.provenance = provenance
    }
}

/// 街道 or 镇.
package struct Township: Sendable, Equatable {
    /// GB/T 10114 code: `310107005`.
    package let code: String
    package let name: Bilingual
    package let centre: Coordinate
    /// Outer rings; schematic unless real outlines were loaded.
    package let outlines: [Ring]
    package let isSchematic: Bool
    /// Other names that appeals use: `曹杨`, `曹杨新村`.
    package let aliases: [String]
    package let provenance: Provenance

    package init(
        code: String, name: Bilingual, centre: Coordinate, outlines: [Ring], isSchematic: Bool, aliases: [String],
        provenance: Provenance
    ) {
        self.code = code
        self.name = name
        self.centre = centre
        self.outlines = outlines
        self.isSchematic = isSchematic
        self.aliases = aliases
        self.provenance = provenance
    }
}

package struct KeyIndustry: Sendable, Equatable {
    package let code: String
    package let name: Bilingual
    package let provenance: Provenance
    package init(code: String, name: Bilingual, provenance: Provenance) {
        self.code = code
        self.name = name
        self.provenance = provenance
    }
}

/// 领导小组: two heads and their deputies, by office rather than by person.
package struct LeadingGroup: Sendable, Equatable {
    package let heads: [Bilingual]
    package let deputies: [Bilingual]
    package let provenance: Provenance
    package init(heads: [Bilingual], deputies: [Bilingual], provenance: Provenance) {
        self.heads = heads
        self.deputies = deputies
        self.provenance = provenance
    }
}

/// Limits of the hotline in working days, by name: `consult` 1, `help` 5, `complex` 15 ("1-5-15").
package struct HotlineRules: Sendable, Equatable {
    package struct Limit: Sendable, Equatable {
        package let name: String
        package let workingDays: Int
        package let title: Bilingual
        package let provenance: Provenance
        package init(name: String, workingDays: Int, title: Bilingual, provenance: Provenance) {
            self.name = name
            self.workingDays = workingDays
            self.title = title
            self.provenance = provenance
        }
    }
    package let limits: [Limit]
    package init(limits: [Limit]) { self.limits = limits }
    package func limit(_ name: String) -> Limit? { limits.first { $0.name == name } }
}
