package import Core

/// Something wrong in a sheet of tax, with the row and what was done about it.
package struct TaxProblem: Sendable, Equatable {
    package enum Code: String, Sendable, CaseIterable {
        case columnMissing = "column_missing"
        case noRows = "no_rows"
        case notATable = "not_a_table"
        case periodNotAYear = "period_not_a_year"
        case industryMissing = "industry_missing"
        case industryUnknown = "industry_unknown"
        case taxMissing = "tax_missing"
        case taxNotANumber = "tax_not_a_number"
        case taxNotWhole = "tax_not_whole"
        case taxTooLarge = "tax_too_large"
        case taxNegative = "tax_negative"
        case taxZero = "tax_zero"
        case repeated
        case contradicting
        case totalMissing = "total_missing"
        case industriesExceedTotal = "industries_exceed_total"
        case yearsNotConsecutive = "years_not_consecutive"
    }

    package let code: Code
    /// As the sheet counts; nil where it is about no single row.
    package let row: Int?
    /// As it stands in the sheet, or the period concerned.
    package let period: String?
    package let industry: String?
    package let message: Bilingual

    package init(
        _ code: Code, row: Int? = nil, period: String? = nil, industry: String? = nil, zh: String, en: String
    ) {
        self.code = code
        self.row = row
        self.period = period
        self.industry = industry
        message = Bilingual(zh: zh, en: en)
    }
}
