package import Core
package import Store

/// The audit trail: appended to, read and verified, never changed.
package enum Audit {
    /// Adds an entry at the head of the chain, in the transaction of what it tells of.
    ///
    /// Append as the last step of a transaction: from here on, other writers of the trail wait for its end.
    package static func append(
        _ event: AuditEvent, _ surroundings: Surroundings, in tx: any Transaction
    ) throws {
        let head = try AuditStore.lockHead(in: tx)
        // The database keeps what is written to the letter, so what is hashed must be what will be read back.
        let event = AuditEvent(
            kind: event.kind, personID: event.personID, subject: Self.stored(event.subject),
            detail: Self.stored(event.detail), address: event.address.map(Self.stored))
        let sequence = head.sequence + 1
        let now = surroundings.now()
        let entry = AuditEntry(
            sequence: sequence, at: now, event: event, previousHash: head.hash,
            hash: AuditEntry.hash(sequence: sequence, at: now, event: event, previousHash: head.hash))
        try AuditStore.insert(entry, in: tx)
        try AuditStore.moveHead(to: entry, in: tx)
    }

    /// Takes the trail's lock before anything else: for transactions that must see each other's work in order.
    package static func hold(in tx: any Transaction) throws { _ = try AuditStore.lockHead(in: tx) }

    /// NUL cannot be stored by PostgreSQL; overlong text is cut where a visitor could have sent it.
    private static func stored(_ text: String) -> String {
        String(text.replacing("\0", with: "").prefix(OrganisationLimits.auditTextCharactersMax))
    }

    package struct Verification: Sendable, Equatable {
        package enum Fault: String, Sendable, CaseIterable {
            /// An entry's content does not match its hash.
            case changed
            /// An entry does not follow the one before it.
            case broken
            /// Entries at the end are gone, or the head was set back.
            case cutOff
        }
        package let entries: Int
        /// The hash of the last entry: write it down elsewhere, and a trail rewritten from the start is found out.
        package let headHash: String
        package let fault: Fault?
        /// Where the chain breaks first.
        package let faultySequence: Int64?
        package var isIntact: Bool { fault == nil }
    }

    /// Reads the whole chain, in constant memory.
    package static func verify(in tx: any Transaction) throws -> Verification {
        let head = try AuditStore.head(in: tx)
        var count = 0
        var hash = AuditStore.firstHash
        var broken: (Verification.Fault, Int64)?
        try AuditStore.forEach(in: tx) { entry in
            if entry.sequence != Int64(count) + 1 || entry.previousHash != hash {
                broken = (.broken, entry.sequence)
            } else if !entry.isIntact {
                broken = (.changed, entry.sequence)
            }
            count += 1
            hash = entry.hash
            return broken == nil
        }
        if broken == nil, head.sequence != Int64(count) || head.hash != hash {
            broken = (.cutOff, Int64(count) + 1)
        }
        return Verification(entries: count, headHash: hash, fault: broken?.0, faultySequence: broken?.1)
    }
}
