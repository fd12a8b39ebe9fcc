internal import Core
internal import Store

/// Slows down guessing, by account and by address: a few failures are free, then each doubles the wait.
///
/// An attempt on an account counts before its password is looked at, so that attempts at the same time do not pass
/// together. Unknown names count like known ones. Neither names nor addresses are stored: only keyed hashes of them.
struct SignInGate: Sendable {
    let context: OrganisationContext
    init(_ context: OrganisationContext) { self.context = context }

    /// Counts an attempt.
    /// - Throws: `OrganisationError.signInBlocked` while a wait lasts.
    func enter(_ name: String, _ origin: Origin) async throws {
        let now = context.surroundings.now()
        try await context.database.write { tx in
            // Counting takes the account's row, so that each attempt sees what the one before it left. One that is
            // blocked leaves nothing.
            let counted = try count(account(name), free: OrganisationLimits.freeFailuresPerAccount, in: tx)
            let elsewhere = try origin.address.flatMap { try SignInStore.blockedUntil(address($0), in: tx) }
            let blockedUntil = [counted, elsewhere].compactMap { $0 }.max()
            // A wait longer than any we give was counted on a clock that has been set back since.
            let longest = now.adding(seconds: OrganisationLimits.throttleSecondsMax)
            if let blockedUntil, blockedUntil > now, blockedUntil <= longest {
                let seconds = (blockedUntil.milliseconds(since: now) + 999) / 1_000
                throw OrganisationError.signInBlocked(seconds: seconds)
            }
        }
    }

    /// Records a failure. The account's was counted on entering; the address's counts now.
    func refuse(_ name: String, _ person: ID<Person>?, _ what: String, _ origin: Origin) async throws {
        try await context.write { tx in
            if let address = origin.address {
                try count(self.address(address), free: OrganisationLimits.freeFailuresPerAddress, in: tx)
            }
            // What was typed may be a password in the wrong field, so an unknown name is not written down.
            let subject = person.map { "person \($0)" } ?? "unknown name \(context.nameSeal.name(name).prefix(8))"
            try context.audit(.signInFailed, by: nil, subject, what, from: origin, in: tx)
        }
    }

    /// Forgets an account's failures; an address's stay, for it may have guessed at others.
    func open(_ name: String, in tx: any Transaction) throws {
        let forgotten = context.surroundings.now().adding(seconds: -3_600 * OrganisationLimits.throttleForgottenHours)
        try SignInStore.forgetFailures(account(name), in: tx)
        try SignInStore.forgetFailures(before: forgotten, in: tx)
    }

    /// - Returns: Until when it was blocked before.
    @discardableResult
    private func count(_ subject: String, free: Int, in tx: any Transaction) throws -> Instant {
        let now = context.surroundings.now()
        let since = now.adding(seconds: -3_600 * OrganisationLimits.throttleForgottenHours)
        let counted = try SignInStore.countFailure(subject, at: now, since: since, in: tx)
        let wait = SignInGate.waitSeconds(failures: counted.failures, free: free)
        if wait > 0 { try SignInStore.block(subject, until: now.adding(seconds: wait), in: tx) }
        return counted.blockedUntil
    }

    /// 0 while failures are free, then 2, 4, 8 … seconds, at most fifteen minutes.
    static func waitSeconds(failures: Int, free: Int) -> Int64 {
        guard failures > free else { return 0 }
        return min(1 << Int64(min(failures - free, 20)), OrganisationLimits.throttleSecondsMax)
    }

    private func account(_ name: String) -> String { "account:" + context.nameSeal.name(name).prefix(32) }
    private func address(_ address: String) -> String { "address:" + context.nameSeal.name(address).prefix(32) }
}
