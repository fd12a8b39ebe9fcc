package import Core
package import Organisation

/// The report as JSON for programs: keys in a fixed order, absent figures as null, numbers always whole.
package struct FourOneOneJSON: Sendable {
    private let report: FourOneOneReport
    private let problems: [TaxProblem]
    private let names: [String: Bilingual]
    private let language: Language

    package init(
        _ report: FourOneOneReport, problems: [TaxProblem], industries: [KeyIndustry], language: Language
    ) {
        self.report = report
        self.problems = problems
        self.language = language
        names = Dictionary(industries.map { ($0.code, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    /// Ends with a line feed.
    package var text: String { JSONText.object(members).text + "\n" }

    private var members: [(String, JSONText)] {
        [
            ("plan", plan), ("industries", .array(report.codes.map { name($0) })),
            ("periods", .array(report.periods.map(period))),
            ("annual_ok", .object(report.codes.map { ($0, .bool(report.annualOK[$0] ?? nil)) })),
            ("final_ok", .bool(report.finalOK)), ("final_period", .string(String(report.plan.finalYear))),
            ("problems", .array(problems.map(problem))),
        ]
    }

    /// The rules that decided, so that a reader need not look elsewhere.
    private var plan: JSONText {
        .object([
            ("annual_min_ppm", .number(report.plan.annualPPM)), ("final_min_ppm", .number(report.plan.finalPPM)),
            ("final_period", .string(String(report.plan.finalYear))),
            (
                "rounding",
                .string(
                    "ppm figures are rounded half up once, from exact quotients; annual_ok and final_ok are decided on "
                        + "the exact quotients, never on rounded figures")
            ),
        ])
    }

    private func name(_ code: String) -> JSONText {
        .object([
            ("industry", .string(code)), ("name", .string(names[code]?.zh ?? code)),
            ("name_en", .string(names[code]?.en ?? code)),
        ])
    }

    private func period(_ line: FourOneOneReport.PeriodLine) -> JSONText {
        let sum = line.sumPPM
        return .object([
            ("period", .string(line.period.description)), ("total_fen", .number(line.totalFen)),
            ("change_from", line.changeFrom.map { .string($0.description) } ?? .null),
            ("industries", .array(line.industries.map(industry))), ("sum_share_ppm", .number(sum)),
            ("sum_change_ppm", .number(line.sumChangePPM)),
            ("other_share_ppm", .number(sum.map { Ratio.million - $0 })),
            ("final_ok", line.period.year == report.plan.finalYear ? .bool(report.finalOK) : .null),
            ("is_sound", .bool(line.isSound)),
        ])
    }

    private func industry(_ line: FourOneOneReport.IndustryLine) -> JSONText {
        .object([
            ("industry", .string(line.code)), ("name", .string(names[line.code]?.zh ?? line.code)),
            ("tax_fen", .number(line.taxFen)), ("share_ppm", .number(line.sharePPM)),
            ("change_ppm", .number(line.changePPM)), ("annual_ok", .bool(line.annualOK)),
        ])
    }

    private func problem(_ problem: TaxProblem) -> JSONText {
        .object([
            ("code", .string(problem.code.rawValue)), ("row", .number(problem.row.map { Int64($0) })),
            ("period", problem.period.map { .string($0) } ?? .null),
            ("industry", problem.industry.map { .string($0) } ?? .null),
            ("message", .string(problem.message(language))),
        ])
    }
}

/// JSON in the order it is built, indented by two spaces.
indirect enum JSONText {
    case null
    case string(String)
    case whole(Int64)
    case boolean(Bool)
    case array([JSONText])
    case object([(String, JSONText)])

    static func number(_ value: Int64?) -> JSONText { value.map { .whole($0) } ?? .null }
    static func bool(_ value: Bool?) -> JSONText { value.map { .boolean($0) } ?? .null }

    var text: String {
        var out = ""
        write(to: &out, indent: 0)
        return out
    }

    private func write(to out: inout String, indent: Int) {
        let pad = "\n" + String(repeating: "  ", count: indent + 1)
        switch self {
        case .null: out += "null"
        case .whole(let value): out += String(value)
        case .boolean(let value): out += value ? "true" : "false"
        case .string(let text): Self.quote(text, to: &out)
        case .array(let elements):
            out += "["
            for (index, element) in elements.enumerated() {
                out += (index > 0 ? "," : "") + pad
                element.write(to: &out, indent: indent + 1)
            }
            out += elements.isEmpty ? "]" : pad.dropLast(2) + "]"
        case .object(let members):
            out += "{"
            for (index, member) in members.enumerated() {
                out += (index > 0 ? "," : "") + pad
                Self.quote(member.0, to: &out)
                out += ": "
                member.1.write(to: &out, indent: indent + 1)
            }
            out += members.isEmpty ? "}" : pad.dropLast(2) + "}"
        }
    }

    /// RFC 8259 § 7: quotes, backslashes and control characters are escaped, all else stands as it is.
    private static func quote(_ text: String, to out: inout String) {
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let hex = String(scalar.value, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        out += "\""
    }
}
