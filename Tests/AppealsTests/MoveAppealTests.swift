import Casework
import Core
import Store
import TestKit
import Testing
import Web

@testable import Appeals

@Suite("Who may carry an appeal through its flow")
struct MoveAppealTests {
    @Test("Each event is for those it is meant for", arguments: AppealEvent.allCases)
    func permissions(event: AppealEvent) async throws {
        let district = try await AppealDistrict()
        try await district.load("编号,时间,内容,主责部门\nA1,2021-04-18,路灯坏了,建管委")
        let file = try await district.file("A1")
        let allowed: Set<String> =
            switch event {
            case .take, .dispatch, .callBack, .close, .redo: ["office"]
            case .extend: ["office", "head"]
            case .countersign: ["office", "staff", "head", "stranger"]
            case .accept, .reject, .contact, .handle, .submit: ["office", "staff", "head"]
            }
        for (name, account) in AppealDistrict.people {
            #expect(
                AppealPermission.may(event, account, on: file, supporting: ["publicity"]) == allowed.contains(name),
                "\(name)")
        }
        // Whoever supports has no say but to countersign; without supporting, none.
        let stranger = try #require(AppealDistrict.people["stranger"])
        #expect(!AppealPermission.may(event, stranger, on: file, supporting: []))
    }

    @Test("From dispatch to a second handling and the end, each step is in the timeline", arguments: Engine.allCases)
    func flow(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        try await district.load("编号,时间,内容\nA1,2021-04-18,路灯坏了")
        try await district.move("A1", .dispatch, unit: "construction")
        try await district.move("A1", .reject, by: "staff", reason: "不属本部门")
        try await district.move("A1", .dispatch, unit: "construction")
        let due = try #require(try await district.file("A1").dueAt)
        for event in [AppealEvent.accept, .contact, .handle] { try await district.move("A1", event, by: "staff") }
        let extended = try await district.move("A1", .extend, by: "head", reason: "等备件")
        #expect(try #require(extended.dueAt) > due)
        try await district.move("A1", .submit, by: "staff", reason: "已更换灯泡")
        try await district.move("A1", .callBack)
        try await district.move("A1", .redo, reason: "还是不亮")
        try await district.move("A1", .handle, by: "staff")
        try await district.move("A1", .submit, by: "staff", reason: "已更换线路")
        try await district.move("A1", .callBack)
        let closed = try await district.move("A1", .close, reason: "居民满意")
        #expect(!closed.isOpen && closed.closedAt != nil)
        let appeal = try #require(try await district.appeal("A1"))
        #expect(appeal.transfers == 1 && appeal.isDissatisfied && appeal.reply == "已更换线路" && appeal.closedAt != nil)
        let events = try await district.database.read { tx in
            try CaseTimelineStore.entries(of: closed.id, limit: 100, in: tx).map(\.event)
        }
        for event in AppealEvent.allCases where ![.take, .countersign].contains(event) {
            #expect(events.contains(AppealTimeline.name(event)), "\(event)")
        }
    }

    @Test("Of two clerks who act on one form the second is refused and nothing is lost", arguments: Engine.allCases)
    func race(engine: Engine) async throws {
        let district = try await AppealDistrict(engine)
        try await district.load("编号,时间,内容,主责部门\nA1,2021-04-18,路灯坏了,建管委")
        let file = try await district.file("A1")
        let (staff, head) = (
            try #require(AppealDistrict.people["staff"]), try #require(AppealDistrict.people["head"])
        )
        let orders = [(AppealEvent.accept, staff), (.reject, head), (.accept, head), (.reject, staff)]
        let outcomes = await withTaskGroup(of: (any Error)?.self) { group in
            for (event, account) in orders {
                group.addTask {
                    do {
                        _ = try await district.module.moveAppeal(
                            file.id, .init(event: event, version: file.version, reason: "理由"), by: account)
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == nil } == 1)
        for case let error? in outcomes { #expect(error as? CaseError == .movedMeanwhile) }
        #expect(try await district.file("A1").version == file.version + 1)
    }

    @Test("An event without its reason, its unit or its right changes nothing")
    func refused() async throws {
        let district = try await AppealDistrict()
        try await district.load("编号,时间,内容\nA1,2021-04-18,路灯坏了")
        await #expect(throws: AppealError.unitMissing) { try await district.move("A1", .dispatch) }
        await #expect(throws: CaseError.unknownUnit("nowhere")) {
            try await district.move("A1", .dispatch, unit: "nowhere")
        }
        await #expect(throws: CaseError.reasonMissing) { try await district.move("A1", .close, reason: " \u{202E} ") }
        await #expect(throws: AppealError.notYours(.close)) { try await district.move("A1", .close, by: "staff") }
        await #expect(throws: AppealError.eventNotPossible(.submit, in: .received)) {
            try await district.move("A1", .submit)
        }
        let file = try await district.file("A1")
        #expect(file.state == AppealState.received.rawValue && file.version == 1)
    }
}
