import Core
import Store
import TestKit
import Testing
import Web

@testable import Appeals

@Suite("Pages on which staff decide about problems")
struct ProblemDecisionPagesTests {
    private func problems(_ district: ProblemDistrict) async throws -> (noise: ProblemRecord, lamps: ProblemRecord) {
        let problems = try await district.problems()
        try #require(problems.count == 2)
        return (problems[0], problems[1])
    }

    @Test("A decision leads back to the problem with the way back on it, and undone it is struck out")
    func decideAndUndo() async throws {
        let district = try await ProblemDistrict(.sqlite)
        let path = "/desk/problems/\(try await problems(district).noise.id)"
        let done = try await district.post(path + "/decide", [("event", "confirm"), ("version", "0"), ("reason", "")])
        #expect(done.status == 303 && done.location.hasPrefix(path + "?done="))
        let page = try await district.get(done.location, role: .digitalOffice).1
        #expect(page.contains("已记录：确认为问题") && page.contains("PTWT-2021-") && page.contains("已确认"))
        let undo = try #require(page.firstMatch(of: /action="([^"]+\/undo)"/)).output.1
        let back = try await district.post(String(undo), [])
        #expect(back.status == 303 && back.location == path)
        let after = try await district.get(path, role: .digitalOffice).1
        #expect(after.contains("<s>确认为问题</s>") && !after.contains("/undo\""))
        #expect(try await district.post(String(undo), []).status == 409)
    }

    @Test("A refused form comes back as it was typed, and an old one is refused whole")
    func refused() async throws {
        let district = try await ProblemDistrict(.sqlite)
        let path = "/desk/problems/\(try await problems(district).noise.id)"
        let empty = try await district.post(
            path + "/decide", [("event", "dismiss"), ("version", "0"), ("reason", " ")])
        #expect(empty.status == 422 && empty.body.contains("请写明理由"))
        let long = String(repeating: "长", count: 200)
        let named = try await district.post(path + "/rename", [("name", long), ("version", "0")])
        #expect(named.status == 422 && named.body.contains(long))
        _ = try await district.post(path + "/pin", [("pin", "yes"), ("version", "0")])
        let old = try await district.post(path + "/rename", [("name", "旧"), ("version", "0")])
        #expect(old.status == 409 && old.body.contains("已被别人处理"))
        #expect(try await district.problems().first?.title != "旧")
    }

    @Test("Whoever may not decide sees no form and is refused", arguments: [Role.unitStaff, .unitHead, .leader])
    func forbidden(role: Role) async throws {
        let district = try await ProblemDistrict(.sqlite)
        let (noise, lamps) = try await problems(district)
        let path = "/desk/problems/\(noise.id)"
        let page = try await district.get(path, role: role).1
        #expect(!page.contains("id=\"next\"") && !page.contains("id=\"shape\""))
        for (deed, form) in [
            ("decide", [("event", "confirm"), ("version", "0")]), ("rename", [("name", "新"), ("version", "0")]),
            ("pin", [("pin", "yes"), ("version", "0")]),
            ("merge", [("into", lamps.id.description), ("version", "0")]),
            ("split", [("appeal", "1"), ("version", "0")]),
        ] {
            #expect(try await district.post("\(path)/\(deed)", form, role: role).status == 403, "\(deed)")
        }
        #expect(try await district.get(path + "/merge", role: role).0 == 403)
        #expect(try await district.problems().map(\.handling.version) == [0, 0])
    }

    @Test("Merging and splitting by their pages, with the reason in the timeline")
    func reshape() async throws {
        let district = try await ProblemDistrict(.sqlite)
        let (noise, lamps) = try await problems(district)
        let form = try await district.get("/desk/problems/\(lamps.id)/merge?q=施工", role: .digitalOffice).1
        #expect(form.contains("夜间施工噪音") && form.contains("value=\"\(noise.id)\""))
        // Of another township and topic, and still offered, since no other problem is nearer.
        let plain = try await district.get("/desk/problems/\(lamps.id)/merge", role: .digitalOffice).1
        #expect(lamps.topic != noise.topic || lamps.townshipCode != noise.townshipCode)
        #expect(plain.contains("value=\"\(noise.id)\""))
        let merged = try await district.post(
            "/desk/problems/\(lamps.id)/merge",
            [("into", noise.id.description), ("version", "0"), ("reason", "同一工地")])
        #expect(merged.status == 303 && merged.location.hasPrefix("/desk/problems/\(noise.id)?done="))
        let page = try await district.get(merged.location, role: .digitalOffice).1
        #expect(page.contains("并入本问题") && page.contains("同一工地") && page.contains("共 15 件诉求"))
        #expect(try await district.get("/desk/problems/\(lamps.id)").1.contains("打开并入的问题"))

        let empty = try await district.post("/desk/problems/\(noise.id)/split", [("version", "1")])
        #expect(empty.status == 422 && empty.body.contains("请勾选"))
        let split = try await district.post(
            "/desk/problems/\(noise.id)/split",
            [("version", "1"), ("appeal", "1"), ("appeal", "2"), ("reason", "另一处")])
        #expect(split.status == 303)
        #expect(try await district.get(split.location, role: .digitalOffice).1.contains("共 13 件诉求"))
    }

