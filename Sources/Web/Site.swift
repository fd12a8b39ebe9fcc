package import Core

/// What all pages of one district share.
package struct Site: Sendable {
    package let surroundings: Surroundings
    package let words: Words
    package let zone: TimeZoneOffset

    package init(surroundings: Surroundings, words: Words, zone: TimeZoneOffset) {
        self.surroundings = surroundings
        self.words = words
        self.zone = zone
    }
}

/// Every sentence of the pages, by key, in both languages. Each room brings `Words.yaml`.
package struct Words: Sendable {
    package init() {}
    package func text(_ key: String, in language: Language, _ arguments: [String]) -> String { key }
}
