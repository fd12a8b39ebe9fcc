package import Core

/// What the call-back found, in the hotline's own terms. What was not asked or not answered is nil and counts nowhere.
package struct AppealRating: Sendable, Equatable {
    /// 结案评判
    package enum Verdict: String, Sendable, CaseIterable {
        case resolved, explained

        package var title: Bilingual {
            switch self {
            case .resolved: Bilingual(zh: "实际解决", en: "Resolved")
            case .explained: Bilingual(zh: "解释说明", en: "Explained")
            }
        }
    }

    /// 综合满意度
    package enum Satisfaction: String, Sendable, CaseIterable {
        case satisfied, basically, neutral, dissatisfied

        package var title: Bilingual {
            switch self {
            case .satisfied: Bilingual(zh: "满意", en: "Satisfied")
            case .basically: Bilingual(zh: "基本满意", en: "Basically satisfied")
            case .neutral: Bilingual(zh: "一般", en: "Neither")
            case .dissatisfied: Bilingual(zh: "不满意", en: "Dissatisfied")
            }
        }

        /// Tenths: 1, 0.8, 0.6 and 0 in the evaluation of a street of the city.
        package var weightTenths: Int {
            switch self {
            case .satisfied: 10
            case .basically: 8
            case .neutral: 6
            case .dissatisfied: 0
            }
        }
    }

    /// 先行联系: whether the unit called before it began.
    package let isContactedFirst: Bool?
    package let verdict: Verdict?
    package let satisfaction: Satisfaction?

    package init(isContactedFirst: Bool? = nil, verdict: Verdict? = nil, satisfaction: Satisfaction? = nil) {
        self.isContactedFirst = isContactedFirst
        self.verdict = verdict
        self.satisfaction = satisfaction
    }

    package var isEmpty: Bool { isContactedFirst == nil && verdict == nil && satisfaction == nil }
}
