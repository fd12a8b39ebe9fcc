import Core
import Store
import TestKit
import Testing

@testable import Casework

@Suite("Lights")
struct LightTests {
    static let due = Fixture.instant("2021-04-26", 24).adding(milliseconds: -1)
    static let warn = Fixture.instant("2021-04-26", 0)

    @Test(
        "A light turns yellow with the last working day and red after its end",
        arguments: [
            (warn.adding(milliseconds: -1), Light.green), (warn, .yellow), (due, .yellow),
            (due.adding(milliseconds: 1), .red),
        ])
    func boundaries(now: Instant, light: Light) {
        #expect(LightBasis(isOpen: true, dueAt: Self.due, warnAt: Self.warn, closedAt: nil).light(at: now) == light)
    }

    @Test("What was closed in time stays green, what was closed late stays red")
    func closed() {
        func light(_ closedAt: Instant) -> Light {
            LightBasis(isOpen: false, dueAt: Self.due, warnAt: Self.warn, closedAt: closedAt, floor: .red)
                .light(at: Self.due.adding(days: 100))
        }
        #expect(light(Self.due) == .green)
        #expect(light(Self.due.adding(milliseconds: 1)) == .red)
    }

    @Test("A light made worse is never better than that, and an approval holds to its last millisecond")
    func manual() {
        var basis = LightBasis(isOpen: true, dueAt: Self.due, warnAt: Self.warn, closedAt: nil, floor: .yellow)
        #expect(basis.light(at: Fixture.now) == .yellow)
        #expect(basis.light(at: Self.due.adding(days: 1)) == .red)
        basis.approved = (.green, Self.due.adding(days: 2))
        #expect(basis.light(at: Self.due.adding(days: 2)) == .green)
        #expect(basis.light(at: Self.due.adding(days: 2).adding(milliseconds: 1)) == .red)
    }

    @Test("A plan turns a light blue, yellow and red at its own instants, and the due date has the last word")
    func pace() {
        var basis = LightBasis(isOpen: true, dueAt: Self.due, warnAt: nil, closedAt: nil)
        let day = { (days: Int64) in Fixture.now.adding(days: days) }
        basis.pace = Pace(noticeAt: day(1), warnAt: day(2), redAt: day(3))
        for (days, light) in [(0, Light.green), (1, .blue), (2, .yellow), (3, .red)] {
            #expect(basis.light(at: day(Int64(days))) == light)
            if days > 0 { #expect(basis.light(at: day(Int64(days)).adding(milliseconds: -1)) < light) }
        }
        basis.pace = Pace(noticeAt: day(1))
        basis.floor = .yellow
        #expect(basis.light(at: day(1)) == .yellow)
        #expect(basis.light(at: Self.due.adding(milliseconds: 1)) == .red)
        basis.isOpen = false
        basis.closedAt = day(0)
        #expect(basis.light(at: day(400)) == .green)
        #expect(Light.allCases.allSatisfy { Light(rank: $0.rank) == $0 })
        #expect(Light.judgements.allSatisfy { $0.judgement.flatMap(Light.init(judgement:)) == $0 })
    }

    @Test("SQL and Swift see the same light at every boundary", arguments: Engine.allCases)
    func agreement(on engine: Engine) async throws {
        let world = try await World(engine)
        let cases = world.cases
        var news: [NewCase] = []
        for (index, days) in [nil, 0, 1, 5, 15].enumerated() {
            for closed in [nil, Fixture.now, Fixture.instant("2021-06-01")] {
                var new = Fixture.new(Int64(news.count + 1), days: days)
                if let closed { (new.isOpen, new.state, new.closedAt) = (false, "closed", closed) }
                new.title = "\(index)"
                if index.isMultiple(of: 2) {
                    new.pace = Pace(
                        noticeAt: Fixture.instant("2021-04-20", 0),
                        warnAt: index == 0 ? nil : Fixture.instant("2021-05-01"),
                        redAt: index == 4 ? nil : Fixture.instant("2021-05-11", 24))
                }
                news.append(new)
            }
        }
        let opened = news
        try await world.database.write { tx in
            _ = try cases.openMany(opened, in: tx)
            for new in opened where new.isOpen {
                let file = try CaseStore.find(new.id, now: Fixture.now, in: tx)
                guard file.light == .green else { continue }
                if new.title == "3" {
                    _ = try cases.worsenLight(file, to: .yellow, reason: "滞后", actor: Fixture.clerk, in: tx)
                }
                if new.title == "4" {
                    let worse = try cases.worsenLight(file, to: .red, reason: "停工", actor: Fixture.clerk, in: tx)
                    _ = try cases.approveLight(
                        worse, .green, until: Fixture.instant("2021-05-01"), reason: "已协调", actor: Fixture.clerk, in: tx
                    )
                }
            }
        }
        let moments = [
            Fixture.now, Self.warn, Self.due, Fixture.instant("2021-04-20", 0), Fixture.instant("2021-05-01"),
            Fixture.instant("2021-05-01").adding(milliseconds: 1), Fixture.instant("2021-05-11", 24),
            Fixture.instant("2021-05-11", 24).adding(milliseconds: -1), Fixture.instant("2022-01-01"),
        ]
        for now in moments {
            for new in opened {
                let (file, basis) = try await world.database.read {
                    (try CaseStore.find(new.id, now: now, in: $0), try CaseStore.lightBasis(of: new.id, in: $0))
                }
                #expect(file.light == basis?.light(at: now), "case \(new.id) at \(now)")
            }
        }
    }

    @Test("By hand a light only gets worse; an approval is bounded and recorded", arguments: Engine.allCases)
    func byHand(on engine: Engine) async throws {
        let world = try await World(engine)
        let cases = world.cases
        let file = try await world.open(Fixture.new(1))
        let soon = Fixture.now.adding(days: 3)
        await #expect(throws: CaseError.lightNotWorse) {
            try await world.database.write {
                try cases.worsenLight(file, to: .green, reason: "好", actor: Fixture.clerk, in: $0)
            }
        }
        await #expect(throws: CaseError.lightNotBetter) {
            try await world.database.write {
                try cases.approveLight(file, .green, until: soon, reason: "好", actor: Fixture.clerk, in: $0)
            }
        }
        let red = try await world.database.write {
            try cases.worsenLight(file, to: .red, reason: "停工", actor: Fixture.clerk, in: $0)
        }
        #expect(red.light == .red)
        for until in [Fixture.now, Fixture.now.adding(days: CasesLimits.approvalDaysMax).adding(milliseconds: 1)] {
            await #expect(throws: CaseError.approvalTooLong(daysMax: CasesLimits.approvalDaysMax)) {
                try await world.database.write {
                    try cases.approveLight(red, .green, until: until, reason: "好", actor: Fixture.clerk, in: $0)
                }
            }
        }
        let green = try await world.database.write {
            try cases.approveLight(red, .green, until: soon, reason: "已复工", actor: Fixture.clerk, in: $0)
        }
        #expect(green.light == .green)
        let events = try await world.timeline(1).map(\.event)
        #expect(events == ["received", CaseEvent.lightWorsened.rawValue, CaseEvent.lightApproved.rawValue])
    }
}
