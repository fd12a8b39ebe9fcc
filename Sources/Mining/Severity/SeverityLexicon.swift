/// The words by which a text says that something is grave, and the rules by which it takes that back.
///
/// Data of the district's profile (`severity.yaml`); matching is by characters, longest word first.
package struct SeverityLexicon: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Harm to life (3), to health or home (2), hardship (1).
        case danger
        /// Old people, children, the ill, pregnant women, disabled people.
        case vulnerable
        /// Many people at once.
        case crowd
        /// Haste and dates.
        case deadline
        case dissatisfied
        /// It happened before.
        case repeated
    }

    /// How a word is meant where it stands.
    package enum Reading: String, Sendable, CaseIterable {
        case asserted
        /// "没有受伤"
        case denied
        /// "万一着火怎么办"
        case supposed
        /// "随时可能坍塌"
        case threatened
        /// "差点砸到人"
        case narrow
    }

    package struct Group: Sendable, Equatable {
        package let kind: Kind
        /// 1 to 3; of deadlines and complaints 1 to 2.
        package let level: Int
        package let words: [String]
        package init(kind: Kind, level: Int, words: [String]) {
            self.kind = kind
            self.level = level
            self.words = words
        }
    }

    /// Words that change how a word beside them is meant.
    package struct Cue: Sendable, Equatable {
        package let reading: Reading
        /// Whether it stands before the word.
        package let isBefore: Bool
        /// Characters that may stand between.
        package let reach: Int
        /// Whether only the linking characters may stand between.
        package let isLinked: Bool
        package let words: [String]
        package init(reading: Reading, isBefore: Bool, reach: Int, isLinked: Bool, words: [String]) {
            self.reading = reading
            self.isBefore = isBefore
            self.reach = reach
            self.isLinked = isLinked
            self.words = words
        }
    }

    /// What is dangerous to be without: 消防通道 is no danger, a blocked one is.
    package struct Need: Sendable, Equatable {
        package let level: Int
        package let words: [String]
        /// Words before or after that say it is missing, blocked or broken.
        package let missing: [String]
        package init(level: Int, words: [String], missing: [String]) {
            self.level = level
            self.words = words
            self.missing = missing
        }
    }

    /// Numbers of people or households that are a crowd.
    package struct CrowdNumber: Sendable, Equatable {
        package let atLeast: Int
        package let counters: [String]
        package init(atLeast: Int, counters: [String]) {
            self.atLeast = atLeast
            self.counters = counters
        }
    }

    package let groups: [Group]
    package let needs: [Need]
    package let cues: [Cue]
    /// Longer words in which a grave one means nothing: 火灾报警器.
    package let ignored: [String]
    /// Characters that may stand between a linked cue and its word: 没有【人员】受伤.
    package let linking: String
    package let crowdNumber: CrowdNumber?
    /// Levels taken off by reading; those not named take nothing.
    package let lowers: [Reading: Int]

    let terms: [Term]
    private let byFirst: [UInt16: [Int]]
    private let firsts: CodeSet
    private let preparedCues: [PreparedCue]
    private let missing: [[[UInt16]]]
    private let link: CodeSet
    private let counters: [[UInt16]]

    struct Term: Sendable, Equatable {
        enum Use: Sendable, Equatable { case grave, need(Int), ignored }
        let text: String
        let codes: [UInt16]
        let kind: Kind
        let level: Int
        let use: Use
    }

    private struct PreparedCue: Sendable {
        let cue: Cue
        /// The longest first.
        let words: [[UInt16]]
    }

    package static let empty = SeverityLexicon(
        groups: [], needs: [], cues: [], ignored: [], linking: "", crowdNumber: nil, lowers: [:])

    package init(
        groups: [Group], needs: [Need], cues: [Cue], ignored: [String], linking: String, crowdNumber: CrowdNumber?,
        lowers: [Reading: Int]
    ) {
        self.groups = groups
        self.needs = needs
        self.cues = cues
        self.ignored = ignored
        self.linking = linking
        self.crowdNumber = crowdNumber
        self.lowers = lowers
        func term(_ word: String, _ kind: Kind, _ level: Int, _ use: Term.Use) -> Term {
            Term(text: word, codes: NormalText(word).codes, kind: kind, level: level, use: use)
        }
        var terms = groups.flatMap { group in group.words.map { term($0, group.kind, group.level, .grave) } }
        for (number, need) in needs.enumerated() {
            terms += need.words.map { term($0, .danger, need.level, .need(number)) }
        }
        terms += ignored.map { term($0, .danger, 0, .ignored) }
        if let crowdNumber {
            terms.append(
                Term(
                    text: "≥\(crowdNumber.atLeast)\(crowdNumber.counters.first ?? "")", codes: [], kind: .crowd,
                    level: 1, use: .grave))
        }
        self.terms = terms
        let found = terms.indices.filter { !terms[$0].codes.isEmpty }
        byFirst = Dictionary(grouping: found) { terms[$0].codes[0] }.mapValues { places in
            places.sorted { (terms[$1].codes.count, $0) < (terms[$0].codes.count, $1) }
        }
        firsts = CodeSet(byFirst.keys)
        preparedCues = cues.map { cue in
            let words = cue.words.map { NormalText($0).codes }.filter { !$0.isEmpty }
            return PreparedCue(cue: cue, words: words.sorted { $0.count > $1.count })
        }
        missing = needs.map { $0.missing.map { NormalText($0).codes }.filter { !$0.isEmpty } }
        link = CodeSet(NormalText(linking).codes)
        counters = (crowdNumber?.counters ?? []).map { NormalText($0).codes }.filter { !$0.isEmpty }
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.groups == right.groups && left.needs == right.needs && left.cues == right.cues
            && left.ignored == right.ignored && left.linking == right.linking
            && left.crowdNumber == right.crowdNumber && left.lowers == right.lowers
    }
}

