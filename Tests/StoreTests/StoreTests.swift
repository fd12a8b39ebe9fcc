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
        let texts = [
            "", "it's \"quoted\" $1 ? \\ %", "普陀山 🏝 e\u{301}\r\n\t\u{1}", "\\N", "NULL", "\\.",
            String(repeating: "海", count: 100_000),
        ]
        for (id, text) in texts.enumerated() {
            _ = try await database.write { try $0.run("INSERT INTO thing (id, name) VALUES (\(id), \(text))") }
        }
        try await database.write { tx in
            try tx.insert(
                into: "thing", columns: ["id", "name", "amount", "weight"],
                rows: texts.enumerated().map { id, text in
                    [.integer(Int64(id + 100)), .text("copy" + text), .integer(.max), .real(-0.1)]
                } + [[.integer(.min), .null, .null, .null], [.integer(200), .null, .integer(0), .real(1e300)]])
            try tx.insert(into: "picture", columns: ["id", "bytes"], rows: [[.integer(1), .blob(Array(0...255))]])
            try tx.run("INSERT INTO picture (id, bytes) VALUES (2, \([UInt8]([0, 92, 120])))")
        }
        try await database.read { tx in
            for (id, text) in texts.enumerated() {
                let one = try #require(try tx.first("SELECT name FROM thing WHERE id = \(id)"))
                #expect(try one.get("name") == text)
                let copy = try #require(try tx.first("SELECT name, amount, weight FROM thing WHERE id = \(id + 100)"))
                #expect(try copy.get("name") as String == "copy" + text)
                #expect(try copy.get("amount") == Int64.max)
                #expect(try copy.get("weight") == -0.1)
            }
            let empty = try #require(try tx.first("SELECT * FROM thing WHERE id = \(Int64.min)"))
            #expect(empty.values.dropFirst().allSatisfy { $0 == .null })
            #expect(try tx.first("SELECT bytes FROM picture WHERE id = 1")?.get("bytes") == Array(0...255) as [UInt8])
            #expect(try tx.first("SELECT bytes FROM picture WHERE id = 2")?.get("bytes") == [0, 92, 120] as [UInt8])
        }
    }
}

