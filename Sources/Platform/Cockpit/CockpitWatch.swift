internal import Casework
internal import Core
internal import Foundation
internal import Hummingbird
internal import Logging
internal import Organisation
internal import Store
internal import Web

/// One for each district and process: looks several times a second whether anything happened, while any screen is
/// connected, and tells all screens at once. What they show is made once per change and language, however many there
/// are.
actor CockpitWatch {
    typealias Screen = AsyncStream<ByteBuffer>
    /// Draws what was read, in the language of a screen.
    typealias Draw = @Sendable (CockpitSnapshot, UInt64) throws -> Markup

    /// What a screen shows, and the bytes of it that all screens share.
    struct Tiles: Sendable {
        let version: UInt64
        let html: Markup
        let bytes: ByteBuffer
    }

    private struct Connected {
        let language: Language
        let draw: Draw
        let stream: Screen.Continuation
    }

    private let database: any Database
    private let profile: Profile
    private let now: @Sendable () -> Instant
    private let logger: Logger

    private let appealLights = Remembered<[Light: Int]?>(staleAfterSeconds: 10, goneAfterSeconds: 120)

    private var screens: [UUID: Connected] = [:]
    private var version: UInt64 = 1
    private var lastChange: Int64?
    private var lastMade: Instant?
    private var watching: Task<Void, Never>?
    private var made: [Language: Tiles] = [:]
    /// What is being made now, so that many screens which ask at once wait for one answer.
    private var making: [Language: (version: UInt64, task: Task<Tiles, any Error>)] = [:]

    init(
        database: any Database, profile: Profile, now: @escaping @Sendable () -> Instant, logger: Logger
    ) {
        self.database = database
        self.profile = profile
        self.now = now
        self.logger = logger
    }

    // MARK: - Screens

    /// A stream of events, the present version first; a screen that is slow sees only the latest.
    ///
    /// - Throws: `CockpitError.tooManyScreens`.
    func connect(_ language: Language, draw: @escaping Draw) throws -> (id: UUID, screen: Screen) {
        guard screens.count < PlatformLimits.cockpitScreensMax else {
            throw CockpitError.tooManyScreens(max: PlatformLimits.cockpitScreensMax)
        }
        let (screen, continuation) = Screen.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = UUID()
        screens[id] = Connected(language: language, draw: draw, stream: continuation)
        continuation.yield(CockpitEvent.version(version))
        if watching == nil { watching = Task { await watch() } }
        return (id, screen)
    }

    func disconnect(_ id: UUID) {
        screens.removeValue(forKey: id)?.stream.finish()
        guard screens.isEmpty else { return }
        watching?.cancel()
        watching = nil
    }

    var screenCount: Int { screens.count }

    private func watch() async {
        var beats = 0
        while !Task.isCancelled {
            beats += 1
            do {
                let change = try await database.read { try CaseStore.lastChange(in: $0) }
                // Lights change with the time alone, so now and then everything is looked at anew.
                let isOld = beats % (PlatformLimits.cockpitRefreshSeconds * Self.looksPerSecond) == 0
                if change != lastChange || isOld {
                    try await renew()
                    // Not before: what could not be told is tried at the next look.
                    lastChange = change
                } else if beats % (PlatformLimits.cockpitBeatSeconds * Self.looksPerSecond) == 0 {
                    for screen in screens.values { screen.stream.yield(CockpitEvent.beat) }
                }
            } catch {
                logger.warning("The cockpit could not look for changes", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: .milliseconds(1_000 / Self.looksPerSecond))
        }
    }

    /// A screen shows an event within a second: a look may just have been missed, and the tiles are made and sent.
    private static let looksPerSecond = 4

    /// Makes the tiles of a new version, once for each language, and tells each screen which of them are new.
    private func renew() async throws {
        let former = made
        version += 1
        for (language, screens) in Dictionary(grouping: screens.values, by: \.language) {
            let tiles = try await tiles(language, draw: screens[0].draw)
            let event = CockpitEvent.tiles(tiles, after: former[language])
            for screen in screens { screen.stream.yield(event) }
        }
    }

    // MARK: - Tiles

    /// The tiles as of the latest version, or of at most a few seconds ago where no screen is watching.
    func tiles(_ language: Language, draw: @escaping Draw) async throws -> Tiles {
        let present = now()
        let isFresh =
            watching != nil
            || (lastMade.map { present.milliseconds(since: $0) < PlatformLimits.cockpitIdleMilliseconds } ?? false)
        // What one version shows does not change: a screen is told what is new since its own.
        if !isFresh, made[language]?.version == version { version += 1 }
        if let kept = made[language], kept.version == version { return kept }
        if let under = making[language], under.version == version { return try await under.task.value }
        let (profile, database, wanted) = (profile, database, version)
        let appealLights = appealLights
        let task = Task {
            let lights = try await appealLights.value(now: present) {
                try await database.read { try CockpitSnapshot.manyAppealLights(now: present, in: $0) }
            }
            let snapshot = try await database.read { tx in
                try CockpitSnapshot(
                    profile: profile, now: present, fourOneOne: try CockpitFourOneOne.read(profile, in: tx),
                    appealLights: lights, in: tx)
            }
            let html = try draw(snapshot, wanted)
            return Tiles(version: wanted, html: html, bytes: ByteBuffer(string: html.html))
        }
        making[language] = (wanted, task)
        defer { if making[language]?.version == wanted { making[language] = nil } }
        let tiles = try await task.value
        made[language] = tiles
        lastMade = present
        return tiles
    }
}

/// What can go wrong with the leaders' screen.
enum CockpitError: Problem, Equatable {
    case tooManyScreens(max: Int)

    var report: ProblemReport {
        switch self {
        case .tooManyScreens(let max):
            .init(
                .tooMany, "cockpit.too_many_screens", zh: "已有 \(max) 块大屏在线，请关闭不用的再试。",
                en: "\(max) screens are connected already. Close those that nobody looks at.")
        }
    }
}
