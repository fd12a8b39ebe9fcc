internal import Appeals
internal import Casework
internal import Core
internal import Mechanism
internal import Mining
internal import Organisation
internal import Web

/// The leaders' screen. Its tiles are a page of their own, of which the changed ones are sent to its script.
struct CockpitPage: Page {
    static let template = "platform/cockpit"
    let title: String
    let district: String
    let tiles: Markup
    let deskHref: String
    let screen: String? = "cockpit"
    let refreshSeconds: Int? = 60
}

struct CockpitTiles: Page {
    static let template = "platform/cockpit-tiles"

    struct Line: Sendable {
        let rank: Int
        let text: String
        let href: String
        let figure: String
        let note: String?
        let trend: Sparkline?
    }

    struct IndustryLine: Sendable {
        let name: String
        let share: String
        let change: String
        let verdict: Badge
    }

    struct Happening: Sendable {
        let at: String
        let kind: String
        let text: String
        let href: String
        let state: String
    }

    struct Lamp: Sendable {
        let light: LightBadge
        let figure: String
        let href: String
    }

    let title = ""
    let version: String
    let updated: String
    let hasToday: Bool
    let today: String
    let usual: String
    let comparison: Badge
    let appealsHref: String
    let appealLamps: [Lamp]
    let hasFourOneOne: Bool
    let sum: String
    let target: String
    let sumPermille: Int
    let targetPermille: Int
    let year: String
    let industries: [IndustryLine]
    let map: MapView
    let hasProblems: Bool
    let problems: [Line]
    let hasTasks: Bool
    let lamps: [Lamp]
    let done: String
    let donePermille: Int
    let planned: String
    let reds: [Line]
    let hasReds: Bool
    let happenings: [Happening]
    let hasHappenings: Bool

    init(
        _ visit: Visit, _ snapshot: CockpitSnapshot, version: UInt64, profile: Profile, kinds: [String: CaseKind]
    ) {
        self.version = "\(version)"
        updated = visit.time(snapshot.at)
        hasToday = snapshot.today != nil
        today = visit.number(snapshot.today ?? 0)
        let four = snapshot.usualOfFour
        // A quarter of four weeks, to one decimal, without leaving whole numbers.
        usual = visit.word("platform.cockpit.usual", "\(four * 10 / 4 / 10).\(four * 10 / 4 % 10)")
        comparison = Self.comparison(visit, today: snapshot.today ?? 0, four: four)
        appealsHref = "/desk/appeals"
        func lamps(_ lights: [Light: Int], _ path: String, _ all: [Light]) -> [Lamp] {
            all.map { light in
                Lamp(
                    light: LightBadge(
                        LightBadge.Colour(rawValue: light.rawValue) ?? .green,
                        text: visit.word("platform.cockpit.light.\(light.rawValue)")),
                    figure: visit.number(lights[light] ?? 0), href: path + light.rawValue)
            }
        }
        appealLamps = lamps(snapshot.appealLights, "/desk/cases?kind=appeal&open=yes&light=", [.red, .yellow, .green])
        let tax = snapshot.fourOneOne
        hasFourOneOne = tax != nil
        sum = tax?.sumPPM.map(Points.text) ?? "–"
        target = tax.map { visit.word("platform.cockpit.411.target", Points.text($0.targetPPM)) } ?? ""
        sumPermille = (tax?.sumPPM ?? 0) / 1_000
        targetPermille = (tax?.targetPPM ?? 0) / 1_000
        year = tax.map { "\($0.year)" } ?? ""
        industries = (tax?.industries ?? []).map { Self.industry(visit, $0, profile) }
        map = Self.map(visit, snapshot, profile)
        hasProblems = !snapshot.problems.isEmpty
        problems = snapshot.problems.enumerated().map { Self.problem(visit, $0.offset + 1, $0.element, snapshot) }
        hasTasks = snapshot.totals.tasks > 0
        self.lamps = lamps(snapshot.taskLights, "/desk/tasks?light=", [.red, .yellow, .blue, .green])
        done = snapshot.totals.donePPM.map(Points.text) ?? "–"
        donePermille = (snapshot.totals.donePPM ?? 0) / 1_000
        planned = visit.word("platform.cockpit.planned", snapshot.totals.plannedPPM.map(Points.text) ?? "–")
        reds = snapshot.reds.enumerated().map { index, entry in
            let held = snapshot.heldUp[entry.file.id] ?? 0
            let unit = entry.file.leadUnitCode.flatMap(profile.unit)?.shortName(visit.language) ?? "–"
            return Line(
                rank: index + 1, text: entry.file.title, href: "/desk/tasks/\(entry.file.id)", figure: unit,
                note: held == 0 ? nil : visit.word("platform.cockpit.held_up", visit.number(held)), trend: nil)
        }
        hasReds = !reds.isEmpty
        happenings = snapshot.happenings.map { one in
            let kind = kinds[one.kind]
            return Happening(
                at: visit.clock(one.at), kind: kind.map { visit.text($0.title) } ?? one.kind,
                text: Masking.text(one.title), href: "\(kind?.path ?? "/desk/cases")/\(one.id)",
                state: kind.map { visit.text($0.title(ofState: one.state)) } ?? one.state)
        }
        hasHappenings = !happenings.isEmpty
    }

