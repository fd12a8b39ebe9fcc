internal import Core

/// What mining keeps of a message: weighted pairs of characters, places, keys. Depends on the message, gazetteer and
/// the background alone, never on other messages.
final class MessageDigest: Sendable {
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
    /// Whether a pair stands in a name of a place.
    let gramIsPlace: [Bool]
    /// Pairs inside names of places: in the subject, and anywhere; ascending.
    let subjectPlaceGrams: [UInt32]
    let placeGrams: [UInt32]
    /// Names of roads and sites by their tails, ascending: in the subject, and anywhere.
    let subjectSites: [UInt32]
    let sites: [UInt32]
    /// The site that is written most often, of equals the first; zero when none is.
    let mainSite: UInt32
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
    /// What the subject, and all of the message, is about.
    let subjectIssue: IssueSpace.Vector
    let issue: IssueSpace.Vector
    let sums: Sums

    /// Sums over the lists above, so that a comparison need not make them again.
    struct Sums: Sendable, Equatable {
        var subject = 0
        var subjectPlaces = 0
        var places = 0
        var issue = 0
        /// Of squares: all weights, and those outside names.
        var squares = 0
        var issueSquares = 0
    }

    static let gramsMax = 160
    static let keysMax = 64
    /// Characters of a text that count; what a longer one says has been said by then.
    static let charactersMax = 4_000
    /// Characters after a district's name that are taken for a name where no ending tells.
    static let looseNameCharacters = 6

    init(_ message: MiningMessage, _ digester: Digester) {
        let background = digester.background
        let subject = NormalText(message.subject).codes
        let body = Array(NormalText(message.text).codes.prefix(Self.charactersMax))
        let whole = subject + [NormalText.gap] + body
        let spans = digester.finder.spans(in: whole)
        let counted = Digester.counted(whole)
        let countedSubject = Digester.counted(subject)
        let weighed = digester.weighed(counted)
        (id, at, self.subject, subjectCodes) = (message.id, message.at, message.subject, subject)
        author = message.author.map { Grams.hash($0.utf16, seed: 1) | 1 } ?? 0
        places = digester.namedPlaces(spans, whole)
        townshipCode = digester.township(spans)
        subjectGrams = countedSubject.map(\.gram)
        grams = weighed.map(\.gram)
        gramWeights = weighed.map(\.weight)
        subjectPlaceGrams = digester.placeGrams(whole, spans.filter { $0.end <= subject.count }, upTo: subject.count)
        placeGrams = digester.placeGrams(whole, spans, upTo: whole.count)
        subjectSites = digester.sites(spans.filter { $0.end <= subject.count }, whole, from: .road)
        sites = digester.sites(spans, whole, from: .road)
        mainSite = digester.mainSite(spans, whole)
        let (subjectPlaces, allPlaces) = (subjectPlaceGrams, placeGrams)
        issueGrams = subjectGrams.filter { !Digester.contains(subjectPlaces, $0) }
        gramIsPlace = grams.map { Digester.contains(allPlaces, $0) }
        districts = digester.districts(spans, whole)
        tokens = digester.tokens(subject)
        keys = digester.keys(subject: subject, body: body, grams: weighed, subjectGrams, author: author)
        characters = whole.count
        voices = 1 + max(0, message.likes) + max(0, message.dislikes)
        signals = ProblemSignals(whole)
        handling = message.handling
        subjectIssue = digester.space.vector(countedSubject)
        issue = digester.space.vector(counted)
        var sums = Sums()
        func sum(_ grams: [UInt32]) -> Int { grams.reduce(0) { $0 + Int(background.weight($1)) } }
        (sums.subject, sums.issue) = (sum(subjectGrams), sum(issueGrams))
        (sums.subjectPlaces, sums.places) = (sum(subjectPlaceGrams), sum(placeGrams))
        for (weight, isPlace) in zip(gramWeights, gramIsPlace) {
            let square = Int(weight) * Int(weight)
            sums.squares += square
            if !isPlace { sums.issueSquares += square }
        }
        self.sums = sums
    }
}

/// Something two messages may share, and how telling that is.
struct CandidateKey: Sendable, Equatable {
    let hash: UInt32
    let weight: UInt8
}

/// What turns messages into digests.
struct Digester: Sendable {
    let finder: PlaceFinder
    let background: Background
    let space: IssueSpace

    typealias Counted = (gram: UInt32, count: Int)
    typealias Weighed = (gram: UInt32, weight: UInt8)

    /// Pairs and how often they occur, ascending.
    static func counted(_ codes: [UInt16]) -> [Counted] {
        var grams = Grams.pairs(codes)
        grams.sort()
        var counted: [Counted] = []
        counted.reserveCapacity(grams.count)
        for gram in grams {
            if counted.last?.gram == gram { counted[counted.count - 1].count += 1 } else { counted.append((gram, 1)) }
        }
        return counted
    }

