package import Core
internal import Foundation
package import Hummingbird
package import Logging
internal import ServiceLifecycle
internal import Store
package import Web

/// One process: its districts by host name, their workers, and the socket they share.
package struct Server: Sendable {
    package let settings: Settings
    package let sites: [DistrictSite]
    package let metrics: Metrics
    private let logger: Logger

    /// `districts` in the order of `settings.districts`, each migrated.
    package init(settings: Settings, districts: [District], logger: Logger) throws {
        let metrics = Metrics()
        self.settings = settings
        self.metrics = metrics
        self.logger = logger
        sites = try districts.map {
            try DistrictSite(
                $0, metrics: metrics, isHTTPS: settings.isHTTPS, isBehindProxy: settings.isBehindProxy)
        }
    }

    package var responder: MeteredResponder<HostDispatch> {
        var byHost: [String: SiteResponder] = [:]
        for site in sites {
            if let host = site.district.settings.host { byHost[host] = site.responder }
        }
        // A single district answers to any name, unless it was given one.
        let fallback = sites.count == 1 && byHost.isEmpty ? sites[0].responder : nil
        return MeteredResponder(inner: HostDispatch(sites: byHost, fallback: fallback), metrics: metrics)
    }

    package func application(
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> Application<MeteredResponder<HostDispatch>> {
        var services: [any Service] = []
        for site in sites {
            for _ in 0..<settings.workers { services.append(JobService(worker: site.worker)) }
            if settings.workers > 0 { services.append(Housekeeping(district: site.district)) }
        }
        return Application(
            responder: responder,
            server: .http1(configuration: .init(idleTimeout: .seconds(PlatformLimits.idleConnectionSeconds))),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: nil,
                availableConnectionsDelegate: .maximum(ConnectionLimit.raise(), logger: logger)),
            services: services,
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) }, logger: logger)
    }

    /// Serves until SIGTERM or SIGINT: no new request is taken, those begun are answered, jobs go back to the queue.
    package func run(onRunning: @escaping @Sendable (Int) async -> Void) async throws {
        do {
            try await application(onRunning: onRunning).runService()
        } catch {
            // NIO's error for a taken port has no type of its own that other modules could name.
            guard "\(error)".contains("Address already in use") else { throw error }
            throw ServerError.portTaken(host: settings.host, port: settings.port)
        }
        for site in sites { try await site.district.close() }
    }
}

package enum ServerError: Problem, Equatable {
    case portTaken(host: String, port: Int)

    package var report: ProblemReport {
        switch self {
        case .portTaken(let host, let port):
            .init(
                .unavailable, "server.port_taken",
                zh: "\(host):\(port) 已被占用。可能本系统已在运行；或用 --port 换一个端口。",
                en: "\(host):\(port) is taken. Perhaps this system runs already; or choose another --port.")
        }
    }
}

/// The service group asks each of its services for a description, and Swift's own would print whole districts.
extension JobService: CustomStringConvertible { var description: String { "jobs" } }
extension Housekeeping: CustomStringConvertible { var description: String { "housekeeping" } }
extension MeteredResponder: CustomStringConvertible { package var description: String { "sites" } }

/// Works off the queue until the process is asked to stop; a job that was running goes back to the queue.
struct JobService: Service {
    let worker: JobWorker

    func run() async throws {
        await cancelWhenGracefulShutdown { try? await worker.run() }
    }
}

/// Forgets finished jobs after a month, once an hour.
struct Housekeeping: Service {
    let district: District

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let limit = district.surroundings.now().adding(days: Int64(-PlatformLimits.finishedJobsKeptDays))
                do {
                    _ = try await district.database.write { try JobStore.removeFinished(before: limit, in: $0) }
                } catch {
                    district.logger.warning("Old jobs could not be removed", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: .seconds(PlatformLimits.housekeepingSeconds))
            }
        }
    }
}
