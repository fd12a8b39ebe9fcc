internal import Core
internal import Foundation
internal import Hummingbird
internal import Logging
internal import Organisation
internal import Store
internal import Web

/// What monitoring reads: is the process alive, is it ready, and how busy is it.
struct MachineRoutes: Sendable {
    let district: District
    let metrics: Metrics

    var routes: Routes {
        var routes = Routes()
        routes.get("/health", .anyone, isMachine: true, ready)
        routes.get("/health/live", .anyone, isMachine: true, live)
        routes.get("/metrics", .anyone, isMachine: true, exposition)
        return routes
    }

    private struct Health: Encodable {
        struct Check: Encodable {
            let name: String
            let isGood: Bool
            let detail: String
        }
        let status: String
        let version: String
        let district: String
        let checks: [Check]
    }

    @Sendable private func live(_ visit: Visit) async throws -> Response {
        try visit.json(
            Health(status: "ok", version: Version.current, district: district.profile.slug, checks: []))
    }

    /// Ready when the database answers and the disk has room: 200, else 503, so that a balancer sends nobody here.
    @Sendable private func ready(_ visit: Visit) async throws -> Response {
        var checks: [Health.Check] = []
        do {
            let pending = try await Migrator(District.migrations).plan(district.database).count
            checks.append(
                .init(
                    name: "database", isGood: pending == 0,
                    detail: pending == 0 ? "answers" : "\(pending) migrations are missing"))
        } catch {
            // What exactly failed is in the log; addresses and users of a database are nobody's business here.
            visit.context.logger.error("Health: the database does not answer", metadata: ["error": "\(error)"])
            checks.append(.init(name: "database", isGood: false, detail: "does not answer"))
        }
        let free = DiskSpace.freeBytes(at: district.folder)
        checks.append(
            .init(
                name: "disk", isGood: free.map { $0 >= PlatformLimits.freeBytesMin } ?? true,
                detail: free.map { "\($0 >> 20) MiB free" } ?? "unknown"))
        let isGood = checks.allSatisfy(\.isGood)
        return try visit.json(
            Health(
                status: isGood ? "ok" : "failing", version: Version.current, district: district.profile.slug,
                checks: checks), status: isGood ? .ok : .serviceUnavailable)
    }

    @Sendable private func exposition(_ visit: Visit) async throws -> Response {
        var text = MetricsText()
        text.family("shuzhi_info", "gauge", "The running release.")
        text.sample("shuzhi_info", [("version", Version.current), ("district", district.profile.slug)], "1")
        metrics.write(to: &text)
        try await writeStore(to: &text)
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text.text)))
    }

    private func writeStore(to text: inout MetricsText) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let (jobs, outbox) = try await district.database.read { tx in
            (try JobStore.countsByState(in: tx), try Outbox.count(in: tx))
        }
        let (seconds, attoseconds) = start.duration(to: clock.now).components
        text.family("shuzhi_jobs", "gauge", "Jobs by state.")
        for state in Job.State.allCases {
            text.sample("shuzhi_jobs", [("state", state.rawValue)], String(jobs[state] ?? 0))
        }
        text.family("shuzhi_outbox_messages", "gauge", "Messages nobody has forwarded yet.")
        text.sample("shuzhi_outbox_messages", [], String(outbox))
        text.family(
            "shuzhi_database_probe_seconds", "gauge", "Time to get a connection and count the jobs, just now.")
        text.sample(
            "shuzhi_database_probe_seconds", [("engine", district.database.engine.rawValue)],
            MetricsText.seconds(microseconds: seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
        if let free = DiskSpace.freeBytes(at: district.folder) {
            text.family("shuzhi_disk_free_bytes", "gauge", "Free space where attachments and a SQLite file lie.")
            text.sample("shuzhi_disk_free_bytes", [], String(free))
        }
    }
}

enum DiskSpace {
    /// Nil where the file system does not say.
    static func freeBytes(at folder: URL) -> Int64? {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder.path)
        return (attributes?[.systemFreeSize] as? NSNumber)?.int64Value
    }
}
