import Core
import Store
import TestKit
import Testing

@testable import Casework

@Suite("Links and comments")
struct CompanionTests {
    static func world(_ engine: Engine) async throws -> (World, CaseFile, CaseFile) {
        let world = try await World(engine)
        return (
            world, try await world.open(Fixture.new(1, title: "甲")),
            try await world.open(Fixture.new(2, title: "乙", lead: Fixture.roads))
        )
    }

    @Test(
        "A link is seen from both cases, each with its own direction", arguments: Engine.allCases,
        CaseLink.Kind.allCases)
    func both(on engine: Engine, kind: CaseLink.Kind) async throws {
        let (world, a, b) = try await Self.world(engine)
        let cases = world.cases
        try await world.database.write { _ = try cases.link(a, kind, to: b, actor: Fixture.clerk, in: $0) }
        let (out, back) = try await world.database.read {
            (try CaseLinkStore.links(of: a.id, in: $0), try CaseLinkStore.links(of: b.id, in: $0))
        }
        #expect(out.map(\.otherNumber) == [b.number] && out[0].isOutgoing && out[0].kind == kind)
        #expect(back.map(\.otherTitle) == ["甲"] && !back[0].isOutgoing && back[0].id == out[0].id)
        #expect(try await world.timeline(1).last?.event == CaseEvent.linked.rawValue)
        #expect(try await world.timeline(2).last?.event == CaseEvent.linked.rawValue)
        try await world.database.write { try cases.unlink(out[0].id, of: b, actor: Fixture.clerk, in: $0) }
        #expect(try await world.database.read { try CaseLinkStore.links(of: a.id, in: $0) }.isEmpty)
        await #expect(throws: CaseError.linkUnknown) {
            try await world.database.write { try cases.unlink(out[0].id, of: a, actor: Fixture.clerk, in: $0) }
        }
        #expect(try await world.verify().isSound)
    }

    @Test("No case is linked to itself, twice in one way, or as a duplicate both ways", arguments: Engine.allCases)
    func refused(on engine: Engine) async throws {
        let (world, a, b) = try await Self.world(engine)
        let cases = world.cases
        func link(_ from: CaseFile, _ kind: CaseLink.Kind, _ to: CaseFile) async throws {
            try await world.database.write { _ = try cases.link(from, kind, to: to, actor: Fixture.clerk, in: $0) }
        }
        try await link(a, .duplicates, b)
        try await link(a, .causes, b)
        try await link(b, .causes, a)
        await #expect(throws: CaseError.linkToItself) { try await link(a, .causes, a) }
        await #expect(throws: CaseError.linkExists) { try await link(a, .duplicates, b) }
        await #expect(throws: CaseError.linkExists) { try await link(b, .duplicates, a) }
        #expect(try await world.timeline(1).count == 4)
    }

    @Test("Of many who link two cases at once in one way, one succeeds", arguments: Engine.allCases)
    func race(on engine: Engine) async throws {
        let world = try await World(engine, surroundings: .system())
        let (a, b) = (try await world.open(Fixture.new(1)), try await world.open(Fixture.new(2)))
        let made = await withTaskGroup(of: Bool.self) { group in
            for turn in 0..<10 {
                group.addTask {
                    let (from, to) = turn.isMultiple(of: 2) ? (a, b) : (b, a)
                    let cases = world.cases
                    let id = try? await world.database.write {
                        try cases.link(from, .duplicates, to: to, actor: Fixture.clerk, in: $0)
                    }
                    return id != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(made == 1)
        #expect(try await world.verify().isSound)
    }

    @Test("An edited comment keeps what it said before", arguments: Engine.allCases)
    func edited(on engine: Engine) async throws {
        let (world, a, _) = try await Self.world(engine)
        let cases = world.cases
        let id = try await world.database.write { tx in
            let id = try cases.comment(a, " 请水务局核实 \n", author: 7, unitCode: Fixture.water, in: tx)
            try cases.editComment(id, of: a, version: 1, "请水务局今天核实", author: 7, unitCode: Fixture.water, in: tx)
            return id
        }
        let (comments, earlier) = try await world.database.read {
            (try CaseCommentStore.comments(of: a.id, in: $0), try CaseCommentStore.earlierVersions(of: a.id, in: $0))
        }
        #expect(comments.map(\.body) == ["请水务局今天核实"])
        #expect(comments.map(\.version) == [2])
        #expect(earlier[id]?.map(\.body) == ["请水务局核实"])
        #expect(try await world.timeline(1).map(\.event).suffix(2) == ["case.commented", "case.comment_edited"])
    }

    @Test("A comment is changed by its author only, as last seen, and never emptied", arguments: Engine.allCases)
    func guarded(on engine: Engine) async throws {
        let (world, a, b) = try await Self.world(engine)
        let cases = world.cases
        let id = try await world.database.write { try cases.comment(a, "意见", author: 7, unitCode: nil, in: $0) }
        func edit(_ text: String = "改", of file: CaseFile? = nil, version: Int = 1, author: Int64 = 7) async throws {
            try await world.database.write {
                try cases.editComment(id, of: file ?? a, version: version, text, author: author, unitCode: nil, in: $0)
            }
        }
        await #expect(throws: CaseError.commentNotYours) { try await edit(author: 8) }
        await #expect(throws: CaseError.commentUnknown) { try await edit(of: b) }
        await #expect(throws: CaseError.commentChangedMeanwhile) { try await edit(version: 2) }
        await #expect(throws: CaseError.textMissing) { try await edit(" ") }
        await #expect(throws: CaseError.textTooLong(max: CasesLimits.commentCharactersMax)) {
            try await edit(String(repeating: "长", count: CasesLimits.commentCharactersMax + 1))
        }
        for version in 1..<CasesLimits.commentVersionsMax { try await edit("第\(version)次", version: version) }
        await #expect(throws: CaseError.tooManyComments(max: CasesLimits.commentVersionsMax)) {
            try await edit(version: CasesLimits.commentVersionsMax)
        }
    }
}
