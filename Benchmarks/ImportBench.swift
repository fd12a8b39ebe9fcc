import Appeals
import Casework
import Core
import Foundation
import Logging
import Mining
import Organisation
import Sheets
import Store

/// Import of appeals into SQLite, with number, deadline, timeline and search index, beside the bare insert of the same
/// rows and index.
enum ImportBench {
    static func csv(_: [String]) async throws {
        try await Scratch.with { folder in
            let path = folder.appendingPathComponent("appeals.csv").path
            try Generated.writeCSV(rows: 60_000, sentences: 1, to: path)
            try await measure(path, in: folder, title: "import, CSV, 60,000 short appeals", rateMin: 10_000)
        }
    }

    static func xlsx(_: [String]) async throws {
        try await Scratch.with { folder in
            let path = folder.appendingPathComponent("appeals.xlsx").path
            try Generated.writeXLSX(rows: 40_000, sentences: 1, to: path)
            try await measure(path, in: folder, title: "import, XLSX, 40,000 short appeals", rateMin: 6_000)
        }
    }

    /// Long letters: the real workbook of 4,326 where it is at hand.
    static func long(_: [String]) async throws {
        try await Scratch.with { folder in
            if let real = RealData.file("appeals/messages_4326.xlsx") {
                try await measure(real, in: folder, title: "import, XLSX, 4,326 real letters", rateMin: nil)
            } else {
                let path = folder.appendingPathComponent("appeals.xlsx").path
                try Generated.writeXLSX(rows: 4_000, sentences: 12, to: path)
                try await measure(path, in: folder, title: "import, XLSX, 4,000 generated letters", rateMin: nil)
            }
        }
    }

    private static func measure(_ path: String, in folder: URL, title: String, rateMin: Double?) async throws {
        let surroundings = Surroundings.system()
        let profile = try ProfileLoader.load(folder: URL(fileURLWithPath: "profiles/putuo"))
        let migrations =
            StoreMigrations.all + OrganisationMigrations.all + CaseworkMigrations.all + AppealMigrations.all
            + ProblemMigrations.all
        let database = try await DatabaseAddress.sqlite(path: folder.appendingPathComponent("a.sqlite").path).open(
            logger: Logger(label: "bench"))
        try await Migrator(migrations).migrate(database)
        let importing = ImportAppeals(
            database: database,
            cases: try Cases(profile: profile, kinds: [AppealKind.kind], surroundings: surroundings), profile: profile,
            secret: Array("bench".utf8), locator: TownshipLocator(profile), topic: nil, surroundings: surroundings)
        let record = try await importing.draft(path: path, name: (path as NSString).lastPathComponent)
        let queued = try await importing.confirm(record.id, source: "bench", names: record.names)
        let state = Lock<ImportRecord?>(nil)
        let seconds = try await Clock.seconds {
            let done = try await importing.run(queued.id)
            state.withLock { $0 = done }
        }
        guard let tally = state.withLock({ $0 })?.tally else { return }
        let peak = Memory.peakMebibytes
        let bare = try await bareInsert(of: database, in: folder)
        let rate = Double(tally.rows) / seconds
        let accepted = "\(tally.accepted) accepted, \(tally.rejected) rejected"
        Report.line(
            title, "\(Int(rate)) appeals/s (\(accepted), peak \(peak) MiB)",
            limit: rateMin.map { ("at least \(Int($0))/s", rate >= $0) })
        let ratio = seconds / bare
        Report.line(
            "  beside the bare insert of the same rows and index", String(format: "%.2f times its time", ratio),
            limit: ("at most 3", ratio <= 3))
        try await database.close()
        Report.finish()
    }

    /// The limit: the same rows of appeals, case files and timelines, and the same index documents, all in memory
    /// already, into empty tables of the same form.
    private static func bareInsert(of database: any Database, in folder: URL) async throws -> Double {
        let tables = try await database.read { tx in
            [
                try Table("appeal", AppealStore.columns, "SELECT * FROM appeal ORDER BY id", tx),
                try Table("case_file", CaseFileStore.fileColumns, "SELECT * FROM case_file ORDER BY id", tx),
                try Table(
                    "case_timeline", CaseTimelineStore.columnNames, "SELECT * FROM case_timeline ORDER BY case_id", tx),
            ]
        }
        let documents: [SearchIndex.Document] = try await database.read { tx in
            try tx.all("SELECT id, subject, body, address FROM appeal ORDER BY id").map { row in
                let texts: [String] = [try row.get("subject"), try row.get("body"), try row.get("address")]
                return (try row.get("id"), texts.joined(separator: "\n"))
            }
        }
        let index = SearchIndex(table: "bare_search")
        let bare = try await DatabaseAddress.sqlite(path: folder.appendingPathComponent("b.sqlite").path)
            .open(logger: Logger(label: "bench"))
        try await Migrator(
            CaseworkMigrations.all + AppealMigrations.all + [Migration("bench.0001-index", index.migrationSteps)]
        ).migrate(bare)
        let seconds = try await Clock.seconds {
            for start in stride(from: 0, to: documents.count, by: 2_000) {
                let range = start..<min(start + 2_000, documents.count)
                try await bare.write { tx in
                    for table in tables {
                        try tx.insert(
                            into: table.name, columns: table.columns,
                            rows: table.rows[range.clamped(to: table.rows.indices)])
                    }
                    try index.insert(documents[range], in: tx)
                }
            }
        }
        try await bare.close()
        return seconds
    }

    private struct Table: Sendable {
        let name: StaticString
        let columns: [StaticString]
        let rows: [[Value]]

        init(_ name: StaticString, _ columns: [StaticString], _ sql: SQL, _ tx: any Transaction) throws {
            self.name = name
            self.columns = columns
            let names = columns.map(\.description)
            rows = try tx.all(sql).map { row in try names.map { try row.value($0) } }
        }
    }
}
