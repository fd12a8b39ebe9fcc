package import Core
package import Store
package import Web

/// A case that does not count where units are compared, with why and who decided so. Taken back in, what was decided
/// stays on record.
package struct CaseExclusion: Sendable, Equatable {
    package enum Ground: String, Sendable, CaseIterable, Codable {
        /// What was asked for cannot reasonably be given.
        case unreasonable
        /// Not for the unit, or for no unit of the district.
        case outOfScope = "out_of_scope"

        package var title: Bilingual {
            switch self {
            case .unreasonable: Bilingual(zh: "不合理诉求", en: "Unreasonable")
            case .outOfScope: Bilingual(zh: "超出职责范围", en: "Out of scope")
            }
        }
    }

    package let id: ID<CaseExclusion>
    package let caseID: ID<CaseFile>
    package let ground: Ground
    package let reason: String
    package let by: Int64
    package let at: Instant
    package let liftedBy: Int64?
    package let liftedAt: Instant?
    package let liftReason: String?

    package var isStanding: Bool { liftedAt == nil }
}

extension Cases {
    /// Leaves a case out where units are compared; everything else about it stays as it is.
    ///
    /// - Throws: `CaseError.exclusionNotYours` for whoever is of a unit concerned, `.exclusionExists`.
    @discardableResult
    package func exclude(
        _ file: CaseFile, _ ground: CaseExclusion.Ground, reason: String, by account: Visitor.Account,
        in tx: any Transaction
    ) throws -> ID<CaseExclusion> {
        try checkExcluder(account, file, in: tx)
        let reason = try CaseText.reason(reason)
        // The timeline first: its row locks the case, so that two decisions come one after the other.
        try note(file.id, .excluded, [ground.rawValue, reason], actor: account.actor, in: tx)
        guard try CaseExclusionStore.standing(of: file.id, in: tx) == nil else { throw CaseError.exclusionExists }
        let id = ID<CaseExclusion>(surroundings.newID())
        try CaseExclusionStore.insert(
            id, of: file.id, ground, reason: reason, by: account.personID, at: surroundings.now(), in: tx)
        return id
    }

    /// Lets a case count again.
    package func readmit(
        _ file: CaseFile, reason: String, by account: Visitor.Account, in tx: any Transaction
    ) throws {
        try checkExcluder(account, file, in: tx)
        let reason = try CaseText.reason(reason)
        try note(file.id, .readmitted, [reason], actor: account.actor, in: tx)
        guard
            try CaseExclusionStore.lift(
                of: file.id, reason: reason, by: account.personID, at: surroundings.now(), in: tx)
        else { throw CaseError.exclusionUnknown }
    }

    private func checkExcluder(_ account: Visitor.Account, _ file: CaseFile, in tx: any Transaction) throws {
        let supporting = try CaseStore.supportingUnits(of: file.id, in: tx)
        guard CasePermission.mayExclude(account, file, supporting: supporting) else {
            throw CaseError.exclusionNotYours
        }
    }
}
