import Core

struct GalleryPage: Page {
    static let template = "web/gallery"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let actions: [PageAction]
    let errorCount: Int
    let tiles: StatTiles
    let table: Table
    let emptyTable: Table
    let tabs: Tabs
    let errors: FormErrors
    let fields: [Field]
    let upload: Upload
    let progress: ProgressView
    let timeline: Timeline
    let lights: [LightBadge]
    let badges: [Badge]
    let scores: [ScoreView]
    let charts: [Chart]
    let map: MapView
    let facts: KeyValues
    let notices: [Toast]
    let states: [EmptyState]
    let code: QRCode?

    init(_ visit: Visit, typed: Fields? = nil) {
        let word: (String) -> String = { visit.word("web.gallery." + $0) }
        title = word("title")
        subtitle = word("subtitle")
        breadcrumbs = [Breadcrumb(visit.word("web.area.desk"), "/desk")]
        actions = [PageAction(word("export"), "?"), PageAction(word("new"), "?", isPrimary: true)]
        let wrong = GalleryPage.wrong(typed, visit)
        errorCount = wrong.count
        errors = FormErrors(wrong)
        fields = GalleryPage.fields(typed, wrong, word)
        tiles = GallerySamples.tiles(visit, word)
        table = GallerySamples.table(visit, word)
        emptyTable = Table(
            visit: visit, query: ListQuery(sort: "number"), columns: [], rows: [], total: 0, hasSearch: false)
        tabs = Tabs([
            .init(word("tab.mine"), "?", isCurrent: true, count: 12), .init(word("tab.unit"), "?", count: 184),
            .init(word("tab.all"), "?", count: 2_918),
        ])
        upload = Upload(
            label: word("upload"), name: "file", accept: [".xlsx", ".csv"], bytesMax: 200 << 20,
            hint: word("upload.hint"))
        progress = ProgressView(
            title: word("progress"), poll: "/desk/components/progress",
            status: GalleryPage.progress(visit, seconds: 37), cancelPath: "/desk/components")
        timeline = GallerySamples.timeline(visit, word)
        lights = LightBadge.Colour.allCases.map { LightBadge($0) }
        badges = Tone.allCases.map { Badge(word("badge." + $0.rawValue), $0) }
        scores = GallerySamples.scores(word)
        charts = GallerySamples.charts(word)
        map = GallerySamples.map(word)
        facts = GallerySamples.facts(visit, word)
        notices = Tone.allCases.map { Toast(word("notice." + $0.rawValue), tone: $0) }
        states = [
            EmptyState(
                title: word("empty"), detail: word("empty.detail"),
                action: PageAction(word("new"), "?", isPrimary: true)),
            .loading(visit), .failed(visit), .noPermission(visit, needed: .auditAdministrator),
        ]
        code = QRCode("https://example.org/appeals/PT-20210419-00001", label: word("code"))
    }

    static func progress(_ visit: Visit, seconds: Int64) -> ProgressView.Status {
        let done = Int(seconds) * 11_400
        return ProgressView.Status(
            state: "running", done: done, total: 1_026_000, note: visit.word("web.gallery.progress.note"),
            startedAt: visit.now.adding(seconds: -max(1, seconds)), next: nil, visit: visit)
    }

    private static func wrong(_ typed: Fields?, _ visit: Visit) -> [(name: String, message: String)] {
        guard let typed, typed.text("subject").isEmpty else { return [] }
        return [("subject", visit.word("web.gallery.field.subject.missing"))]
    }

    private static func fields(
        _ typed: Fields?, _ wrong: [(name: String, message: String)], _ word: (String) -> String
    ) -> [Field] {
        [
            Field(
                label: word("field.subject"), name: "subject", value: typed?.text("subject") ?? "",
                error: wrong.first?.message, hint: word("field.subject.hint"), isRequired: true, charactersMax: 80),
            Field(
                label: word("field.type"), name: "type", kind: .select, value: typed?.text("type") ?? "help",
                options: ["help", "complaint", "suggestion"].map { .init($0, word("type." + $0)) }, isRequired: true),
            Field(label: word("field.body"), name: "body", kind: .longText, value: typed?.text("body") ?? ""),
            Field(
                label: word("field.urgency"), name: "urgency", kind: .radios, value: "normal",
                options: [
                    .init("normal", word("urgency.normal"), hint: word("urgency.normal.hint")),
                    .init("urgent", word("urgency.urgent"), hint: word("urgency.urgent.hint")),
                ], isRequired: true),
            Field(label: word("field.day"), name: "day", kind: .date, value: "2021-04-19"),
            Field(label: word("field.public"), name: "public", kind: .checkbox, value: "1"),
        ]
    }
}
