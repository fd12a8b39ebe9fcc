internal import Core
internal import Foundation
internal import Hummingbird
internal import Organisation
internal import Store
internal import Web

/// The index of the administration: what this person may administer, and how it stands; and the state of back-ups.
struct AdminRoutes: Sendable {
    let district: District
    let navigation: [NavigationItem]

    static let access: Access = .roles([
        .digitalOffice, .systemAdministrator, .securityAdministrator, .auditAdministrator,
    ])
    static let backupAccess: Access = .roles([.systemAdministrator, .digitalOffice])

    var routes: Routes {
        var routes = Routes()
        routes.get("/admin", Self.access, home)
        routes.get("/admin/backups", Self.backupAccess, backups)
        return routes
    }

    // MARK: - Home

    private struct State: Sendable {
        var people = 0
        var disabled = 0
        var jobs: [Job.State: Int] = [:]
        var entries = 0
        var verified: Instant?
        var backup: Instant?
    }

    private func state() async throws -> State {
        try await district.database.read { tx in
            var state = State()
            var filter = PersonFilter()
            filter.isEnabled = true
            state.people = try PersonStore.count(filter, in: tx)
            filter.isEnabled = false
            state.disabled = try PersonStore.count(filter, in: tx)
            state.jobs = try JobStore.countsByState(in: tx)
            state.entries = try AuditStore.count(AuditFilter(), in: tx)
            state.verified = try Self.latest(.trailVerified, in: tx)?.at
            state.backup = try Self.latest(.backup, in: tx)?.at
            return state
        }
    }

    private static func latest(_ kind: AuditEvent.Kind, in tx: any Transaction) throws -> AuditEntry? {
        var filter = AuditFilter()
        filter.kinds = [kind]
        return try AuditStore.list(filter, limit: 1, offset: 0, in: tx).first
    }

    @Sendable private func home(_ visit: Visit) async throws -> Response {
        let items = navigation.filter { $0.area == .admin && $0.path != "/admin" && $0.access.admits(visit.visitor) }
        let state = try await state()
        return try visit.render(
            AdminHomePage(
                title: visit.word("platform.admin"), subtitle: visit.word("platform.admin.subtitle"),
                items: items.map { item in
                    let key = "platform.admin.about" + item.path.replacing("/", with: ".")
                    return AdminHomePage.Item(
                        title: visit.word(item.wordKey), href: item.path,
                        about: visit.site.words.contains(key) ? visit.word(key) : nil,
                        badges: badges(item.path, state, visit))
                },
                isEmpty: items.isEmpty))
    }

    /// How it stands, in a word or two.
    private func badges(_ path: String, _ state: State, _ visit: Visit) -> [Badge] {
        switch path {
        case "/admin/people":
            return [
                Badge(visit.word("platform.admin.people", visit.number(state.people))),
                state.disabled > 0 ? Badge(visit.word("platform.admin.disabled", visit.number(state.disabled))) : nil,
            ].compactMap(\.self)
        case "/admin/units": return [Badge(visit.number(district.profile.units.count))]
        case "/admin/roles": return [Badge(visit.number(Role.allCases.count))]
        case "/admin/jobs":
            let (running, parked) = (state.jobs[.running] ?? 0, state.jobs[.parked] ?? 0)
            return [
                Badge(visit.word("platform.admin.running", visit.number(running)), running > 0 ? .info : .neutral),
                Badge(visit.word("platform.admin.parked", visit.number(parked)), parked > 0 ? .danger : .neutral),
            ]
        case "/admin/audit":
            return [
                Badge(visit.word("platform.admin.entries", visit.number(state.entries))),
                state.verified.map { Badge(visit.word("platform.admin.verified", visit.day($0)), .good) }
                    ?? Badge(visit.word("platform.admin.unverified"), .warning),
            ]
        case "/admin/backups":
            return [
                state.backup.map { Badge(visit.time($0), isFresh($0, visit.now) ? .good : .warning) }
                    ?? Badge(visit.word("platform.backups.never"), .danger)
            ]
        case "/admin/profile":
            let open = district.profile.units.count { !$0.provenance.isVerified }
            return open == 0 ? [] : [Badge(visit.word("platform.admin.open", visit.number(open)), .warning)]
        default: return []
        }
    }

    private func isFresh(_ instant: Instant, _ now: Instant) -> Bool {
        instant >= now.adding(days: -PlatformLimits.backupFreshDays)
    }

    // MARK: - Back-ups

    @Sendable private func backups(_ visit: Visit) async throws -> Response {
        var filter = AuditFilter()
        filter.kinds = [.backup]
        let asked = filter
        let entries = try await district.database.read {
            try AuditStore.list(asked, limit: PlatformLimits.backupsShown, offset: 0, in: $0)
        }
        let last = entries.first?.at
        let free = DiskSpace.freeBytes(at: district.folder)
        var facts: [(String, Web.Cell)] = [
            (visit.word("platform.backups.last"), last.map(Web.Cell.time) ?? .none),
            (visit.word("platform.backups.engine"), .text(district.database.engine.title)),
        ]
        if let free {
            facts.append(
                (
                    visit.word("platform.backups.free"),
                    .badge(byteCount(Int(free)), free >= PlatformLimits.freeBytesMin ? .good : .danger)
                ))
        }
        return try visit.render(
            BackupsPage(
                title: visit.word("platform.backups"),
                breadcrumbs: [Breadcrumb(visit.word("platform.admin"), "/admin")],
                facts: KeyValues(facts),
                isMissing: last == nil, isOld: last.map { !isFresh($0, visit.now) } ?? false,
                table: Table(
                    visit: visit, query: ListQuery(sort: "at", pageSize: PlatformLimits.backupsShown),
                    columns: [
                        .init("at", visit.word("platform.backups.at")),
                        .init("file", visit.word("platform.backups.file")),
                        .init("what", visit.word("platform.backups.what")),
                    ],
                    rows: entries.map { entry in
                        .init(cells: [.time(entry.at), .text(entry.event.subject), .text(entry.event.detail)])
                    }, total: entries.count, emptyKey: "platform.backups.never", hasSearch: false)))
    }
}

struct AdminHomePage: Page {
    static let template = "platform/admin"

    struct Item: Sendable {
        let title: String
        let href: String
        let about: String?
        let badges: [Badge]
    }

    let title: String
    let subtitle: String?
    let items: [Item]
    let isEmpty: Bool
}

struct BackupsPage: Page {
    static let template = "platform/backups"
    let title: String
    let breadcrumbs: [Breadcrumb]
    let facts: KeyValues
    let isMissing: Bool
    let isOld: Bool
    let table: Table
}