extension StoreTests {
    @Test("A body that throws leaves nothing, and one that returned stays", arguments: Engine.allCases)
    func rollback(engine: Engine) async throws {
        struct Stop: Error {}
        let database = try await engine.database(Self.migrations)
        try await database.write { _ = try $0.run("INSERT INTO thing (id) VALUES (1)") }
        await #expect(throws: Stop.self) {
            try await database.write { tx in
                try tx.run("INSERT INTO thing (id) VALUES (2)")
                try tx.insert(into: "thing", columns: ["id"], rows: [[.integer(3)]])
                throw Stop()
            }
        }
        #expect(try await Self.ids(database) == [1])
    }

    @Test("A failed statement fails the transaction even when the body goes on", arguments: Engine.allCases)
    func swallowed(engine: Engine) async throws {
        let database = try await engine.database(Self.migrations)
        await #expect(throws: StoreError.self) {
            try await database.write { tx in
                try tx.run("INSERT INTO thing (id) VALUES (1)")
                _ = try? tx.run("INSERT INTO thing (id) VALUES (1)")
                _ = try? tx.run("INSERT INTO thing (id) VALUES (2)")
            }
        }
        #expect(try await Self.ids(database) == [])
    }

    @Test("A broken rule is told apart from a taken key", arguments: Engine.allCases)
    func constraints(engine: Engine) async throws {
        let database = try await engine.database(Self.migrations)
        try await database.write { _ = try $0.run("INSERT INTO thing (id, code) VALUES (1, 'a')") }
        let statements: [(SQL, String)] = [
            ("INSERT INTO thing (id) VALUES (1)", "duplicate"),
            ("INSERT INTO thing (id, code) VALUES (2, 'a')", "duplicate"),
            ("INSERT INTO thing (id, amount) VALUES (2, -1)", "constraint"),
            ("INSERT INTO thing (id) VALUES (NULL)", "constraint"),
            ("INSERT INTO thing (id, parent) VALUES (2, 99)", "constraint"),
            ("INSERT INTO thing (id, name) VALUES (2, \("a\u{0}b"))", "constraint"),
            ("INSERT INTO thing (id, weight) VALUES (2, \(Double.nan))", "constraint"),
            ("SELECT nothing FROM nowhere", "defect"), ("SELECT 1 AS a; SELECT 2 AS b", "defect"), ("", "defect"),
        ]
        for (statement, expected) in statements {
            #expect(
                await Self.failure { _ = try await database.write { try $0.all(statement) } } == expected,
                "\(statement)")
        }
        for row: [Value] in [[.integer(1), .null], [.integer(2), .text("\u{0}")], [.integer(3)]] {
            let expected = row.count == 1 ? "defect" : row[1] == .null ? "duplicate" : "constraint"
            let actual = await Self.failure {
                try await database.write { try $0.insert(into: "thing", columns: ["id", "name"], rows: [row]) }
            }
            #expect(actual == expected, "\(row)")
        }
        // Every connection is fit for use afterwards.
        for _ in 0..<8 { #expect(try await Self.ids(database) == [1]) }
    }

    @Test("A read cannot write", arguments: Engine.allCases)
    func readOnly(engine: Engine) async throws {
        let database = try await engine.database(Self.migrations)
        await #expect(throws: StoreError.self) {
            try await database.read { _ = try $0.run("INSERT INTO thing (id) VALUES (1)") }
        }
        #expect(try await Self.ids(database) == [])
    }

    @Test("A read sees one moment while others write", arguments: Engine.allCases)
    func snapshot(engine: Engine) async throws {
        let database = try await engine.database(Self.migrations)
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let gate = Gate()
        let reading = Task {
            try await database.read { tx in
                let before: Int = try tx.first("SELECT COUNT(*) AS n FROM thing")?.get("n") ?? -1
                start.yield()
                gate.wait()
                let after: Int = try tx.first("SELECT COUNT(*) AS n FROM thing")?.get("n") ?? -1
                return [before, after]
            }
        }
        for await _ in started { break }
        try await database.write { _ = try $0.run("INSERT INTO thing (id) VALUES (1)") }
        gate.open()
        #expect(try await reading.value == [0, 0])
        #expect(try await Self.ids(database) == [1])
    }

    @Test("Rows stream, stop when told, and other statements run in between", arguments: Engine.allCases)
    func streaming(engine: Engine) async throws {
        let database = try await engine.database(Self.migrations)
        let count = StoreLimits.rowsPerFetch * 2 + 7
        try await database.write { tx in
            try tx.insert(
                into: "thing", columns: ["id", "amount"], rows: (1...count).map { [.integer(Int64($0)), .integer(1)] })
        }
        let sum = try await database.write { tx in
            var seen = 0
            try tx.forEach("SELECT id, amount FROM thing WHERE id > \(0) ORDER BY id") { row in
                seen += 1
                let id: Int64 = try row.get("id")
                if id % 100 == 0 { try tx.run("UPDATE thing SET amount = 2 WHERE id = \(id)") }
                return true
            }
            #expect(seen == count)
            var first: [Int64] = []
            try tx.forEach("SELECT id FROM thing ORDER BY id") { row in
                first.append(try row.get("id"))
                // The same statement inside its own loop.
                try tx.forEach("SELECT id FROM thing ORDER BY id") { _ in false }
                return first.count < 3
            }
            #expect(first == [1, 2, 3])
            return try tx.first("SELECT SUM(amount) AS total, COUNT(*) AS n FROM thing")?.get("total") as Int64?
        }
        #expect(sum == Int64(count + count / 100))
    }

    @Test("Changes are counted, and RETURNING returns", arguments: Engine.allCases)
    func counting(engine: Engine) async throws {
        let database = try await engine.database(Self.migrations)
        try await database.write { tx in
            #expect(try tx.run("INSERT INTO thing (id, amount) VALUES (1, 5), (2, 6), (3, 7)") == 3)
            #expect(try tx.run("UPDATE thing SET amount = amount + 1 WHERE id > 1") == 2)
            #expect(try tx.run("UPDATE thing SET amount = 0 WHERE id > 10") == 0)
            #expect(try tx.run("CREATE TABLE extra (id BIGINT)") == 0)
            let row = try tx.first("INSERT INTO thing (id, amount) VALUES (4, 1) RETURNING id, amount + 1 AS more")
            #expect(try row?.get("more") == 2)
            #expect(try tx.run("DELETE FROM thing") == 4)
        }
    }

    @Test("Sums, averages and comparisons have the same types on both engines", arguments: Engine.allCases)
    func types(engine: Engine) async throws {
        let database = try await engine.database(Self.migrations)
        try await database.write { tx in
            try tx.run("INSERT INTO thing (id, amount, weight) VALUES (1, 5, 0.5), (2, 6, \(3))")
            let row = try #require(
                try tx.first(
                    """
                    SELECT SUM(amount) AS s, AVG(amount) AS a, MAX(weight) AS w, COUNT(*) AS c, 7 / 2 AS d,
                        COALESCE(\(nil as Int64?), amount) AS k FROM thing GROUP BY amount ORDER BY amount LIMIT \(1)
                    """))
            #expect(row.values == [.integer(5), .real(5), .real(0.5), .integer(1), .integer(3), .integer(5)])
            #expect(try tx.first("SELECT id FROM thing WHERE 'Abc' LIKE 'ab%'") == nil)
            #expect(try tx.all("SELECT id FROM thing WHERE id IN (\(list: [1, 2, 9])) ORDER BY id").count == 2)
            #expect(try tx.all("SELECT id FROM thing WHERE id IN (\(list: [Int]()))").isEmpty)
        }
    }

    @Test("More statements than are kept prepared still run", arguments: Engine.allCases)
    func statements(engine: Engine) async throws {
        let database = try await engine.database(Self.migrations)
        try await database.read { tx in
            for number in 0..<StoreLimits.statementsPerConnectionMax + 40 {
                for _ in 0..<3 {
                    let row = try tx.first(SQL(stringLiteral: "SELECT \(number) AS n"))
                    #expect(try row?.get("n") == number)
                }
            }
        }
    }

    @Test("Reads together answer as one by one, also after a write and where one fails", arguments: Engine.allCases)
    func together(engine: Engine) async throws {
        let database = try await engine.database(Self.migrations)
        let counting: SQL = "SELECT COUNT(*) AS n FROM thing"
        try await database.write { tx in
            try tx.insert(
                into: "thing", columns: ["id", "amount"], rows: (1...3).map { [.integer($0), .integer($0)] })
            try tx.readAhead([counting, "SELECT MAX(id) AS id FROM thing"])
            try tx.run("INSERT INTO thing (id) VALUES (4)")
            #expect(try tx.first(counting)?.get("n") == 4)
        }
        try await database.read { tx in
            let (count, ids, nothing, same, sum, streamed) = try tx.together(
                { try $0.first(counting)?.get("n") as Int? },
                { try $0.all("SELECT id FROM thing WHERE id > \(1) ORDER BY id").map { try $0.get("id") as Int64 } },
                { _ in "without a statement" }, { try $0.first(counting)?.get("n") as Int? },
                { tx in
                    let first: Int64 = try tx.first("SELECT id FROM thing ORDER BY id")?.get("id") ?? 0
                    return try tx.first("SELECT SUM(amount) AS n FROM thing WHERE id > \(first)")?.get("n") as Int?
                },
                { tx in
                    var ids: [Int64] = []
                    try tx.forEach("SELECT id FROM thing ORDER BY id DESC") {
                        ids.append(try $0.get("id"))
                        return true
                    }
                    return ids
                })
            #expect(count == 4 && same == 4 && sum == 5 && nothing == "without a statement")
            #expect(ids == [2, 3, 4] && streamed == [4, 3, 2, 1])
        }
        let failure = await Self.failure {
            try await database.read { tx in
                _ = try tx.together({ try $0.first(counting) }, { try $0.first("SELECT nowhere FROM thing") })
            }
        }
        #expect(failure.contains("defect"), "\(failure)")
        #expect(try await Self.ids(database).count == 4)
    }

    @Test("Reads together are one trip to the server")
    func trip() async throws {
        let database = try await Engine.postgresql.database(Self.migrations)
        @Sendable func next(_ name: String) -> SQL { "SELECT nextval('turn') AS n, \(name) AS who" }
        try await database.write { tx in
            try tx.run("CREATE SEQUENCE turn")
            let (first, both, last) = try tx.together(
                { try $0.first(next("first"))?.get("n") as Int? },
                { tx in
                    let one = try tx.first(next("one"))?.get("n") as Int?
                    return (one, try tx.first(next("other"))?.get("n") as Int?)
                },
                { try $0.first(next("last"))?.get("n") as Int? })
            // Whose statement comes second could not be known when the others were sent.
            #expect(first == 1 && both.0 == 2 && last == 3 && both.1 == 4)
        }
    }

    @Test("A closed database refuses, and says so", arguments: Engine.allCases)
    func closing(engine: Engine) async throws {
        let database = try await engine.database(Self.migrations)
        #expect(try await Self.ids(database) == [])
        try await database.close()
        await #expect(throws: (any Error).self) { try await Self.ids(database) }
    }

    static func ids(_ database: any Database) async throws -> [Int64] {
        try await database.read { try $0.all("SELECT id FROM thing ORDER BY id").map { try $0.get("id") } }
    }

    /// The name of the `StoreError` that `work` throws.
    static func failure(_ work: () async throws -> Void) async -> String {
        do { try await work() } catch let error as StoreError {
            return String("\(error)".prefix { $0 != "(" })
        } catch { return "\(error)" }
        return "nothing"
    }
}
