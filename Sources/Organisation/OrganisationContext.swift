package import Core
package import Store
internal import Web

/// What the room's use cases share.
package struct OrganisationContext: Sendable {
    package let profile: Profile
    package let database: any Database
    package let surroundings: Surroundings
    package let times: SessionTimes
    let hasher: PasswordHasher
    let factorSeal: Seal
    let nameSeal: Seal

    /// - Parameter secret: the system's own key, kept apart from the database; second factors are sealed with it.
    package init(
        profile: Profile, database: any Database, surroundings: Surroundings, secret: [UInt8],
        times: SessionTimes = SessionTimes(), passwordCost: PasswordHash.Cost = .shipped
    ) throws {
        self.profile = profile
        self.database = database
        self.surroundings = surroundings
        self.times = times
        hasher = try PasswordHasher(cost: passwordCost)
        factorSeal = Seal(secret: secret, purpose: "shuzhi.organisation.second-factor")
        nameSeal = Seal(secret: secret, purpose: "shuzhi.organisation.names")
    }

    /// A transaction that will write to the audit trail. It takes the trail's lock first, so that no two such
    /// transactions wait for each other, and each sees what the one before it did.
    func write<T: Sendable>(_ body: @escaping @Sendable (any Transaction) throws -> T) async throws -> T {
        try await database.write { tx in
            try Audit.hold(in: tx)
            return try body(tx)
        }
    }

    /// The person behind an account as the transaction sees them: disabled people and roles taken away since the
    /// request began do nothing more.
    func actor(_ account: Visitor.Account, holding role: Role?, in tx: any Transaction) throws -> Person {
        guard let person = try PersonStore.find(ID(account.personID), in: tx), person.isEnabled else {
            throw WebError.signInNeeded
        }
        if let role, !person.roles.contains(role) { throw WebError.notAllowed }
        return person
    }

    func audit(
        _ kind: AuditEvent.Kind, by personID: Int64?, _ subject: String, _ detail: String = "", from origin: Origin,
        in tx: any Transaction
    ) throws {
        try Audit.append(
            AuditEvent(kind: kind, personID: personID, subject: subject, detail: detail, address: origin.address),
            surroundings, in: tx)
    }
}

/// How long a session lasts.
package struct SessionTimes: Sendable, Equatable {
    package let idleMinutes: Int
    package let hours: Int

    package init(
        idleMinutes: Int = OrganisationLimits.sessionIdleMinutes, hours: Int = OrganisationLimits.sessionHours
    ) {
        self.idleMinutes = idleMinutes
        self.hours = hours
    }

    func idleSince(_ now: Instant) -> Instant { now.adding(seconds: -60 * Int64(idleMinutes)) }
    func end(from now: Instant) -> Instant { now.adding(seconds: 3_600 * Int64(hours)) }
    func isAlive(_ session: Session, at now: Instant) -> Bool {
        session.endsAt > now && session.seenAt > idleSince(now)
    }
}

/// Where a request came from, as far as it is known.
package struct Origin: Sendable, Equatable {
    package let address: String?
    package let device: String?

    package init(address: String?, device: String? = nil) {
        self.address = address
        self.device = device
    }
}
