package import Core
package import Store

/// A copy of a fact as it was when a document that cites it was issued: its words, its value and its times.
/// Never changed, whatever becomes of the definition or the rows.
package struct FrozenFact: Sendable, Equatable {
    package let id: ID<FrozenFact>
    package let fact: Fact
    /// The document that cites it: `bulletin:12`, `letter:7`.
    package let holder: String
    package let frozenAt: Instant
    package let frozenBy: Int64?

    package var path: String { "/desk/facts/frozen/\(id)" }
}

extension FactRegistry {
    /// Freezes facts for a document, in the transaction that issues it; in the order given.
    @discardableResult
    package func freeze(
        _ facts: [Fact], for holder: String, by personID: Int64?, surroundings: Surroundings, in tx: any Transaction
    ) throws -> [FrozenFact] {
        let now = surroundings.now()
        let frozen = facts.map {
            FrozenFact(id: ID(surroundings.newID()), fact: $0, holder: holder, frozenAt: now, frozenBy: personID)
        }
        try FactStore.insert(frozen, in: tx)
        return frozen
    }
}
