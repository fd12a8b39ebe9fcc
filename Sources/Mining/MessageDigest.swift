internal import Core

/// What mining keeps of a message: weighted pairs of characters, places, keys. Depends on the message, gazetteer and
/// the background alone, never on other messages.
struct MessageDigest: Sendable {
    let id: Int64
    /// Zero when unknown.
    let author: UInt64
    let at: Instant?
    let subject: String
    let places: [FoundPlace]
    let townshipCode: String?
    /// Pairs of the subject, ascending.
    let subjectGrams: [UInt32]
    /// Pairs of subject and text with the most weight, ascending, and their weights.
    let grams: [UInt32]
    let gramWeights: [UInt8]
    /// Pairs inside names of places: in the subject, and anywhere; ascending.
    let subjectPlaceGrams: [UInt32]
    let placeGrams: [UInt32]
    /// Pairs of the subject outside names.
    let issueGrams: [UInt32]
    let districts: [UInt32]
    /// Numbers of two digits and more, and words in letters, of the subject.
    let tokens: [UInt32]
    let keys: [CandidateKey]
    let subjectCodes: [UInt16]
    let characters: Int
    let voices: Int
    let signals: ProblemSignals
    let handling: MiningMessage.Handling

    static let gramsMax = 160
    static let keysMax = 64
    /// Characters of a text that count; what a longer one says has been said by then.
    static let charactersMax = 4_000
    /// Characters after a district's name that are taken for a name where no ending tells.
    static let looseNameCharacters = 6
}

/// Something two messages may share, and how telling that is.
struct CandidateKey: Sendable, Equatable {
    let hash: UInt32
    let weight: UInt8
}

/// Turns messages into digests.
struct Digester: Sendable {
    let finder: PlaceFinder
    let background: Background

    func digest(_ message: MiningMessage) -> MessageDigest {
        let subject = NormalText(message.subject).codes
        let body = Array(NormalText(message.text).codes.prefix(MessageDigest.charactersMax))
        let whole = subject + [NormalText.gap] + body
        let spans = finder.spans(in: whole)
        let subjectSpans = spans.filter { $0.end <= subject.count }

        let subjectPlaces = placeGrams(whole, subjectSpans, upTo: subject.count)
        let allPlaces = placeGrams(whole, spans, upTo: whole.count)
        let subjectGrams = Self.unique(Grams.pairs(subject))
        let weighed = weighedGrams(whole)
        let author = message.author.map { Grams.hash(Array($0.utf16), seed: 1) | 1 } ?? 0
        let places = namedPlaces(spans, whole)
        return MessageDigest(
            id: message.id, author: author, at: message.at, subject: message.subject, places: places,
            townshipCode: township(spans), subjectGrams: subjectGrams, grams: weighed.map(\.gram),
            gramWeights: weighed.map(\.weight), subjectPlaceGrams: subjectPlaces, placeGrams: allPlaces,
            issueGrams: subjectGrams.filter { !Self.contains(subjectPlaces, $0) },
            districts: districts(spans, whole), tokens: tokens(subject),
            keys: keys(subject: subject, body: body, grams: weighed, author: author), subjectCodes: subject,
            characters: whole.count, voices: 1 + max(0, message.likes) + max(0, message.dislikes),
            signals: ProblemSignals(whole), handling: message.handling)
    }

    private typealias Weighed = (gram: UInt32, weight: UInt8)

    /// The pairs with the most weight (rarity, and a little for repeats), ascending by pair.
    private func weighedGrams(_ codes: [UInt16]) -> [Weighed] {
        var counted = Grams.pairs(codes)
        counted.sort()
        var weighed: [Weighed] = []
        var at = 0
        while at < counted.count {
            let gram = counted[at]
            var next = at + 1
            while next < counted.count, counted[next] == gram { next += 1 }
            let rarity = Int(background.weight(gram))
            let repeats = min(3, next - at - 1)
            weighed.append((gram, UInt8(min(255, rarity * (8 + repeats) / 8))))
            at = next
        }
        guard weighed.count > MessageDigest.gramsMax else { return weighed }
        weighed.sort { ($0.weight, $1.gram) > ($1.weight, $0.gram) }
        return weighed.prefix(MessageDigest.gramsMax).sorted { $0.gram < $1.gram }
    }