    /// The pairs with the most weight (rarity, and a little for repeats), ascending by pair.
    func weighed(_ counted: [Counted]) -> [Weighed] {
        let weighed: [Weighed] = counted.map { gram, count in
            (gram, UInt8(min(255, Int(background.weight(gram)) * (8 + min(3, count - 1)) / 8)))
        }
        guard weighed.count > MessageDigest.gramsMax else { return weighed }
        // Heavier first, then the smaller pair: one number to sort by.
        var ranks = weighed.map { UInt64(255 - $0.weight) << 32 | UInt64($0.gram) }
        ranks.sort()
        var grams = ranks.prefix(MessageDigest.gramsMax).map { (UInt64($0 & 0xFFFF_FFFF) << 8) | (255 - $0 >> 32) }
        grams.sort()
        return grams.map { (UInt32(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)) }
    }

    func placeGrams(_ codes: [UInt16], _ spans: [PlaceFinder.Span], upTo end: Int) -> [UInt32] {
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

    func namedPlaces(_ spans: [PlaceFinder.Span], _ codes: [UInt16]) -> [FoundPlace] {
        var seen: Set<String> = []
        return spans.map { finder.place($0, codes) }.filter { seen.insert($0.name).inserted }.prefix(12).map { $0 }
    }

    func sites(_ spans: [PlaceFinder.Span], _ codes: [UInt16], from rank: FoundPlace.Rank) -> [UInt32] {
        Self.unique(spans.filter { $0.rank >= rank }.map { Self.tail($0, codes) })
    }

    func mainSite(_ spans: [PlaceFinder.Span], _ codes: [UInt16]) -> UInt32 {
        let tails = spans.filter { $0.rank == .site }.map { Self.tail($0, codes) }
        var (best, most) = (UInt32(0), 0)
        for tail in tails {
            let count = tails.reduce(0) { $0 + ($1 == tail ? 1 : 0) }
            if count > most { (best, most) = (tail, count) }
        }
        return best
    }

    private static func tail(_ span: PlaceFinder.Span, _ codes: [UInt16]) -> UInt32 {
        UInt32(truncatingIfNeeded: Grams.hash(codes[(span.end - span.tail)..<span.end], seed: 7)) | 1
    }

    /// The township of the most telling name that has one; of equals the first.
    func township(_ spans: [PlaceFinder.Span]) -> String? {
        var best: PlaceFinder.Span?
        for span in spans where span.townshipCode != nil {
            if let held = best, held.rank >= span.rank { continue }
            best = span
        }
        return best?.townshipCode
    }

    func districts(_ spans: [PlaceFinder.Span], _ codes: [UInt16]) -> [UInt32] {
        Self.unique(
            spans.filter { $0.rank == .district && codes[$0.end - 1] != 0x5E02 /* 市 holds every district */ }
                .map { UInt32(truncatingIfNeeded: Grams.hash(codes[$0.start..<$0.end])) })
    }

    func tokens(_ codes: [UInt16]) -> [UInt32] {
        let isAlphanumeric: (UInt16) -> Bool = { (48...57).contains($0) || (97...122).contains($0) }
        let runs = codes.split { !isAlphanumeric($0) }
        return Self.unique(
            runs.filter { $0.count >= 2 && !(97...122).contains($0.first ?? 0) }
                .map { UInt32(truncatingIfNeeded: Grams.hash($0, seed: 2)) })
    }

    /// The rarest pairs, the author, the whole subject, and three of the text's shingles (MinHash, Broder 1997).
    func keys(
        subject: [UInt16], body: [UInt16], grams: [Weighed], _ subjectGrams: [UInt32], author: UInt64
    ) -> [CandidateKey] {
        let floor = background.weightMax / 3
        var ranks: [UInt64] = []
        var inSubject = subjectGrams[...]
        for (gram, weight) in grams {
            while let first = inSubject.first, first < gram { inSubject = inSubject.dropFirst() }
            if weight <= floor { continue }
            let rank = Int(weight) + (inSubject.first == gram ? Self.subjectBonus : 0)
            ranks.append(UInt64(1_023 - rank) << 32 | UInt64(gram))
        }
        ranks.sort()
        var keys = ranks.prefix(MessageDigest.keysMax).map { rank in
            let gram = UInt32(truncatingIfNeeded: rank)
            return CandidateKey(hash: gram, weight: background.weight(gram))
        }
        func add(_ hash: UInt64) { keys.append(CandidateKey(hash: UInt32(truncatingIfNeeded: hash), weight: 255)) }
        if author != 0 { add(author) }
        if subject.count >= 4 { add(Grams.hash(subject, seed: 3)) }
        for seed in 4...6 {
            if let least = Self.leastShingle(body, seed: UInt64(seed)) { add(least) }
        }
        return keys
    }

    /// How much earlier a pair of the subject comes among the keys.
    private static let subjectBonus = 64

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
