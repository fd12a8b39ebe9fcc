package import Core

/// Where an appeal stands; 12345's states, and one for appeals that are only kept for the record.
package enum AppealState: String, Sendable, CaseIterable {
    /// 仅存档: imported from another system's past; counted and found, in nobody's worklist.
    case recorded
    case received
    case dispatched
    case accepted
    /// 退单: the unit sent it back; the digital office dispatches it anew.
    case rejected
    /// 会签: several units have to agree who takes it.
    case countersigned
    case contacted
    case handling
    case extended
    case submitted
    /// 回访: the resident is asked whether it is solved.
    case callback
    case closed
    /// 重办: the call-back found that it is not.
    case redo

    package var isOpen: Bool { self != .closed && self != .recorded }

    package var title: Bilingual {
        switch self {
        case .recorded: Bilingual(zh: "仅存档", en: "On record")
        case .received: Bilingual(zh: "已受理", en: "Received")
        case .dispatched: Bilingual(zh: "已派单", en: "Dispatched")
        case .accepted: Bilingual(zh: "已接单", en: "Accepted")
        case .rejected: Bilingual(zh: "已退单", en: "Sent back")
        case .countersigned: Bilingual(zh: "会签中", en: "Countersigning")
        case .contacted: Bilingual(zh: "已联系", en: "Contacted")
        case .handling: Bilingual(zh: "办理中", en: "In hand")
        case .extended: Bilingual(zh: "已延期", en: "Extended")
        case .submitted: Bilingual(zh: "已提交", en: "Result submitted")
        case .callback: Bilingual(zh: "回访中", en: "Call-back")
        case .closed: Bilingual(zh: "已办结", en: "Closed")
        case .redo: Bilingual(zh: "重办", en: "To be redone")
        }
    }

    /// The state after an event.
    ///
    /// - Throws: `AppealError.eventNotPossible` for every pair the flow does not have.
    package func after(_ event: AppealEvent) throws(AppealError) -> AppealState {
        switch (self, event) {
        case (.recorded, .take): .received
        case (.received, .dispatch), (.rejected, .dispatch), (.redo, .dispatch): .dispatched
        case (.dispatched, .accept), (.countersigned, .accept): .accepted
        case (.dispatched, .reject), (.countersigned, .reject): .rejected
        case (.dispatched, .countersign): .countersigned
        case (.accepted, .contact): .contacted
        case (.contacted, .handle), (.redo, .handle): .handling
        case (.handling, .extend): .extended
        case (.handling, .submit), (.extended, .submit): .submitted
        case (.submitted, .callBack): .callback
        case (.callback, .close), (.received, .close): .closed
        case (.callback, .redo): .redo
        default: throw .eventNotPossible(event, in: self)
        }
    }

    /// What may happen next, in the order the buttons stand.
    package var events: [AppealEvent] {
        AppealEvent.allCases.filter { (try? after($0)) != nil }
    }
}

/// What can happen to an appeal.
package enum AppealEvent: String, Sendable, CaseIterable {
    case take, dispatch, accept, reject, countersign, contact, handle, extend, submit
    case callBack = "call_back"
    case close, redo

    package var title: Bilingual {
        switch self {
        case .take: Bilingual(zh: "转为办理", en: "Take up")
        case .dispatch: Bilingual(zh: "派单", en: "Dispatch")
        case .accept: Bilingual(zh: "接单", en: "Accept")
        case .reject: Bilingual(zh: "退单", en: "Send back")
        case .countersign: Bilingual(zh: "会签", en: "Countersign")
        case .contact: Bilingual(zh: "先行联系", en: "Contact the resident")
        case .handle: Bilingual(zh: "开始办理", en: "Start handling")
        case .extend: Bilingual(zh: "延期", en: "Extend")
        case .submit: Bilingual(zh: "提交结果", en: "Submit the result")
        case .callBack: Bilingual(zh: "回访", en: "Call back")
        case .close: Bilingual(zh: "办结", en: "Close")
        case .redo: Bilingual(zh: "退回重办", en: "Have it redone")
        }
    }

    /// Events that take something away from somebody, or end the case, need a written reason.
    package var needsReason: Bool {
        switch self {
        case .reject, .extend, .submit, .close, .redo: true
        case .take, .dispatch, .accept, .countersign, .contact, .handle, .callBack: false
        }
    }
}
