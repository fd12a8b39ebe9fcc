package import Core

/// A place and some days with more appeals than chance explains.
package struct Hotspot: Sendable, Equatable {
    package let id: ID<Hotspot>
    /// 1 is the strongest.
    package let rank: Int
    package let townshipCode: String?
    /// The topic most of its appeals have.
    package let topic: String?
    package let centre: Coordinate
    package let radiusMetres: Int
    package let days: ClosedRange<Day>
    package let observed: Int
    package let expectedMilli: Int
    /// Inside as against outside, in thousandths.
    package let riskMilli: Int
    package let llrMilli: Int
    /// Chance that anything as strong turns up anywhere when nothing is unusual, in millionths.
    package let pPpm: Int

    /// One in twenty, as is usual; the page shows the chance itself.
    package var isSure: Bool { pPpm <= 50_000 }
}

/// A topic, township or problem with more appeals in the last two weeks than the weeks before explain.
package struct Rising: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable { case problem, topic, township }
    package let kind: Kind
    /// The topic, the township's code, or the problem's identifier.
    package let name: String
    package let observed: Int
    /// Appeals of the twelve weeks before.
    package let earlier: Int
    package let expectedMilli: Int
    package let pPpm: Int
    /// Share of false alarms among all that are no less likely, in millionths.
    package let qPpm: Int

    /// A tenth of what is called rising may be false.
    package var isSure: Bool { qPpm <= 100_000 }
}

/// What the last scan looked at.
package struct HotspotRun: Sendable, Equatable {
    package var ranAt: Instant?
    package var firstDay: Day?
    package var days: Int
    package var appeals: Int
    package var cells: Int
    /// Edge of the squares; zero where townships were the cells.
    package var edgeMetres: Int
    package var jobID: Int64?
}

enum HotspotLimits {
    /// Days a scan looks back from the latest appeal.
    static let days = 184
    static let cellsMax = 150
    static let appealsMax = 400_000
    static let replicates = 999
    static let hotspotsMax = 20
    static let risingMax = 100
    /// Share of appeals, in percent, that must have a point; with fewer, townships are the cells.
    static let pointsPercentMin = 60
}
