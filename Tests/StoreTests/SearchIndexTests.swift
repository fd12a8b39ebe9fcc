import Store
import TestKit
import Testing

@Suite("Search index")
struct SearchIndexTests {
    static let index = SearchIndex(table: "note_search")
    static let migrations = [
        Migration(
            "test.0001-note", ["CREATE TABLE note (id BIGINT PRIMARY KEY, body TEXT NOT NULL)"] + index.migrationSteps)
    ]
    static let texts: [Int64: String] = [
        1: "天气很热,路灯不亮",
        2: "小区停车难，物业不管。Bus 12路 晚点",
        3: "PT-20210419-00012 噪音扰民",
        4: "热",
        5: "ＢＵＳ stop at Café Ünlü",
        6: "天空",
    ]

    static func database(_ engine: Engine) async throws -> any Database {
        let database = try await engine.database(migrations)
        try await database.write { tx in
            try tx.insert(into: "note", columns: ["id", "body"], rows: texts.map { [.integer($0), .text($1)] })
            try index.insert(texts.map { (id: $0, text: $1) }, in: tx)
        }
        return database
    }

    static func find(_ query: String, _ database: any Database) async throws -> [Int64]? {
        guard let condition = index.condition(query, id: "note.id") else { return nil }
        return try await database.read { tx in
            try tx.all("SELECT id FROM note WHERE \(condition) ORDER BY id").map { try $0.get("id") }
        }
    }

    @Test(
        "Words of one, two, three and four characters, numbers and Latin words are found",
        arguments: Engine.allCases)
    func words(engine: Engine) async throws {
        let database = try await Self.database(engine)
        let expected: [(String, [Int64])] = [
            ("热", [1, 4]), ("天", [1, 6]), ("亮", [1]), ("天气", [1]), ("停车难", [2]), ("噪音扰民", [3]), ("bus", [2, 5]),
            ("BUS 停车", [2]), ("12", [2]), ("00012", [3]), ("PT-20210419", [3]), ("café", [5]), ("ÜNLÜ", [5]),
            ("气天", []), ("公交", []), ("灯 天气", [1]),
        ]
        for (query, ids) in expected {
            #expect(try await Self.find(query, database) == ids, "\(query)")
        }
    }

    @Test(
        "Operators, quotes and punctuation in a question do no harm", arguments: Engine.allCases)
    func harmless(engine: Engine) async throws {
        let database = try await Self.database(engine)
        for query in [
            "\"天气", "天气 AND OR NOT", "NEAR(天气)", "天气*^:", "'; DROP TABLE note; --", "( ) & | ! <->", "a:b* \\",
        ] {
            _ = try await Self.find(query, database)
        }
        #expect(try await Self.find("！？。 * \"", database) == [])
        #expect(try await Self.find(" \u{3000}\n", database) == nil)
        #expect(try await Self.find("天气'", database) == [1])
    }

    @Test("A changed text is found by its new words only, a removed one not at all", arguments: Engine.allCases)
    func changes(engine: Engine) async throws {
        let database = try await Self.database(engine)
        try await database.write { tx in
            try Self.index.replace(id: 4, old: "热", new: "停电", in: tx)
            try Self.index.remove(id: 1, old: "天气很热,路灯不亮", in: tx)
        }
        #expect(try await Self.find("热", database) == [])
        #expect(try await Self.find("停电", database) == [4])
        #expect(try await Self.find("天气", database) == [])
        #expect(try await Self.find("天", database) == [6])
    }
}
