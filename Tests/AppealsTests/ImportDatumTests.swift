import Core
import Organisation
import Store
import TestKit
import Testing

@testable import Appeals

@Suite("In what coordinates a file's places are written")
struct ImportDatumTests {
    /// Places all over the district, with the township each lies in, as a file that does not say what its numbers mean.
    private func file(_ count: Int, _ datum: Datum, in district: AppealDistrict) throws -> (text: String, [Coordinate])
    {
        let locator = TownshipLocator(district.profile)
        let corners = district.profile.townships.flatMap { $0.outlines.flatMap(\.points) }
        let (south, north) = (
            try #require(corners.map(\.latitude).min()), try #require(corners.map(\.latitude).max())
        )
        let (west, east) = (
            try #require(corners.map(\.longitude).min()), try #require(corners.map(\.longitude).max())
        )
        var random = SeededGenerator(seed: 11)
        var points: [Coordinate] = []
        var rows = ["工单编号,受理时间,诉求内容,街镇,经度,纬度"]
        while points.count < count {
            let point = try #require(
                Coordinate(
                    latitude: .random(in: south...north, using: &random),
                    longitude: .random(in: west...east, using: &random)))
            guard let township = locator.township(of: point).flatMap(district.profile.township) else { continue }
            let (x, y) = datum.xy(point)
            rows.append("D\(points.count),2021-04-01 09:00,第\(points.count)盏路灯坏了,\(township.name.zh),\(x),\(y)")
            points.append(point)
        }
        return (rows.joined(separator: "\n"), points)
    }

    @Test(
        "A file that says nothing is read as its points speak for, and its page says why",
        arguments: [Datum.wgs84, .gcj02, .bd09])
    func guessed(datum: Datum) async throws {
        let district = try await AppealDistrict()
        let importing = district.module.importAppeals
        let (text, points) = try file(120, datum, in: district)
        let draft = try await importing.draft(path: try AppealDistrict.file(text), name: "places.csv", source: "热线")
        #expect(draft.datum == datum)
        let page = try await district.get("/desk/imports/\(draft.id)").body
        #expect(page.contains("样本表明是 \(ImportDatum.title(datum).zh)"))
        #expect(page.contains("120 个点中 120 个在区内") && page.contains("value=\"\(datum.rawValue)\" selected"))
        _ = try await importing.run(try await importing.confirm(draft.id, source: "热线", names: draft.names).id)
        for (number, point) in points.enumerated() {
            let read = try #require(try await district.appeal("D\(number)")?.point)
            #expect(read.metres(to: point) < 1, "D\(number)")
        }
    }

    @Test("What a person chooses is taken, and remembered for files of the same layout", arguments: Engine.allCases)
    func chosen(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        let importing = district.module.importAppeals
        let text = try file(120, .gcj02, in: district).text
        let draft = try await importing.draft(path: try AppealDistrict.file(text), name: "a.csv", source: "热线")
        let path = "/desk/imports/\(draft.id)"
        // A form that is refused keeps the choice.
        let refused = try await district.post(path + "/confirm", ["source": "热线", "datum": "bd09"])
        #expect(refused.status == 422 && refused.body.contains("value=\"bd09\" selected"))
        let columns = ["column-0": "id", "column-2": "text", "column-4": "longitude", "column-5": "latitude"]
        let form = columns.merging(["source": "热线", "datum": "wgs84"]) { $1 }
        #expect(try await district.post(path + "/confirm", form).status == 303)
        let queued = try await district.database.read { try ImportStore.find(draft.id, in: $0) }
        #expect(queued.state == .queued && queued.datum == .wgs84)
        let next = try await importing.draft(path: try AppealDistrict.file(text), name: "b.csv", source: "热线")
        #expect(next.datum == .wgs84)
    }

    @Test("A few points decide nothing, a header does, and a file without places is not asked about")
    func undecided() async throws {
        let district = try await AppealDistrict()
        let importing = district.module.importAppeals
        func draft(_ text: String) async throws -> (ImportRecord, page: String) {
            let record = try await importing.draft(path: try AppealDistrict.file(text), name: "few.csv", source: "热线")
            return (record, try await district.get("/desk/imports/\(record.id)").body)
        }
        let few = try await draft(try file(10, .gcj02, in: district).text)
        #expect(few.0.datum == nil && few.page.contains("样本不足以判断"))
        let named = try await draft(
            try file(10, .gcj02, in: district).text.replacing("经度,纬度", with: "高德经度,高德纬度"))
        #expect(named.0.datum == .gcj02 && named.page.contains("表头写明是 GCJ-02"))
        let none = try await draft(AppealDistrict.rows(1...3))
        #expect(none.0.datum == nil && !none.page.contains("name=\"datum\""))
    }
}