/// A grave word as it is meant in one text.
package struct SeveritySign: Sendable, Equatable {
    /// Position in the lexicon's terms.
    let term: UInt16
    package let kind: SeverityLexicon.Kind
    /// After what the reading takes off; at least 1.
    package let level: UInt8
    package let reading: SeverityLexicon.Reading
}

extension SeverityLexicon {
    /// The strongest sign of each word that counts, in the order of the lexicon.
    package func signs(in text: String) -> [SeveritySign] { signs(NormalText(text).codes) }

    /// The highest level of a kind that a text reaches; zero when it says nothing of the kind.
    package func level(of kind: Kind, in text: String) -> Int {
        signs(in: text).filter { $0.kind == kind }.map { Int($0.level) }.max() ?? 0
    }

    /// The word of a sign, with how it is meant where that is not plainly.
    package func text(of sign: SeveritySign) -> String {
        let word = terms[Int(sign.term)].text
        switch sign.reading {
        case .asserted, .denied: return word
        case .supposed: return word + "（假设）"
        case .threatened: return word + "（可能）"
        case .narrow: return word + "（险些）"
        }
    }

    func signs(_ codes: [UInt16]) -> [SeveritySign] {
        var best: [UInt16: SeveritySign] = [:]
        func keep(_ index: Int, _ reading: Reading) {
            let term = terms[index]
            let level = term.level - (lowers[reading] ?? 0)
            guard level > 0 else { return }
            let sign = SeveritySign(
                term: UInt16(truncatingIfNeeded: index), kind: term.kind, level: UInt8(level), reading: reading)
            if let held = best[sign.term], held.level >= sign.level { return }
            best[sign.term] = sign
        }
        var before: (end: Int, reading: Reading, kind: Kind)?
        var at = 0
        while at < codes.count {
            if (48...57).contains(codes[at]), let end = crowd(codes, at) {
                if end.isCrowd { keep(terms.count - 1, .asserted) }
                at = end.at
                continue
            }
            guard firsts.contains(codes[at]), let index = term(at: at, codes) else {
                at += 1
                continue
            }
            let end = at + terms[index].codes.count
            switch terms[index].use {
            case .ignored: break
            case .need(let need):
                if isMissing(need, codes, at, end) { keep(index, .asserted) }
            case .grave:
                let reading = reading(codes, at, end, kind: terms[index].kind, after: before)
                keep(index, reading)
                before = (end, reading, terms[index].kind)
            }
            at = end
        }
        return best.values.sorted { $0.term < $1.term }
    }

    private func term(at start: Int, _ codes: [UInt16]) -> Int? {
        byFirst[codes[start]]?.first { codes[start...].starts(with: terms[$0].codes) }
    }

