import Foundation
import TestKit
import Testing

@Suite("In a real browser", .serialized)
struct BrowserTests {
    @Test("From the first link to a person of the digital office at the desk")
    func firstStart() async throws {
        try await Failures.kept("first-start") { district, driver in
            try #require(district.started == district.base + "/admin/people")
            try #require(district.invited == district.base + "/desk")
            try district.signIn(driver)
            try #require(try driver.url == district.base + "/desk")
            try #require(try driver.consoleErrors() == [])
        }
    }

    @Test("A workbook is chosen, its columns confirmed, its progress watched and its result read")
    func imports() async throws {
        try await Failures.kept("import") { district, driver in
            try district.signIn(driver)
            let real = SourceRoot.url.deletingLastPathComponent()
                .appendingPathComponent("shared/data/appeals/messages_4326.xlsx").path
            let path = FileManager.default.fileExists(atPath: real) ? real : try WorkbookSample.path()
            var hasWatched = false
            try district.importFile(path, driver) { driver in
                if try !driver.elements("progress, [role=progressbar]").isEmpty { hasWatched = true }
            }
            try #require(hasWatched || path != real)
            try #require(try driver.consoleErrors() == [])
            // The same file again doubles nothing, and the history has both.
            try driver.open(district.base + "/desk/import")
            try #require(try driver.elements("main table a[href^='/desk/imports/']").count >= 1)
        }
    }

    @Test("Problems, a problem's page with its appeals, and the way from one to the other")
    func problems() async throws {
        try await Failures.kept("problems") { district, driver in
            try district.fill()
            try district.signIn(driver)
            try driver.open(district.base + "/desk/problems")
            try driver.click(BrowserDistrict.problemLink)
            _ = try driver.find("main a[href^='/desk/appeals/']")
            try #require(try !driver.text("main h1").isEmpty)
            try driver.click("main a[href^='/desk/appeals/']")
            try #require(try driver.url.contains("/desk/appeals/"))
            try #require(try driver.consoleErrors() == [])
        }
    }

    @Test("Two problems are merged, and the merge is undone, each by a click that the timeline shows")
    func mergeAndUndo() async throws {
        try await Failures.kept("merge") { district, driver in
            try district.fill()
            try district.signIn(driver)
            func count() throws -> Int {
                try driver.open(district.base + "/desk/problems")
                return try driver.elements("main tbody tr").count
            }
            let before = try count()
            try #require(before >= 2)
            try driver.click(BrowserDistrict.problemLink)
            try driver.click("main a[href$='/merge']")
            try driver.type("同一处工地引起", into: "form[method=post][action$='/merge'] [name=reason]")
            try driver.click("form[method=post][action$='/merge'] button[name=into]")
            try driver.click(".toast [data-undo], main form[action*='/undo'] button")
            _ = try driver.find(".toast")
            try #require(try count() == before)
            try #require(try driver.consoleErrors() == [])
        }
    }

    @Test("The map draws townships, and the list beside it says the same")
    func map() async throws {
        try await Failures.kept("map") { district, driver in
            try district.fill()
            try district.signIn(driver)
            try driver.open(district.base + "/desk/map")
            _ = try driver.find("main svg")
            try #require(try driver.elements("main svg path, main svg polygon").count >= 10)
            try #require(try !driver.elements("main table a[href^='/desk/problems/']").isEmpty)
            try #require(try driver.consoleErrors() == [])
        }
    }

    @Test("What a resident reports appears on the leaders' screen, which is never loaded anew")
    func cockpit() async throws {
        try await Failures.kept("cockpit", width: 1_920) { district, driver in
            try district.fill()
            try district.signIn(driver)
            try driver.open(district.base + "/cockpit")
            _ = try driver.find("[data-cockpit].cockpit-live [data-tile=ticker]")
            _ = try driver.run("window.isTheSame = true")
            let resident = try WebDriver()
            defer { resident.end() }
            try resident.open(district.base + "/appeals/new")
            try resident.type("河边栏杆断了一截", into: "textarea[name=text]")
            try resident.click("form[action='/appeals/new'] button[type=submit]")
            _ = try resident.find("main code")
            let end = ContinuousClock.now + .seconds(120)
            while try !driver.text("[data-tile=ticker]").contains("河边栏杆断了一截") {
                try #require(ContinuousClock.now < end, "the screen does not show it")
                usleep(200_000)
            }
            try #require(try driver.run("return window.isTheSame") as? Bool == true)
            try #require(try driver.consoleErrors() == [])
        }
    }

