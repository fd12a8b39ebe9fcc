import Appeals
import Casework
import Core
import Foundation
import Indicators
import Organisation
import Store
import TestKit
import Testing
import Web

@testable import Platform

@Suite("Facts of the appeals")
struct AppealFactTests {
    private static let month = Period(.month, year: 2021, index: 3) ?? Period(day: Day(number: 0))

    private func profile() throws -> Profile {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try ProfileLoader.load(folder: root.appendingPathComponent("profiles/putuo"))
    }

    private struct Made: Sendable {
        let id: Int64
        let unit: String
        let opened: String
        let due: String?
        let closed: String?
        let rating: AppealRating?
    }

    private static let made: [Made] = [
        Made(
            id: 1, unit: "construction", opened: "2021-02-27", due: "2021-03-05", closed: "2021-03-04",
            rating: .init(isContactedFirst: true, verdict: .resolved, satisfaction: .satisfied)),
        Made(
            id: 2, unit: "construction", opened: "2021-03-01", due: "2021-03-05", closed: "2021-03-08",
            rating: .init(isContactedFirst: false, verdict: .explained, satisfaction: .dissatisfied)),
        Made(
            id: 3, unit: "publicity", opened: "2021-03-31", due: nil, closed: "2021-03-31",
            rating: .init(verdict: .resolved, satisfaction: .basically)),
        Made(id: 4, unit: "publicity", opened: "2021-03-15", due: "2021-03-20", closed: "2021-04-01", rating: nil),
        Made(id: 5, unit: "publicity", opened: "2021-03-15", due: "2021-03-20", closed: nil, rating: nil),
    ]

    private func at(_ day: String) throws -> Int64 {
        try #require(Day(iso: day)).start(in: .shanghai).adding(seconds: 3_600).millisecondsSince1970
    }

    private func database(_ engine: Engine) async throws -> any Database {
        let database = try await engine.database(District.migrations)
        for one in Self.made {
            let (opened, due, closed) = (try at(one.opened), try one.due.map(at), try one.closed.map(at))
            try await database.write { tx in
                try tx.run(
                    """
                    INSERT INTO case_file (
                        id, kind, number, title, state, is_open, lead_unit_code, opened_at_ms, due_at_ms, deadline,
                        closed_at_ms, version, timeline_count, timeline_hash, updated_at_ms)
                    VALUES (
                        \(one.id), 'appeal', \("PT-\(one.id)"), '路灯 13912345678',
                        \(closed == nil ? "handling" : "closed"), \(closed == nil), \(one.unit), \(opened), \(due),
                        \(due == nil ? String?.none : "{}"), \(closed), 1, 0, '', \(opened))
                    """)
                if let rating = one.rating {
                    try AppealRatingStore.save(
                        rating, of: ID(one.id), now: Instant(millisecondsSince1970: opened), in: tx)
                }
            }
        }
        return database
    }

    @Test("Received by receipt, all rates by closing; what was not answered counts nowhere", arguments: Engine.allCases)
    func formulas(engine: Engine) async throws {
        let (database, profile) = (try await database(engine), try profile())
        let registry = try FactRegistry([AppealFactSource(profile: profile, now: Surroundings.fixed().now)])
        let now = Surroundings.fixed().now()
        let expected = [
            ("received", "4", "3"), ("closed", "3", "1"), ("overdue", "2", "2"), ("on_time_rate", "50.0%", "–"),
            ("first_contact_rate", "50.0%", "–"), ("actual_resolution_rate", "66.7%", "100.0%"),
            // (1 + 0 + 0.8) ÷ 3
            ("satisfaction_rate", "60.0%", "80.0%"),
        ]
        let scopes = [FigureScope.district, .unit("publicity")]
        let facts = try await database.read { tx in
            try registry.measure(expected.map { "appeals.\($0.0)" }, Self.month, scopes: scopes, now: now, in: tx)
        }
        #expect(facts.count == expected.count)
        for (found, (name, text, publicity)) in zip(facts, expected) {
            #expect(found.map(\.name) == ["appeals.\(name)", "appeals.\(name)"])
            #expect(found.map(\.text) == [text, publicity], "\(name)")
        }
    }

