import Core
import Foundation
import Logging
import Testing

@testable import Web

@Suite("A site's mistakes are found before it serves")
struct SiteBuilderTests {
    private func build(
        _ rooms: [RoomResources] = [], routes: Routes = Routes(), navigation: [NavigationItem] = [],
        secret: [UInt8] = TestSite.secret
    ) throws {
        _ = try SiteBuilder(
            rooms: rooms, routes: routes, navigation: navigation, sessions: NoSessions(), surroundings: .system(),
            zone: .shanghai, districtName: Bilingual(zh: "", en: ""), secret: secret, logger: Logger(label: "test")
        ).build()
    }

    private func error(_ templates: [String: String] = [:], words: String = "a.b: {zh: 甲, en: A}") throws -> String? {
        do {
            try build([try TestSite.room(templates, words: words)])
            return nil
        } catch let error as SiteError {
            let explanation = error.report.explanation
            #expect(!explanation.zh.isEmpty && !explanation.en.isEmpty)
            return error.report.code
        }
    }

    @Test(
        "A template is refused for what would only show later",
        arguments: [
            ("{{title}} [[a.b]]", nil), ("[[a.c]]", "web.site.unknown_word"),
            ("{{> a/none}}", "web.site.unknown_partial"),
            ("{{{title}}}", "web.site.raw_markup"), ("{{&title}}", "web.site.raw_markup"),
            ("{{#a}}", "web.site.template_malformed"), ("{{#a}}{{/b}}", "web.site.template_malformed"),
            ("{{title", "web.site.template_malformed"), ("[[a.b", "web.site.template_malformed"),
            ("{{=<% %>=}}", "web.site.template_malformed"), ("{{! a remark }}", nil),
        ])
    func templates(text: String, code: String?) throws {
        #expect(try error(["a/b": text]) == code)
    }

    @Test(
        "Words are refused unless each has both languages and nothing else",
        arguments: [
            ("a.b: {zh: 甲, en: A}", nil), ("a.b: {zh: 甲}", "web.site.word_incomplete"),
            ("a.b: {zh: 甲, en: A, b}", "web.site.word_incomplete"),
            ("a.b: {zh: 甲, en: \"\"}", "web.site.word_incomplete"),
            ("a.b: 甲", "web.site.word_incomplete"), ("- a", "web.site.words_malformed"),
            ("a: {", "web.site.words_malformed"),
            ("web.skip: {zh: 甲, en: A}", "web.site.word_twice"),
        ])
    func words(yaml: String, code: String?) throws {
        #expect(try error(words: yaml) == code)
    }

    @Test("Two rooms cannot bring one template, two routes one path, a navigation a word that is none")
    func doubles() throws {
        let room = try TestSite.room(["a/b": "x"], words: "a.b: {zh: 甲, en: A}")
        let other = try TestSite.room(["a/b": "y"], words: "a.c: {zh: 甲, en: A}")
        #expect(throws: SiteError.templateTwice(name: "a/b")) { try build([room, other]) }
        var routes = Routes()
        routes.get("/a", .anyone) { $0.redirect("/") }
        routes.get("/a", .anyone) { $0.redirect("/") }
        #expect(throws: SiteError.routeTwice(method: "GET", path: "/a")) { try build(routes: routes) }
        let item = NavigationItem(wordKey: "a.none", path: "/a", access: .anyone, area: .public)
        #expect(throws: SiteError.unknownWord(key: "a.none", file: "/a")) { try build(navigation: [item]) }
        let group = NavigationItem(
            wordKey: "web.skip", path: "/a", access: .anyone, area: .desk, groupKey: "a.none")
        #expect(throws: SiteError.unknownWord(key: "a.none", file: "/a")) { try build(navigation: [group]) }
    }

    @Test("A secret that could be guessed is refused, and so is a room without its files")
    func secrets() throws {
        #expect(throws: SiteError.weakSecret) { try build(secret: Array(0..<31)) }
        let nowhere = RoomResources(folder: URL(fileURLWithPath: "/nowhere"))
        #expect(throws: SiteError.unreadable(file: "/nowhere/Words.yaml")) { try build([nowhere]) }
    }

    @Test("A word's arguments are put in once, and what they hold is not read again")
    func arguments() throws {
        let words = try Words(rooms: [try TestSite.room([:], words: "a.b: {zh: \"{0}到{1}，{0}{2}{\", en: A}")])
        #expect(words.text("a.b", in: .chinese, ["{1}", "乙"]) == "{1}到乙，{1}{2}{")
        #expect(words.text("a.b", in: .english, ["x"]) == "A")
        #expect(words.text("a.none", in: .english, []) == "a.none")
    }
}
