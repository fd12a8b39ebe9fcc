import Core
import Foundation
import Store
import TestKit
import Testing
import Web

@testable import Organisation

@Suite("Pages of people, units, roles, profile and audit")
struct AdminPagesTests {
    @Test("Every page answers in both languages with no word left as its key", arguments: Language.allCases)
    func languages(language: Language) async throws {
        let district = try await AccountDistrict()
        let security = try await district.person("li.si", [.securityAdministrator])
        let audit = try await district.person("wang.wu", [.auditAdministrator])
        let pages = [
            (security, ["/admin/people", "/admin/people/new", "/admin/people/1001", "/admin/units", "/admin/roles"]),
            (security, ["/admin/profile", "/admin/profile?part=calendar&verified=no", "/account"]),
            (audit, ["/admin/audit", "/admin/audit?days=7&person=1001", "/account/second-factor"]),
        ]
        for (session, paths) in pages {
            for path in paths {
                let uri = path + (path.contains("?") ? "&" : "?") + "lang=\(language.rawValue)"
                let page = try await district.get(uri, as: session)
                #expect(page.status == 200, "\(path)")
                #expect(page.text.firstMatch(of: />\s*(organisation|web)\.[a-z_.]+\s*</) == nil, "\(path)")
            }
        }
    }

    @Test("People are found by unit, role and state, and exported as they are listed")
    func people() async throws {
        let district = try await AccountDistrict()
        let session = try await district.person("li.si", [.securityAdministrator])
        _ = try await district.person("zhao.liu", [.unitStaff], unit: "construction")
        for (query, hasLi, hasZhao) in [
            ("", true, true), ("?q=zhao", false, true), ("?unit=construction", false, true),
            ("?role=security_administrator", true, false), ("?state=disabled", false, false),
        ] {
            let page = try await district.get("/admin/people" + query, as: session).text
            #expect(page.contains("li.si</td>") == hasLi && page.contains("zhao.liu</td>") == hasZhao, "\(query)")
        }
        let file = try await district.get("/admin/people/export?format=csv&q=zhao", as: session)
        #expect(file.status == 200 && file.text.contains("zhao.liu") && !file.text.contains("li.si"))
    }

