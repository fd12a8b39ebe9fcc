/// The two languages of every face, Chinese first.
package enum Language: String, Sendable, CaseIterable {
    case chinese = "zh-Hans"
    case english = "en"
}

/// One text in both languages, for what is data rather than template.
package struct Bilingual: Sendable, Equatable, Hashable {
    package let zh: String
    package let en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    package func callAsFunction(_ language: Language) -> String {
        switch language {
        case .chinese: zh
        case .english: en
        }
    }
}
