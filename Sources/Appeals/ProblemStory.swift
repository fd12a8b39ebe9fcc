internal import Casework
internal import Core
internal import Mining
internal import Organisation
internal import Web

/// A problem's story in words: since when, how many people, how it grows, who has it, what was done.
struct ProblemStory {
    let visit: Visit
    let profile: Profile
    let loaded: ProblemPage.Loaded
    private var problem: ProblemRecord { loaded.problem }

    /// One step of what happened, with a way back where there is one.
    struct Step: Sendable {
        let at: String
        let title: String
        let who: String?
        let detail: String?
        let toneName: String
        let isUndone: Bool
        let undoneNote: String?
        let undoPath: String?
        let undoLabel: String
    }

    /// Two or three sentences that a head of unit reads first.
    var summary: String {
        var sentences: [String] = []
        if let first = problem.firstAt, let last = problem.lastAt {
            sentences.append(
                visit.word(
                    "problems.story.since", visit.day(first), visit.day(last), visit.number(problem.people),
                    visit.number(problem.size)))
        } else {
            sentences.append(
                visit.word("problems.story.people", visit.number(problem.people), visit.number(problem.size)))
        }
        let growth = ProblemTrend.growth(loaded.times)
        if growth.latest + growth.before > 0 {
            let key = growth.latest > growth.before ? "more" : growth.latest < growth.before ? "fewer" : "same"
            sentences.append(
                visit.word(
                    "problems.story.\(key)", visit.number(growth.latest),
                    visit.number(abs(growth.latest - growth.before))))
        }
        if let file = loaded.file, let unit = file.leadUnitCode {
            sentences.append(
                visit.word(
                    "problems.story.lead", profile.unit(unit).map { visit.text($0.name) } ?? unit,
                    visit.text(problem.handling.state.title)))
        } else {
            sentences.append(visit.word("problems.story.nobody", visit.text(problem.handling.state.title)))
        }
        if problem.isBackAfterSolved { sentences.append(visit.word("problems.back.sentence")) }
        return sentences.joined(separator: visit.language == .chinese ? "" : " ")
    }

    var tiles: StatTiles {
        let growth = ProblemTrend.growth(loaded.times)
        let members = "/desk/problems/\(problem.id)#members"
        return StatTiles([
            .init(
                visit.word("problems.people"), visit.number(problem.people), href: members,
                tone: problem.people > 1 ? .info : .neutral),
            .init(visit.word("problems.size"), visit.number(problem.size), href: members),
            .init(
                visit.word("problems.story.latest"), visit.number(growth.latest),
                note: visit.word("problems.story.before", visit.number(growth.before)),
                href: ProblemLink.members(problem.id, from: growth.start, to: problem.lastAt, visit),
                tone: growth.latest > growth.before ? .warning : .neutral,
                trend: Sparkline(
                    values: ProblemTrend.weeks(loaded.times, endingAt: problem.lastAt ?? visit.now),
                    label: visit.word("problems.trend"))),
            .init(
                visit.word("problems.state.open_count"), visit.number(loaded.open),
                tone: loaded.open > 0 ? .info : .good),
            .init(
                visit.word("problems.story.days"),
                problem.firstAt.flatMap { first in
                    problem.lastAt.map { visit.number(Int($0.milliseconds(since: first) / Instant.millisecondsPerDay)) }
                } ?? "–", unit: visit.word("problems.story.day_unit")),
        ])
    }

