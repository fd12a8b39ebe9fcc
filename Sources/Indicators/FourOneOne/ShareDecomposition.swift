internal import Core

/// Which enterprises moved an industry's share, in parts per million that sum exactly to the change that is shown.
///
/// An enterprise contributes `tax now ÷ total now − tax before ÷ total before`: whoever grows more slowly than the
/// whole pulls the share down. What enterprises' figures do not cover of the industry's tax is a line of its own. Parts
/// are rounded by largest remainder, so each is within one part per million of its exact value.
package struct ShareDecomposition: Sendable {
    package struct Enterprise: Sendable, Equatable {
        package let code: String
        package let name: String
        /// Nil where it was not of this industry in that period.
        package let before: Int64?
        package let now: Int64?

        package init(code: String, name: String, before: Int64?, now: Int64?) {
            self.code = code
            self.name = name
            self.before = before
            self.now = now
        }
    }

    package struct Line: Sendable, Equatable {
        /// Nil for what is not broken down.
        package let enterprise: Enterprise?
        package let before: Int64
        package let now: Int64
        package let contributionPPM: Int64
    }

    /// By contribution, the largest rise first; the rest that is not broken down comes last, where there is one.
    package let lines: [Line]
    /// The industry's change of share, rounded once: the exact sum of the lines.
    package let changePPM: Int64

    /// Nil where totals or the industry's tax are missing, or contradict each other.
    package init?(
        industry: String, before: TaxPeriod, now: TaxPeriod, enterprises: [Enterprise]
    ) {
        guard before.isSound, now.isSound, let totalBefore = before.total, let totalNow = now.total,
            let taxBefore = before.industries[industry], let taxNow = now.industries[industry]
        else { return nil }
        let known = enterprises.sorted { $0.code < $1.code }
        var parts = known.map { ($0, $0.before ?? 0, $0.now ?? 0) as (Enterprise?, Int64, Int64) }
        let rest = (
            taxBefore.subtractingReportingOverflow(known.reduce(0) { $0 &+ ($1.before ?? 0) }),
            taxNow.subtractingReportingOverflow(known.reduce(0) { $0 &+ ($1.now ?? 0) })
        )
        guard !rest.0.overflow, !rest.1.overflow else { return nil }
        if rest.0.partialValue != 0 || rest.1.partialValue != 0 {
            parts.append((nil, rest.0.partialValue, rest.1.partialValue))
        }
        let numerators = parts.map { Int128($0.2) * Int128(totalBefore) - Int128($0.1) * Int128(totalNow) }
        guard let shared = Ratio.apportion(numerators, over: Int128(totalBefore) * Int128(totalNow)) else { return nil }
        let all = zip(parts, shared.parts).map {
            Line(enterprise: $0.0, before: $0.1, now: $0.2, contributionPPM: $1)
        }
        let named = all.filter { $0.enterprise != nil }.sorted {
            ($1.contributionPPM, $0.enterprise?.code ?? "") < ($0.contributionPPM, $1.enterprise?.code ?? "")
        }
        lines = named + all.filter { $0.enterprise == nil }
        changePPM = shared.sum
    }
}
