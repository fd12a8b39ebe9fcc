internal import Core
internal import Sheets

/// The columns of a sheet by what they hold, whatever they are called.
struct SheetColumns {
    enum Name: String, CaseIterable {
        case code, name, scope, period, value, source, note, credit, enterprise, industry

        var titles: [String] {
            switch self {
            case .code: ["code", "指标代码", "代码"]
            case .name: ["name", "indicator", "指标", "指标名称"]
            case .scope: ["scope", "范围", "街镇", "单位", "责任单位"]
            case .period: ["period", "周期", "时间", "年份", "年度", "月份", "季度", "year"]
            case .value: ["value", "数值", "值", "本期数"]
            case .source: ["source", "来源", "数据来源"]
            case .note: ["note", "更正原因", "备注", "说明", "whyitiscorrected"]
            case .credit: ["统一社会信用代码", "信用代码", "credit_code", "creditcode"]
            case .enterprise: ["企业名称", "企业", "单位名称", "enterprise"]
            case .industry: ["产业", "主要产业", "行业", "所属产业", "industry"]
            }
        }
    }

    let titles: [String]
    private var columns: [Name: Int] = [:]
    /// Columns that are periods themselves: a wide sheet.
    let periods: [(column: Int, period: Period)]
    /// The column of tax and what one of its units is in fen.
    let tax: (column: Int, unit: String)?

    init(_ titles: [String]) {
        self.titles = titles
        let folded = titles.map(Self.folded)
        for name in Name.allCases {
            columns[name] = folded.firstIndex { name.titles.contains($0) }
        }
        periods = titles.enumerated().compactMap { index, title in
            Period(reading: title).map { (index, $0) }
        }
        tax =
            folded.enumerated().lazy.compactMap { index, title -> (column: Int, unit: String)? in
                if title == "tax_fen" { return (index, "分") }
                guard title.hasPrefix("税收") || title.hasPrefix("税额") || title.hasPrefix("纳税") else { return nil }
                let units = ["百万元", "亿元", "万元", "千元", "元", "分"]
                return units.first { title.contains("(\($0))") }.map { (index, $0) }
            }.first
    }

    static func isKnown(_ title: String) -> Bool {
        let folded = folded(title)
        return Name.allCases.contains { $0.titles.contains(folded) } || folded.hasPrefix("税收")
            || folded == "tax_fen" || Period(reading: title) != nil
    }

    private static func folded(_ title: String) -> String {
        String(
            title.lowercased().filter { !$0.isWhitespace }
                .map { $0 == "（" ? "(" : $0 == "）" ? ")" : $0 })
    }

    subscript(_ name: Name) -> Int? { columns[name] }
    func has(_ name: Name) -> Bool { columns[name] != nil }
    func title(_ name: Name) -> String { columns[name].map { titles[$0] } ?? name.titles[0] }

    func text(_ name: Name, _ row: SheetRow) -> String {
        guard let column = columns[name] else { return "" }
        return Self.text(row[column])
    }

    /// A day that stands for a month or year in a workbook is shown without its time.
    static func text(_ cell: Sheets.Cell) -> String {
        let text = cell.string.trimmed
        return text.hasSuffix(" 00:00:00") ? String(text.dropLast(9)) : text
    }

    func cells(_ row: SheetRow) -> [String] { titles.indices.map { Self.text(row[$0]) } }
}