    private func placeGrams(_ codes: [UInt16], _ spans: [PlaceFinder.Span], upTo end: Int) -> [UInt32] {
        var grams: [UInt32] = []
        for (index, span) in spans.enumerated() {
            if span.rank == .district {
                // "A3区金茂悦…": what follows a district is a name more often than not.
                let next = index + 1 < spans.count ? spans[index + 1].start : end
                let limit = min(span.end + MessageDigest.looseNameCharacters, next, end)
                let name = codes[span.end..<max(span.end, limit)].prefix { $0 != NormalText.gap }
                grams += Grams.pairs(name).prefix(MessageDigest.looseNameCharacters)
            } else {
                grams += Grams.pairs(codes[span.start..<span.end])
            }
        }
        return Self.unique(grams)
    }

    private func namedPlaces(_ spans: [PlaceFinder.Span], _ codes: [UInt16]) -> [FoundPlace] {
        var seen: Set<String> = []
        return spans.map { finder.place($0, codes) }.filter { seen.insert($0.name).inserted }.prefix(12).map { $0 }
    }

    /// The township of the most telling name that has one; of equals the first.
    private func township(_ spans: [PlaceFinder.Span]) -> String? {
        var best: PlaceFinder.Span?
        for span in spans where span.townshipCode != nil {
            if let held = best, held.rank >= span.rank { continue }
            best = span
        }
        return best?.townshipCode
    }

    private func districts(_ spans: [PlaceFinder.Span], _ codes: [UInt16]) -> [UInt32] {
        Self.unique(
            spans.filter { $0.rank == .district && codes[$0.end - 1] != 0x5E02 /* 市 holds every district */ }
                .map { UInt32(truncatingIfNeeded: Grams.hash(codes[$0.start..<$0.end])) })
    }

    private func tokens(_ codes: [UInt16]) -> [UInt32] {
        let isAlphanumeric: (UInt16) -> Bool = { (48...57).contains($0) || (97...122).contains($0) }
        let runs = codes.split { !isAlphanumeric($0) }
        return Self.unique(
            runs.filter { $0.count >= 2 && !(97...122).contains($0.first ?? 0) }
                .map { UInt32(truncatingIfNeeded: Grams.hash($0, seed: 2)) })
    }

    /// The rarest pairs, the author, the whole subject, and three of the text's shingles (MinHash, Broder 1997).
    private func keys(subject: [UInt16], body: [UInt16], grams: [Weighed], author: UInt64) -> [CandidateKey] {
        let floor = Int(background.weightMax) / 3
        let inSubject = Set(Grams.pairs(subject))
        var ranked = grams.filter { Int($0.weight) > floor }
        func rank(_ gram: Weighed) -> Int { Int(gram.weight) + (inSubject.contains(gram.gram) ? 64 : 0) }
        ranked.sort { (rank($0), $1.gram) > (rank($1), $0.gram) }
        var keys = ranked.prefix(MessageDigest.keysMax).map { gram in
            CandidateKey(hash: gram.gram, weight: background.weight(gram.gram))
        }
        func add(_ hash: UInt64) { keys.append(CandidateKey(hash: UInt32(truncatingIfNeeded: hash), weight: 255)) }
        if author != 0 { add(author) }
        if subject.count >= 4 { add(Grams.hash(subject, seed: 3)) }
        for seed in 4...6 {
            if let least = Self.leastShingle(body, seed: UInt64(seed)) { add(least) }
        }
        return keys
    }

    private static func leastShingle(_ codes: [UInt16], seed: UInt64) -> UInt64? {
        let length = 8
        guard codes.count >= 2 * length else { return nil }
        var least = UInt64.max
        for start in 0...codes.count - length {
            var hash = seed
            for code in codes[start..<start + length] { hash = (hash ^ UInt64(code)) &* 0x9E37_79B9_7F4A_7C15 }
            least = min(least, Grams.mix(hash))
        }
        return least
    }

    static func unique(_ values: [UInt32]) -> [UInt32] {
        var out: [UInt32] = []
        out.reserveCapacity(values.count)
        for value in values.sorted() where out.last != value { out.append(value) }
        return out
    }

    static func contains(_ sorted: [UInt32], _ value: UInt32) -> Bool {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == value
    }
}
