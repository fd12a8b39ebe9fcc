internal import Appeals
internal import Casework
internal import Core
internal import Organisation
internal import Store
internal import Synchronization

/// Writes a generated district: each appeal is opened and handled by the rooms' own rules, at the times it says.
struct WriteDemo: Sendable {
    static let source = "demo"

    /// Who handles an appeal: the unit's clerk and the digital office's.
    struct Clerks: Sendable {
        let office: Int64?
        let leader: Int64?
        /// By unit code.
        let staff: [String: Int64]
    }

    let database: any Database
    let profile: Profile
    let author: ImportAuthor
    let topic: TopicGuess?
    let surroundings: Surroundings

    /// - Parameter report: called after each batch with the appeals written so far.
    func callAsFunction(
        _ district: DemoDistrict, clerks: Clerks, report: @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws {
        let clock = DemoClock(newID: surroundings.newID, now: surroundings.now())
        let cases = try Cases(profile: profile, kinds: [AppealKind.kind], surroundings: clock.surroundings)
        let units = Dictionary(
            profile.units.map { ($0.shortName.zh, $0.code) }, uniquingKeysWith: { first, _ in first })
        let handling = DemoHandling(cases: cases, clock: clock, profile: profile, units: units, clerks: clerks)
        var done = 0
        for start in stride(from: 0, to: district.appeals.count, by: Self.batch) {
            let batch = Array(district.appeals[start..<min(start + Self.batch, district.appeals.count)])
            let isLast = start + Self.batch >= district.appeals.count
            try await database.write { tx in
                let rows = batch.map { appeal($0) }
                let files = try handling.open(zip(batch, rows).map { ($0, $1) }, in: tx)
                try AppealStore.insert(rows, in: tx)
                for (demo, file) in zip(batch, files) { try handling.handle(demo, file, in: tx) }
                if isLast { try MineProblemsJob.enqueue(surroundings: surroundings, in: tx) }
            }
            done += batch.count
            report(done, district.appeals.count)
        }
    }

    private static let batch = 500

    private func appeal(_ demo: DemoAppeal) -> Appeal {
        let guess = topic?("\(demo.subject)\n\(demo.body)")
        let isClosed = [.closed, .redone].contains(demo.fate.end)
        return Appeal(
            id: ID(surroundings.newID()), source: Self.source, sourceID: Self.sourceID(demo.number),
            type: AppealType(rawValue: demo.type) ?? .help, channel: demo.channel, subject: demo.subject,
            body: demo.body, submittedAt: demo.at, authorKey: author.key(author: demo.author, phone: ""),
            address: demo.place.address, point: demo.place.point, townshipCode: demo.place.townshipCode,
            topic: guess?.label, topicPermille: guess?.permille, unitText: demo.unit, likes: demo.likes,
            dislikes: demo.dislikes, transfers: demo.fate.transfers, isDissatisfied: demo.fate.isDissatisfied,
            closedAt: isClosed ? DemoHandling.closedAt(demo) : nil, reply: isClosed ? demo.fate.reply : "",
            duplicateOf: demo.duplicateOf.map(Self.sourceID), updatedAt: surroundings.now(), isDemo: true)
    }

    static func sourceID(_ number: Int) -> String {
        let digits = String(number)
        return "DEMO-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
}

/// A clock that is set to each moment of the story, so that timelines tell it as it would have happened.
final class DemoClock: Sendable {
    private let instant: Mutex<Instant>
    private let newID: @Sendable () -> Int64

    init(newID: @escaping @Sendable () -> Int64, now: Instant) {
        self.newID = newID
        instant = Mutex(now)
    }

    func set(_ now: Instant) { instant.withLock { $0 = now } }

    var surroundings: Surroundings {
        Surroundings(now: { [self] in instant.withLock { $0 } }, newID: newID)
    }
}

/// Takes a demo appeal through the states it went through, in the transaction of its batch.
private struct DemoHandling: Sendable {
    let cases: Cases
    let clock: DemoClock
    let profile: Profile
    let units: [String: String]
    let clerks: WriteDemo.Clerks

    func open(_ batch: [(DemoAppeal, Appeal)], in tx: any Transaction) throws -> [CaseFile] {
        let news = batch.map { demo, appeal in
            NewCase(
                id: appeal.id, kind: AppealKind.name, title: appeal.title, state: AppealState.received.rawValue,
                isOpen: true, leadUnitCode: demo.fate.end == .received ? nil : units[demo.unit],
                townshipCode: appeal.townshipCode, openedAt: demo.at,
                deadline: AppealDeadline.of(appeal.type, from: demo.at, profile), searchText: appeal.searchText,
                actor: .system(WriteDemo.source), event: AppealTimeline.imported, detail: "演示数据")
        }
        if let first = batch.first { clock.set(first.0.at) }
        let numbers = try cases.openMany(news, in: tx)
        return zip(news, numbers).map { new, number in
            CaseFile(
                id: new.id, kind: new.kind, number: number, title: new.title, state: new.state, isOpen: true,
                leadUnitCode: new.leadUnitCode, townshipCode: new.townshipCode, openedAt: new.openedAt,
                dueAt: new.deadline?.dueAt, closedAt: nil, light: .green, version: 1)
        }
    }

    func handle(_ demo: DemoAppeal, _ file: CaseFile, in tx: any Transaction) throws {
        let steps = Self.steps(demo.fate.end)
        guard !steps.isEmpty else { return }
        var file = file
        var state = AppealState.received
        let unit = units[demo.unit]
        for (index, step) in steps.enumerated() {
            clock.set(Self.moment(demo, index, of: steps))
            let next = try state.after(step)
            file = try cases.move(
                file, to: next.rawValue, isOpen: next.isOpen, event: AppealTimeline.name(step),
                detail: detail(step, demo), actor: actor(step, unit), in: tx)
            state = next
        }
        if state == .closed, let rating = Self.rating(demo) {
            try AppealRatingStore.save(rating, of: file.id, now: Self.closedAt(demo), in: tx)
        }
    }

    /// What the call-back found: most answer, the unhappy ones among them; one in eight cannot be reached.
    private static func rating(_ demo: DemoAppeal) -> AppealRating? {
        guard demo.number % 8 != 0 else { return nil }
        let happy: [AppealRating.Satisfaction] = [.satisfied, .basically, .satisfied, .neutral, .satisfied]
        return AppealRating(
            isContactedFirst: demo.number % 13 == 0 ? nil : demo.number % 11 != 0,
            verdict: demo.fate.isDissatisfied || demo.number % 7 < 2 ? .explained : .resolved,
            satisfaction: demo.fate.isDissatisfied ? .dissatisfied : happy[demo.number % happy.count])
    }

    private func detail(_ step: AppealEvent, _ demo: DemoAppeal) -> String {
        switch step {
        case .submit, .close: demo.fate.reply
        case .reject, .handle: demo.fate.note
        default: ""
        }
    }

    /// The office dispatches, calls back and closes; the unit does the rest.
    private func actor(_ step: AppealEvent, _ unit: String?) -> Actor {
        switch step {
        case .dispatch, .callBack, .close, .redo:
            clerks.office.map { .person(id: $0, unitCode: nil) } ?? .system(WriteDemo.source)
        default:
            unit.flatMap { code in clerks.staff[code].map { .person(id: $0, unitCode: code) } }
                ?? .system(WriteDemo.source)
        }
    }

    private static func steps(_ end: DemoFate.End) -> [AppealEvent] {
        let answered: [AppealEvent] = [.dispatch, .accept, .contact, .handle, .submit, .callBack]
        return switch end {
        case .received: []
        case .dispatched: [.dispatch]
        case .handling: [.dispatch, .accept, .contact, .handle]
        case .rejected: [.dispatch, .reject]
        case .callback: answered
        case .closed: answered + [.close]
        case .redo: answered + [.redo]
        case .redone: answered + [.redo, .handle, .submit, .callBack, .close]
        }
    }

    /// Spread between receipt and answer, or over the hours since where nothing was answered.
    private static func moment(_ demo: DemoAppeal, _ index: Int, of steps: [AppealEvent]) -> Instant {
        let first = demo.at.adding(seconds: 900)
        guard let answered = demo.fate.answeredAt, answered > first else {
            return first.adding(seconds: Int64(index) * 1_200)
        }
        let share = answered.milliseconds(since: first) * Int64(index + 1) / Int64(steps.count)
        return first.adding(milliseconds: share)
    }

    static func closedAt(_ demo: DemoAppeal) -> Instant {
        let steps = steps(demo.fate.end)
        return moment(demo, steps.count - 1, of: steps)
    }
}
