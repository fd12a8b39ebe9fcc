internal import Core

/// A figure of the public home page: named, dated, with its basis, and opened to the counts behind it.
enum Figure: String, Sendable, CaseIterable {
    /// Received today.
    case today
    /// Received in the last 30 days.
    case month
    case open
    /// Open and past the deadline.
    case overdue
    /// Closed in the last 30 days.
    case closed
    /// Of those closed in the last 30 days that had a deadline, those closed by it: 按时办结率.
    case punctual

    static let windowDays = 30

    var titleKey: String { "platform.figure.\(rawValue)" }
    /// What is counted and what is not, in one sentence.
    var basisKey: String { "platform.figure.\(rawValue).basis" }
    var path: String { "/figures/\(rawValue)" }
}

/// A share of a whole; blank rather than zero where there is no whole.
struct Share: Sendable, Equatable {
    let part: Int
    let whole: Int

    /// Thousandths, rounded half up; nil without a whole.
    var permille: Int? { whole > 0 ? (part * 2_000 + whole) / (whole * 2) : nil }
}

/// One line of what is behind a figure.
struct FigureRow: Sendable, Equatable {
    /// The township's code; empty where appeals name none.
    let townshipCode: String
    let part: Int
    let whole: Int
}