    @Test("The language is switched by one click and kept on the next pages")
    func language() async throws {
        try await Failures.kept("language") { district, driver in
            try driver.open(district.base + "/")
            let chinese = try driver.text("main h1")
            try driver.click("a[hreflang=en]")
            _ = try driver.find("html[lang=en]")
            try driver.open(district.base + "/appeals/new")
            _ = try driver.find("html[lang=en]")
            try driver.click("a[hreflang='zh-Hans']")
            _ = try driver.find("html[lang='zh-Hans']")
            try driver.open(district.base + "/")
            try #require(try driver.text("main h1") == chinese)
            try #require(try driver.consoleErrors() == [])
        }
    }

    @Test("By keyboard alone: past the navigation, signed in, a list searched, a row opened")
    func keyboard() async throws {
        try await Failures.kept("keyboard") { district, driver in
            try district.fill()
            try driver.open(district.base + "/sign-in")
            try driver.press(WebDriver.tab)
            try #require(try driver.run("return document.activeElement.className") as? String == "skip")
            try driver.press(WebDriver.enter)
            func focus() throws -> String {
                try driver.run("return document.activeElement.name || ''") as? String ?? ""
            }
            for _ in 0..<30 where try focus() != "name" { try driver.press(WebDriver.tab) }
            try driver.press("o", "f", "f", "i", "c", "e", WebDriver.tab)
            try #require(try focus() == "password")
            for key in BrowserDistrict.password.map(String.init) { try driver.press(key) }
            try driver.press(WebDriver.enter)
            _ = try driver.find("form[action='/sign-out']")
            try driver.open(district.base + "/desk/problems")
            _ = try driver.find("main a[href^='/desk/problems/']")
            try driver.press("/")
            try #require(try driver.run("return document.activeElement.type") as? String == "search")
            // Every place the focus goes to can be seen.
            _ = try driver.run("document.activeElement.blur()")
            for _ in 0..<25 {
                try driver.press(WebDriver.tab)
                let isSeen = try driver.run(
                    """
                    const at = document.activeElement; if (at === document.body) return true;
                    const box = at.getBoundingClientRect(); const style = getComputedStyle(at);
                    return box.width > 0 && box.height > 0
                        && (style.outlineStyle !== 'none' || style.boxShadow !== 'none');
                    """)
                let name = try focus()
                try #require(isSeen as? Bool == true, "focus is not seen at \(name)")
            }
        }
    }

    @Test("Without JavaScript: signed in, filtered, imported, reported and followed")
    func withoutScripts() async throws {
        try await Failures.kept("no-javascript", hasScripts: false) { district, driver in
            try district.fill()
            try district.signIn(driver)
            try driver.open(district.base + "/desk/appeals?q=" + "%E8%B7%AF%E7%81%AF")
            _ = try driver.find("main a[href^='/desk/appeals/']")
            try district.importFile(try WorkbookSample.path(), driver) { driver in
                // The page reloads itself; a reader who is quicker may as well.
                if try !driver.elements("progress, [role=progressbar]").isEmpty { try driver.open(try driver.url) }
            }
            try driver.open(district.base + "/appeals/new")
            try driver.type("楼下垃圾三天没有人收", into: "textarea[name=text]")
            try driver.click("form[action='/appeals/new'] button[type=submit]")
            _ = try driver.find("main code")
            let codes = try driver.text("main").matches(of: /PT-\d{8}-\d{5}|\b[2-9A-Z]{8}\b/).map { String($0.output) }
            try #require(codes.count >= 2)
            try driver.open(district.base + "/appeals/find")
            try driver.type(codes[0], into: "input[name=number]")
            try driver.type(codes[1], into: "input[name=code]")
            try driver.click("form[action='/appeals/find'] button[type=submit]")
            try #require(try driver.text("main section.card").contains("已受理"))
        }
    }
}
