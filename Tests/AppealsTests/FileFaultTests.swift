import Core
import Foundation
import Sheets
import Store
import TestKit
import Testing

@testable import Appeals

/// What goes wrong with a file, by name, from the upload on; what a reader refuses by itself is in SheetsTests.
@Suite("Files that are not as they should be")
struct FileFaultTests {
    private func path(_ bytes: [UInt8], _ ending: String) throws -> String {
        let path = try ScratchFolder.shared().path(ending)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// A file of `size` bytes that takes no room: a text, then a hole.
    private func sparse(_ head: String, size: Int, _ ending: String = "csv") throws -> String {
        let path = try path(Array(head.utf8), ending)
        try #require(truncate(path, off_t(size)) == 0)
        return path
    }

    /// The code of what an import says to a file, whether it is opened or only read to its end.
    private func refusal(_ path: String) async throws -> String? {
        let district = try await AppealDistrict()
        do {
            _ = try await district.module.importAppeals.run(try await district.queue(path).id)
            return nil
        } catch let problem as any Problem {
            #expect(!problem.report.explanation.zh.isEmpty && !problem.report.explanation.en.isEmpty)
            #expect(try await district.count() == 0, "nothing of it is kept")
            return problem.report.code
        }
    }

    private static let columns = String(repeating: "列,", count: 1_000_000) + "末"

    @Test("Each is refused by what is wrong with it")
    func refused() async throws {
        let head = "编号,时间,内容\n"
        let zip: [UInt8] = [0x50, 0x4B, 0x03, 0x04] + [UInt8](repeating: 0x41, count: 200)
        let cases: [(name: String, path: String, code: String)] = [
            ("0 bytes", try path([], "csv"), "sheets.empty"),
            ("0 bytes named as a workbook", try path([], "xlsx"), "sheets.empty"),
            ("only a header", try path(Array(head.utf8), "csv"), "appeals.import_empty"),
            ("no header", try path(Array("1,2,3\n4,5,6\n".utf8), "csv"), "appeals.import_empty"),
            (
                "wrong encoding: Latin-1 among UTF-8",
                try path(Array(head.utf8) + Array("A1,2021-04-01,路灯".utf8) + [0xE9, 0x0A], "csv"),
                "sheets.malformed_text"
            ),
            ("a million columns", try path(Array("\(Self.columns)\n1\n".utf8), "csv"), "sheets.too_many_columns"),
            (
                "a workbook that is HTML",
                try path(Array("<html><table><tr><td>编号</td></tr></table></html>".utf8), "xlsx"), "sheets.markup"
            ),
            ("a zip cut off", try path(zip, "xlsx"), "sheets.damaged"),
            (
                "a field of 2 GB",
                try sparse(head + "A1,2021-04-01,\"" + String(repeating: "长", count: 6_000_000), size: 2 << 30),
                "sheets.unterminated_quote"
            ),
            ("2 GB of nothing", try sparse(head + "A1,2021-04-01,路灯坏了\n", size: (2 << 30) - 1), "sheets.not_a_table"),
            ("over the size limit", try sparse(head, size: (2 << 30) + 1), "sheets.too_large"),
        ]
        for one in cases {
            let code = try await refusal(one.path)
            #expect(code == one.code, "\(one.name)")
        }
    }

    @Test("A hole of a gigabyte in a file ends its import at once, and what came before it is kept and named")
    func hole() async throws {
        let text = "编号,时间,内容\n" + (1...3_000).map { "G\($0),2021-04-01,路灯坏了请派人修\n" }.joined()
        #expect(text.utf8.count > SheetLimits.sampleBytes)
        let district = try await AppealDistrict()
        let record = try await district.queue(try sparse(text, size: 1 << 30))
        await #expect(throws: SheetError.notATable) { try await district.module.importAppeals.run(record.id) }
        let stopped = try await district.database.read { try ImportStore.find(record.id, in: $0) }
        #expect(stopped.state == .failed && stopped.failure == SheetError.notATable.report.explanation)
        #expect(try await district.count() == stopped.tally.accepted)
    }

    @Test("Of duplicate and missing headers each column keeps a name of its own")
    func headers() async throws {
        let district = try await AppealDistrict()
        let record = try await district.load("编号,时间,内容,内容,,备注\nA1,2021-04-01,路灯坏了,别的,乙,丙", names: ["text": "内容"])
        #expect(record.headers == ["编号", "时间", "内容", "内容 (2)", "E", "备注"])
        #expect(try await district.appeal("A1")?.body == "路灯坏了")
        let other = try await AppealDistrict()
        try await other.load("编号,时间,内容,内容,,备注\nA1,2021-04-01,路灯坏了,别的,乙,丙", names: ["text": "内容 (2)"])
        #expect(try await other.appeal("A1")?.body == "别的")
    }

    @Test("Dates of 1900 and 9999 are refused by row, and the rows beside them taken")
    func dates() async throws {
        let district = try await AppealDistrict()
        let texts = ["1900-01-01", "1899-12-31", "9999-12-31", "0001-01-01", "2999-01-01", "99999999", "1", "-5"]
        let rows = texts.enumerated().map { "D\($0),\($1),一件普通的事情" } + ["E1,2021-04-01,一件别的事情"]
        let record = try await district.load("编号,受理时间,内容\n" + rows.joined(separator: "\n"), names: ["time": "受理时间"])
        #expect(record.tally.rejected == texts.count && record.tally.accepted == 1)
        let reasons = try await district.database.read {
            try ImportStore.rejects(of: record.id, isWarning: false, limit: 20, in: $0).map(\.reason)
        }
        #expect(reasons.allSatisfy { $0 == .timeImpossible || $0 == .timeUnreadable })
        #expect(reasons.prefix(3).allSatisfy { $0 == .timeImpossible })
    }

    @Test("NUL, bidi marks, emoji, HTML and SQL in every field are text and nothing else", arguments: Engine.allCases)
    func everyField(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        let titles = [
            "编号", "受理时间", "标题", "诉求内容", "工单类型", "主题分类", "渠道", "诉求人", "联系电话", "地址", "街镇", "纬度", "经度", "承办单位", "答复",
            "满意度", "点赞数",
        ]
        let texts = [
            "a\u{0}b", "\u{202E}gpj.exe", "\u{2066}x\u{2069}", "👨‍👩‍👧🏳️‍🌈", "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "'; DROP TABLE appeal; --", "=cmd|' /C calc'!A0", "{{title}}", "%s%n", "../../etc/passwd", "\\u0000",
            "${7*7}",
        ]
        var rows = [titles.joined(separator: ",")]
        for (number, text) in texts.enumerated() {
            let cell = "\"\(text.replacing("\"", with: "\"\""))\""
            rows.append(
                titles.map { title in
                    switch title {
                    case "编号": "\"\(number)-\(text.replacing("\"", with: "\"\""))\""
                    case "受理时间": "2021-04-01 09:00"
                    // A file full of zero bytes is no text; a few are an accident of its export.
                    case "标题", "地址": cell
                    case _ where number == 0: "\"ab\""
                    default: cell
                    }
                }.joined(separator: ","))
        }
        let record = try await district.load(
            rows.joined(separator: "\n"), names: ["id": "编号", "latitude": "纬度", "longitude": "经度", "likes": "点赞数"])
        #expect(record.tally.accepted == texts.count && record.tally.rejected == 0)
        let list = try await district.get("/desk/appeals")
        let result = try await district.get("/desk/imports/\(record.id)")
        var pages = [list.body, result.body]
        for id in try await district.ids() { pages.append(try await district.get("/desk/appeals/\(id)").body) }
        for page in pages {
            for harm in ["<script>alert", "<img src=x", "\u{0}", "\u{202E}", "\u{2066}"] {
                #expect(!page.contains(harm), "\(harm)")
            }
        }
        #expect(try await district.count() == texts.count)
        for word in ["DROP TABLE", "{{title}}", "onerror"] { #expect(try await district.count(search: word) == 1) }
    }

    // MARK: - Places

    /// Coordinates of one place in Putuo as other systems write it, and what becomes of them.
    private func points(_ headers: String, _ rows: [String]) async throws -> (
        points: [Coordinate?], reasons: [ImportReason]
    ) {
        let district = try await AppealDistrict()
        let text =
            "编号,时间,内容,\(headers)\n" + rows.enumerated().map { "P\($0),2021-04-01,路灯坏了请修,\($1)" }.joined(separator: "\n")
        let record = try await district.load(text)
        #expect(record.tally.accepted == rows.count)
        var points: [Coordinate?] = []
        for index in rows.indices { points.append(try await district.appeal("P\(index)")?.point) }
        let reasons = try await district.database.read {
            try ImportStore.rejects(of: record.id, isWarning: true, limit: 20, in: $0).map(\.reason)
        }
        return (points, reasons)
    }

    private static let here = Coordinate(latitude: 31.2411, longitude: 121.4031)

    @Test("Latitude and longitude in each other's place are exchanged, and it is said")
    func swapped() async throws {
        let (points, reasons) = try await points("纬度,经度", ["31.2411,121.4031", "121.4031,31.2411"])
        #expect(points == [Self.here, Self.here])
        #expect(reasons == [.pointSwapped])
    }

    @Test(
        "GCJ-02 and BD-09 are known by their header and brought back",
        arguments: [
            ("高德纬度,高德经度", Datum.gcj02), ("lat_gcj02,lng_gcj02", .gcj02), ("百度纬度,百度经度", .bd09), ("bd_lat,bd_lng", .bd09),
        ])
    func shifted(headers: String, datum: Datum) async throws {
        // Some 500 m and 1,300 m off, if they were taken for WGS 84.
        let written = datum == .gcj02 ? (31.2391, 121.4076) : (31.2450, 121.4142)
        let (points, reasons) = try await points(headers, ["\(written.0),\(written.1)"])
        let (point, here) = (try #require(points[0]), try #require(Self.here))
        #expect(point.metres(to: here) < 150, "\(point)")
        #expect(try #require(Coordinate(latitude: written.0, longitude: written.1)).metres(to: here) > 400)
        #expect(reasons.isEmpty)
    }

    @Test("Metres of the city's grid are read as such, in either order")
    func metres() async throws {
        let (points, reasons) = try await points("COORDX,COORDY", ["-6100.5,640.2", "640.2,-6100.5"])
        for point in points { #expect(try #require(point).metres(to: try #require(Self.here)) < 300) }
        #expect(reasons == [.pointSwapped])
    }

    @Test("A point outside the district is kept with a word, one outside the globe is not")
    func outside() async throws {
        let (points, reasons) = try await points(
            "纬度,经度", ["42.36,-71.06", "0,0", "91,-170", "999999,5", "abc,1", "31.2411,", "nan,inf"])
        #expect(points == [Coordinate(latitude: 42.36, longitude: -71.06)] + [Coordinate?](repeating: nil, count: 6))
        #expect(reasons == [.pointFarAway] + [ImportReason](repeating: .pointOutside, count: 6))
    }
}

extension AppealDistrict {
    func ids() async throws -> [Int64] {
        try await database.read { try $0.all("SELECT id FROM appeal ORDER BY id").map { try $0.get("id") } }
    }
}
