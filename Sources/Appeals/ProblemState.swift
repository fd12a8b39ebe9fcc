package import Core

/// How far the district is with a problem (处置状态).
package enum ProblemState: String, Sendable, CaseIterable {
    /// 发现: mined, and nobody has decided anything yet.
    case found
    /// 确认: it is one real matter, and worth solving.
    case confirmed
    case assigned
    case solving
    case solved
    /// 反复: held for solved, and not.
    case reopened
    /// 不予处理: with a reason, and out of the lists.
    case dismissed

    /// Whether somebody has still to act on it.
    package var isOpen: Bool {
        switch self {
        case .confirmed, .assigned, .solving, .reopened: true
        case .found, .solved, .dismissed: false
        }
    }

    package var title: Bilingual {
        switch self {
        case .found: Bilingual(zh: "发现", en: "Found")
        case .confirmed: Bilingual(zh: "已确认", en: "Confirmed")
        case .assigned: Bilingual(zh: "已交办", en: "Assigned")
        case .solving: Bilingual(zh: "解决中", en: "Being solved")
        case .solved: Bilingual(zh: "已解决", en: "Solved")
        case .reopened: Bilingual(zh: "反复", en: "Reopened")
        case .dismissed: Bilingual(zh: "不予处理", en: "Dismissed")
        }
    }

    /// The state after an event.
    ///
    /// - Throws: `ProblemError.eventNotPossible` for every pair the flow does not have.
    package func after(_ event: ProblemEvent) throws(ProblemError) -> ProblemState {
        switch (self, event) {
        case (.found, .confirm): .confirmed
        case (.found, .assign), (.confirmed, .assign), (.assigned, .assign), (.solving, .assign), (.reopened, .assign):
            .assigned
        case (.assigned, .sendBack): .confirmed
        case (.assigned, .start), (.reopened, .start): .solving
        case (.solving, .solve): .solved
        case (.solved, .reopen): .reopened
        case (.found, .dismiss), (.confirmed, .dismiss), (.assigned, .dismiss), (.reopened, .dismiss): .dismissed
        case (.dismissed, .restore): .found
        default: throw .eventNotPossible(event, in: self)
        }
    }

    /// What may happen next, in the order the buttons stand.
    package var events: [ProblemEvent] { ProblemEvent.allCases.filter { (try? after($0)) != nil } }
}

/// What can happen to a problem on its way.
package enum ProblemEvent: String, Sendable, CaseIterable {
    case confirm, assign, start, solve, reopen
    case sendBack = "send_back"
    case dismiss, restore

    package var title: Bilingual {
        switch self {
        case .confirm: Bilingual(zh: "确认为问题", en: "Confirm")
        case .assign: Bilingual(zh: "交办", en: "Assign")
        case .start: Bilingual(zh: "开始解决", en: "Start solving")
        case .solve: Bilingual(zh: "已解决", en: "Mark as solved")
        case .reopen: Bilingual(zh: "重新打开", en: "Reopen")
        case .sendBack: Bilingual(zh: "退回", en: "Send back")
        case .dismiss: Bilingual(zh: "不予处理", en: "Dismiss")
        case .restore: Bilingual(zh: "恢复", en: "Restore")
        }
    }

    /// What takes something away from somebody, or ends the matter, needs a written reason.
    package var needsReason: Bool {
        switch self {
        case .solve, .reopen, .sendBack, .dismiss: true
        case .confirm, .assign, .start, .restore: false
        }
    }
}