    @Test("The board has a column for each state, in both languages, and opens the list of each")
    func board() async throws {
        let district = try await ProblemDistrict(.sqlite)
        let (noise, lamps) = try await problems(district)
        _ = try await district.post(
            "/desk/problems/\(noise.id)/decide", [("event", "assign"), ("version", "0"), ("unit", "construction")])
        for language in [Language.chinese, .english] {
            let (status, html) = try await district.get("/desk/problems/board", language: language)
            #expect(status == 200)
            for state in ProblemState.allCases { #expect(html.contains(state.title(language)), "\(state)") }
            #expect(html.contains("/desk/problems/\(noise.id)") && html.contains("/desk/problems/\(lamps.id)"))
        }
        let mine = try await district.get("/desk/problems/board?unit=construction").1
        #expect(mine.contains("/desk/problems/\(noise.id)\"") && !mine.contains("/desk/problems/\(lamps.id)\""))
        #expect(try await district.get("/desk/problems?stage=assigned").1.contains("夜间施工噪音"))
        #expect(try await district.get("/desk/problems?stage=found").1.contains("夜间施工噪音") == false)
    }

    @Test("Each number of a comparison opens just its appeals")
    func compare() async throws {
        let district = try await ProblemDistrict(.sqlite)
        let path = "/desk/problems/compare?from1=2021-04-01&to1=2021-04-12&from2=2021-04-13&to2=2021-04-19"
        let (status, html) = try await district.get(path)
        #expect(status == 200)
        let links = html.matches(of: /href="(\/desk\/problems\/\d+\?from=[^"]+)">(\d+)</)
        try #require(links.count >= 3)
        for link in links.prefix(2) {
            let opened = try await district.get(String(link.output.1).replacing("&amp;", with: "&")).1
            let rows = opened.matches(of: /href="\/desk\/appeals\/\d+"/).count
            #expect(String(rows) == String(link.output.2), "\(link.output.1)")
        }
        #expect(try await district.get("/desk/problems/compare?from1=2021-04-12&to1=2021-04-01").0 == 422)
        #expect(try await district.get(path + "&change=new").1.contains("没有符合条件的内容"))
        let (_, bytes) = try await district.bytes(
            "/desk/problems/compare/export?format=csv&" + path.split(separator: "?")[1])
        let csv = String(decoding: bytes, as: UTF8.self)
        #expect(csv.contains("夜间施工噪音") && csv.contains("前期件数"))
    }

    @Test("Two appeals are explained, together or not, by number or by link")
    func why() async throws {
        let district = try await ProblemDistrict(.sqlite)
        let together = try await district.get("/desk/problems/why?x=1&y=2")
        #expect(together.0 == 200 && together.1.contains("这两件在同一个问题里"))
        for kind in ["地点", "事由", "措辞", "时间"] { #expect(together.1.contains(kind), "\(kind)") }
        #expect(!together.1.contains("13812341234"), "telephone numbers are masked")
        let apart = try await district.get("/desk/problems/why?x=1&y=21").1
        #expect(apart.contains("这两件不在同一个问题里") && apart.contains("不支持"))
        let numbers = together.1.matches(of: /name="[ab]"[^>]*value="([^"]+)"|value="(PT-[^"]+)"/).count
        #expect(numbers == 2)
        #expect(try await district.get("/desk/problems/why?a=PT-1&b=PT-2").0 == 422)
        #expect(try await district.get("/desk/problems/why").0 == 200)
        #expect(try await district.get("/desk/problems/why?x=1&y=1").0 == 422)
    }

    @Test("The map of a month shows its problems alone, steps to the next, and works without JavaScript")
    func mapByMonth() async throws {
        let district = try await ProblemDistrict(.sqlite)
        let (_, all) = try await district.get("/desk/map")
        #expect(all.contains("全部时间") && all.contains("data-months=") && all.contains("rel=\"prev\""))
        let (status, april) = try await district.get("/desk/map?from=2021-04-01&to=2021-04-30")
        #expect(status == 200 && april.contains("夜间施工噪音") && !april.contains("路灯损坏"))
        #expect(april.contains("from=2021-03-01&amp;to=2021-03-31"))
        #expect(april.contains("name=\"from\"") && april.contains("value=\"2021-04-01\""))
        let (_, wrong) = try await district.get("/desk/map?from=2021-05-01&to=2021-04-01")
        #expect(wrong.contains("请填写起止日期"))
        #expect(try await district.get("/desk/map?from=2019-01-01&to=2019-01-31").1.contains("这段时间没有"))
    }
}
