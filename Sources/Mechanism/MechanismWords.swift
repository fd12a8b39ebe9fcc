internal import Casework
internal import Core
internal import Organisation
internal import Web

/// Names of units, plans, lights and levels, as the room's pages say them.
struct MechanismWords {
    let visit: Visit
    let profile: Profile

    var today: Day { Day(visit.now, in: profile.zone) }

    /// The short name; of a unit that was dissolved, with a word that says so.
    func unit(_ code: String?) -> String? {
        guard let code else { return nil }
        let name = profile.unit(code)?.shortName(visit.language) ?? code
        let isGone = profile.mechanism.successor(of: code, on: today) != nil || profile.unit(code) == nil
        return isGone ? visit.word("mechanism.unit.dissolved", name) : name
    }

    func units(_ codes: [String]) -> String {
        codes.compactMap { unit($0) }.joined(separator: visit.word("mechanism.comma"))
    }

    var unitOptions: [Field.Option] {
        profile.units.filter { profile.mechanism.successor(of: $0.code, on: today) == nil }
            .map { .init($0.code, $0.shortName(visit.language)) }
    }

    func light(_ light: Light) -> LightBadge {
        LightBadge(
            LightBadge.Colour(rawValue: light.rawValue) ?? .green,
            text: visit.word("mechanism.light.\(light.rawValue)"))
    }

    func state(_ file: CaseFile) -> Cell {
        guard let state = TaskState(rawValue: file.state) else { return .text(file.state) }
        let tone: Tone =
            switch state {
            case .planned, .cancelled: .neutral
            case .issued, .underway: .info
            case .suspended, .delivered: .warning
            case .closed: .good
            }
        return .badge(visit.text(state.title), tone)
    }

    func supervision(_ level: SupervisionLevel) -> Cell {
        switch level {
        case .none: .none
        case .reminded: .badge(visit.text(level.title), .info)
        case .urged: .badge(visit.text(level.title), .warning)
        case .listed, .interviewed: .badge(visit.text(level.title), .danger)
        }
    }

    func report(_ state: ReportState) -> Cell {
        let tone: Tone =
            switch state {
            case .due: .neutral
            case .filled, .confirmed: .info
            case .checked: .good
            case .returned: .warning
            }
        return .badge(visit.text(state.title), tone)
    }

    /// Parts per million as a bar with its figure.
    func progress(_ ppm: Int) -> Cell { .bar(ppm / 1_000, Points.text(ppm)) }

    /// Points behind plan, or ahead of it.
    func behind(_ ppm: Int) -> String {
        ppm > 0
            ? visit.word("mechanism.behind", Points.plain(ppm))
            : ppm < 0 ? visit.word("mechanism.ahead", Points.plain(-ppm)) : visit.word("mechanism.on_plan")
    }
}

/// What a refused form had in it, so that its page comes back as it was typed.
struct TypedMechanismForm: Sendable {
    let form: String
    let fields: Fields
    let message: String

    func value(_ form: String, _ name: String) -> String? { self.form == form ? fields.text(name) : nil }
}
