package import Core

/// How a district judges its tasks, names its units in plans, and has reorganised them: `mechanism.yaml`.
///
/// What a profile leaves out is as other districts do it, and marked as not verified.
package struct MechanismRules: Sendable, Equatable {
    /// When a task's light changes, in percentage points of its own plan, months and days.
    package struct Lights: Sendable, Equatable {
        /// Behind plan by this much and more: yellow.
        package let behindYellowPoints: Int
        /// Behind plan by more than this: red.
        package let behindRedPoints: Int
        /// Started this many months after its planned start, or not yet: red.
        package let lateStartMonths: Int
        /// Due within this many days: blue.
        package let dueSoonDays: Int
        package let provenance: Provenance

        package init(
            behindYellowPoints: Int, behindRedPoints: Int, lateStartMonths: Int, dueSoonDays: Int,
            provenance: Provenance
        ) {
            self.behindYellowPoints = behindYellowPoints
            self.behindRedPoints = behindRedPoints
            self.lateStartMonths = lateStartMonths
            self.dueSoonDays = dueSoonDays
            self.provenance = provenance
        }
    }

    /// A unit that was dissolved or merged; nothing new may be given to it from that day on.
    package struct Reorganisation: Sendable, Equatable {
        package let unitCode: String
        package let on: Day
        package let successorCode: String
        package let provenance: Provenance

        package init(unitCode: String, on: Day, successorCode: String, provenance: Provenance) {
            self.unitCode = unitCode
            self.on = on
            self.successorCode = successorCode
            self.provenance = provenance
        }
    }

    package let lights: Lights
    /// Names that plans use for a unit, by its code, besides its name and short name.
    package let aliases: [String: [String]]
    package let reorganisations: [Reorganisation]

    package init(lights: Lights, aliases: [String: [String]] = [:], reorganisations: [Reorganisation] = []) {
        self.lights = lights
        self.aliases = aliases
        self.reorganisations = reorganisations
    }

    package static let usual = MechanismRules(
        lights: Lights(
            behindYellowPoints: 10, behindRedPoints: 30, lateStartMonths: 3, dueSoonDays: 30,
            provenance: Provenance(isVerified: false, source: "银川、宿迁公开的亮灯规则，待核")))

    /// The unit that took a unit's place, where that is so on `day`.
    package func successor(of code: String, on day: Day) -> Reorganisation? {
        reorganisations.first { $0.unitCode == code && $0.on <= day }
    }
}

extension ProfileDraft {
    /// The file may be absent: then the usual rules hold.
    mutating func readMechanism(_ files: ProfileFiles, _ log: inout FaultLog) {
        let file = MechanismRules.file
        guard files.has(file) else { return }
        guard let root = files.yaml(file, &log), let parts = ProfileNode(file: file, node: root).parts(&log) else {
            return
        }
        for (name, node) in parts.sorted(by: { $0.value.line < $1.value.line })
        where !["lights", "aliases", "reorganisations"].contains(name) {
            log.add(file, node.line, zh: "不认识的项“\(name)”。", en: "unknown field “\(name)”.")
        }
        let codes = Set(units.map(\.value.code))
        func known(_ code: String?, _ line: Int) -> String? {
            guard let code else { return nil }
            if codes.contains(code) { return code }
            log.add(file, line, zh: "“\(code)”不是 units.csv 中的单位。", en: "“\(code)” is no unit of units.csv.")
            return nil
        }
        var lights = MechanismRules.usual.lights
        if let record = parts["lights"]?.record(&log) {
            record.allow(
                [
                    "behind_yellow_points", "behind_red_points", "late_start_months", "due_soon_days", "verified",
                    "source",
                ],
                &log)
            let yellow = record.whole("behind_yellow_points", in: 1...99, &log)
            let red = record.whole("behind_red_points", in: 1...99, &log)
            let months = record.whole("late_start_months", in: 1...24, &log)
            let days = record.whole("due_soon_days", in: 1...365, &log)
            let provenance = record.provenance(&log)
            if let yellow, let red, yellow >= red {
                log.add(
                    file, record.line, zh: "红灯的落后值应大于黄灯。",
                    en: "red must begin further behind than yellow.")
            }
            if let yellow, let red, let months, let days, let provenance {
                lights = MechanismRules.Lights(
                    behindYellowPoints: yellow, behindRedPoints: red, lateStartMonths: months, dueSoonDays: days,
                    provenance: provenance)
            }
        }
        var aliases: [String: [String]] = [:]
        for item in parts["aliases"].flatMap({ $0.items(&log) }) ?? [] {
            guard let record = item.record(&log) else { continue }
            record.allow(["unit", "names"], &log)
            guard let code = known(record.code("unit", &log), record.line), let names = record.text("names", &log)
            else { continue }
            aliases[code, default: []] += names.split(separator: "|").map(String.init)
        }
        var changes: [MechanismRules.Reorganisation] = []
        for item in parts["reorganisations"].flatMap({ $0.items(&log) }) ?? [] {
            guard let record = item.record(&log) else { continue }
            record.allow(["unit", "on", "successor", "verified", "source"], &log)
            let unit = known(record.code("unit", &log), record.line)
            let successor = known(record.code("successor", &log), record.line)
            let (day, provenance) = (record.day("on", &log), record.provenance(&log))
            guard let unit, let successor, let day, let provenance else { continue }
            changes.append(
                MechanismRules.Reorganisation(
                    unitCode: unit, on: day, successorCode: successor, provenance: provenance))
        }
        mechanism = MechanismRules(lights: lights, aliases: aliases, reorganisations: changes)
    }
}

extension MechanismRules {
    static let file = "mechanism.yaml"
}
