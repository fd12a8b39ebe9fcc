internal import Casework
internal import Core
internal import Organisation
internal import Web

/// Units compared with their peers only: departments with departments, townships with townships.
enum UnitComparison {
    /// Below this many tasks a rank would be chance, and is not given.
    static let volumeMin = 3

    struct Row: Sendable, Equatable {
        let unit: String
        let kind: Organisation.Unit.Kind?
        let volume: Int
        let donePPM: Int?
        let red: Int
        let yellow: Int
        let blue: Int
        let green: Int
        let closed: Int
        /// Cases that do not count here, each with its reason on record.
        let leftOut: Int
        /// Among peers with enough tasks, by checked progress; equal progress shares a rank.
        var rank: Int?
        var peers = 0
    }

    static func rows(
        _ figures: [TaskListStore.UnitFigures], leftOut: [String: Int], _ profile: Profile
    ) -> [Row] {
        var rows = figures.map { one in
            Row(
                unit: one.unit, kind: profile.unit(one.unit)?.kind, volume: one.open + one.closed, donePPM: one.donePPM,
                red: one.lights[.red] ?? 0, yellow: one.lights[.yellow] ?? 0, blue: one.lights[.blue] ?? 0,
                green: one.lights[.green] ?? 0, closed: one.closed, leftOut: leftOut[one.unit] ?? 0)
        }
        for kind in Organisation.Unit.Kind.allCases {
            let ranked = rows.indices.filter { rows[$0].kind == kind && rows[$0].volume >= volumeMin }
            for index in ranked {
                let better = ranked.count { (rows[$0].donePPM ?? 0) > (rows[index].donePPM ?? 0) }
                rows[index].rank = better + 1
                rows[index].peers = ranked.count
            }
        }
        return rows
    }
}

struct UnitLightsPage: Page {
    static let template = "supervision/units"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let actions: [PageAction]
    let tabs: Tabs
    let note: String
    let table: Table
    var isWide: Bool { true }
}
