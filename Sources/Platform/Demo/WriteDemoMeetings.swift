internal import Casework
internal import Core
internal import Indicators
internal import Mechanism
internal import Organisation
internal import Store
internal import Web

/// Meetings of the demo's leading group: held ones with minutes and decisions, whose tasks are told like all others,
/// and one that is called for next week with its agenda.
struct WriteDemoMeetings {
    let database: any Database
    let meetings: Meetings
    let texts: DemoPlans
    let stored: StoredFile
    let office: Visitor.Account
    let leader: Visitor.Account
    /// A unit by its short name.
    let unit: (String) -> String

    func hold(_ meeting: DemoPlans.Meeting, on day: Day) async throws -> [WriteDemoPlans.Story] {
        let (meetings, texts, stored, office, leader) = (meetings, texts, stored, office, leader)
        let leads = meeting.decisions.map { unit($0.lead) }
        return try await database.write { tx in
            let id = try meetings.call(
                title: meeting.title, day: day, place: texts.place, chair: texts.chair, isDemo: true, by: office, in: tx
            )
            let stories = try zip(meeting.decisions, leads).map { decision, lead in
                let task = try meetings.decide(
                    id, decision.title, lead: lead, due: day.adding(days: decision.days), by: leader, in: tx)
                let cases = meetings.tasks.cases
                let file = try CaseStore.find(task, now: cases.surroundings.now(), in: tx)
                let attachment = try cases.attach(stored, to: file, actor: office.actor, in: tx)
                return WriteDemoPlans.Story(
                    id: task, task: .init(title: decision.title, lead: decision.lead, fate: decision.fate), unit: lead,
                    plan: try TaskStore.plan(of: try TaskStore.find(task, in: tx), in: tx),
                    evidence: Evidence(kind: .attachment, reference: "\(attachment)", title: stored.name))
            }
            try meetings.minute(id, version: 1, meeting.minutes, in: tx)
            return stories
        }
    }

    func callUpcoming(on day: Day) async throws {
        let (meetings, texts, office) = (meetings, texts, office)
        _ = try await database.write {
            try meetings.call(
                title: texts.upcoming, day: day, place: texts.place, chair: texts.chair, isDemo: true, by: office,
                in: $0)
        }
    }
}

/// Bulletins of the demo's last three months: two issued with their figures frozen, and a draft to be edited.
struct WriteDemoBulletins {
    let rooms: Rooms
    let cases: Cases
    let clock: DemoClock
    let office: Visitor.Account

    func callAsFunction(today: Day) async throws {
        let sections = rooms.sections
        let bulletins = Bulletins(cases: cases, registry: rooms.indicators.registry) { try sections.read($0, in: $1) }
        let (office, zone, now) = (office, cases.profile.zone, cases.surroundings.now())
        let month = Period(.month, holding: today)
        for ago in (1...3).reversed() {
            let period = month.advanced(by: -ago)
            clock.set(min(now, period.end(in: zone).adding(seconds: 10 * 3_600)))
            try await rooms.database.write { tx in
                let id = try bulletins.draft(period, isDemo: true, by: office, in: tx)
                guard ago > 1 else { return }
                try bulletins.issue(id, version: 1, isTypedAccepted: true, by: office, in: tx)
            }
        }
        clock.set(now)
    }
}

/// A demo appeal left out of the comparison of units on each ground, with its reason.
struct WriteDemoExclusions {
    let district: District
    let cases: Cases
    let office: Visitor.Account

    func callAsFunction(_ texts: DemoPlans) async throws {
        let (cases, office, profile) = (cases, office, district.profile)
        let month = Period(.month, holding: Day(cases.surroundings.now(), in: profile.zone)).previous
        let now = cases.surroundings.now
        try await district.database.write { tx in
            let window = AppealFactSource(profile: profile, now: now).window(month)
            let (late, _) = try AppealFactStore.rows(
                .closed, window, .district, limit: texts.exclusions.count * 4, offset: 0, in: tx)
            let led = late.filter { $0.unitCode != nil }
            for (one, found) in zip(texts.exclusions, led) {
                let file = try CaseStore.find(found.id, now: now(), in: tx)
                try cases.exclude(file, one.ground, reason: one.reason, by: office, in: tx)
            }
        }
    }
}
