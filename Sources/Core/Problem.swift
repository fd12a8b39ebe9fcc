/// An expected failure, safe to show to the person who caused it.
///
/// Each room has one closed enum of these; anything else that is thrown shows only a reference number.
package protocol Problem: Error, Sendable {
    var report: ProblemReport { get }
}

/// A failure of what the program stands on, which may pass without anybody changing what they asked for.
package protocol Outage: Error, Sendable {
    /// Whether coming back later may help.
    var isTemporary: Bool { get }
}

package struct ProblemReport: Sendable, Equatable {
    /// What went wrong, in the classes that decide the HTTP status and the exit code.
    package enum Kind: String, Sendable, CaseIterable {
        case invalid, unauthenticated, forbidden, missing, conflict, tooLarge, tooMany, unavailable
    }

    package let kind: Kind
    /// Stable: codes are API, add but never rename.
    package let code: String
    /// What happened and what to do about it.
    package let explanation: Bilingual

    package init(_ kind: Kind, _ code: String, zh: String, en: String) {
        self.kind = kind
        self.code = code
        self.explanation = Bilingual(zh: zh, en: en)
    }
}
