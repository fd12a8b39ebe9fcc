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
    let problem: String?
    let isIssued: Bool
    let issued: String?
    let lines: [Line]
    let tables: [ComparisonTable]
    let hasTables: Bool
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
    let path: String
    let version: Int
    let fields: [Field]
    let facts: [Offered]
}

/// A bulletin put together, for the page and for the paper. Official papers are Chinese, whatever language is read.
struct BulletinLayout {
    private let bulletin: Bulletin
    private let byName: [String: Bulletins.Figure]
    private let byUnit: [String: [FigureScope: Bulletins.Figure]]
    private let profile: Profile

    init(_ bulletin: Bulletin, _ figures: [Bulletins.Figure], profile: Profile) {
        self.bulletin = bulletin
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

    var lines: [BulletinPage.Line] {
        bulletin.text.split(whereSeparator: \.isNewline).compactMap { line in
            guard line != Bulletins.tableMark[...] else { return nil }
            let isHeading = line.hasPrefix("# ")
            let pieces = BulletinText.pieces(String(isHeading ? line.dropFirst(2) : line)).map { piece in
                switch piece {
                case .words(let words): BulletinPage.Piece(text: words, href: nil)
                case .fact(let name):
                    BulletinPage.Piece(text: byName[name]?.fact.text ?? "–", href: byName[name]?.path)
                }
            }
            return BulletinPage.Line(isHeading: isHeading, pieces: pieces)
        }
    }

    /// Departments beside departments, townships beside townships, the best first; volumes beside shares.
    var tables: [BulletinPage.ComparisonTable] {
        guard bulletin.text.contains(Bulletins.tableMark) else { return [] }
        let open = byUnit[TaskFigure.open.rawValue] ?? [:]
        return [(Organisation.Unit.Kind.department, "部门"), (.township, "街镇")].compactMap { kind, heading in
            let scopes = open.keys.filter { profile.unit($0.code)?.kind == kind }.sorted { left, right in
                let (a, b) = (progress(left), progress(right))
                return a == b ? left < right : a > b
            }
            guard !scopes.isEmpty else { return nil }
            return BulletinPage.ComparisonTable(
                heading: heading, columns: ["单位"] + Bulletins.unitFigures.map(\.definition.title.zh),
                rows: scopes.map { scope in
                    BulletinPage.ComparisonRow(
                        name: profile.name(of: scope).zh,
                        cells: Bulletins.unitFigures.map { figure in
                            let found = byUnit[figure.rawValue]?[scope]
                            return BulletinPage.Piece(text: found?.fact.text ?? "–", href: found?.path)
                        })
                })
        }
    }

    private func progress(_ scope: FigureScope) -> ExactDecimal {
        byUnit[TaskFigure.progress.rawValue]?[scope]?.fact.value.number(places: 4) ?? ExactDecimal(-1)
    }

    func blocks(issuedOn day: Day?) -> [OfficialDocument.Block] {
        var blocks: [OfficialDocument.Block] = [.title(bulletin.title)]
        if day == nil { blocks.append(.aside("（草稿，未印发）")) }
        for line in bulletin.text.split(whereSeparator: \.isNewline) {
            if line == Bulletins.tableMark[...] {
                for table in tables {
                    blocks.append(
                        .table(
                            header: table.columns, rows: table.rows.map { [$0.name] + $0.cells.map(\.text) }))
                }
                continue
            }
            let isHeading = line.hasPrefix("# ")
            let text = BulletinText.pieces(String(isHeading ? line.dropFirst(2) : line)).map { piece in
                switch piece {
                case .words(let words): words
                case .fact(let name): byName[name]?.fact.text ?? "–"
                }
            }.joined()
            blocks.append(isHeading ? .heading(text) : .body(text))
        }
        blocks.append(.signature("\(profile.name.zh)数字化转型工作领导小组办公室"))
        if let (year, month, date) = day?.parts { blocks.append(.signature("\(year)年\(month)月\(date)日")) }
        return blocks
    }
}
