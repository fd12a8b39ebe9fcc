package import Mining
package import Organisation

extension SeverityLexicon {
    /// The profile's words as the mining engine reads them; empty where the profile has none.
    package init(_ profile: Profile) { self = profile.severity.map(SeverityLexicon.init) ?? .empty }

    package init(_ words: SeverityWords) {
        self.init(
            groups: words.groups.compactMap { group in
                Kind(rawValue: group.kind).map { Group(kind: $0, level: group.level, words: group.words) }
            },
            needs: words.needs.map { Need(level: $0.level, words: $0.words, missing: $0.missing) },
            cues: words.cues.compactMap { cue in
                Reading(rawValue: cue.reading).map {
                    Cue(
                        reading: $0, isBefore: cue.isBefore, reach: cue.reach, isLinked: cue.isLinked,
                        words: cue.words)
                }
            },
            ignored: words.ignored, linking: words.linking,
            crowdNumber: words.crowdNumber.map { CrowdNumber(atLeast: $0.atLeast, counters: $0.counters) },
            lowers: Dictionary(
                words.lowers.compactMap { name, level in Reading(rawValue: name).map { ($0, level) } },
                uniquingKeysWith: max))
    }

    /// The examples that are read otherwise than they should be, with the level found.
    package func misread(_ words: SeverityWords) -> [(example: SeverityWords.Example, found: Int)] {
        words.examples.compactMap { example in
            guard let kind = Kind(rawValue: example.kind) else { return nil }
            let found = level(of: kind, in: example.sentence)
            return found == example.level ? nil : (example, found)
        }
    }
}
