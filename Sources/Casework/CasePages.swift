import Core
import Organisation
import Web

/// A case as the spine shows it, for kinds without a page of their own and for forms that were refused.
struct CasePage: Page {
    static let template = "casework/show"
    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let actions: [PageAction]
    let errors: FormErrors
    let facet: CaseFacet
}

/// Every case of the district, to be searched.
struct CaseListPage: Page {
    static let template = "casework/list"
    let title: String
    let subtitle: String?
    let tiles: StatTiles?
    let table: Table
    let isWide = true
}

/// What waits for the visitor, for the desk's home: `{{#worklist}}{{> casework/worklist}}{{/worklist}}`.
package struct WorklistView: Sendable {
    struct Row: Sendable {
        let href: String
        let number: String
        let light: LightBadge
        let caseTitle: String
        let state: String
        let unit: String
        let due: String
    }
    struct Section: Sendable {
        let heading: String
        let summary: String
        let rows: [Row]
        let hasRows: Bool
        let moreHref: String
    }
    let sections: [Section]

    init(_ worklists: [Worklist], visit: Visit, cases: Cases) {
        let words = CaseWords(visit: visit, cases: cases)
        sections = worklists.map { list in
            Section(
                heading: Self.heading(list.scope, words),
                summary: visit.word("casework.worklist.summary", visit.number(list.total), visit.number(list.late)),
                rows: list.files.map { file in
                    Row(
                        href: cases.path(of: file.id, kind: file.kind), number: file.number,
                        light: words.light(file.light), caseTitle: file.title,
                        state: words.state(file.state, of: file.kind),
                        unit: words.unit(file.leadUnitCode) ?? visit.word("casework.undispatched"),
                        due: file.dueAt.map(visit.day) ?? "–")
                },
                hasRows: !list.files.isEmpty, moreHref: Self.moreHref(list.scope))
        }
    }

    private static func heading(_ scope: WorklistScope, _ words: CaseWords) -> String {
        switch scope {
        case .unit(let code): words.visit.word("casework.worklist.unit", words.unit(code) ?? code)
        case .undispatched: words.visit.word("casework.worklist.undispatched")
        case .all: words.visit.word("casework.worklist.all")
        }
    }

    private static func moreHref(_ scope: WorklistScope) -> String {
        let list = "/desk/cases?open=yes&sort=-light"
        switch scope {
        case .unit(let code): return "\(list)&unit=\(urlEncoded(code))"
        case .undispatched: return "\(list)&unit=none"
        case .all: return list
        }
    }
}

/// The list of all cases and the query behind it.
struct CaseList: Sendable {
    static let sorts = ["opened", "due", "light", "number"]
    static let filters = ["kind", "state", "light", "open", "unit", "township"]

    let visit: Visit
    let cases: Cases
    let query: ListQuery

    init(visit: Visit, cases: Cases) {
        self.visit = visit
        self.cases = cases
        query = ListQuery.read(visit, sorts: Self.sorts, defaultSort: "-opened", filters: Self.filters)
    }

    var sort: CaseSort { CaseSort(rawValue: query.sort) ?? .opened }

    var filter: CaseFilter {
        var filter = CaseFilter()
        filter.kinds = query.filters["kind"] ?? []
        filter.states = query.filters["state"] ?? []
        filter.lights = (query.filters["light"] ?? []).compactMap(Light.init(rawValue:))
        filter.townshipCodes = query.filters["township"] ?? []
        switch query.filter("open") {
        case "yes": filter.isOpen = true
        case "no": filter.isOpen = false
        default: break
        }
        switch query.filter("unit") {
        case "none": filter.isUndispatched = true
        case let unit: filter.unitCode = unit
        }
        filter.search = query.search
        return filter
    }

    func tiles(open: [CaseCount], undispatched: Int) -> StatTiles {
        func count(_ light: Light) -> Int { open.first { $0.key == light.rawValue }?.count ?? 0 }
        let list = "/desk/cases?open=yes"
        return StatTiles([
            .init(
                visit.word("casework.tile.open"), visit.number(open.reduce(0) { $0 + $1.count }), href: list),
            .init(
                visit.word("casework.tile.red"), visit.number(count(.red)), href: "\(list)&light=red&sort=due",
                tone: count(.red) > 0 ? .danger : .neutral),
            .init(
                visit.word("casework.tile.yellow"), visit.number(count(.yellow)), href: "\(list)&light=yellow&sort=due",
                tone: count(.yellow) > 0 ? .warning : .neutral),
            .init(
                visit.word("casework.tile.undispatched"), visit.number(undispatched), href: "\(list)&unit=none"),
        ])
    }

    func table(_ files: [CaseFile], total: Int) -> Table {
        let words = CaseWords(visit: visit, cases: cases)
        return Table(
            visit: visit, query: query,
            columns: [
                .init("number", visit.word("casework.number"), isSortable: true, isFixed: true),
                .init("light", visit.word("casework.light"), isSortable: true),
                .init("title", visit.word("casework.title"), isFixed: true),
                .init("kind", visit.word("casework.kind")), .init("state", visit.word("casework.state")),
                .init("unit", visit.word("casework.lead")),
                .init("opened", visit.word("casework.opened_at"), isSortable: true),
                .init("due", visit.word("casework.due_at"), isSortable: true),
            ],
            rows: files.map { file in
                .init(
                    href: cases.path(of: file.id, kind: file.kind),
                    cells: [
                        .text(file.number), .light(words.light(file.light).colour), .long(file.title),
                        .text(words.kind(file.kind)),
                        .badge(words.state(file.state, of: file.kind), file.isOpen ? .info : .neutral),
                        words.unit(file.leadUnitCode).map(Cell.text) ?? .none, .time(file.openedAt),
                        file.dueAt.map { .day(Day($0, in: cases.profile.zone)) } ?? .none,
                    ])
            },
            total: total, filters: tableFilters(words), emptyKey: "casework.list.empty")
    }

    private func tableFilters(_ words: CaseWords) -> [Table.Filter] {
        let kinds = cases.kinds.values.sorted { $0.name < $1.name }
        var filters: [Table.Filter] = [
            .init(
                "open", visit.word("casework.open"),
                options: [
                    .init("yes", visit.word("casework.open.yes")), .init("no", visit.word("casework.open.no")),
                ]),
            .init(
                "light", visit.word("casework.light"),
                options: Light.allCases.map { .init($0.rawValue, words.lightWord($0.rawValue)) }),
            .init(
                "unit", visit.word("casework.lead"),
                options: [.init("none", visit.word("casework.undispatched"))]
                    + cases.profile.units.map { .init($0.code, words.unit($0.code) ?? $0.code) }),
        ]
        if kinds.count > 1 {
            filters.append(
                .init("kind", visit.word("casework.kind"), options: kinds.map { .init($0.name, words.kind($0.name)) }))
        }
        let chosen = query.filters["kind"] ?? []
        if let kind = kinds.count == 1 ? kinds.first : chosen.count == 1 ? cases.kinds[chosen[0]] : nil {
            filters.append(
                .init(
                    "state", visit.word("casework.state"),
                    options: kind.states.map { .init($0.name, visit.text($0.title)) }))
        }
        return filters
    }
}
