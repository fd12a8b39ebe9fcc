package import Core
internal import Store
package import Web

/// What people do with their own account.
package struct ManageAccount: Sendable {
    let context: OrganisationContext
    package init(_ context: OrganisationContext) { self.context = context }

    /// Changes the password, ends every other session and gives this browser a new token.
    package func changePassword(
        of account: Visitor.Account, from current: String, to new: String, token: String?, origin: Origin
    ) async throws -> String {
        let id = ID<Person>(account.personID)
        let (person, hash) = try await check(current, of: account, origin)
        if current == new { throw OrganisationError.passwordSame }
        try PasswordRules.check(new, signInName: person.signInName, name: person.name)
        let replacement = try await context.hasher.hash(new)
        return try await context.write { tx in
            guard try SignInStore.credential(of: id, in: tx)?.hash == hash else {
                throw OrganisationError.changedMeanwhile
            }
            let now = context.surroundings.now()
            try SignInStore.setCredential(replacement, mustChange: false, of: id, at: now, in: tx)
            _ = try SignInStore.removeSessions(of: id, except: nil, in: tx)
            try SignInStore.removeLinks(of: id, in: tx)
            let session = try Sessions(context).start(id, replacing: token, from: origin, in: tx)
            try context.audit(.passwordChanged, by: id.rawValue, person.auditSubject, from: origin, in: tx)
            return session
        }
    }

    package func sessions(of account: Visitor.Account, token: String?) async throws -> [(Session, isCurrent: Bool)] {
        try await context.database.read { tx in
            let current = try Sessions(context).session(token, in: tx)
            let now = context.surroundings.now()
            return try SignInStore.sessions(of: ID(account.personID), in: tx)
                .filter { context.times.isAlive($0, at: now) }
                .map { ($0, $0.id == current?.id) }
        }
    }

    /// Ends one session, or with nil all but this browser's.
    package func endSessions(
        _ session: ID<Session>?, of account: Visitor.Account, token: String?, origin: Origin
    ) async throws {
        try await context.write { tx in
            let person = try context.actor(account, holding: nil, in: tx)
            let ended: Int
            if let session {
                ended = try SignInStore.removeSession(session, of: person.id, in: tx) ? 1 : 0
            } else {
                let kept = try Sessions(context).session(token, in: tx)?.id
                ended = try SignInStore.removeSessions(of: person.id, except: kept, in: tx)
            }
            guard ended > 0 else { return }
            try context.audit(
                .sessionsRevoked, by: person.id.rawValue, person.auditSubject, "\(ended)", from: origin, in: tx)
        }
    }

    // MARK: The second factor

    package struct Enrolment: Sendable, Equatable {
        /// Base 32, to be typed into an authenticator.
        package let secret: String
        package let address: String
    }

    /// The secret being set up; made at the first look, and the same until it is confirmed.
    package func enrolment(of account: Visitor.Account, issuer: String) async throws -> Enrolment? {
        try await context.write { tx in
            let person = try context.actor(account, holding: nil, in: tx)
            var secret = SecureBytes.random(20)
            if let factor = try SignInStore.secondFactor(of: person.id, in: tx) {
                if factor.isConfirmed { return nil }
                if let known = try? context.factorSeal.open(factor.sealed) { secret = known }
            }
            let sealed = try context.factorSeal.seal(secret)
            try SignInStore.setSecondFactor(
                SecondFactor(sealed: sealed, isConfirmed: false, lastStep: 0), of: person.id, in: tx)
            return Enrolment(
                secret: TimeCode.base32(secret),
                address: TimeCode.address(secret: secret, signInName: person.signInName, issuer: issuer))
        }
    }

    /// Turns the second factor on with a first code; returns the recovery codes, which are shown this once.
    package func confirmFactor(_ code: String, of account: Visitor.Account, origin: Origin) async throws -> [String] {
        try await context.write { tx in
            let person = try context.actor(account, holding: nil, in: tx)
            guard let factor = try SignInStore.secondFactor(of: person.id, in: tx), !factor.isConfirmed else {
                throw OrganisationError.changedMeanwhile
            }
            let secret = try context.factorSeal.open(factor.sealed)
            guard let step = TimeCode.matchingStep(code, secret: secret, at: context.surroundings.now(), lastStep: 0)
            else { throw OrganisationError.codeRefused }
            let codes = (0..<OrganisationLimits.recoveryCodes).map { _ in Self.recoveryCode() }
            try SignInStore.setSecondFactor(
                SecondFactor(sealed: factor.sealed, isConfirmed: true, lastStep: step), of: person.id, in: tx)
            try SignInStore.replaceRecoveryCodes(
                codes.map { SecureBytes.hash($0.replacing("-", with: "")) }, of: person.id, in: tx)
            try context.audit(
                .secondFactorChanged, by: person.id.rawValue, person.auditSubject, "on", from: origin, in: tx)
            return codes
        }
    }

    /// Turns the second factor off, against the password.
    package func removeFactor(of account: Visitor.Account, password: String, origin: Origin) async throws {
        let (person, _) = try await check(password, of: account, origin)
        try await context.write { tx in
            try SignInStore.removeSecondFactor(of: person.id, in: tx)
            try context.audit(
                .secondFactorChanged, by: person.id.rawValue, person.auditSubject, "off", from: origin, in: tx)
        }
    }

    package func recoveryCodesLeft(of account: Visitor.Account) async throws -> Int {
        try await context.database.read { try SignInStore.recoveryCodesLeft(of: ID(account.personID), in: $0) }
    }

    /// A wrong password here counts like one at sign-in: an open browser is no way to guess faster.
    private func check(
        _ password: String, of account: Visitor.Account, _ origin: Origin
    ) async throws -> (Person, PasswordHash) {
        let id = ID<Person>(account.personID)
        let (person, hash) = try await context.database.read { tx in
            (try context.actor(account, holding: nil, in: tx), try SignInStore.credential(of: id, in: tx)?.hash)
        }
        let gate = SignInGate(context)
        try await gate.enter(person.signInName, origin)
        guard try await context.hasher.matches(password, hash), let hash else {
            try await gate.refuse(person.signInName, id, "current password", origin)
            throw OrganisationError.passwordWrong
        }
        try await context.database.write { try gate.open(person.signInName, in: $0) }
        return (person, hash)
    }

    /// 80 random bits in four groups, without letters that look alike.
    private static func recoveryCode() -> String {
        let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789")
        let letters = SecureBytes.random(16).map { alphabet[Int($0) % alphabet.count] }
        return stride(from: 0, to: 16, by: 4).map { String(letters[$0..<$0 + 4]) }.joined(separator: "-")
    }
}
