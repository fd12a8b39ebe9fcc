internal import Casework
internal import Core
internal import Hummingbird
internal import Organisation
internal import Store
internal import Web

/// What residents do without an account: report something, and follow it by its number and code.
struct PortalRoutes: Sendable {
    let database: any Database
    let cases: Cases
    let submitAppeal: SubmitAppeal

    var routes: Routes {
        var routes = Routes()
        routes.get("/appeals/new", .anyone, form)
        routes.post("/appeals/new", .anyone, submit)
        routes.get("/appeals/find", .anyone, findForm)
        routes.post("/appeals/find", .anyone, find)
        return routes
    }

    private func visitor(_ visit: Visit) -> PortalVisitor {
        PortalVisitor(key: visit.visitor.sessionKey, address: visit.address)
    }

    @Sendable private func form(_ visit: Visit) async throws -> Response {
        try visit.render(formPage(visit, SubmitAppeal.Form(), nil))
    }

    private func formPage(_ visit: Visit, _ form: SubmitAppeal.Form, _ error: AppealError?) -> PortalFormPage {
        let explanation = error.map { visit.text($0.report.explanation) }
        func said(of field: String) -> String? { error?.portalField == field ? explanation : nil }
        return PortalFormPage(
            title: visit.word("appeals.new.title"), problem: error?.portalField == nil ? explanation : nil,
            ticket: form.ticket,
            fields: [
                Field(
                    label: visit.word("appeals.type"), name: "type", kind: .select, value: form.type.rawValue,
                    options: AppealType.allCases.map { .init($0.rawValue, visit.text($0.title)) }),
                Field(
                    label: visit.word("appeals.subject"), name: "subject", value: form.subject,
                    error: said(of: "subject"), charactersMax: AppealLimits.subjectCharactersMax),
                Field(
                    label: visit.word("appeals.body"), name: "text", kind: .longText, value: form.text,
                    error: said(of: "text"), isRequired: true,
                    charactersMax: AppealLimits.portalTextCharactersMax),
                Field(
                    label: visit.word("appeals.address"), name: "address", value: form.address,
                    hint: visit.word("appeals.new.address_hint")),
                Field(
                    label: visit.word("appeals.new.name"), name: "name", value: form.name,
                    hint: visit.word("appeals.new.name_hint"), autocomplete: "name"),
                Field(
                    label: visit.word("appeals.new.phone"), name: "phone", kind: .telephone, value: form.phone,
                    error: said(of: "phone"), autocomplete: "tel"),
            ])
    }

    @Sendable private func submit(_ visit: Visit) async throws -> Response {
        let fields = try await visit.fields()
        let form = SubmitAppeal.Form(
            type: fields["type"].flatMap(AppealType.init(rawValue:)) ?? .help, subject: fields.text("subject"),
            text: fields.text("text"), address: fields.text("address"), name: fields.text("name"),
            phone: fields.text("phone"), ticket: fields["ticket"] ?? SubmitAppeal.Form.newTicket())
        do {
            let receipt = try await submitAppeal(form, from: visitor(visit))
            return try visit.render(
                PortalReceiptPage(
                    title: visit.word("appeals.new.received"), number: receipt.number, code: receipt.code))
        } catch let error as AppealError {
            return try visit.render(formPage(visit, form, error), status: .unprocessableContent)
        }
    }

    @Sendable private func findForm(_ visit: Visit) async throws -> Response {
        try visit.render(findPage(visit, number: visit.query("number") ?? "", nil, nil))
    }

    private func findPage(
        _ visit: Visit, number: String, _ problem: Bilingual?, _ found: PortalFindPage.Found?
    ) -> PortalFindPage {
        PortalFindPage(
            title: visit.word("appeals.find.title"), problem: problem.map { visit.text($0) },
            fields: [
                Field(label: visit.word("appeals.number"), name: "number", value: number, isRequired: true),
                Field(label: visit.word("appeals.find.code"), name: "code", isRequired: true, autocomplete: "off"),
            ], found: found)
    }

    @Sendable private func find(_ visit: Visit) async throws -> Response {
        let fields = try await visit.fields()
        let number = fields.text("number")
        do {
            let id = try await submitAppeal.find(
                number: number, code: fields.text("code"), from: visitor(visit))
            let now = visit.now
            let (file, appeal) = try await database.read { tx in
                (try CaseStore.find(id, now: now, in: tx), try AppealStore.find(id, in: tx))
            }
            let unit = file.leadUnitCode.flatMap { cases.profile.unit($0) }?.name(visit.language)
            let state = AppealState(rawValue: file.state).map { visit.text($0.title) } ?? file.state
            let found = PortalFindPage.Found(
                facts: KeyValues([
                    (visit.word("appeals.number"), .text(file.number)),
                    (visit.word("appeals.state"), .badge(state, file.isOpen ? .info : .good)),
                    (visit.word("appeals.submitted_at"), .time(file.openedAt)),
                    (visit.word("appeals.unit"), unit.map(Cell.text) ?? .none),
                    (visit.word("appeals.due_at"), file.dueAt.map(Cell.time) ?? .none),
                ]), reply: appeal.flatMap { $0.reply.isEmpty ? nil : $0.reply })
            return try visit.render(findPage(visit, number: number, nil, found))
        } catch let error as AppealError {
            return try visit.render(
                findPage(visit, number: number, error.report.explanation, nil), status: .unprocessableContent)
        }
    }
}

extension AppealError {
    /// The field of the portal's form it is about; nil when it is about the whole.
    fileprivate var portalField: String? {
        switch self {
        case .textMissing, .textTooLong: "text"
        case .subjectTooLong: "subject"
        case .phoneWrong: "phone"
        default: nil
        }
    }
}

struct PortalFormPage: Page {
    static let template = "appeals/portal-form"
    let title: String
    let problem: String?
    let ticket: String
    let fields: [Field]
}

struct PortalReceiptPage: Page {
    static let template = "appeals/portal-receipt"
    let title: String
    let number: String
    let code: String
}

struct PortalFindPage: Page {
    static let template = "appeals/portal-find"

    struct Found: Sendable {
        let facts: KeyValues
        let reply: String?
    }

    let title: String
    let problem: String?
    let fields: [Field]
    let found: Found?
}
