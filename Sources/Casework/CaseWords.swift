import Core
import Organisation
import Web

/// What the parts of a case are called on a page, in the visitor's language.
struct CaseWords: Sendable {
    let visit: Visit
    let cases: Cases

    func unit(_ code: String?) -> String? {
        code.map { code in cases.profile.unit(code).map { visit.text($0.shortName) } ?? code }
    }

    func units(_ codes: some Sequence<some StringProtocol>) -> String {
        codes.compactMap { unit(String($0)) }.joined(separator: visit.word("casework.comma"))
    }

    func kind(_ name: String) -> String { cases.kinds[name].map { visit.text($0.title) } ?? name }

    func state(_ state: String, of kind: String) -> String {
        cases.kinds[kind].map { visit.text($0.title(ofState: state)) } ?? state
    }

    func light(_ light: Light) -> LightBadge {
        switch light {
        case .green: LightBadge(.green)
        case .blue: LightBadge(.blue)
        case .yellow: LightBadge(.yellow)
        case .red: LightBadge(.red)
        }
    }

    func lightWord(_ name: String) -> String {
        Light(rawValue: name).map { visit.word("casework.light.\($0.rawValue)") } ?? name
    }

    func who(_ actor: Actor, names: [Int64: String]) -> String {
        switch actor {
        case .person(let id, let unitCode):
            let name = names[id] ?? visit.word("casework.who.unknown")
            return unit(unitCode).map { "\(name)（\($0)）" } ?? name
        case .system(let name):
            let key = "casework.system.\(name)"
            return visit.word("casework.who.system", visit.site.words.contains(key) ? visit.word(key) : name)
        case .resident: return visit.word("casework.who.resident")
        }
    }

    /// `1.5 MB`
    func size(_ bytes: Int) -> String {
        switch bytes {
        case ..<1_024: "\(bytes) B"
        case ..<(1 << 20): "\((bytes + 1_023) / 1_024) KB"
        default: "\(plain(Double(bytes) / Double(1 << 20), places: 1)) MB"
        }
    }

    func facts(_ content: CaseFacetContent) -> KeyValues {
        let file = content.file
        var pairs: [(String, Cell)] = [
            (visit.word("casework.number"), .text(file.number)),
            (visit.word("casework.kind"), .text(kind(file.kind))),
            (visit.word("casework.state"), .badge(state(file.state, of: file.kind), file.isOpen ? .info : .neutral)),
            (
                visit.word("casework.lead"),
                unit(file.leadUnitCode).map(Cell.text) ?? .badge(visit.word("casework.undispatched"), .warning)
            ),
        ]
        if !content.supporting.isEmpty {
            pairs.append((visit.word("casework.supporting"), .text(units(content.supporting))))
        }
        if let code = file.townshipCode {
            let name = cases.profile.township(code).map { visit.text($0.name) } ?? code
            pairs.append((visit.word("casework.township"), .text(name)))
        }
        pairs.append((visit.word("casework.opened_at"), .time(file.openedAt)))
        pairs.append((visit.word("casework.due_at"), file.dueAt.map(Cell.time) ?? .none))
        if let closedAt = file.closedAt { pairs.append((visit.word("casework.closed_at"), .time(closedAt))) }
        return KeyValues(pairs)
    }

    /// Why it does not count where units are compared, in one sentence.
    func exclusion(_ one: CaseExclusion, names: [Int64: String], isMasked: Bool) -> String {
        visit.word(
            "casework.exclusion.sentence", visit.text(one.ground.title),
            isMasked ? Masking.text(one.reason) : one.reason, names[one.by] ?? visit.word("casework.who.unknown"),
            visit.day(one.at))
    }

    // MARK: - Timeline

    func entry(
        _ entry: TimelineEntry, of kind: String, names: [Int64: String], isMasked: Bool
    ) -> Timeline.Entry {
        let event = CaseEvent(rawValue: entry.event)
        var title = event.map { visit.word("casework.event.\($0)") } ?? domainTitle(entry.event, of: kind)
        if let to = entry.toState {
            let from = entry.fromState.map { state($0, of: kind) + " → " } ?? ""
            title += visit.word("casework.event.states", from + state(to, of: kind))
        }
        let detail = event.map { self.detail($0, EventArguments.read(entry.detail)) } ?? entry.detail
        return Timeline.Entry(
            at: visit.time(entry.at), title: title, detail: isMasked ? Masking.text(detail) : detail,
            who: who(entry.actor, names: names), tone: tone(event))
    }

    private func domainTitle(_ event: String, of kind: String) -> String {
        cases.kinds[kind]?.eventTitles[event].map { visit.text($0) } ?? event
    }

    private func tone(_ event: CaseEvent?) -> Tone {
        switch event {
        case .lightWorsened, .excluded: .warning
        case .lightApproved, .deadlineExtended, .deadlineSet: .info
        default: .neutral
        }
    }

    private func detail(_ event: CaseEvent, _ arguments: [String]) -> String {
        func argument(_ index: Int) -> String { arguments.indices.contains(index) ? arguments[index] : "" }
        func reason(_ index: Int) -> String {
            argument(index).isEmpty ? "" : visit.word("casework.detail.reason", argument(index))
        }
        switch event {
        case .assigned:
            let lead = unit(argument(1).isEmpty ? nil : argument(1)) ?? visit.word("casework.undispatched")
            let supporting = units(argument(3).split(separator: " "))
            return visit.word("casework.detail.lead", lead)
                + (supporting.isEmpty ? "" : visit.word("casework.detail.supporting", supporting)) + reason(4)
        case .deadlineSet:
            let day = argument(1).isEmpty ? visit.word("casework.detail.no_deadline") : argument(1)
            return visit.word("casework.detail.deadline", day) + reason(3)
        case .deadlineExtended:
            return visit.word("casework.detail.extended", argument(0), argument(1), argument(2)) + reason(3)
        case .lightWorsened:
            return visit.word("casework.detail.light", lightWord(argument(0)), lightWord(argument(1))) + reason(2)
        case .lightApproved:
            return visit.word("casework.detail.light", lightWord(argument(0)), lightWord(argument(1)))
                + visit.word("casework.detail.until", argument(2)) + reason(3)
        case .linked, .unlinked:
            return visit.word("casework.link.\(argument(0))") + " \(argument(1)) \(argument(2))"
        case .commented, .commentEdited: return ""
        case .attached: return "\(argument(0)) · \(size(Int(argument(1)) ?? 0))"
        case .detached: return argument(0) + reason(2)
        case .excluded:
            let ground = CaseExclusion.Ground(rawValue: argument(0))
            return (ground.map { visit.text($0.title) } ?? argument(0)) + reason(1)
        case .readmitted: return visit.word("casework.detail.reason_only", argument(0))
        case .retitled: return visit.word("casework.detail.retitled", argument(0), argument(1))
        }
    }
}
