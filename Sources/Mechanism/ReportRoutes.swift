internal import Casework
internal import Core
internal import Foundation
internal import Hummingbird
internal import Indicators
internal import Organisation
internal import Store
internal import Web

/// One report: the unit fills it in with its evidence, its head confirms, the digital office checks.
struct ReportRoutes: Sendable {
    let database: any Database
    let rounds: Rounds
    let blobs: BlobFolder
    let registry: FactRegistry

    private var tasks: Tasks { rounds.tasks }
    private var profile: Profile { rounds.tasks.profile }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/reports/:id", .desk, show)
        routes.post(
            "/desk/reports/:id/fill", .desk, bodyBytesMax: CasesLimits.attachmentBytesMax + WebLimits.formBytesMax,
            fill)
        routes.post("/desk/reports/:id/move", .desk, move)
        return routes
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        try await page(visit, try visit.id(), typed: nil)
    }

    private func page(
        _ visit: Visit, _ id: ID<TaskReport>, typed: TypedMechanismForm?
    ) async throws -> Response {
        let now = visit.now
        let registry = registry
        let facts = try await database.read { try ReportFacts(id, registry, now: now, in: $0) }
        let page = ReportPageMaker(
            visit: visit, facts: facts, profile: profile, account: try visit.account(), typed: typed
        ).page
        return try visit.render(page, status: typed == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func fill(_ visit: Visit) async throws -> Response {
        let id: ID<TaskReport> = try visit.id()
        let (account, now, rounds, blobs, registry) = (try visit.account(), visit.now, rounds, blobs, registry)
        let facts = try await database.read { try ReportFacts(id, registry, now: now, in: $0) }
        // Before the body is read: whoever may not fill it in sends no file.
        guard MechanismPermission.may(.fill, account, unit: facts.unit, state: facts.report.state) else {
            throw MechanismError.reportNotYours(.fill)
        }
        try blobs.makeIncoming()
        let upload = try await visit.upload(to: blobs.incoming, bytesMax: CasesLimits.attachmentBytesMax)
        let fields = upload.fields
        do {
            let stored = try upload.file.flatMap { $0.name.isEmpty ? nil : try blobs.receive($0.path, name: $0.name) }
            let permilles = try facts.plan.milestones.indices.map { index in
                guard let permille = MechanismText.permille(fields.text("permille-\(index)")) else {
                    throw MechanismError.progressOutOfRange
                }
                return permille
            }
            guard let version = Int(fields.text("version")) else { throw WebError.formMalformed }
            let offered = Dictionary(
                facts.offered.map { ("\($0.kind.rawValue)-\($0.reference)", $0) },
                uniquingKeysWith: { first, _ in first })
            let cited = fields.all("evidence").compactMap { offered[$0] }
            try await database.write { tx in
                var evidence = cited
                if let stored {
                    let file = try CaseStore.find(facts.report.taskID, now: now, in: tx)
                    let attachment = try rounds.tasks.cases.attach(stored, to: file, actor: account.actor, in: tx)
                    evidence.append(Evidence(kind: .attachment, reference: "\(attachment)", title: stored.name))
                }
                if let fact = fields["fact"] {
                    evidence.append(
                        try FactEvidence.freeze(
                            fact, period: fields.text("fact-period"), for: id, registry, by: account.personID,
                            tasks: rounds.tasks, in: tx))
                }
                try rounds.fill(
                    id, version: version,
                    .init(
                        text: fields.text("text"), difficulties: fields.text("difficulties"),
                        nextSteps: fields.text("next_steps"), permilles: permilles, evidence: evidence),
                    by: account, in: tx)
            }
        } catch let problem as any Problem where problem.report.kind != .missing {
            let typed = TypedMechanismForm(
                form: "fill", fields: fields, message: problem.report.explanation(visit.language))
            return try await page(visit, id, typed: typed)
        }
        return visit.redirect("/desk/reports/\(id)", toast: "rounds.toast.filled")
    }

    @Sendable private func move(_ visit: Visit) async throws -> Response {
        let id: ID<TaskReport> = try visit.id()
        let (fields, account, rounds) = (try await visit.fields(), try visit.account(), rounds)
        guard let version = Int(fields.text("version")), let event = ReportEvent(rawValue: fields.text("event")) else {
            throw WebError.formMalformed
        }
        do {
            try await database.write { tx in
                switch event {
                case .confirm: try rounds.confirm(id, version: version, by: account, in: tx)
                case .check: try rounds.check(id, version: version, by: account, in: tx)
                case .sendBack:
                    try rounds.sendBack(id, version: version, reason: fields.text("reason"), by: account, in: tx)
                case .fill: throw WebError.formMalformed
                }
            }
        } catch let problem as any Problem where problem.report.kind != .missing {
            let typed = TypedMechanismForm(
                form: "move", fields: fields, message: problem.report.explanation(visit.language))
            return try await page(visit, id, typed: typed)
        }
        return visit.redirect("/desk/reports/\(id)", toast: "rounds.toast.\(event.rawValue)")
    }
}

/// All that the page of one report reads, in one transaction.
struct ReportFacts: Sendable {
    let report: TaskReport
    let round: ReportRound
    let file: CaseFile
    let task: WorkTask
    let plan: TaskPlan
    /// The unit that leads now.
    let unit: String
    let evidence: [Evidence]
    /// What may be cited: the task's files and the cases it is linked to.
    let offered: [Evidence]
    /// Figures that may be cited, by what the form sends.
    let figures: [(value: String, title: Bilingual)]
    let names: [Int64: String]

    init(_ id: ID<TaskReport>, _ registry: FactRegistry, now: Instant, in tx: any Transaction) throws {
        report = try RoundStore.report(id, in: tx)
        round = try RoundStore.find(report.roundID, in: tx)
        file = try CaseStore.find(report.taskID, now: now, in: tx)
        task = try TaskStore.find(report.taskID, in: tx)
        plan = try TaskStore.plan(of: task, in: tx)
        unit = file.leadUnitCode ?? report.unitCode
        evidence = try RoundStore.evidence(of: id, in: tx)
        let links = try CaseLinkStore.links(of: file.id, in: tx)
        figures = try FactEvidence.offered(registry, unit: unit, in: tx)
        offered =
            evidence.filter { $0.kind == .fact }
            + (try CaseAttachmentStore.attachments(of: file.id, in: tx).map {
                Evidence(kind: .attachment, reference: "\($0.id)", title: $0.name)
            })
            + links.map {
                Evidence(kind: .case, reference: "\($0.otherID)", title: "\($0.otherNumber) \($0.otherTitle)")
            }
        names = try PersonStore.names(
            of: [report.filledBy, report.confirmedBy, report.checkedBy].compactMap { $0 }, in: tx)
    }
}

/// Puts the page of a report together.
struct ReportPageMaker {
    let visit: Visit
    let facts: ReportFacts
    let profile: Profile
    let account: Visitor.Account
    let typed: TypedMechanismForm?

    private var report: TaskReport { facts.report }
    private func word(_ key: String) -> String { visit.word(key) }

    private func may(_ event: ReportEvent) -> Bool {
        (try? report.state.after(event)) != nil
            && MechanismPermission.may(event, account, unit: facts.unit, state: report.state)
    }

    var page: ReportPage {
        let words = MechanismWords(visit: visit, profile: profile)
        let state: Badge =
            if case .badge(let text, let tone) = words.report(report.state) { Badge(text, tone) } else { Badge("") }
        let path = "/desk/reports/\(report.id)"
        return ReportPage(
            title: facts.file.title, subtitle: "\(facts.file.number) · \(visit.text(facts.round.title))",
            breadcrumbs: [
                Breadcrumb(word("rounds.list.title"), "/desk/rounds"),
                Breadcrumb(visit.text(facts.round.title), "/desk/rounds/\(facts.round.id)"),
            ],
            problem: typed?.message, state: state,
            isLate: report.isLate(facts.round, now: visit.now, in: profile.zone),
            note: report.note.isEmpty ? nil : report.note, facts: KeyValues(pairs(words)),
            isFilled: report.state != .due, said: said, milestones: milestones, evidence: evidence,
            hasEvidence: !facts.evidence.isEmpty, fillPath: path + "/fill", movePath: path + "/move",
            version: report.version, canFill: may(.fill) && facts.round.isOpen, text: textFields,
            progress: progressFields, citing: citing + figure, upload: upload, canConfirm: may(.confirm),
            canCheck: may(.check),
            canSendBack: may(.sendBack),
            reason: Field(
                label: word("rounds.reason"), name: "reason", kind: .longText,
                value: typed?.value("move", "reason") ?? "", hint: word("rounds.reason.hint"),
                dependsOnStep: true, charactersMax: MechanismLimits.reasonCharactersMax))
    }

    private func pairs(_ words: MechanismWords) -> [(String, Cell)] {
        func who(_ id: Int64?, _ at: Instant?) -> Cell {
            at.map { .whole("\(id.flatMap { facts.names[$0] } ?? "–") \(visit.time($0))") } ?? .none
        }
        return [
            (word("tasks.task"), .link(facts.file.number, "/desk/tasks/\(facts.file.id)")),
            (word("tasks.lead"), .text(words.unit(facts.unit) ?? facts.unit)),
            (word("rounds.due"), .day(facts.round.due)),
            (word("rounds.checked_now"), .text(Points.text(facts.task.progressPPM))),
            (word("rounds.filled"), who(report.filledBy, report.filledAt)),
            (word("rounds.confirmed"), who(report.confirmedBy, report.confirmedAt)),
            (word("rounds.checked"), who(report.checkedBy, report.checkedAt)),
        ]
    }

    private var said: [ReportPage.Said] {
        [
            (word("rounds.text"), report.text), (word("rounds.difficulties"), report.difficulties),
            (word("rounds.next_steps"), report.nextSteps),
        ].filter { !$0.1.isEmpty }.map { ReportPage.Said(heading: $0.0, text: $0.1) }
    }

    private var milestones: [ReportPage.MilestoneRow] {
        facts.plan.milestones.enumerated().map { index, milestone in
            let now = report.permilles.indices.contains(index) ? report.permilles[index] : milestone.permille
            return ReportPage.MilestoneRow(
                name: milestone.title, weight: "\(milestone.weight)%", due: visit.day(milestone.due),
                before: visit.percent(permille: milestone.permille), now: visit.percent(permille: now),
                isMore: now > milestone.permille)
        }
    }

    private var evidence: [ReportPage.EvidenceRow] {
        facts.evidence.map { one in
            let href: String? =
                switch one.kind {
                case .attachment: "/desk/attachments/\(one.reference)"
                case .case: "/desk/cases/\(one.reference)"
                case .fact: one.reference
                }
            return ReportPage.EvidenceRow(
                kind: word("rounds.evidence.\(one.kind.rawValue)"), name: one.title, href: href)
        }
    }

    private var textFields: [Field] {
        [
            ("text", report.text, true), ("difficulties", report.difficulties, false),
            ("next_steps", report.nextSteps, false),
        ]
        .map { name, value, isRequired in
            Field(
                label: word("rounds.\(name)"), name: name, kind: .longText,
                value: typed?.value("fill", name) ?? value, isRequired: isRequired,
                charactersMax: MechanismLimits.textCharactersMax)
        }
    }

    private var progressFields: [Field] {
        facts.plan.milestones.enumerated().map { index, milestone in
            let permille = report.permilles.indices.contains(index) ? report.permilles[index] : milestone.permille
            return Field(
                label: visit.word("rounds.milestone", milestone.title, "\(milestone.weight)%"),
                name: "permille-\(index)",
                value: typed?.value("fill", "permille-\(index)") ?? MechanismText.percent(permille),
                hint: visit.word(
                    "rounds.milestone.hint", visit.day(milestone.due), visit.percent(permille: milestone.permille)),
                isRequired: true, charactersMax: 6, autocomplete: "off")
        }
    }

    private var citing: [Field] {
        guard !facts.offered.isEmpty else { return [] }
        let chosen =
            typed?.fields.all("evidence") ?? facts.evidence.map { "\($0.kind.rawValue)-\($0.reference)" }
        return [
            Field(
                label: word("rounds.evidence"), name: "evidence", kind: .checkboxes, values: chosen,
                options: facts.offered.map {
                    .init(
                        "\($0.kind.rawValue)-\($0.reference)", $0.title,
                        hint: word("rounds.evidence.\($0.kind.rawValue)"))
                })
        ]
    }

    /// One more figure, frozen as it is when the report is handed in.
    private var figure: [Field] {
        let month = ReportRound.Period.month.span(around: facts.round.last).lowerBound
        return [
            Field(
                label: word("rounds.fact"), name: "fact", kind: .select, value: typed?.value("fill", "fact") ?? "",
                options: facts.figures.map { .init($0.value, visit.text($0.title)) }, hint: word("rounds.fact.hint")),
            Field(
                label: word("rounds.fact.period"), name: "fact-period",
                value: typed?.value("fill", "fact-period") ?? Period(.month, holding: month).description,
                hint: word("rounds.fact.period.hint"), charactersMax: 10, autocomplete: "off"),
        ]
    }

    private var upload: Upload {
        Upload(
            label: word("rounds.upload"), name: "file", accept: FileType.allCases.flatMap(\.endings).map { ".\($0)" },
            bytesMax: CasesLimits.attachmentBytesMax, hint: word("rounds.upload.hint"), isRequired: false)
    }
}
