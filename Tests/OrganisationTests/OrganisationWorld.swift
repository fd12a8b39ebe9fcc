import Core
import Foundation
import Store
import Synchronization
import TestKit
import Web

@testable import Organisation

/// A district's people over a database of its own, with a clock that a test sets and cheap passwords.
struct OrganisationWorld {
    static let cost = PasswordHash.Cost(logRounds: 2, blockSize: 1, parallelism: 1)
    static let password = "correct kettle 42 garden"
    static let here = Origin(address: "203.0.113.7", device: "Mozilla/5.0 (Windows NT 10.0) Chrome/126")

    final class Clock: Sendable {
        private let time = Mutex<Int64>(1_618_794_000_000)
        private let ids = Mutex<Int64>(0)
        var now: Instant { Instant(millisecondsSince1970: time.withLock { $0 }) }
        func pass(seconds: Int64) { time.withLock { $0 += seconds * 1_000 } }
        func nextID() -> Int64 {
            ids.withLock {
                $0 += 1
                return $0
            }
        }
    }

    let clock = Clock()
    let database: any Database
    let profile: Profile
    let context: OrganisationContext

    init(_ engine: Engine, cost: PasswordHash.Cost = Self.cost) async throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        profile = try ProfileLoader.load(folder: root.appendingPathComponent("profiles/putuo"))
        database = try await engine.database(StoreMigrations.all + OrganisationMigrations.all)
        context = try OrganisationContext(
            profile: profile, database: database,
            surroundings: Surroundings(now: { [clock] in clock.now }, newID: { [clock] in clock.nextID() }),
            secret: Array(0..<32), passwordCost: cost)
    }

    // MARK: - People

    /// The first administrator, as the first start makes them.
    func start() async throws -> Visitor.Account {
        let links = OneTimeLinks(context)
        guard let path = try await links.firstStart() else { throw OrganisationError.alreadyStarted }
        let token = try await links.start(
            Self.token(path), signInName: "security", name: "安全员", password: Self.password, from: Self.here)
        return try await account(token)
    }

    /// Somebody who has followed their invitation; `admin` nil makes them as the system does.
    @discardableResult
    func add(
        _ name: String, _ roles: Set<Role> = [.digitalOffice], unit: String? = nil, by admin: Visitor.Account
    ) async throws -> (account: Visitor.Account, token: String) {
        let draft = PersonDraft(signInName: name, name: "某人\(name)", unitCode: unit, roles: roles)
        let made = try await ManagePeople(context).invite(draft, by: admin, from: Self.here)
        let followed = try await OneTimeLinks(context).follow(
            Self.token(made.link), password: Self.password, replacing: nil, from: Self.here)
        return (followed.account, followed.token)
    }

    func person(_ name: String) async throws -> Person {
        guard let person = try await database.read({ try PersonStore.find(signInName: name, in: $0) }) else {
            throw OrganisationError.noSuchPerson
        }
        return person
    }

    /// The person a cookie leads to now.
    func account(_ token: String) async throws -> Visitor.Account {
        guard let account = try await visitor(token) else { throw WebError.signInNeeded }
        return account
    }

    func visitor(_ token: String?) async throws -> Visitor.Account? {
        try await Sessions(context).visitor(sessionToken: token, now: clock.now).account
    }

    func signIn(
        _ name: String, _ password: String = Self.password, replacing former: String? = nil,
        from origin: Origin = Self.here
    ) async throws -> SignIn.Outcome {
        try await SignIn(context)(name: name, password: password, replacing: former, from: origin)
    }

    /// The cookie of somebody who signs in without a second factor.
    func token(_ name: String, _ password: String = Self.password) async throws -> String {
        guard case .signedIn(let token, _, _) = try await signIn(name, password) else {
            throw OrganisationError.codeRefused
        }
        return token
    }

    /// The last part of a link's path.
    static func token(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }

    func audited(_ kind: AuditEvent.Kind) async throws -> [AuditEntry] {
        var filter = AuditFilter()
        filter.kinds = [kind]
        let wanted = filter
        return try await database.read { try AuditStore.list(wanted, limit: 2_000, offset: 0, in: $0) }
    }

    func verification() async throws -> Audit.Verification { try await database.read { try Audit.verify(in: $0) } }
}
