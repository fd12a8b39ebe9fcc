package import Core

/// One training of the model that proposes units.
package struct DispatchRecord: Sendable, Equatable {
    package var version: Int
    package var trainedAt: Instant
    /// When the latest case it learnt from came in: later ones judge the next.
    package var learntUntil: Instant
    package var cases: Int
    package var units: Int
    /// Cases it had not learnt from, on which it was judged, and how many it got right.
    package var heldOut: Int
    package var rightFirst: Int
    package var rightThree: Int
    /// How many of the same the model in use then got right; nil for the first.
    package var rivalFirst: Int?
    package var isInUse: Bool
}

/// What the model of dispatch learns from, and when.
enum DispatchLimits {
    /// The latest handled cases that are learnt from.
    static let casesMax = 20_000
    /// Fewer handled cases teach nothing.
    static let casesMin = 40
    /// New cases without which a model is left as it is, and on which a new one is judged.
    static let heldOutMin = 20
    static let heldOutMax = 2_000
    /// Of the first model, every fifth case judges it.
    static let firstShare = 5
    static let suggestions = 3
    /// Versions whose rows are kept.
    static let versionsMax = 100
    /// Closings within this time lead to one training.
    static let waitMilliseconds: Int64 = 600_000
}
