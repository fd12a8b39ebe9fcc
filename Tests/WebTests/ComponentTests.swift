import Core
import Foundation
import Hummingbird
import Testing

@testable import Web

/// What each component writes is kept in `Tests/Snapshots/Web`; `SHUZHI_SNAPSHOTS=write` writes it anew, for the
/// difference to be read before it is committed.
@Suite("Components write what was agreed")
struct ComponentTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let make: @Sendable (Visit) -> any Component
        var testDescription: String { name }

        init(_ name: String, _ make: @escaping @Sendable (Visit) -> any Component) {
            self.name = name
            self.make = make
        }
    }

    static let at = Instant(millisecondsSince1970: 1_618_794_000_000)

    static let samples: [Sample] =
        [
            Sample("badge") { _ in Badge("办理中 <1>", .info) },
            Sample("light") { _ in LightBadge(.yellow) },
            Sample("light-worded") { _ in LightBadge(.red, text: "超期 3 天") },
            Sample("toast") { _ in Toast("已保存 & 已派单") },
            Sample("toast-danger") { _ in Toast("导入失败", tone: .danger) },
            Sample("empty") { _ in EmptyState(title: "还没有诉求") },
            Sample("empty-full") { _ in
                EmptyState(title: "还没有诉求", detail: "请先导入。", action: PageAction("导入", "/desk/import?a=1&b=2"))
            },
            Sample("state-loading") { visit in EmptyState.loading(visit) },
            Sample("state-no-permission") { visit in EmptyState.noPermission(visit, needed: .desk) },
            Sample("qr") { _ -> any Component in
                if let code = QRCode("A", label: "一个字母") { code } else { Badge("") }
            },
            Sample("facts") { visit in
                KeyValues([
                    ("文本", .text("a<b")), ("长文本", .long("很长")), ("链接", .link("东河", "/a?b=\"c\"")),
                    ("亮灯", .light(.green)),
                    ("时间", .time(at)), ("日期", .day(Day(at, in: .shanghai))), ("数", .number(-1_234_567)),
                    ("率", .percent(-874)),
                    ("条", .bar(1_200, "120%")), ("标记", .badges([Badge("甲"), Badge("乙", .good)])), ("无", .none),
                    ("线", .sparkline(Sparkline(values: [1, 5, .nan, 3], label: "近三月"))),
                ])
            },
            Sample("stats") { _ in
                StatTiles([
                    .init("在办", "1,024", unit: "件", note: "比上周多 3", href: "/desk", tone: .warning),
                    .init("按时", "95.1%", trend: Sparkline(values: [3, 3, 3], label: "平")),
                ])
            },
            Sample("tabs") { _ in Tabs([.init("我的", "?a", isCurrent: true, count: 1_200), .init("全区", "?b")]) },
            Sample("timeline") { _ in
                Timeline([
                    .init(at: "2021-04-19 09:00", title: "受理", detail: "来电 <b>", who: "热线"),
                    .init(at: "2021-04-20 10:00", title: "派单", detail: "", tone: .danger),
                ])
            },
            Sample("score") { _ in
                ScoreView(
                    points: 120, of: 100, title: "高频",
                    reasons: [.init("近 90 天 148 件", points: 60, href: "/a"), .init("下降", points: -5)], isOpen: true)
            },
            Sample("chart-line") { _ in
                Chart(
                    title: "每月", kind: .line, labels: ["1月", "2月", "3月"],
                    series: [.init("受理", [10, .nan, 25.5]), .init("办结", [8, 9])], unit: "件")
            },
            Sample("chart-bar") { _ in
                Chart(title: "街镇", kind: .bar, labels: ["甲", "乙"], series: [.init("件", [-3, 12])])
            },
            Sample("chart-stacked") { _ in
                Chart(
                    title: "状态", kind: .stacked, labels: ["1月"], series: [.init("在办", [3]), .init("办结", [4])])
            },
            Sample("chart-empty") { _ in Chart(title: "无", kind: .line, labels: [], series: []) },
            Sample("map") { _ in map },
            Sample("progress") { visit in
                ProgressView(
                    title: "导入", poll: "/desk/imports/1/progress",
                    status: .init(
                        state: "running", done: 50_000, total: 200_000, note: "写入中",
                        startedAt: visit.now.adding(seconds: -10), next: nil, visit: visit), cancelPath: "/cancel")
            },
            Sample("progress-over") { visit in
                ProgressView(
                    title: "导入", poll: "/p",
                    status: .init(
                        state: "done", done: 7, total: 0, note: "", startedAt: nil, next: "/done", visit: visit),
                    cancelPath: "/cancel")
            },
            Sample("upload") { _ in
                Upload(
                    label: "文件", name: "file", accept: [".csv", ".xlsx"], bytesMax: 200 << 20, hint: "拖到这里", error: "太大"
                )
            },
            Sample("errors") { _ in FormErrors([("name", "请填写姓名。")]) },
            Sample("pager") { _ in
                Pager(path: "/list", query: ListQuery(search: "噪音", sort: "at", page: 3), total: 400)
            },
            Sample("table") { visit in
                table(visit, ListQuery(search: "灯 & 路", sort: "count", filters: ["state": ["open"]]))
            },
            Sample("table-empty") { visit in
                Table(visit: visit, query: ListQuery(sort: "a"), columns: [], rows: [], total: 0, hasSearch: false)
            },
            Sample("table-no-match") { visit in
                Table(visit: visit, query: ListQuery(search: "x", sort: "a"), columns: [], rows: [], total: 0)
            },
            Sample("table-beyond") { visit in
                Table(
                    visit: visit, query: ListQuery(search: "x", sort: "a", page: 9), columns: [], rows: [], total: 61)
            },
        ]
        + Field.Kind.allCases.map { kind in
            Sample("field-\(kind.rawValue)") { _ in
                Field(
                    label: "主题", name: "subject", kind: kind, value: "b\"<",
                    options: [.init("b\"<", "乙", hint: "注"), .init("c", "丙")],
                    error: kind == .number ? "请填数字。" : nil, hint: "一句话", isRequired: kind == .radios, charactersMax: 80,
                    autocomplete: kind == .password ? "current-password" : nil)
            }
        }

    private static let map = MapView(
        title: "诉求分布",
        townships: [(0.0, 12), (1.0, nil), (2.0, 300)].enumerated().map { index, pair in
            let corners = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)].compactMap {
                Coordinate(latitude: 31.2 + $0.0 / 100, longitude: 121.4 + (pair.0 + $0.1) / 100)
            }
            return MapView.Township(
                code: "\(index)", name: "街道\(index)", outline: [Ring(corners)], value: pair.1,
                href: index == 0 ? "?town=0" : nil)
        },
        points: [
            Coordinate(latitude: 31.205, longitude: 121.415).map { .init(at: $0, title: "路灯", href: "/p", weight: 9) }
        ].compactMap { $0 }, legend: "件数")

    private static func table(_ visit: Visit, _ query: ListQuery) -> Table {
        Table(
            visit: visit, query: query,
            columns: [
                .init("name", "名称", isFixed: true), .init("count", "件数", isSortable: true, isNumeric: true),
                .init("at", "时间", isSortable: true), .init("state", "状态"), .init("note", "备注"),
            ],
            rows: [.init(href: "/1", cells: [.text("路灯"), .number(1_200), .time(at), .badge("在办", .info), .none])],
            total: 61,
            filters: [.init("state", "状态", options: [.init("open", "在办", count: 60), .init("closed", "办结")])],
            exportPath: "/export")
    }

    @Test("As agreed, in both languages", arguments: samples)
    func snapshot(sample: Sample) async throws {
        var routes = Routes()
        routes.get("/list", .anyone) { visit in
            visit.respond(html: sample.make(visit).markup(for: visit), status: .ok)
        }
        let site = try TestSite(routes)
        var text = ""
        var last = ""
        for language in Language.allCases {
            let answer = try await site.get("/list?lang=\(language.rawValue)")
            // One tag a line, and no token: it differs each time.
            let lines = answer.text.replacing("><", with: ">\n<").replacing(/[0-9a-f]{128}/, with: "TOKEN")
            text +=
                lines == last
                ? "<!-- \(language.rawValue): the same -->\n" : "<!-- \(language.rawValue) -->\n\(lines)\n"
            last = lines
        }
        try expectSnapshot("Web/\(sample.name).html", is: text)
    }

    @Test("Every component stands on the page for those who build pages")
    func gallery() async throws {
        let answer = try await TestSite().get("/desk/components?lang=en", as: "leader")
        #expect(answer.status == 200)
        for sign in [
            "class=\"tabs\"", "class=\"tiles\"", "class=\"table\"", "class=\"timeline\"", "class=\"facts\"",
            "class=\"score\"", "light-red", "badge-danger", "class=\"chart-drawing\"", "class=\"map\"",
            "type=\"file\"", "data-poll", "notice-danger", "class=\"empty\"", "fieldset",
        ] { #expect(answer.text.contains(sign), "\(sign)") }
        #expect(answer.text.firstMatch(of: /[>"]web\.[a-z_.]+[<"]/) == nil, "a word is left as its key")
        let site = try TestSite()
        let wrong = try await site.post(
            "/desk/components", ["csrf": site.token(for: "leader"), "body": "typed <text>"], as: "leader")
        #expect(wrong.status == 422)
        #expect(wrong.text.contains("href=\"#field-subject\"") && wrong.text.contains("typed &lt;text&gt;"))
        let right = try await site.post(
            "/desk/components", ["csrf": site.token(for: "leader"), "subject": "x"], as: "leader")
        #expect(right.status == 303 && right.cookie(CookieName.toast) == "web.gallery.saved")
    }

    @Test(
        "An axis has round steps, holds zero and covers every value",
        arguments: [
            [0.0], [5], [0.03, 0.01], [999_999], [-3, 12], [-1, -7], [1e12], [], [0.1, 0.2, 0.3],
        ])
    func scales(values: [Double]) {
        let scale = Scale(covering: values)
        #expect(scale.ticks.count >= 2 && scale.ticks.count <= 12)
        #expect(scale.ticks == scale.ticks.sorted() && scale.ticks.contains { abs($0) < 1e-12 })
        for value in values { #expect(value <= scale.top * 1.000_001 && value >= scale.bottom * 1.000_001) }
        #expect(scale.top > scale.bottom)
    }

    @Test("Shades of a map rise with the values and use both ends")
    func shades() {
        func map(_ values: [Int?]) -> MapView {
            MapView(
                title: "", townships: values.map { .init(code: "", name: "", outline: [], value: $0) }, legend: "")
        }
        let many = map([0, nil, 1, 5, 9, 20, 300])
        let shades = [nil, 0, 1, 5, 9, 20, 300].map { many.shade($0, many.bounds) }
        #expect(shades == [0, 0, 1, 2, 3, 4, 5])
        #expect(map([7, 7, 7]).shade(7, map([7, 7, 7]).bounds) == 3)
        #expect(map([]).bounds.isEmpty && map([0, nil]).bounds.isEmpty)
    }
}

/// Compares with a file below `Tests/Snapshots`, and says where they part.
func expectSnapshot(_ name: String, is text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Snapshots").appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["SHUZHI_SNAPSHOTS"] == "write" {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return
    }
    let agreed = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
    let written = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard agreed != written else { return }
    let at = zip(agreed, written).enumerated().first { $1.0 != $1.1 }?.offset ?? min(agreed.count, written.count)
    let (was, now) = (agreed.dropFirst(at).first ?? "(end)", written.dropFirst(at).first ?? "(end)")
    Issue.record("\(name):\(at + 1) was \(was)\nis \(now)", sourceLocation: sourceLocation)
}
