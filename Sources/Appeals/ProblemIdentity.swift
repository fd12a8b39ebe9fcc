package import Core

/// Which stored problem each newly mined group continues, so that a problem keeps its number and its page.
///
/// Greedy by overlap: the pair of group and stored problem with the most appeals in common is matched first; ties go
/// to the older problem. Problems that staff have decided about come before all others, so that a case in somebody's
/// hands keeps its number. The result does not depend on the order of the groups.
package struct ProblemIdentity: Sendable, Equatable {
    /// For each group, in order: the stored problem it continues; nil for a new one.
    package let continued: [ID<ProblemRecord>?]
    /// Stored problems no group continues, the oldest first.
    package let retired: [Retirement]

    package struct Retirement: Sendable, Equatable {
        package let problem: ID<ProblemRecord>
        /// The group, by index, most of its appeals went to; nil when none went to any.
        package let group: Int?
    }

    /// - Parameters:
    ///   - groups: appeals by group; a group's appeals are in no other group.
    ///   - membership: the stored problem of each appeal.
    ///   - takenUp: stored problems that staff have decided about.
    package init(
        groups: [[Int64]], membership: [Int64: ID<ProblemRecord>], takenUp: Set<ID<ProblemRecord>> = []
    ) {
        struct Overlap { let group: Int, problem: ID<ProblemRecord>, shared: Int, first: Int64 }
        var overlaps: [Overlap] = []
        for (index, group) in groups.enumerated() {
            var shared: [ID<ProblemRecord>: Int] = [:]
            for appeal in group { if let problem = membership[appeal] { shared[problem, default: 0] += 1 } }
            let first = group.min() ?? 0
            for (problem, count) in shared {
                overlaps.append(Overlap(group: index, problem: problem, shared: count, first: first))
            }
        }
        overlaps.sort { left, right in
            let (isLeft, isRight) = (takenUp.contains(left.problem), takenUp.contains(right.problem))
            if isLeft != isRight { return isLeft }
            if left.shared != right.shared { return left.shared > right.shared }
            if left.problem != right.problem { return left.problem < right.problem }
            return left.first < right.first
        }
        var continued = [ID<ProblemRecord>?](repeating: nil, count: groups.count)
        var taken: Set<ID<ProblemRecord>> = []
        for overlap in overlaps where continued[overlap.group] == nil && !taken.contains(overlap.problem) {
            continued[overlap.group] = overlap.problem
            taken.insert(overlap.problem)
        }
        self.continued = continued
        var heirs: [ID<ProblemRecord>: Int] = [:]
        for overlap in overlaps where heirs[overlap.problem] == nil { heirs[overlap.problem] = overlap.group }
        retired = Set(membership.values).subtracting(taken).sorted()
            .map { Retirement(problem: $0, group: heirs[$0]) }
    }
}
