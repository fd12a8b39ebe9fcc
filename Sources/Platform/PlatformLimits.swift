package enum PlatformLimits {
    /// Districts one process serves; a larger city runs several processes.
    package static let districtsMax = 64
    package static let settingsFileBytesMax = 1 << 20
    package static let workersMax = 16
    /// So that an import does not wait for a scan to end.
    package static let workers = 2
    package static let secretBytes = 32
    /// More are never asked of the system.
    package static let handlesMax = 16_384
    /// Handles that no connection of a visitor takes: databases, files that come in and go out, the log.
    package static let handlesKeptBack = 256
    /// After so long without a request, a connection is closed.
    package static let idleConnectionSeconds: Int64 = 120
    package static let bulletinDelays = 5
    /// Rows of the desk's short lists: worklist, new in my unit, problems rising.
    package static let homeRows = 8
    package static let publicProblems = 12
    package static let jobsPageSize = 50
    /// A public problem speaks of no one in particular only from this many people on.
    package static let publicPeopleMin = 3
    package static let searchCharactersMax = 100
    /// Free space below which `doctor` and readiness say that the disk is running full.
    package static let freeBytesMin: Int64 = 1 << 30
    package static let finishedJobsKeptDays = 30
    package static let housekeepingSeconds = 3_600
    /// Findings of one kind that `doctor` lists in full; the rest is counted.
    package static let findingsShown = 20
    package static let searchSample = 40
    package static let searchSampleCharacters = 12
    package static let manifestBytesMax = 256 << 20
    package static let backupChunkBytes = 1 << 20
    package static let demoAppealsMax = 50_000
    /// Rows of each group of the search over everything.
    package static let searchRows = 10
    package static let risingWeeks = 12
    package static let risingCandidates = 300
    package static let risingAppealsMin = 3
    /// Figures of the home pages are at most this old while anyone looks at them, and say so.
    package static let figuresStaleSeconds: Int64 = 30
    /// After this nobody is shown them without waiting for new ones.
    package static let figuresGoneSeconds: Int64 = 300
    package static let backupsShown = 20
    /// A last back-up older than this is warned of.
    package static let backupFreshDays: Int64 = 2
    /// Open appeals whose lights are counted anew at every change; of more they may be ten seconds old.
    static let cockpitAppealsCounted = 20_000
    /// The leaders' screen: rows of its lists, problems drawn, things that just happened.
    package static let cockpitRows = 7
    package static let cockpitPoints = 80
    package static let cockpitHappenings = 9
    /// Screens connected to one process.
    package static let cockpitScreensMax = 600
    package static let cockpitBeatSeconds = 15
    package static let cockpitRefreshSeconds = 60
    package static let cockpitIdleMilliseconds: Int64 = 3_000
    package static let cockpitConnectionSeconds: Int64 = 900
}
