package import Core
import Foundation
package import Store
import Synchronization

/// The engines every store test runs on: `@Test(arguments: Engine.allCases)`.
package enum Engine: String, Sendable, CaseIterable {
    case sqlite, postgresql

    /// A fresh, migrated namespace of its own.
    package func database(_ migrations: [Migration] = []) async throws -> any Database {
        let database: any Database
        switch self {
        case .sqlite: database = try SQLiteDatabase(path: try ScratchFolder.shared().path("sqlite"))
        case .postgresql: database = try await PostgreSQLServer.shared().database()
        }
        try await Migrator(migrations).migrate(database)
        return database
    }
}

/// A folder for the files of this process's tests, removed when it ends.
package struct ScratchFolder: Sendable {
    private let folder: String

    package static func shared() throws -> ScratchFolder { try made.get() }
    private static let made = Result { try ScratchFolder() }

    private init() throws {
        let name = "shuzhi-test-\(UUID().uuidString)"
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = url.path
        atexit {
            if let path = try? ScratchFolder.shared().folder { try? FileManager.default.removeItem(atPath: path) }
        }
    }

    /// A path nobody uses yet.
    package func path(_ ending: String) -> String { "\(folder)/\(UUID().uuidString).\(ending)" }
}

extension Surroundings {
    /// 2021-04-19 09:00 in Shanghai; identifiers count up from 1.
    package static func fixed(at instant: Instant = Instant(millisecondsSince1970: 1_618_794_000_000)) -> Surroundings {
        let counter = Counter()
        return Surroundings(now: { instant }, newID: { counter.next() })
    }

    /// A clock that stands at the moment it is made, and identifiers as in a real process. Nothing runs out of time.
    package static func standing() -> Surroundings {
        let system = Surroundings.system()
        let moment = system.now()
        return Surroundings(now: { moment }, newID: system.newID)
    }
}

private final class Counter: Sendable {
    private let value = Mutex<Int64>(0)
    func next() -> Int64 {
        value.withLock {
            $0 += 1; return $0
        }
    }
}
