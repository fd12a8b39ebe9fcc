package import Core
package import Store

/// Figures that many look at, measured once for all who ask within a few seconds. Whoever freezes a figure measures it
/// anew. Each process has its own.
package final class RememberedFacts: Sendable {
    package let registry: FactRegistry
    private let database: any Database
    private let kept: RememberedByKey<String, [[Fact]]>?

    /// - Parameter seconds: after which a figure is measured anew; 0 remembers nothing.
    package init(registry: FactRegistry, database: any Database, seconds: Int64) {
        self.registry = registry
        self.database = database
        kept =
            seconds > 0
            ? RememberedByKey(
                staleAfterSeconds: seconds, goneAfterSeconds: seconds * 4, keysMax: IndicatorLimits.factsRemembered)
            : nil
    }

    /// Figures for some scopes, both in the order asked for, measured in one look at the database.
    package func facts(
        _ names: [String], _ period: Period, scopes: [FigureScope] = [.district], now: Instant
    ) async throws -> [[Fact]] {
        guard !names.isEmpty else { return [] }
        let (registry, database) = (registry, database)
        let make: @Sendable () async throws -> [[Fact]] = {
            try await database.read { try registry.measure(names, period, scopes: scopes, now: now, in: $0) }
        }
        guard let kept else { return try await make() }
        let key = "\(names.joined(separator: ",")) \(period) \(scopes.map(\.description).joined(separator: ","))"
        return try await kept.value(key, now: now, make)
    }
}
