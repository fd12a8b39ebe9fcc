internal import Core
internal import Web

extension Visit {
    /// A topic in the visitor's language. Topics are data: one that is not among the shipped model's seven is shown as
    /// it is written.
    func topic(_ label: String) -> String { text(TopicTitle.all[label] ?? Bilingual(zh: label, en: label)) }
}

/// The seven topics of the shipped model, which takes them from its training texts.
enum TopicTitle {
    static let all: [String: Bilingual] = Dictionary(
        uniqueKeysWithValues: [
            ("城乡建设", "Urban and rural construction"), ("环境保护", "Environment"), ("交通运输", "Transport"),
            ("教育文体", "Education, culture and sport"), ("劳动和社会保障", "Work and social security"),
            ("商贸旅游", "Trade and tourism"), ("卫生计生", "Health"),
        ].map { ($0.0, Bilingual(zh: $0.0, en: $0.1)) })
}