    /// A number and its counter: where it ends, and whether it is a crowd.
    private func crowd(_ codes: [UInt16], _ start: Int) -> (at: Int, isCrowd: Bool)? {
        guard let crowdNumber else { return nil }
        var (end, value) = (start, 0)
        while end < codes.count, (48...57).contains(codes[end]), end - start < 8 {
            value = value * 10 + Int(codes[end]) - 48
            end += 1
        }
        var counter = end
        while counter < codes.count, counter - end < 2, Self.roundly.contains(codes[counter]) { counter += 1 }
        let isCounted = counters.contains { codes[counter...].starts(with: $0) }
        return (end, isCounted && value >= crowdNumber.atLeast)
    }

    /// 多, 余, 几, 来: "300多户".
    private static let roundly = CodeSet(NormalText("多余几来").codes)
    private static let joining: [[UInt16]] = ["和", "或", "及", "与", "或者", "以及", "也没有", "也没", "也未"].map {
        NormalText($0).codes
    }

    private func reading(
        _ codes: [UInt16], _ start: Int, _ end: Int, kind: Kind, after before: (end: Int, reading: Reading, kind: Kind)?
    ) -> Reading {
        // "没有爆炸、起火和伤亡": what is listed after a denied word is denied with it.
        if let before, before.reading == .denied, before.kind == kind, before.end < start {
            let between = codes[before.end..<start]
            if Self.joining.contains(where: { between.elementsEqual($0) }) { return .denied }
            let rest = codes[end...]
            let isListEnd =
                rest.isEmpty || rest.first == NormalText.gap || Self.joining.contains { rest.starts(with: $0) }
            if between.elementsEqual([NormalText.gap]), isListEnd { return .denied }
        }
        var found: (reading: Reading, at: Range<Int>)?
        let standing = preparedCues.compactMap { prepared in
            (prepared.cue.isBefore
                ? stands(prepared, before: start, codes) : stands(prepared, after: end, codes))
                .map { (reading: prepared.cue.reading, at: $0) }
        }
        for cue in standing {
            // 会不会 asks, though it holds 不会.
            let isInside = standing.contains { $0.at.count > cue.at.count && $0.at.contains(cue.at.upperBound - 1) }
            if !isInside, Self.isStronger(cue.reading, found?.reading) { found = cue }
        }
        return found?.reading ?? .asserted
    }

    /// "并非没有隐患" asserts whatever else stands there; a denial goes before a supposition, that before a threat.
    private static func isStronger(_ reading: Reading, _ than: Reading?) -> Bool {
        guard let than else { return true }
        let order: [Reading] = [.narrow, .threatened, .supposed, .denied, .asserted]
        return (order.firstIndex(of: reading) ?? 0) > (order.firstIndex(of: than) ?? 0)
    }

    /// Where the longest word of the cue stands, the nearest first.
    private func stands(_ cue: PreparedCue, before start: Int, _ codes: [UInt16]) -> Range<Int>? {
        var distance = 0
        var end = start
        while true {
            let word = cue.words.first { end >= $0.count && codes[(end - $0.count)..<end].elementsEqual($0) }
            if let word { return (end - word.count)..<end }
            guard end > 0, distance < cue.cue.reach, codes[end - 1] != NormalText.gap else { return nil }
            if cue.cue.isLinked, !link.contains(codes[end - 1]) { return nil }
            end -= 1
            distance += 1
        }
    }

    private func stands(_ cue: PreparedCue, after end: Int, _ codes: [UInt16]) -> Range<Int>? {
        var distance = 0
        var start = end
        while true {
            if let word = cue.words.first(where: { codes[start...].starts(with: $0) }) {
                return start..<(start + word.count)
            }
            guard start < codes.count, distance < cue.cue.reach, codes[start] != NormalText.gap else { return nil }
            if cue.cue.isLinked, !link.contains(codes[start]) { return nil }
            start += 1
            distance += 1
        }
    }

    /// At most three characters stand before the word, or six after it, between it and what says that it is missing;
    /// 没 or 无 alone must stand right before it.
    private func isMissing(_ need: Int, _ codes: [UInt16], _ start: Int, _ end: Int) -> Bool {
        let before = codes[max(0, start - 9)..<start]
        let after = codes[end..<min(codes.count, end + 12)]
        let left = before.lastIndex(of: NormalText.gap).map { before[($0 + 1)...] } ?? before
        let right = after.prefix { $0 != NormalText.gap }
        return missing[need].contains { word in
            (0...(word.count > 1 ? 3 : 0)).contains { left.dropLast($0).suffix(word.count).elementsEqual(word) }
                || word.count > 1 && (0...6).contains { right.dropFirst($0).starts(with: word) }
        }
    }
}
