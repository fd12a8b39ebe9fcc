internal import Core
internal import Indicators
internal import Organisation
internal import Store

/// Writes the demo's indicators, unless the district has some already.
struct WriteDemoFigures: Sendable {
    let database: any Database
    let profile: Profile
    let surroundings: Surroundings

    /// The number of values written.
    @discardableResult
    func callAsFunction(seed: UInt64) async throws -> Int {
        let now = surroundings.now()
        let figures = DemoFigures(profile: profile, seed: seed, now: now, newID: surroundings.newID)
        return try await database.write { tx in
            guard try IndicatorStore.count(IndicatorFilter(), in: tx) == 0 else { return 0 }
            for indicator in figures.indicators { try IndicatorStore.insert(indicator, in: tx) }
            try IndicatorValueStore.insert(figures.values, in: tx)
            for target in figures.targets { try IndicatorTargetStore.insert(target, in: tx) }
            try EnterpriseTaxStore.insert(figures.enterprises, importID: nil, by: nil, now: now, in: tx)
            return figures.values.count
        }
    }
}