    /// More or fewer than usual, in words; without four weeks to compare with, it says so.
    private static func comparison(_ visit: Visit, today: Int, four: Int) -> Badge {
        guard four > 0 else { return Badge(visit.word("platform.cockpit.no_usual"), .neutral) }
        let percent = (today * 4 - four) * 100 / four
        return percent >= 20
            ? Badge(visit.word("platform.cockpit.more", "\(percent)"), .danger)
            : percent <= -20
                ? Badge(visit.word("platform.cockpit.fewer", "\(-percent)"), .good)
                : Badge(visit.word("platform.cockpit.as_usual"), .info)
    }

    private static func industry(
        _ visit: Visit, _ line: CockpitSnapshot.FourOneOne.Industry, _ profile: Profile
    ) -> IndustryLine {
        IndustryLine(
            name: profile.keyIndustries.first { $0.code == line.code }?.name(visit.language) ?? line.code,
            share: line.sharePPM.map(Points.text) ?? "–",
            change: line.changePPM.map { ($0 >= 0 ? "+" : "") + Points.plain($0) } ?? "–",
            verdict: line.isOK.map {
                Badge(visit.word($0 ? "platform.cockpit.411.ok" : "platform.cockpit.411.short"), $0 ? .good : .danger)
            } ?? Badge(visit.word("platform.cockpit.411.open"), .neutral))
    }

    private static func problem(
        _ visit: Visit, _ rank: Int, _ record: ProblemRecord, _ snapshot: CockpitSnapshot
    ) -> Line {
        var weeks = [Double](repeating: 0, count: CockpitSnapshot.weeks)
        for time in snapshot.trends[record.id] ?? [] {
            let ago = Int(snapshot.at.milliseconds(since: time) / (7 * Instant.millisecondsPerDay))
            if weeks.indices.contains(ago) { weeks[weeks.count - 1 - ago] += 1 }
        }
        return Line(
            rank: rank, text: Masking.text(record.title), href: "/desk/problems/\(record.id)",
            figure: visit.number(record.scores.total),
            note: visit.word("platform.cockpit.problem", visit.number(record.people), visit.number(record.size)),
            trend: Sparkline(values: weeks, label: visit.word("platform.cockpit.trend", "\(CockpitSnapshot.weeks)")))
    }

    private static func map(_ visit: Visit, _ snapshot: CockpitSnapshot, _ profile: Profile) -> MapView {
        let counts = Dictionary(snapshot.townships.map { ($0.townshipCode, $0.problems) }, uniquingKeysWith: +)
        return MapView(
            title: visit.word("platform.cockpit.map"),
            townships: profile.townships.map { township in
                .init(
                    code: township.code, name: visit.text(township.name), outline: township.outlines,
                    value: counts[township.code] ?? 0, href: "/desk/problems?township=\(urlEncoded(township.code))")
            },
            points: snapshot.points.compactMap { problem in
                problem.point.map {
                    .init(
                        at: $0, title: Masking.text(problem.title), href: "/desk/problems/\(problem.id)",
                        weight: min(100, max(1, problem.size)),
                        tone: problem.scores.urgency.points >= 50 ? .danger : .warning)
                }
            }, legend: visit.word("platform.cockpit.map.legend"))
    }
}
