import Core
import Foundation
import Sheets
import Testing

@testable import Mining

/// Quality on the annotated letters, where the real files lie beside the package. The model has seen them, so these
/// figures guard against a slip; what to expect of others is in Mining.md.
@Suite("Annotated letters")
struct AnnotatedTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/data/appeals").standardizedFileURL.path
    private static let isThere = FileManager.default.fileExists(atPath: folder + "/gold_dev/hot_groups.csv")

    private static func rows(_ name: String) throws -> [(String) -> String] {
        let reader = try SheetFile.open(path: "\(folder)/\(name)")
        let titles = try #require(try reader.next()).cells.map(\.string)
        var rows: [(String) -> String] = []
        while let cells = try reader.next()?.cells.map(\.string) {
            rows.append { title in titles.firstIndex(of: title).flatMap { $0 < cells.count ? cells[$0] : nil } ?? "" }
        }
        return rows
    }

    @Test(
        "Groups, hot problems and lone letters are found", .enabled(if: isThere, "no ../shared/data beside the package")
    )
    func figures() throws {
        var home: [Int64: String] = [:]
        for row in try Self.rows("gold_dev/hot_groups.csv") where row("certainty") == "sure" {
            home[try #require(Int64(row("留言编号")))] = row("group_id")
        }
        let lone = Set(try Self.rows("gold_dev/singletons.csv").compactMap { Int64($0("留言编号")) })
        for id in lone { home[id] = "\(id)" }
        let letters: [MiningMessage] = try Self.rows("messages_4326.csv").compactMap { row in
            guard let id = Int64(row("留言编号")), home[id] != nil else { return nil }
            return MiningMessage(
                id: id, author: row("留言用户"), subject: row("留言主题"), text: row("留言详情"),
                at: DateReader.read(row("留言时间")))
        }
        #expect(letters.count == home.count)
        var miner = ProblemMiner(gazetteer: .empty)
        miner.insert(letters)
        var cluster = Dictionary(uniqueKeysWithValues: home.keys.map { ($0, $0) })
        for problem in miner.problems() { for id in problem.members { cluster[id] = problem.members[0] } }

        let figures = Figures(home: home, cluster: cluster)
        #expect(figures.f1 > 0.96, "B-cubed F1 (Bagga and Baldwin 1998)")
        #expect(figures.hot > 0.92, "of problems of five letters and more")
        #expect(figures.alone(lone) > 0.92)
    }

    private struct Figures {
        let home: [Int64: String]
        let cluster: [Int64: Int64]

        private struct Both: Hashable {
            let home: String
            let cluster: Int64
        }
        private let homes: [String: Int]
        private let clusters: [Int64: Int]
        private let both: [Both: Int]

        init(home: [Int64: String], cluster: [Int64: Int64]) {
            (self.home, self.cluster) = (home, cluster)
            homes = Dictionary(home.values.map { ($0, 1) }, uniquingKeysWith: +)
            clusters = Dictionary(cluster.values.map { ($0, 1) }, uniquingKeysWith: +)
            both = Dictionary(
                home.map { (Both(home: $1, cluster: cluster[$0] ?? 0), 1) }, uniquingKeysWith: +)
        }

        var f1: Double {
            var (precision, recall) = (0.0, 0.0)
            for (id, group) in home {
                let cluster = cluster[id] ?? 0
                let shared = Double(both[Both(home: group, cluster: cluster)] ?? 0)
                precision += shared / Double(clusters[cluster] ?? 1)
                recall += shared / Double(homes[group] ?? 1)
            }
            return 2 * precision * recall / (precision + recall) / Double(home.count)
        }

        /// Share of hot problems of which one cluster holds 60 % and that make up 60 % of it.
        var hot: Double {
            let groups = homes.filter { $0.value >= 5 }
            let found = both.filter { pair, shared in
                guard let size = groups[pair.home], let all = clusters[pair.cluster] else { return false }
                return shared * 10 >= size * 6 && shared * 10 >= all * 6
            }
            return Double(Set(found.keys.map(\.home)).count) / Double(max(1, groups.count))
        }

        func alone(_ lone: Set<Int64>) -> Double {
            let kept = lone.filter { id in cluster[id].map { clusters[$0] == 1 } ?? false }
            return Double(kept.count) / Double(max(1, lone.count))
        }
    }
}
