import Core
import Store
import TestKit
import Testing
import Web

@testable import Casework

@Suite("Finding cases")
struct SearchTests {
    static func world(_ engine: Engine) async throws -> World {
        let world = try await World(engine)
        let cases = world.cases
        let news = [
            Fixture.new(1, title: "曹杨路路灯不亮", openedAt: Fixture.now, text: "晚上回家看不清路，请尽快维修"),
            Fixture.new(
                2, title: "河道发臭", lead: Fixture.roads, supporting: [Fixture.water],
                openedAt: Fixture.now.adding(days: -10), text: "苏州河边有异味"),
            Fixture.new(
                3, title: "Noise at night", lead: nil, openedAt: Fixture.now.adding(days: -1), days: nil, text: "KTV"),
            Fixture.new(4, title: "路面积水", openedAt: Fixture.now.adding(days: -4), text: "雨后积水，电动车难行"),
        ]
        try await world.database.write { tx in
            _ = try cases.openMany(news, in: tx)
            let file = try CaseStore.find(ID(4), now: Fixture.now, in: tx)
            _ = try cases.move(
                file, to: "closed", isOpen: false, event: "close", detail: "", actor: Fixture.clerk, in: tx)
        }
        return world
    }

    func ids(_ world: World, _ change: (inout CaseFilter) -> Void) async throws -> [Int64] {
        var filter = CaseFilter()
        change(&filter)
        let asked = filter
        let (files, count) = try await world.database.read {
            (
                try CaseStore.list(asked, limit: 50, now: Fixture.now, in: $0),
                try CaseStore.count(asked, now: Fixture.now, in: $0)
            )
        }
        #expect(count == files.count)
        return files.map(\.id.rawValue).sorted()
    }

    @Test("Words of one character and more are found in titles and texts", arguments: Engine.allCases)
    func words(on engine: Engine) async throws {
        let world = try await Self.world(engine)
        for (query, found) in [
            ("灯", [Int64(1)]), ("路", [1, 4]), ("积水", [4]), ("苏州河", [2]), ("ktv", [3]), ("noise", [3]),
            ("路 积水", [4]), ("地铁", []), ("曹杨路路灯不亮", [1]), ("\"' OR 1=1 --", []),
        ] {
            #expect(try await ids(world) { $0.search = query } == found, "\(query)")
        }
        #expect(try await ids(world) { $0.search = "" }.count == 4)
    }

    @Test("A whole number finds its case, in any case of letters", arguments: Engine.allCases)
    func number(on engine: Engine) async throws {
        let world = try await Self.world(engine)
        #expect(try await ids(world) { $0.search = "pt-20210419-00001" } == [1])
        let found = try await world.database.read {
            try CaseStore.find(number: "PT-20210418-00001", now: Fixture.now, in: $0)
        }
        #expect(found?.id == ID(3))
    }

    @Test("A changed title or text is found by its new words only", arguments: Engine.allCases)
    func changed(on engine: Engine) async throws {
        let world = try await Self.world(engine)
        let cases = world.cases
        try await world.database.write { tx in
            try cases.updateSearchText(ID(2), old: "苏州河边有异味", new: "桃浦河边有异味", in: tx)
            let file = try CaseStore.find(ID(1), now: Fixture.now, in: tx)
            let text = "晚上回家看不清路，请尽快维修"
            try cases.retitle(file, "曹杨路照明故障", searchText: (text, text), actor: .system("import"), in: tx)
        }
        #expect(try await ids(world) { $0.search = "苏州河" } == [])
        #expect(try await ids(world) { $0.search = "桃浦河" } == [2])
        #expect(try await ids(world) { $0.search = "路灯" } == [])
        #expect(try await ids(world) { $0.search = "照明" } == [1])
        #expect(try await ids(world) { $0.search = "维修" } == [1])
        #expect(try await world.timeline(1).last?.event == CaseEvent.retitled.rawValue)
        #expect(try await world.verify().isSound)
    }

    @Test("Removed cases are no longer found", arguments: Engine.allCases)
    func removed(on engine: Engine) async throws {
        let world = try await Self.world(engine)
        let cases = world.cases
        _ = try await world.database.write {
            try cases.removeMany(
                [CaseRemoval(id: ID(2), searchText: "苏州河边有异味")], reason: "错", actor: .system("import"), in: $0)
        }
        #expect(try await ids(world) { $0.search = "苏州河" } == [])
    }

