internal import Core
internal import Indicators
internal import Organisation
internal import Sheets
internal import Web

struct BulletinPage: Page {
    static let template = "bulletins/show"

    struct Piece: Sendable {
        let text: String
        let href: String?
    }
    struct Line: Sendable {
        let isHeading: Bool
        let pieces: [Piece]
    }
    /// A comparison as the page shows it.
    struct Peers: Sendable {
        let heading: String
        let table: PlainTable

        init(_ table: ComparisonTable) {
            heading = table.heading
            self.table = PlainTable(
                label: table.heading, columns: table.columns,
                rows: table.rows.map { row in
                    Table.Row(
                        cells: [.text(row.name)]
                            + row.cells.map { cell in cell.href.map { .link(cell.text, $0) } ?? .text(cell.text) })
                })
        }
    }
    struct ComparisonRow: Sendable {
        let name: String
        let cells: [Piece]
    }
    struct ComparisonTable: Sendable {
        let heading: String
        let columns: [String]
        let rows: [ComparisonRow]
    }

    let title: String
    let subtitle: String?
    let breadcrumbs: [Breadcrumb]
    let actions: [PageAction]
    let isDemo: Bool
    let problem: String?
    let isIssued: Bool
    let issued: String?
    let lines: [Line]
    let tables: [Peers]
    let hasTables: Bool
    /// In the bulletin's own language.
    let tablesTitle: String
    let issuePath: String?
    let version: Int
    /// Numbers of the text that are no facts.
    let typed: String?
}

struct BulletinEditPage: Page {
    static let template = "bulletins/edit"

    struct Offered: Sendable {
        let token: String
        let name: String
        let value: String
        let href: String
    }

    let title: String
    let breadcrumbs: [Breadcrumb]
    let errors: FormErrors
    let form: SmallForm
    let facts: [Offered]
    /// What the text names, by the number that stands for its page.
    let links: [Offered]
    let hasLinks: Bool
}

/// A bulletin put together, for the page and for the paper. Official papers are Chinese, whatever language is read.
struct BulletinLayout {
    private let bulletin: Bulletin
    private let byName: [String: Bulletins.Figure]
    private let byUnit: [String: [FigureScope: Bulletins.Figure]]
    private let comparisons: [Bulletins.Comparison]
    private let profile: Profile

    init(_ bulletin: Bulletin, _ figures: [Bulletins.Figure], _ comparisons: [Bulletins.Comparison], profile: Profile) {
        self.bulletin = bulletin
        self.comparisons = comparisons
        self.profile = profile
        byName = Dictionary(
            figures.filter { $0.fact.scope == .district }.map { ($0.fact.name, $0) },
            uniquingKeysWith: { first, _ in first })
        var byUnit: [String: [FigureScope: Bulletins.Figure]] = [:]
        for figure in figures where figure.fact.scope.kind == .unit {
            byUnit[figure.fact.name, default: [:]][figure.fact.scope] = figure
        }
        self.byUnit = byUnit
    }

    private func comparison(_ line: Substring) -> Bulletins.Comparison? {
        comparisons.first { $0.mark[...] == line }
    }

    private func piece(_ piece: BulletinText.Piece) -> BulletinPage.Piece {
        switch piece {
        case .words(let words): .init(text: words, href: nil)
        case .link(let words, let href): .init(text: words, href: href)
        case .fact(let name): .init(text: byName[name]?.fact.text ?? "–", href: byName[name]?.path)
        }
    }

    /// A heading or a sentence; nil for a line that stands for a table.
    private func line(_ line: Substring) -> BulletinPage.Line? {
        guard comparison(line) == nil else { return nil }
        let isHeading = line.hasPrefix("# ")
        return BulletinPage.Line(
            isHeading: isHeading,
            pieces: BulletinText.pieces(String(isHeading ? line.dropFirst(2) : line)).map(piece))
    }

    private var textLines: [Substring] { bulletin.text.split(whereSeparator: \.isNewline) }

    var lines: [BulletinPage.Line] { textLines.compactMap(line) }

    var tables: [BulletinPage.ComparisonTable] { textLines.compactMap(comparison).flatMap(tables) }

    /// Departments beside departments, townships beside townships, the best first; volumes beside shares.
    private func tables(_ one: Bulletins.Comparison) -> [BulletinPage.ComparisonTable] {
        let scopes = Set(one.figures.flatMap { byUnit[$0.name].map { Array($0.keys) } ?? [] })
        // The first share says who does well: counts only say who has much to do.
        let order = one.figures.first { figure in
            byUnit[figure.name]?.values.contains { if case .share = $0.fact.value { true } else { false } } ?? false
        }
        func rank(_ scope: FigureScope) -> ExactDecimal {
            order.flatMap { byUnit[$0.name]?[scope]?.fact.value.number(places: 4) } ?? ExactDecimal(-1)
        }
        return [(Organisation.Unit.Kind.department, "部门"), (.township, "街镇")].compactMap { kind, heading in
            let peers = scopes.filter { profile.unit($0.code)?.kind == kind }.sorted { left, right in
                let (a, b) = (rank(left), rank(right))
                return a == b ? left < right : a > b
            }
            guard !peers.isEmpty else { return nil }
            return BulletinPage.ComparisonTable(
                heading: "\(heading)·\(one.title)", columns: ["单位"] + one.figures.map(\.title.zh),
                rows: peers.map { scope in
                    BulletinPage.ComparisonRow(
                        name: profile.name(of: scope).zh,
                        cells: one.figures.map { figure in
                            let found = byUnit[figure.name]?[scope]
                            return BulletinPage.Piece(text: found?.fact.text ?? "–", href: found?.path)
                        })
                })
        }
    }

    func blocks(issuedOn day: Day?) -> [OfficialDocument.Block] {
        var blocks: [OfficialDocument.Block] = [.title(bulletin.title)]
        if day == nil { blocks.append(.aside("（草稿，未印发）")) }
        for text in textLines {
            if let found = comparison(text) {
                blocks += tables(found).map { table in
                    .table(header: table.columns, rows: table.rows.map { [$0.name] + $0.cells.map(\.text) })
                }
            } else if let line = line(text) {
                let words = line.pieces.map(\.text).joined()
                blocks.append(line.isHeading ? .heading(words) : .body(words))
            }
        }
        blocks.append(.signature("\(profile.name.zh)数字化转型工作领导小组办公室"))
        if let day { blocks.append(.signature(day.chinese)) }
        return blocks
    }
}
