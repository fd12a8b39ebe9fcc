package import Casework
package import Core
package import Organisation

/// What problems tell Casework of themselves. A problem becomes a case, of its own id, when staff take it up.
package enum ProblemKind {
    package static let name = "problem"
    /// The state of the case of a problem that was merged into another.
    package static let merged = "merged"
    /// The state of the case of a problem whose appeals no longer belong together, or have gone.
    package static let ended = "ended"

    package static let kind = CaseKind(
        name: name, title: Bilingual(zh: "问题", en: "Problem"),
        states: ProblemState.allCases.map { ($0.rawValue, $0.title, $0.isOpen) }
            + [
                (merged, Bilingual(zh: "已并入", en: "Merged"), false),
                (ended, Bilingual(zh: "不再成立", en: "No longer found"), false),
            ],
        isGapless: false, path: "/desk/problems", eventTitles: ProblemTimeline.titles)

    /// The longest limit the profile has for a matter that is no everyday one; nil when it has none.
    package static func deadline(from start: Instant, _ profile: Profile) -> Deadline? {
        ["problem", "complex"].lazy.compactMap { profile.hotline.limit($0) }.first.map {
            Deadline.derive(limit: $0, from: start, calendar: profile.calendar, zone: profile.zone)
        }
    }
}

/// The events that decisions about a problem write into the timeline of its case.
package enum ProblemTimeline {
    package static func name(_ kind: ProblemDecision.Kind) -> String { "problems.\(kind.name)" }
    package static let undone = "problems.undone"
    /// The system found that its appeals belong elsewhere, or nowhere.
    package static let regrouped = "problems.regrouped"

    static let titles: [String: Bilingual] = {
        var titles = [
            undone: Bilingual(zh: "撤销决定", en: "Decision undone"),
            regrouped: Bilingual(zh: "系统重新归并", en: "Regrouped by the system"),
        ]
        for kind in ProblemDecision.Kind.all { titles[name(kind)] = kind.title }
        return titles
    }()
}