    @Test("Filters hold together", arguments: Engine.allCases)
    func filters(on engine: Engine) async throws {
        let world = try await Self.world(engine)
        #expect(try await ids(world) { $0.isOpen = true } == [1, 2, 3])
        #expect(try await ids(world) { $0.states = ["closed"] } == [4])
        #expect(try await ids(world) { $0.kinds = ["letter"] } == [])
        #expect(try await ids(world) { $0.unitCode = Fixture.water } == [1, 2, 4])
        #expect(try await ids(world) { $0.leadUnitCodes = [Fixture.water] } == [1, 4])
        #expect(try await ids(world) { $0.isUndispatched = true } == [3])
        #expect(try await ids(world) { $0.lights = [.red] } == [2])
        #expect(try await ids(world) { $0.openedFrom = Fixture.now } == [1])
        #expect(try await ids(world) { $0.openedBefore = Fixture.now.adding(days: -4) } == [2])
        #expect(
            try await ids(world) {
                $0.unitCode = Fixture.water
                $0.isOpen = true
                $0.search = "路"
            } == [1])
    }

    @Test("Every order is total and pages never repeat or skip a case", arguments: Engine.allCases)
    func pages(on engine: Engine) async throws {
        let world = try await World(engine)
        let cases = world.cases
        var generator = SeededGenerator(seed: 7)
        let news = (1...60).map { id in
            Fixture.new(
                Int64(id), openedAt: Fixture.now.adding(days: -Int64.random(in: 0...3, using: &generator)),
                days: [nil, 1, 5].randomElement(using: &generator) ?? nil)
        }
        try await world.database.write { _ = try cases.openMany(news, in: $0) }
        for sort in CaseSort.allCases {
            for isDescending in [true, false] {
                let ids = try await world.database.read { tx in
                    try (0..<6).flatMap { page in
                        try CaseStore.list(
                            CaseFilter(), sort: sort, isDescending: isDescending, limit: 11, offset: page * 11,
                            now: Fixture.now, in: tx
                        ).map(\.id)
                    }
                }
                #expect(ids.count == 60 && Set(ids).count == 60, "\(sort) \(isDescending), seed 7")
            }
        }
        let byLight = try await world.database.read {
            try CaseStore.list(CaseFilter(), sort: .light, limit: 100, now: Fixture.now, in: $0)
        }
        #expect(byLight.map(\.light) == byLight.map(\.light).sorted(by: >))
    }

    @Test("Counts by kind, state, light and unit add up", arguments: Engine.allCases)
    func counts(on engine: Engine) async throws {
        let world = try await Self.world(engine)
        func count(_ grouping: CaseGrouping) async throws -> [String: Int] {
            let counts = try await world.database.read {
                try CaseStore.counts(by: grouping, CaseFilter(), now: Fixture.now, in: $0)
            }
            return Dictionary(uniqueKeysWithValues: counts.map { ($0.key, $0.count) })
        }
        #expect(try await count(.kind) == ["request": 4])
        #expect(try await count(.state) == ["received": 3, "closed": 1])
        #expect(try await count(.light) == ["green": 3, "red": 1])
        #expect(try await count(.leadUnit) == ["": 1, Fixture.water: 2, Fixture.roads: 1])
    }

    @Test("A worklist is what a person's hats make it, worst first", arguments: Engine.allCases)
    func worklist(on engine: Engine) async throws {
        let world = try await Self.world(engine)
        func account(_ roles: Set<Role>, _ unit: String?) -> Visitor.Account {
            Visitor.Account(personID: 1, name: "王芳", unitCode: unit, roles: roles)
        }
        #expect(WorklistScope.scopes(of: account([.unitStaff], Fixture.water)) == [.unit(Fixture.water)])
        #expect(WorklistScope.scopes(of: account([.leader], nil)) == [.all])
        #expect(
            WorklistScope.scopes(of: account([.digitalOffice], Fixture.dispatch))
                == [.undispatched, .unit(Fixture.dispatch)])
        #expect(WorklistScope.scopes(of: account([.auditAdministrator, .enterprise], Fixture.water)).isEmpty)
        for (scope, ids, late) in [
            (WorklistScope.unit(Fixture.water), [Int64(2), 1], 1), (.unit(Fixture.roads), [2], 1),
            (.undispatched, [3], 0), (.all, [2, 1, 3], 1),
        ] {
            let list = try await world.database.read {
                try CaseStore.worklist(scope, limit: 10, now: Fixture.now, in: $0)
            }
            #expect(list.files.map(\.id.rawValue) == ids)
            #expect((list.total, list.late) == (ids.count, late))
        }
    }
}