    /// What happened, the oldest first: the first appeal, each decision, the latest appeal.
    func steps(account: Visitor.Account) -> [Step] {
        var steps: [(at: Instant, step: Step)] = []
        func plain(_ at: Instant?, _ key: String, _ tone: Tone, _ arguments: String = "") {
            guard let at else { return }
            steps.append(
                (
                    at,
                    Step(
                        at: visit.time(at), title: visit.word(key, arguments), who: nil, detail: nil,
                        toneName: tone.rawValue, isUndone: false, undoneNote: nil, undoPath: nil, undoLabel: "")
                ))
        }
        plain(problem.firstAt, "problems.step.first", .neutral)
        for decision in loaded.decisions { steps.append((decision.at, step(decision, account))) }
        if problem.size > 1 { plain(problem.lastAt, "problems.step.last", .neutral, visit.number(problem.size)) }
        plain(problem.retiredAt, "problems.step.retired", .warning)
        // Stable, so that decisions of one instant keep their order.
        return steps.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element.step)
    }

    private func step(_ decision: ProblemDecision, _ account: Visitor.Account) -> Step {
        let mayUndo =
            decision.undoneAt == nil && problem.retiredAt == nil && decision.problem == problem.id
            && ProblemPermission.mayUndo(decision, account, lead: loaded.file?.leadUnitCode)
            && loaded.isLatest(decision)
        return Step(
            at: visit.time(decision.at), title: title(decision), who: who(decision.personID, decision.unitCode),
            detail: detail(decision), toneName: decision.undoneAt == nil ? tone(decision.kind).rawValue : "neutral",
            isUndone: decision.undoneAt != nil,
            undoneNote: decision.undoneAt.map {
                visit.word("problems.step.undone", visit.time($0), decision.undoneBy.map { who($0, nil) } ?? "")
            },
            undoPath: mayUndo ? ProblemLink.undo(decision) : nil,
            undoLabel: visit.word("problems.undo.of", visit.text(decision.kind.title)))
    }

    func title(_ decision: ProblemDecision) -> String {
        let text = decision.detail.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            .map(String.init)
        let first = ProblemText.masked(text.first ?? "")
        switch decision.kind {
        case .move(.assign):
            return visit.word(
                "problems.step.assign", profile.unit(first).map { visit.text($0.name) } ?? first)
        case .move, .pin, .unpin: return visit.text(decision.kind.title)
        case .rename:
            return first.isEmpty
                ? visit.word("problems.step.rename_back") : visit.word("problems.step.rename", first)
        case .merge:
            return decision.problem == problem.id
                ? visit.word("problems.step.merge", first) : visit.word("problems.step.merged_away")
        case .split:
            if decision.problem != problem.id { return visit.word("problems.step.split_from") }
            return decision.other == nil
                ? visit.word("problems.step.split_one") : visit.word("problems.step.split", first)
        }
    }

    private func detail(_ decision: ProblemDecision) -> String? {
        let text = decision.detail.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let reason: String
        switch decision.kind {
        case .rename: return nil
        case .merge, .split, .move(.assign): reason = text.count > 1 ? String(text[1]) : ""
        case .move, .pin, .unpin: reason = decision.detail
        }
        return reason.isEmpty ? nil : ProblemText.masked(reason)
    }

    private func who(_ person: Int64, _ unitCode: String?) -> String {
        let name = loaded.names[person] ?? visit.word("casework.who.unknown")
        return unitCode.flatMap { profile.unit($0) }.map { "\(name)（\(visit.text($0.shortName))）" } ?? name
    }

    private func tone(_ kind: ProblemDecision.Kind) -> Tone {
        switch kind {
        case .move(.solve): .good
        case .move(.reopen), .move(.sendBack): .warning
        case .move(.dismiss): .danger
        case .move, .merge, .split: .info
        case .rename, .pin, .unpin: .neutral
        }
    }
}

/// Addresses of the pages of one problem.
enum ProblemLink {
    static func page(_ id: ID<ProblemRecord>) -> String { "/desk/problems/\(id)" }

    static func undo(_ decision: ProblemDecision) -> String {
        "/desk/problems/\(decision.problem)/decisions/\(decision.id)/undo"
    }

    /// The appeals of a problem from one day to another.
    static func members(
        _ id: ID<ProblemRecord>, from: Instant?, to: Instant?, _ visit: Visit
    ) -> String {
        let days = [("from", from), ("to", to)].compactMap { name, at in
            at.map { "\(name)=\(Day($0, in: visit.site.zone))" }
        }
        return page(id) + (days.isEmpty ? "" : "?" + days.joined(separator: "&")) + "#members"
    }
}

extension ProblemState {
    var tone: Tone {
        switch self {
        case .found: .neutral
        case .confirmed, .assigned: .info
        case .solving: .warning
        case .solved: .good
        case .reopened: .danger
        case .dismissed: .neutral
        }
    }
}
