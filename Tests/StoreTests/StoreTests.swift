import Core
import Store
import TestKit
import Testing

@Suite("Transactions and values")
struct StoreTests {
    static let migrations = [
        Migration(
            "test.0001-things",
            """
            CREATE TABLE thing (
                id BIGINT NOT NULL PRIMARY KEY, name TEXT, code TEXT UNIQUE, amount BIGINT CHECK (amount >= 0),
                weight DOUBLE PRECISION, parent BIGINT REFERENCES thing (id))
            """,
            .each(
                sqlite: ["CREATE TABLE picture (id BIGINT PRIMARY KEY, bytes BLOB)"],
                postgresql: ["CREATE TABLE picture (id BIGINT PRIMARY KEY, bytes BYTEA)"]))
    ]

    @Test("Every value comes back as it went in", arguments: Engine.allCases)
    func values(engine: Engine) async throws {
        let database = try await engine.database(Self.migrations)
        let texts = ["", "it's \"quoted\" $1 ? \\ %", "普陀山 🏝 e\u{301}\r\n\t", "\\N", "NULL", String(repeating: "海", count: 100_000)]
        for (id, text) in texts.enumerated() {
            _ = try await database.write { try $0.run("INSERT INTO thing (id, name) VALUES (\(id), \(text))") }
        }
        try await database.write { tx in
            try tx.insert(
                into: "thing", columns: ["id", "name", "amount", "weight"],
                rows: texts.enumerated().map { [.integer(Int64($0 + 100)), .text("copy" + $1), .integer(.max), .real(-0.1)] }
                    + [[.integer(.min), .null, .null, .null], [.integer(200), .null, .integer(0), .real(1e300)]])
            try tx.insert(into: "picture", columns: ["id", "bytes"], rows: [[.integer(1), .blob(Array(0...255))]])
            try tx.run("INSERT INTO picture (id, bytes) VALUES (2, \([UInt8]([0, 92, 120])))")
        }
        try await database.read { tx in
            for (id, text) in texts.enumerated() {
                let one = try #require(try tx.first("SELECT name FROM thing WHERE id = \(id)"))
                #expect(try one.get("name") == text)
                let copy = try #require(try tx.first("SELECT name, amount, weight FROM thing WHERE id = \(id + 100)"))
                #expect(try copy.get("name") == "copy" + text)
                #expect(try copy.get("amount") == Int64.max)
                #expect(try copy.get("weight") == -0.1)
            }
            let empty = try #require(try tx.first("SELECT * FROM thing WHERE id = \(Int64.min)"))
            #expect(try empty.value("name") == .null && empty.value("amount") == .null && empty.value("weight") == .null)
            #expect(try tx.first("SELECT bytes FROM picture WHERE id = 1")?.get("bytes") == Array(0...255) as [UInt8])
            #expect(try tx.first("SELECT bytes FROM picture WHERE id = 2")?.get("bytes") == [0, 92, 120] as [UInt8])
        }
    }
}
