import Appeals
import Casework
import Core
import Foundation
import Hummingbird
import HummingbirdTesting
import Indicators
import Mechanism
import Organisation
import Store
import Synchronization
import TestKit
import Testing
import Web

@testable import Platform

@Suite("The leaders' screen")
struct CockpitTests {
    /// A district with a person of the digital office and one of a unit, signed in.
    fileprivate struct Place {
        let district: District
        let site: DistrictSite
        let office: String
        let staff: String
        let tour: [DemoStop]

        init(_ now: @escaping @Sendable () -> Instant = { DemoTests.now }, withDemo: Bool = false) async throws {
            let data = URL(fileURLWithPath: try ScratchFolder.shared().path("cockpit"))
            let root = URL(fileURLWithPath: #filePath)
                .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            let settings = try Settings.read(
                environment: [
                    "SHUZHI_DATA": data.path, "SHUZHI_PROFILES": root.appendingPathComponent("profiles").path,
                ], flags: SettingFlags())
            let standing = Surroundings.standing()
            district = try await District.open(
                settings.districts[0], of: settings,
                surroundings: Surroundings(now: now, newID: standing.newID), logger: quiet)
            try await district.migrate()
            // The year of plans and the figures alone: finding problems in appeals takes minutes in a debug build.
            if withDemo {
                let people = try await DemoPeople(context: try district.organisationContext())(withNewPasswords: false)
                _ = try await WriteDemoFigures(
                    database: district.database, profile: district.profile, surroundings: district.surroundings)(
                        seed: 7)
                _ = try await WriteDemoPlans(district: district, people: people.clerks, seed: 7)()
            }
            let (guide, moment) = (DemoTour(profile: district.profile), now())
            tour = try await district.database.read { try guide.stops(now: moment, in: $0) }
            site = try DistrictSite(district, metrics: Metrics(), isHTTPS: false)
            office = try await Self.signIn("screen-office", nil, .digitalOffice, district)
            staff = try await Self.signIn("screen-staff", "construction", .unitStaff, district)
        }

        private static func signIn(
            _ name: String, _ unit: String?, _ role: Role, _ district: District
        ) async throws -> String {
            let context = try district.organisationContext()
            let draft = PersonDraft(signInName: name, name: "张三", unitCode: unit, roles: [role])
            let link = try await district.database.write {
                try ManagePeople(context).inviteBySystem(draft, in: $0).link
            }
            return try await OneTimeLinks(context).follow(
                String(link.split(separator: "/").last ?? ""), password: "correct kettle 42 garden", replacing: nil,
                from: Origin(address: nil)
            ).token
        }

        func get(
            _ path: String, _ session: String?, language: Language = .chinese
        ) async throws -> (status: Int, type: String, body: String) {
            var cookies = ["shuzhi_language=\(language.rawValue)"]
            if let session { cookies.append("shuzhi_session=\(session)") }
            let headers: HTTPFields = [.cookie: cookies.joined(separator: "; ")]
            return try await Application(responder: site.responder).test(.router) { client in
                try await client.execute(uri: path, method: .get, headers: headers) { response in
                    (
                        Int(response.status.code), response.headers[.contentType] ?? "",
                        String(buffer: response.body)
                    )
                }
            }
        }
    }

    @Test(
        "Without data each tile says so, in both languages, and shows no number that nobody counted",
        arguments: Language.allCases)
    func empty(language: Language) async throws {
        let place = try await Place()
        let page = try await place.get("/cockpit", place.office, language: language)
        #expect(page.status == 200 && !page.body.contains("{{") && !page.body.contains("[["))
        #expect(page.body.firstMatch(of: />\s*platform\.cockpit\.[a-z_.]+\s*</) == nil)
        for href in ["/desk/tasks/", "/desk/problems/", "/desk/appeals?"] {
            #expect(!page.body.contains("href=\"\(href)"), "\(href)")
        }
    }

    @Test("It is for leaders and the digital office, and its stream asks the same")
    func access() async throws {
        let place = try await Place()
        for path in ["/cockpit", "/cockpit/tiles", "/cockpit/events"] {
            #expect(try await place.get(path, place.staff).status == 403, "\(path)")
            #expect([401, 303].contains(try await place.get(path, nil).status), "\(path)")
        }
    }

    @Test("Every tile of the demo opens what is behind it, and so does each stop of the tour")
    func demo() async throws {
        let now = Surroundings.standing().now()
        let place = try await Place({ now }, withDemo: true)
        #expect(place.tour.count >= 12, "\(place.tour.map(\.path))")
        let tiles = try await place.get("/cockpit/tiles", place.office)
        #expect(tiles.status == 200 && tiles.body.contains("智创城软件园一期改造"), "the planted red is on the screen")
        let hrefs = Set(tiles.body.matches(of: /href="(\/[^"]+)"/).map { String($0.output.1) })
        let stops = place.tour.map(\.path)
        #expect(hrefs.count > 10)
        for path in hrefs.union(stops).sorted() {
            let plain = String(path.split(separator: "#")[0]).replacing("&amp;", with: "&")
            let page = try await place.get(plain, place.office)
            #expect(page.status == 200, "\(path)")
        }
        let planted = try #require(stops.first { $0.hasSuffix("#blocks") }?.split(separator: "#").first)
        let red = try await place.get(String(planted), place.office).body
        #expect(red.contains("挂牌督办") && red.contains("软件园首批企业入驻"), "overdue, listed, and holding up others")
        let (meetings, bulletins) = try await place.district.database.read { tx in
            (try MeetingStore.list(in: tx), try BulletinStore.list(in: tx))
        }
        #expect(meetings.count == 4 && meetings.allSatisfy(\.isDemo) && meetings.count { $0.isHeld } == 3)
        #expect(bulletins.count == 3 && bulletins.allSatisfy(\.isDemo) && bulletins.count { $0.isIssued } == 2)
    }

    @Test("A stream begins with the present version, ends by itself, and lets the browser come back")
    func stream() async throws {
        // A clock on which an hour passes whenever somebody looks.
        let hours = Mutex<Int64>(0)
        let clock: @Sendable () -> Instant = {
            DemoTests.now.adding(seconds: hours.withLock { $0 })
        }
        let place = try await Place(clock)
        let asked = Task { try await place.get("/cockpit/events", place.office) }
        // Whenever the request comes to be answered, its time runs out at one of the next turns.
        let turns = Task {
            for _ in 0..<60 where !Task.isCancelled {
                try await Task.sleep(for: .seconds(2))
                hours.withLock { $0 += PlatformLimits.cockpitConnectionSeconds + 1 }
                try await place.touch()
            }
        }
        defer { turns.cancel() }
        let answer = try await asked.value
        #expect(answer.status == 200 && answer.type == "text/event-stream")
        #expect(answer.body.hasPrefix("id: 1\nevent: version\ndata: 1\n\n"))
    }

    /// Tiles of which one is always the same.
    private static let draw: CockpitWatch.Draw = { snapshot, version in
        Markup { html in
            html.tag("p", ["class": "cockpit-updated", "data-version": "\(version)"], text: "now")
            html.tag("section", ["class": "cockpit-tile", "data-tile": "same"], text: "same")
            let titles = snapshot.happenings.map(\.title).joined(separator: "\n")
            html.tag("section", ["class": "cockpit-tile", "data-tile": "ticker"], text: titles)
        }
    }

    @Test("Screens are sent what is new since the version they show, and the watch stops with the last of them")
    func watch() async throws {
        let place = try await Place()
        let later = Mutex<Int64>(0)
        let watch = CockpitWatch(
            database: place.district.database, profile: place.district.profile,
            now: { DemoTests.now.adding(seconds: later.withLock { $0 }) }, logger: quiet)
        var (ids, screens): ([UUID], [CockpitWatch.Screen.Iterator]) = ([], [])
        for language in [Language.chinese, .english, .chinese] {
            let (id, screen) = try await watch.connect(language, draw: Self.draw)
            ids.append(id)
            screens.append(screen.makeAsyncIterator())
        }
        #expect(await watch.screenCount == 3)
        // The first look of a watch counts as a change: there was nothing to compare with.
        for index in screens.indices {
            try await Self.next(&screens[index]) { $0.hasPrefix("id: 2\nevent: version\n") }
        }
        try await place.touch()
        for index in screens.indices {
            let event = try await Self.next(&screens[index]) { $0.contains("event: tiles") && $0.contains("刚发生的事") }
            let version = try #require(event.firstMatch(of: /^id: (\d+)/).flatMap { UInt64($0.output.1) })
            #expect(event.contains("event: tiles\ndata: \(version - 1)\n"))
            #expect(event.contains("data-version=\"\(version)\""))
            #expect(!event.contains("data-tile=\"same\"") && event.hasSuffix("\n\n"))
            #expect(event.dropLast(2).split(separator: "\n").dropFirst(2).allSatisfy { $0.hasPrefix("data: ") })
        }
        let before = try await watch.tiles(.chinese, draw: Self.draw)
        for id in ids { await watch.disconnect(id) }
        #expect(await watch.screenCount == 0)
        // Nobody watches: what is made anew is a version of its own.
        later.withLock { $0 = 3_600 }
        #expect(try await watch.tiles(.chinese, draw: Self.draw).version == before.version + 1)
    }

    /// The next event of a screen that is as it should be; a beat may come between.
    @discardableResult
    private static func next(
        _ screen: inout CockpitWatch.Screen.Iterator, where isWanted: (String) -> Bool
    ) async throws -> String {
        while let event = await screen.next() {
            let text = String(buffer: event)
            if isWanted(text) { return text }
        }
        throw CancellationError()
    }

    @Test("More screens than there may be are told so")
    func tooMany() async throws {
        let place = try await Place()
        let watch = CockpitWatch(
            database: place.district.database, profile: place.district.profile, now: { DemoTests.now }, logger: quiet)
        var screens: [CockpitWatch.Screen] = []
        for _ in 0..<PlatformLimits.cockpitScreensMax {
            screens.append(try await watch.connect(.chinese, draw: Self.draw).screen)
        }
        await #expect(throws: CockpitError.tooManyScreens(max: PlatformLimits.cockpitScreensMax)) {
            _ = try await watch.connect(.chinese, draw: Self.draw)
        }
    }
}

extension CockpitTests.Place {
    /// Something happens to a case.
    fileprivate func touch() async throws {
        let (profile, surroundings) = (district.profile, district.surroundings)
        let tasks = Tasks(cases: try Cases(profile: profile, kinds: Rooms.kinds, surroundings: surroundings))
        let today = tasks.today
        _ = try await district.database.write {
            try tasks.open(
                [Tasks.Draft(title: "刚发生的事", lead: "construction", start: today, due: today.adding(days: 30))],
                actor: .system("test"), in: $0)
        }
    }
}
