package import Core

/// Groups appeals about the same concrete problem; deterministic in any order of arrival.
///
/// Not safe to share between tasks; keep one in an actor.
package struct ProblemMiner {
    package init(gazetteer: Gazetteer) {}
    /// Adds or replaces messages by id.
    package mutating func insert(_ messages: [MiningMessage]) {}
    package mutating func remove(_ ids: [Int64]) {}
    /// All problems, best score first. Only components touched since the last call are computed anew.
    package mutating func problems() -> [MinedProblem] { [] }
    /// Why two messages are, or are not, together; nil when one is unknown.
    package func evidence(_ first: Int64, _ second: Int64) -> PairEvidence? { nil }
}
