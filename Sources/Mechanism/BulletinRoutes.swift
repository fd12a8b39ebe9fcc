internal import Casework
internal import Core
internal import Foundation
internal import Hummingbird
internal import Indicators
internal import Organisation
internal import Sheets
internal import Store
internal import Web

/// Bulletins on the desk: drafted at a click, edited, issued, and taken as Word or PDF.
struct BulletinRoutes: Sendable {
    let database: any Database
    let bulletins: Bulletins
    let facts: RememberedFacts

    private var profile: Profile { bulletins.cases.profile }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/bulletins", .desk, list)
        routes.post("/desk/bulletins", .digitalOffice, draft)
        routes.get("/desk/bulletins/export", .desk, export)
        routes.get("/desk/bulletins/:id", .desk, show)
        routes.get("/desk/bulletins/:id/edit", .digitalOffice, editForm)
        routes.post("/desk/bulletins/:id/edit", .digitalOffice, edit)
        routes.post("/desk/bulletins/:id/issue", .digitalOffice, issue)
        routes.get("/desk/bulletins/:id/docx", .desk, docx)
        routes.get("/desk/bulletins/:id/pdf", .desk, pdf)
        return routes
    }

    // MARK: - List

    @Sendable private func list(_ visit: Visit) async throws -> Response { try await listPage(visit, typed: nil) }

    private func found(_ visit: Visit) async throws -> ShortList {
        let query = ListQuery.read(visit, sorts: ["period"], defaultSort: "-period", filters: ["state"])
        var found = try await database.read { try BulletinStore.list(in: $0) }.filter { bulletin in
            (query.search.isEmpty || bulletin.title.contains(query.search))
                && (query.filter("state").map { ($0 == "issued") == bulletin.isIssued } ?? true)
        }
        found.sort { ($0.period, $0.id) < ($1.period, $1.id) }
        if query.isDescending { found.reverse() }
        return ShortList(
            query: query,
            columns: [
                .init("title", visit.word("bulletins.title"), isFixed: true),
                .init("period", visit.word("bulletins.period"), isSortable: true),
                .init("state", visit.word("tasks.state")), .init("issued", visit.word("bulletins.issued_at")),
            ],
            rows: found.map { bulletin in
                .init(
                    href: "/desk/bulletins/\(bulletin.id)",
                    cells: [
                        .text(bulletin.title), .text(visit.text(bulletin.period.title)),
                        .badge(
                            visit.word(bulletin.isIssued ? "bulletins.issued" : "bulletins.draft"),
                            bulletin.isIssued ? .good : .neutral), bulletin.issuedAt.map(Web.Cell.time) ?? .none,
                    ])
            })
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        try await found(visit).download(
            visit, name: visit.word("bulletins.list.title"), subject: "bulletins", in: database)
    }

    private func listPage(_ visit: Visit, typed: TypedMechanismForm?) async throws -> Response {
        let table = try await found(visit).table(
            visit,
            filters: [
                .init(
                    "state", visit.word("tasks.state"),
                    options: [
                        .init("draft", visit.word("bulletins.draft")), .init("issued", visit.word("bulletins.issued")),
                    ])
            ], path: "/desk/bulletins", emptyKey: "bulletins.empty")
        let month = Period(.month, holding: Day(visit.now, in: profile.zone)).previous
        let form = SmallForm(
            path: "/desk/bulletins", version: "",
            fields: [
                Field(
                    label: visit.word("bulletins.period"), name: "period",
                    value: typed?.value("draft", "period") ?? month.description,
                    hint: visit.word("bulletins.period.hint"), isRequired: true, charactersMax: 7, autocomplete: "off")
            ], problem: typed?.message, button: visit.word("bulletins.make"))
        let isOffice = try visit.account().roles.contains(.digitalOffice)
        return try visit.render(
            RoundListPage(
                title: visit.word("bulletins.list.title"), subtitle: visit.word("bulletins.list.subtitle"),
                table: table, form: isOffice ? form : nil), status: typed == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func draft(_ visit: Visit) async throws -> Response {
        let (fields, account, bulletins) = (try await visit.fields(), try visit.account(), bulletins)
        do {
            guard let period = Period(reading: fields.text("period")), period.kind == .month else {
                throw MechanismError.bulletinNotMonthly
            }
            let id = try await database.write { try bulletins.draft(period, by: account, in: $0) }
            return visit.redirect("/desk/bulletins/\(id)", toast: "bulletins.toast.drafted")
        } catch let error as MechanismError {
            let typed = TypedMechanismForm(
                form: "draft", fields: fields, message: error.report.explanation(visit.language))
            return try await listPage(visit, typed: typed)
        }
    }

    // MARK: - One bulletin

    private func layout(_ read: Read) -> BulletinLayout {
        BulletinLayout(
            read.bulletin, read.figures, bulletins.tables(of: read.bulletin.period), profile: profile)
    }

    private struct Read: Sendable {
        let bulletin: Bulletin
        let figures: [Bulletins.Figure]
    }

    private func read(_ id: ID<Bulletin>) async throws -> Read {
        let bulletins = bulletins
        let (bulletin, issued) = try await database.read { tx in
            let bulletin = try BulletinStore.find(id, in: tx)
            return (bulletin, bulletin.isIssued ? try bulletins.issued(bulletin, in: tx) : nil)
        }
        if let issued { return Read(bulletin: bulletin, figures: issued) }
        let now = bulletins.cases.surroundings.now()
        return Read(bulletin: bulletin, figures: try await bulletins.shown(bulletin, facts, now: now))
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        try await page(visit, try visit.id(), problem: nil)
    }

    private func page(_ visit: Visit, _ id: ID<Bulletin>, problem: String?) async throws -> Response {
        let read = try await read(id)
        let layout = layout(read)
        let tables = layout.tables
        let isOffice = try visit.account().roles.contains(.digitalOffice)
        let path = "/desk/bulletins/\(id)"
        let isOpen = isOffice && !read.bulletin.isIssued
        let typed = BulletinText.typedNumbers(in: read.bulletin.text)
        var actions = [
            PageAction(visit.word("bulletins.docx"), path + "/docx"),
            PageAction(visit.word("bulletins.pdf"), path + "/pdf"),
        ]
        if isOpen { actions.append(PageAction(visit.word("bulletins.edit"), path + "/edit", isPrimary: true)) }
        let page = BulletinPage(
            title: read.bulletin.title, subtitle: visit.text(read.bulletin.period.title),
            breadcrumbs: [Breadcrumb(visit.word("bulletins.list.title"), "/desk/bulletins")], actions: actions,
            isDemo: read.bulletin.isDemo, problem: problem, isIssued: read.bulletin.isIssued,
            issued: read.bulletin.issuedAt.map { visit.word("bulletins.issued_note", visit.time($0)) },
            lines: layout.lines, tables: tables.map(BulletinPage.Peers.init), hasTables: !tables.isEmpty,
            tablesTitle: visit.site.words.text("bulletins.tables", in: .chinese, []),
            issuePath: isOpen ? path + "/issue" : nil, version: read.bulletin.version,
            typed: isOpen && !typed.isEmpty
                ? visit.word("bulletins.typed", typed.prefix(10).joined(separator: visit.word("mechanism.comma"))) : nil
        )
        return try visit.render(page, status: problem == nil ? .ok : .unprocessableContent)
    }

    @Sendable private func issue(_ visit: Visit) async throws -> Response {
        let id: ID<Bulletin> = try visit.id()
        let (fields, account, bulletins) = (try await visit.fields(), try visit.account(), bulletins)
        guard let version = Int(fields.text("version")) else { throw WebError.formMalformed }
        do {
            try await database.write {
                try bulletins.issue(
                    id, version: version, isTypedAccepted: fields["accept"] != nil, by: account, in: $0)
            }
            return visit.redirect("/desk/bulletins/\(id)", toast: "bulletins.toast.issued")
        } catch let error as MechanismError where error.report.kind != .missing {
            return try await page(visit, id, problem: error.report.explanation(visit.language))
        }
    }

    // MARK: - Editing

    @Sendable private func editForm(_ visit: Visit) async throws -> Response {
        let read = try await read(try visit.id())
        return try visit.render(
            try await editPage(
                visit, read, title: read.bulletin.title, text: BulletinText.forEditing(read.bulletin.text), error: nil))
    }

    private func editPage(
        _ visit: Visit, _ read: Read, title: String, text: String, error: String?
    ) async throws -> BulletinEditPage {
        guard !read.bulletin.isIssued else { throw MechanismError.bulletinChanged }
        let period = read.bulletin.period
        let known = bulletins.registry.definitions.filter {
            $0.periods.contains(period.kind) && $0.scopes.contains(.district)
        }
        let offered = try await facts.facts(
            known.prefix(MechanismLimits.bulletinFactsOffered).map(\.name), period, now: visit.now
        ).flatMap { $0 }
        let links = BulletinText.links(in: read.bulletin.text).enumerated().map { index, link in
            BulletinEditPage.Offered(token: "(\(index + 1))", name: link.words, value: "", href: link.href)
        }
        return BulletinEditPage(
            title: visit.word("bulletins.edit"),
            breadcrumbs: [
                Breadcrumb(visit.word("bulletins.list.title"), "/desk/bulletins"),
                Breadcrumb(read.bulletin.title, "/desk/bulletins/\(read.bulletin.id)"),
            ],
            errors: FormErrors(error.map { [(name: "text", message: $0)] } ?? []),
            form: SmallForm(
                path: "/desk/bulletins/\(read.bulletin.id)/edit", version: "\(read.bulletin.version)",
                fields: [
                    Field(
                        label: visit.word("bulletins.title"), name: "title", value: title, isRequired: true,
                        charactersMax: MechanismLimits.titleCharactersMax, autocomplete: "off"),
                    Field(
                        label: visit.word("bulletins.text"), name: "text", kind: .longText, value: text,
                        hint: visit.word("bulletins.text.hint"), isRequired: true,
                        charactersMax: MechanismLimits.minutesCharactersMax),
                ], button: visit.word("mechanism.save"), isPrimary: true),
            facts: offered.map {
                BulletinEditPage.Offered(
                    token: "{\($0.name)}", name: visit.text($0.definition.title), value: $0.text, href: $0.path)
            }, links: links, hasLinks: !links.isEmpty)
    }

    @Sendable private func edit(_ visit: Visit) async throws -> Response {
        let id: ID<Bulletin> = try visit.id()
        let (fields, bulletins) = (try await visit.fields(), bulletins)
        guard let version = Int(fields.text("version")) else { throw WebError.formMalformed }
        let (title, text) = (fields.text("title"), fields.text("text"))
        do {
            try await database.write { tx in
                let links = BulletinText.links(in: try BulletinStore.find(id, in: tx).text)
                try bulletins.save(
                    id, version: version, title: title, text: BulletinText.edited(text, links: links), in: tx)
            }
            return visit.redirect("/desk/bulletins/\(id)", toast: "plans.toast.saved")
        } catch let problem as any Problem where problem.report.code != "mechanism.bulletin_unknown" {
            let page = try await editPage(
                visit, try await read(id), title: title, text: text,
                error: problem.report.explanation(visit.language))
            return try visit.render(page, status: .unprocessableContent)
        }
    }

    // MARK: - Files

    private func file(_ read: Read) throws -> URL {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("shuzhi-\(UUID().uuidString).docx")
        let layout = layout(read)
        try OfficialDocument.write(
            layout.blocks(issuedOn: read.bulletin.issuedAt.map { Day($0, in: profile.zone) }), to: path.path)
        return path
    }

    @Sendable private func docx(_ visit: Visit) async throws -> Response {
        let read = try await read(try visit.id())
        let path = try file(read)
        defer { try? FileManager.default.removeItem(at: path) }
        return visit.download(
            name: "\(read.bulletin.title).docx",
            contentType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            body: .init(byteBuffer: ByteBuffer(bytes: try Data(contentsOf: path))))
    }

    @Sendable private func pdf(_ visit: Visit) async throws -> Response {
        let id: ID<Bulletin> = try visit.id()
        let read = try await read(id)
        do {
            let path = try file(read)
            defer { try? FileManager.default.removeItem(at: path) }
            let bytes = try await PDFTool().convert(path)
            return visit.download(
                name: "\(read.bulletin.title).pdf", contentType: "application/pdf",
                body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        } catch let error as MechanismError {
            return try await page(visit, id, problem: error.report.explanation(visit.language))
        }
    }
}

/// LibreOffice, out of process and with a time limit; an optional tool of the server.
struct PDFTool: Sendable {
    /// - Throws: `MechanismError.pdfToolMissing`, `.pdfFailed`.
    func convert(_ document: URL) async throws -> Data {
        guard let program = Self.find() else { throw MechanismError.pdfToolMissing }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("shuzhi-pdf-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = program
        // A profile folder of its own, so that two conversions do not wait for each other's lock.
        process.arguments = [
            "-env:UserInstallation=file://\(folder.path)/profile", "--headless", "--norestore", "--nolockcheck",
            "--convert-to", "pdf", "--outdir", folder.path, document.path,
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // Also where whoever asked has gone meanwhile.
        defer { if process.isRunning { process.terminate() } }
        let tries = MechanismLimits.pdfSecondsMax * 10
        for _ in 0..<tries where process.isRunning { try await Task.sleep(for: .milliseconds(100)) }
        guard !process.isRunning else { throw MechanismError.pdfFailed }
        let name = document.deletingPathExtension().lastPathComponent + ".pdf"
        guard process.terminationStatus == 0,
            let bytes = try? Data(contentsOf: folder.appendingPathComponent(name)), !bytes.isEmpty
        else { throw MechanismError.pdfFailed }
        return bytes
    }

    private static func find() -> URL? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").lazy
            .flatMap { folder in ["soffice", "libreoffice"].map { URL(fileURLWithPath: "\(folder)/\($0)") } }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }
}
