internal import Core

/// One generated appeal, before it is written.
struct DemoAppeal: Sendable, Equatable {
    let number: Int
    /// The planted problem it belongs to; nil for one that stands alone.
    let plant: String?
    /// Whoever sent it, as an invented key; never a name.
    let author: String
    /// One of the names of `AppealType`.
    let type: String
    let channel: String
    let subject: String
    let body: String
    let at: Instant
    let place: DemoPlace
    /// The short name of the department in charge.
    let unit: String
    let likes: Int
    let dislikes: Int
    /// The number of the appeal this one repeats word for word.
    let duplicateOf: Int?
    let fate: DemoFate
}

/// What became of a demo appeal by now.
struct DemoFate: Sendable, Equatable {
    enum End: String, Sendable, CaseIterable {
        /// Nobody has looked yet.
        case received
        case dispatched
        case handling
        /// The unit sent it back: not its business.
        case rejected
        /// Answered, to be called back.
        case callback
        case closed
        /// Closed, but the resident was not content; done again and closed.
        case redone
        /// Not content, and being done again now.
        case redo
    }
    let end: End
    let isDissatisfied: Bool
    let transfers: Int
    /// When the unit answered; nil where it has not.
    let answeredAt: Instant?
    let reply: String
    let note: String
}

/// A problem that the generator hid in the district, for miners to find.
struct DemoPlant: Sendable, Equatable {
    enum Pattern: String, Sendable, CaseIterable {
        /// More every month.
        case growing
        /// For a year and a half, never solved.
        case old
        /// All within days.
        case burst
        /// In its months only.
        case seasonal
        /// One person again and again, and two others.
        case single
        /// The same words at several places: alike, and yet not one problem.
        case copied
    }
    let name: String
    let pattern: Pattern
    let matter: Int
    let place: Int
    let messages: Int
    let people: Int
    /// Copied texts share this seed, and with it their words.
    let wordingSeed: UInt64?
}
