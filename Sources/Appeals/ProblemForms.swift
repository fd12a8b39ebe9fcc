internal import Casework
internal import Core
internal import Organisation
internal import Web

/// The small forms of a problem's page: the next step, and what shapes the problem itself.
struct ProblemForms: Sendable {
    struct Button: Sendable {
        let value: String
        let label: String
        let isPrimary: Bool
        let isDanger: Bool
    }

    /// Carries the problem on its way.
    struct Next: Sendable {
        let path: String
        let version: Int
        let unit: Field?
        let reason: Field
        let buttons: [Button]
    }

    /// Renames, pins, merges, splits.
    struct Shape: Sendable {
        let renamePath: String
        let pinPath: String
        let mergeHref: String?
        let splitHref: String?
        let version: Int
        let name: Field
        let pinValue: String
        let pinLabel: String
    }

    let next: Next?
    let shape: Shape?

    /// - Parameter typed: what a refused form had in it.
    init(_ visit: Visit, _ loaded: ProblemPage.Loaded, _ profile: Profile, account: Visitor.Account, typed: Fields?) {
        let problem = loaded.problem
        guard problem.retiredAt == nil else {
            next = nil
            shape = nil
            return
        }
        let path = ProblemLink.page(problem.id)
        let version = problem.handling.version
        let events = problem.handling.state.events.filter {
            ProblemPermission.may($0, account, lead: loaded.file?.leadUnitCode)
        }
        next =
            events.isEmpty
            ? nil
            : Next(
                path: path + "/decide", version: version,
                unit: events.contains(.assign)
                    ? Field(
                        label: visit.word("problems.next.unit"), name: "unit", kind: .select,
                        value: typed?.text("unit") ?? loaded.file?.leadUnitCode ?? loaded.units.first?.value ?? "",
                        options: profile.units.map { .init($0.code, visit.text($0.name)) },
                        hint: visit.word("problems.next.unit.hint")) : nil,
                reason: Field(
                    label: visit.word("problems.reason"), name: "reason", kind: .longText,
                    value: typed?.text("reason") ?? "", hint: visit.word("problems.next.reason.hint"),
                    dependsOnStep: true, charactersMax: ProblemLimits.reasonCharactersMax),
                buttons: events.map {
                    Button(
                        value: $0.rawValue, label: visit.text($0.title), isPrimary: $0 == events.first,
                        isDanger: $0 == .dismiss)
                })
        shape =
            ProblemPermission.mayShape(account)
            ? Shape(
                renamePath: path + "/rename", pinPath: path + "/pin", mergeHref: path + "/merge",
                splitHref: problem.size > 2 ? path + "/split" : nil, version: version,
                name: Field(
                    label: visit.word("problems.name"), name: "name",
                    value: typed?["name"] ?? problem.title,
                    hint: visit.word("problems.name.hint", ProblemText.masked(problem.minedTitle)),
                    charactersMax: ProblemLimits.nameCharactersMax, autocomplete: "off"),
                pinValue: problem.handling.isPinned ? "no" : "yes",
                pinLabel: visit.word(problem.handling.isPinned ? "problems.unpin" : "problems.pin"))
            : nil
    }
}

/// A word after a decision, with the way back beside it.
struct UndoNotice: Sendable {
    let text: String
    let path: String?
    let label: String
}
