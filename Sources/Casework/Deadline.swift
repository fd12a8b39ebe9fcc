package import Core
internal import Foundation
package import Organisation

/// When a case is due, and how that was found: the rule, the days that counted and those that did not.
///
/// The profile knows no office hours, so a case is due with the end of the last working day: 23:59:59.999 local time.
package struct Deadline: Sendable, Hashable {
    /// Working days counted from a day that does not count itself (民法典 art. 201).
    package struct Span: Sendable, Hashable {
        package let start: Day
        package let workingDays: Int
        package let last: Day
        package let holidaysSkipped: [Day]
        package let makeUpWorkdaysCounted: [Day]
        /// False when the State Council's calendar does not cover the span, and only weekends were skipped.
        package let isAnnounced: Bool
    }

    package struct Extension: Sendable, Hashable {
        package let span: Span
        package let reason: String
    }

    /// The limit's name in the profile: `help`.
    package let rule: String
    package let title: Bilingual
    /// Whether somebody of the district has confirmed the limit.
    package let isVerified: Bool
    package let base: Span
    package let extensions: [Extension]
    package let zone: TimeZoneOffset
    /// The day that a plan, a meeting or a leader named; nil where working days were counted.
    package let setOn: Day?
    /// The start of the last working days, from which the light is yellow.
    package let warnAt: Instant

    package var last: Day { (extensions.last?.span ?? base).last }
    /// The last millisecond in time.
    package var dueAt: Instant { last.adding(days: 1).start(in: zone).adding(milliseconds: -1) }

    package static func derive(
        limit: HotlineRules.Limit, from opened: Instant, calendar: WorkCalendar, zone: TimeZoneOffset
    ) -> Deadline {
        let base = Span(calendar.count(workingDays: limit.workingDays, after: Day(opened, in: zone)))
        return Deadline(
            rule: limit.name, title: limit.title, isVerified: limit.provenance.isVerified, base: base,
            extensions: [], zone: zone, setOn: nil, warnAt: warning(base.last, calendar, zone))
    }

    /// A date that somebody named. Where it is no working day, the next one is the last (民法典 art. 203).
    ///
    /// - Parameter rule: who named it: `plan`, `meeting`.
    package static func named(
        _ day: Day, rule: String, title: Bilingual, calendar: WorkCalendar, zone: TimeZoneOffset
    ) -> Deadline {
        let base = Span(calendar.count(workingDays: calendar.isWorkday(day) ? 0 : 1, after: day))
        return Deadline(
            rule: rule, title: title, isVerified: true, base: base, extensions: [], zone: zone, setOn: day,
            warnAt: warning(base.last, calendar, zone))
    }

    /// The same deadline with more working days, counted on from its last day.
    package func extended(byWorkingDays days: Int, reason: String, calendar: WorkCalendar) throws(CaseError) -> Deadline
    {
        guard (1...CasesLimits.extensionWorkingDaysMax).contains(days) else {
            throw .extensionOutOfRange(max: CasesLimits.extensionWorkingDaysMax)
        }
        guard extensions.count < CasesLimits.extensionsMax else {
            throw .tooManyExtensions(max: CasesLimits.extensionsMax)
        }
        let reason = try CaseText.reason(reason)
        let span = Span(calendar.count(workingDays: days, after: last))
        return Deadline(
            rule: rule, title: title, isVerified: isVerified, base: base,
            extensions: extensions + [Extension(span: span, reason: reason)], zone: zone, setOn: setOn,
            warnAt: Self.warning(span.last, calendar, zone))
    }

    /// The start of the first of the last `warningWorkingDays` working days up to `last`.
    private static func warning(_ last: Day, _ calendar: WorkCalendar, _ zone: TimeZoneOffset) -> Instant {
        var day = last
        var left = CasesLimits.warningWorkingDays - 1
        while left > 0 {
            day = day.adding(days: -1)
            if calendar.isWorkday(day) { left -= 1 }
        }
        return day.start(in: zone)
    }

    // A few fields tell deadlines apart well enough for a table of them.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(rule)
        hasher.combine(base.start)
        hasher.combine(extensions.count)
    }
}

extension Deadline.Span {
    init(_ count: WorkCalendar.Count) {
        self.init(
            start: count.start, workingDays: count.workingDays, last: count.last,
            holidaysSkipped: count.holidaysSkipped, makeUpWorkdaysCounted: count.makeUpWorkdaysCounted,
            isAnnounced: count.isAnnounced)
    }
}

// MARK: - As stored

extension Deadline {
    /// The derivation as JSON, with days as `yyyy-MM-dd`.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(Record(self)), as: UTF8.self)
    }

    /// - Throws: `DecodingError` for text that this program did not write.
    package init(json: String) throws {
        self = try JSONDecoder().decode(Record.self, from: Data(json.utf8)).deadline()
    }

    private struct SpanRecord: Codable {
        let start: String
        let workingDays: Int
        let last: String
        let holidaysSkipped: [String]
        let makeUpWorkdaysCounted: [String]
        let isAnnounced: Bool

        init(_ span: Span) {
            start = span.start.description
            workingDays = span.workingDays
            last = span.last.description
            holidaysSkipped = span.holidaysSkipped.map(\.description)
            makeUpWorkdaysCounted = span.makeUpWorkdaysCounted.map(\.description)
            isAnnounced = span.isAnnounced
        }

        func span() throws -> Span {
            Span(
                start: try day(start), workingDays: workingDays, last: try day(last),
                holidaysSkipped: try holidaysSkipped.map(day),
                makeUpWorkdaysCounted: try makeUpWorkdaysCounted.map(day), isAnnounced: isAnnounced)
        }

        private func day(_ text: String) throws -> Day {
            guard let day = Day(iso: text) else {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "\(text) is no day"))
            }
            return day
        }
    }

    private struct Record: Codable {
        struct More: Codable {
            let span: SpanRecord
            let reason: String
        }
        let rule: String
        let titleZh: String
        let titleEn: String
        let isVerified: Bool
        let base: SpanRecord
        let extensions: [More]
        let zoneMinutes: Int
        /// Absent in what was written before dates could be named.
        let setOn: String?
        let warnAtMs: Int64

        init(_ deadline: Deadline) {
            rule = deadline.rule
            titleZh = deadline.title.zh
            titleEn = deadline.title.en
            isVerified = deadline.isVerified
            base = SpanRecord(deadline.base)
            extensions = deadline.extensions.map { More(span: SpanRecord($0.span), reason: $0.reason) }
            zoneMinutes = deadline.zone.minutes
            setOn = deadline.setOn?.description
            warnAtMs = deadline.warnAt.millisecondsSince1970
        }

        func deadline() throws -> Deadline {
            Deadline(
                rule: rule, title: Bilingual(zh: titleZh, en: titleEn), isVerified: isVerified,
                base: try base.span(),
                extensions: try extensions.map { Extension(span: try $0.span.span(), reason: $0.reason) },
                zone: TimeZoneOffset(minutes: zoneMinutes), setOn: setOn.flatMap { Day(iso: $0) },
                warnAt: Instant(millisecondsSince1970: warnAtMs))
        }
    }
}
