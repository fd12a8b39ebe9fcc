package import Casework
package import Core

/// A meeting of the leading group: an agenda from what is red and what waits, minutes, and decisions that are tasks.
package struct Meeting: Sendable, Equatable {
    package let id: ID<Meeting>
    package let title: String
    package let day: Day
    package let place: String
    /// The office that presides, never a person's name.
    package let chair: String
    package let isHeld: Bool
    package let minutes: String
    package let version: Int
    package let isDemo: Bool
}

package struct AgendaItem: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case red, change
        case followUp = "follow_up"
        case other

        package var title: Bilingual {
            switch self {
            case .red: Bilingual(zh: "红灯任务", en: "Red task")
            case .change: Bilingual(zh: "待审批调整", en: "Change to decide")
            case .followUp: Bilingual(zh: "上次议定事项", en: "Follow-up")
            case .other: Bilingual(zh: "其他", en: "Other")
            }
        }
    }
    package let id: ID<AgendaItem>
    package let kind: Kind
    package let title: String
    package let taskID: ID<CaseFile>?
}

/// What a meeting decided: the words, and the task that carries them out.
package struct MeetingDecision: Sendable, Equatable {
    package let text: String
    package let taskID: ID<CaseFile>
    package let at: Instant
}
