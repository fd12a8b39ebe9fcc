internal import Core
internal import Organisation
internal import Store

/// The "411" as the screen shows it; nil while the district has no tax of its industries.
enum CockpitFourOneOne {
    static func read(_ profile: Profile, in tx: any Transaction) throws -> CockpitSnapshot.FourOneOne? { nil }
}
