import Testing

@testable import Appeals

@Suite("The flow of an appeal")
struct AppealStateTests {
    /// Every pair that is possible; all others must be refused.
    static let flow: [AppealState: [AppealEvent: AppealState]] = [
        .recorded: [.take: .received],
        .received: [.dispatch: .dispatched, .close: .closed],
        .dispatched: [.accept: .accepted, .reject: .rejected, .countersign: .countersigned],
        .rejected: [.dispatch: .dispatched],
        .countersigned: [.accept: .accepted, .reject: .rejected],
        .accepted: [.contact: .contacted],
        .contacted: [.handle: .handling],
        .handling: [.extend: .extended, .submit: .submitted],
        .extended: [.submit: .submitted],
        .submitted: [.callBack: .callback],
        .callback: [.close: .closed, .redo: .redo],
        .redo: [.dispatch: .dispatched, .handle: .handling],
        .closed: [:],
    ]

    @Test("Every pair of state and event leads where the flow says, or is refused", arguments: AppealState.allCases)
    func pairs(state: AppealState) {
        for event in AppealEvent.allCases {
            if let expected = Self.flow[state]?[event] {
                #expect((try? state.after(event)) == expected, "\(state) after \(event)")
            } else {
                #expect(throws: AppealError.eventNotPossible(event, in: state)) { try state.after(event) }
            }
        }
    }

    @Test("Text of unknown origin loses what could disguise or break it")
    func cleaning() {
        #expect(ImportText.cleaned(" a\u{0}b\r\nc\u{202E}d\u{3000}") == "ab\ncd")
        #expect(ImportText.cleaned("小区\u{1F600}停水") == "小区\u{1F600}停水")
        #expect(ImportText.cleaned("<b>'; DROP TABLE appeal;--") == "<b>'; DROP TABLE appeal;--")
    }
}