    @Test("Roles are changed on the person's page, refused with what was typed, and never one's own")
    func change() async throws {
        let district = try await AccountDistrict()
        let session = try await district.person("li.si", [.securityAdministrator])
        _ = try await district.person("zhao.liu", [.unitStaff], unit: "construction")
        let list = try await district.get("/admin/people?q=zhao", as: session)
        let path = try #require(list.first(/href="(\/admin\/people\/\d+)"/))
        let version = try #require(try await district.get(path, as: session).first(/name="version" value="(\d+)"/))
        let fields = [("name", "赵六"), ("signin", "zhao.liu"), ("unit", "construction"), ("version", version)]
        let mixed = try await district.post(
            path, fields + [("role", "unit_head"), ("role", "audit_administrator")], as: session, from: path)
        #expect(mixed.status == 422 && mixed.text.contains("value=\"赵六\"") && mixed.text.contains("role=\"alert\""))
        #expect(try await district.post(path, fields + [("role", "unit_head")], as: session, from: path).status == 303)
        #expect(try await district.get(path, as: session).text.contains("单位负责人"))
        let stale = try await district.post(path, fields + [("role", "unit_staff")], as: session, from: path)
        #expect(stale.status == 422, "somebody else changed it meanwhile")
        let me = try #require(
            try await district.get("/admin/people?q=li.si", as: session).first(/href="(\/admin\/people\/\d+)"/))
        let own = try await district.post(
            me, [("name", "李四"), ("signin", "li.si"), ("role", "digital_office"), ("version", "1")], as: session,
            from: me)
        #expect(own.status == 422)
    }

    @Test("Disabling can be undone from its toast")
    func undo() async throws {
        let district = try await AccountDistrict()
        let session = try await district.person("li.si", [.securityAdministrator])
        _ = try await district.person("zhao.liu", [.unitStaff], unit: "construction")
        let list = try await district.get("/admin/people?q=zhao", as: session)
        let path = try #require(list.first(/href="(\/admin\/people\/\d+)"/))
        let done = try await district.post(path + "/enabled", [("enabled", "no")], as: session, from: path)
        let cookie = try #require(done.cookies.first { $0.hasPrefix("shuzhi_toast=") }?.split(separator: ";").first)
        let page = try await district.get(path, as: session, cookie: String(cookie))
        #expect(page.text.contains("data-undo") && page.text.contains("name=\"enabled\" value=\"yes\""))
        #expect(try await district.post(path + "/enabled", [("enabled", "yes")], as: session, from: path).status == 303)
        #expect(try await district.get("/admin/people?state=disabled", as: session).text.contains("zhao.liu") == false)
    }

    @Test("The trail is verified on its page; a change made behind its back is named", arguments: Engine.allCases)
    func verify(engine: Engine) async throws {
        let district = try await AccountDistrict(engine)
        let session = try await district.person("wang.wu", [.auditAdministrator])
        let good = try await district.post("/admin/audit/verify", [], as: session, from: "/admin/audit")
        #expect(good.status == 200 && good.text.contains("notice-good"))
        #expect(try await district.get("/admin/audit?kind=trail_verified", as: session).text.contains("结果：完整"))
        let trail = try await district.get("/admin/audit", as: session).text
        #expect(trail.contains("角色：审计管理员") && !trail.contains("roles="), "said in words")
        let file = try await district.get("/admin/audit/export?format=csv", as: session)
        #expect(file.text.contains("wang.wu") && file.text.contains("哈希"))
        try await district.database.write { tx in
            switch engine {
            case .sqlite: try tx.run("DROP TRIGGER audit_entry_no_update")
            case .postgresql: try tx.run("DROP TRIGGER audit_entry_no_change ON audit_entry")
            }
            try tx.run("UPDATE audit_entry SET detail = 'nothing' WHERE sequence = 2")
        }
        let bad = try await district.post("/admin/audit/verify", [], as: session, from: "/admin/audit")
        #expect(bad.text.contains("notice-danger") && bad.text.contains("<dd>2</dd>"))
    }

    @Test("Views are kept per person and list, and one is the first choice", arguments: Engine.allCases)
    func views(engine: Engine) async throws {
        let district = try await AccountDistrict(engine)
        _ = try await district.person("li.si", [.securityAdministrator])
        _ = try await district.person("wang.wu", [.auditAdministrator])
        let ids = try await district.database.read { tx in
            try ["li.si", "wang.wu"].map { try #require(try PersonStore.find(signInName: $0, in: tx)).id.rawValue }
        }
        let views = district.module.savedViews
        try await views.save(name: "甲", query: "q=1", isDefault: true, of: ids[0], at: "/desk/a")
        try await views.save(name: "乙", query: "q=2", isDefault: true, of: ids[0], at: "/desk/a")
        try await views.save(name: "甲", query: "q=3", isDefault: false, of: ids[0], at: "/desk/b")
        try await views.save(name: "甲", query: "q=4", isDefault: false, of: ids[0], at: "/desk/a")
        let list = try await views.list(of: ids[0], at: "/desk/a")
        #expect(list.map(\.name) == ["乙", "甲"] && list.map(\.query) == ["q=2", "q=4"])
        #expect(list.map(\.isDefault) == [true, false])
        #expect(try await views.list(of: ids[1], at: "/desk/a").isEmpty)
        #expect(try await views.remove(list[0].id, of: ids[1]) == nil, "somebody else's")
        let removed = try #require(try await views.remove(list[0].id, of: ids[0]))
        #expect(removed.path == "/desk/a" && removed.view == list[0])
        #expect(try await views.remove(list[0].id, of: ids[0]) == nil)
    }
}
