package import Core

/// Where a task stands, from the table of a plan to its being struck off (销号).
package enum TaskState: String, Sendable, CaseIterable {
    /// 待下达: decomposed, and not yet given to its unit.
    case planned
    /// 已下达: the unit has it and has not begun.
    case issued
    case underway
    /// 暂缓: no clock runs but the due date's own.
    case suspended
    /// 待核验: the unit says it is done; somebody else has to look.
    case delivered
    /// 已销号.
    case closed
    case cancelled

    package var isOpen: Bool { self != .closed && self != .cancelled }

    package var title: Bilingual {
        switch self {
        case .planned: Bilingual(zh: "待下达", en: "Planned")
        case .issued: Bilingual(zh: "已下达", en: "Handed down")
        case .underway: Bilingual(zh: "推进中", en: "Under way")
        case .suspended: Bilingual(zh: "暂缓", en: "Suspended")
        case .delivered: Bilingual(zh: "待核验", en: "To be checked")
        case .closed: Bilingual(zh: "已销号", en: "Closed out")
        case .cancelled: Bilingual(zh: "已取消", en: "Cancelled")
        }
    }

    /// The state after an event.
    ///
    /// - Throws: `MechanismError.eventNotPossible` for every pair the flow does not have.
    package func after(_ event: TaskEvent) throws(MechanismError) -> TaskState {
        switch (self, event) {
        case (.planned, .issue): .issued
        case (.issued, .start): .underway
        case (.underway, .deliver): .delivered
        case (.delivered, .sendBack): .underway
        case (.delivered, .closeOut): .closed
        case (.issued, .suspend), (.underway, .suspend): .suspended
        case (.suspended, .resume): .underway
        case (.planned, .cancel), (.issued, .cancel), (.underway, .cancel), (.suspended, .cancel): .cancelled
        case (.closed, .reopen): .underway
        default: throw .eventNotPossible(event, in: self)
        }
    }

    /// What may happen next, in the order the buttons stand.
    package var events: [TaskEvent] { TaskEvent.allCases.filter { (try? after($0)) != nil } }
}

/// What can happen to a task.
package enum TaskEvent: String, Sendable, CaseIterable {
    case issue, start, deliver
    case closeOut = "close_out"
    case sendBack = "send_back"
    case suspend, resume, reopen, cancel

    package var title: Bilingual {
        switch self {
        case .issue: Bilingual(zh: "下达", en: "Hand down")
        case .start: Bilingual(zh: "启动", en: "Start")
        case .deliver: Bilingual(zh: "申请销号", en: "Ask for close-out")
        case .closeOut: Bilingual(zh: "核验通过，销号", en: "Checked: close out")
        case .sendBack: Bilingual(zh: "核验不通过，退回", en: "Send back")
        case .suspend: Bilingual(zh: "暂缓", en: "Suspend")
        case .resume: Bilingual(zh: "恢复", en: "Resume")
        case .reopen: Bilingual(zh: "恢复办理", en: "Reopen")
        case .cancel: Bilingual(zh: "取消", en: "Cancel")
        }
    }

    /// Events that take something away, or say that something is done, need words.
    package var needsReason: Bool { self != .issue && self != .start }
}

/// How far the supervision of a task has gone (督办). Each step is recorded, whatever the state says.
package enum SupervisionLevel: String, Sendable, CaseIterable, Comparable {
    case none, reminded, urged, listed, interviewed

    package var title: Bilingual {
        switch self {
        case .none: Bilingual(zh: "未督办", en: "None")
        case .reminded: Bilingual(zh: "已提醒", en: "Reminded")
        case .urged: Bilingual(zh: "已催办", en: "Urged")
        case .listed: Bilingual(zh: "挂牌督办", en: "Listed")
        case .interviewed: Bilingual(zh: "已约谈", en: "Interviewed")
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.order < right.order }
    private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// The level after a step.
    ///
    /// - Throws: `MechanismError.stepNotPossible`: a unit is listed only after it was urged, and interviewed only
    ///   after it was listed; what was sharper is not made milder but by lifting it.
    package func after(_ step: SupervisionStep) throws(MechanismError) -> SupervisionLevel {
        switch (self, step) {
        case (.none, .remind), (.reminded, .remind): .reminded
        case (.none, .urge), (.reminded, .urge), (.urged, .urge): .urged
        case (.urged, .list), (.listed, .list): .listed
        case (.listed, .interview), (.interviewed, .interview): .interviewed
        case (.reminded, .lift), (.urged, .lift), (.listed, .lift), (.interviewed, .lift): .none
        default: throw .stepNotPossible(step, at: self)
        }
    }

    package var steps: [SupervisionStep] { SupervisionStep.allCases.filter { (try? after($0)) != nil } }
}

package enum SupervisionStep: String, Sendable, CaseIterable {
    case remind, urge, list, interview, lift

    package var title: Bilingual {
        switch self {
        case .remind: Bilingual(zh: "提醒", en: "Remind")
        case .urge: Bilingual(zh: "催办", en: "Urge")
        case .list: Bilingual(zh: "挂牌", en: "Put on the list")
        case .interview: Bilingual(zh: "约谈", en: "Interview")
        case .lift: Bilingual(zh: "解除督办", en: "Lift")
        }
    }

    /// A lifted supervision asks nobody for an answer.
    package var asksAnswer: Bool { self != .lift }
}

/// Where a task came from.
package enum TaskSource: String, Sendable, CaseIterable {
    case plan, meeting, instruction, proposal, promise

    package var title: Bilingual {
        switch self {
        case .plan: Bilingual(zh: "方案部署", en: "Plan")
        case .meeting: Bilingual(zh: "会议议定", en: "Meeting decision")
        case .instruction: Bilingual(zh: "领导批示", en: "Leader's instruction")
        case .proposal: Bilingual(zh: "提案建议", en: "Proposal")
        case .promise: Bilingual(zh: "答复承诺", en: "Promise in a reply")
        }
    }
}
