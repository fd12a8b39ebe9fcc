package import Core
import Foundation
package import Store
import Synchronization

/// The engines every store test runs on: `@Test(arguments: Engine.allCases)`.
package enum Engine: String, Sendable, CaseIterable {
    case sqlite

    /// A fresh, migrated namespace of its own.
    package func database(_ migrations: [Migration] = []) async throws -> any Database {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("shuzhi-test-\(UUID().uuidString).sqlite").path
        let database = try SQLiteDatabase(path: path)
        try await Migrator(migrations).migrate(database)
        return database
    }
}

extension Surroundings {
    /// 2021-04-19 09:00 in Shanghai; identifiers count up from 1.
    package static func fixed(at instant: Instant = Instant(millisecondsSince1970: 1_618_794_000_000)) -> Surroundings {
        let counter = Counter()
        return Surroundings(now: { instant }, newID: { counter.next() })
    }
}

private final class Counter: Sendable {
    private let value = Mutex<Int64>(0)
    func next() -> Int64 { value.withLock { $0 += 1; return $0 } }
}