    @Test(
        "A figure and the rows behind it agree, page by page, and telephones in them are masked",
        arguments: Engine.allCases)
    func rows(engine: Engine) async throws {
        let (database, profile) = (try await database(engine), try profile())
        let registry = try FactRegistry([AppealFactSource(profile: profile, now: Surroundings.fixed().now)])
        for definition in registry.definitions {
            let pages = try await database.read { tx in
                try (0..<3).map {
                    try registry.rows(of: definition.name, Self.month, .district, limit: 2, offset: $0 * 2, in: tx)
                }
            }
            let numbers = pages.flatMap(\.rows).compactMap(\.href)
            #expect(numbers.count == pages[0].total && Set(numbers).count == numbers.count, "\(definition.name)")
            #expect(!pages.flatMap(\.rows).contains { $0.values.contains(.text("路灯 13912345678")) })
        }
        let received = try await database.read {
            try registry.rows(of: "appeals.received", Self.month, .district, limit: 9, offset: 0, in: $0)
        }
        #expect(received.rows.first?.href == "/desk/appeals/3" && received.total == 4)
    }

    @Test(
        "Left out as out of scope, an appeal counts for no unit and still for the district",
        arguments: Engine.allCases)
    func leftOut(engine: Engine) async throws {
        let (database, profile) = (try await database(engine), try profile())
        let registry = try FactRegistry([AppealFactSource(profile: profile, now: Surroundings.fixed().now)])
        let cases = try Cases(profile: profile, kinds: Rooms.kinds, surroundings: .fixed())
        let office = Visitor.Account(personID: 1, name: "", unitCode: nil, roles: [.digitalOffice])
        let now = Surroundings.fixed().now()
        func texts(_ name: String) async throws -> [String] {
            try await database.read { tx in
                try [FigureScope.district, .unit("construction")].map {
                    try registry.measure(name, Self.month, $0, now: now, in: tx).text
                }
            }
        }
        #expect(try await texts("appeals.satisfaction_rate") == ["60.0%", "50.0%"])
        _ = try await database.write { tx in
            try cases.exclude(
                try CaseStore.find(ID(2), now: now, in: tx), .unreasonable, reason: "要求不合理", by: office, in: tx)
        }
        #expect(try await texts("appeals.satisfaction_rate") == ["60.0%", "100.0%"])
        #expect(try await texts("appeals.closed") == ["3", "1"])
        let rows = try await database.read {
            try registry.rows(
                of: "appeals.closed", Self.month, .unit("construction"), limit: 9, offset: 0, in: $0)
        }
        #expect(rows.total == 1 && rows.rows.map(\.href) == ["/desk/appeals/1"])
    }

    @Test("The weights in the statement are those of the model")
    func weights() async throws {
        let (database, profile) = (try await Engine.sqlite.database(District.migrations), try profile())
        let registry = try FactRegistry([AppealFactSource(profile: profile, now: Surroundings.fixed().now)])
        let (opened, now) = (try at("2021-03-02"), Surroundings.fixed().now())
        for (index, satisfaction) in AppealRating.Satisfaction.allCases.enumerated() {
            let code = "unit\(index)"
            try await database.write { tx in
                try tx.run(
                    """
                    INSERT INTO case_file (
                        id, kind, number, title, state, is_open, lead_unit_code, opened_at_ms, closed_at_ms, version,
                        timeline_count, timeline_hash, updated_at_ms)
                    VALUES (\(index), 'appeal', \(code), 'x', 'closed', 0, \(code), \(opened), \(opened), 1, 0, '', 0)
                    """)
                try AppealRatingStore.save(
                    AppealRating(satisfaction: satisfaction), of: ID(Int64(index)), now: now, in: tx)
            }
            let fact = try await database.read {
                try registry.measure("appeals.satisfaction_rate", Self.month, .unit(code), now: now, in: $0)
            }
            #expect(fact.value == .share(of: satisfaction.weightTenths, in: 10), "\(satisfaction)")
        }
    }
}
