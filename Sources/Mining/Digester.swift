internal import Core

/// What turns messages into digests.
struct Digester: Sendable {
    let finder: PlaceFinder
    let background: Background
    let space: IssueSpace
    let lexicon: SeverityLexicon

    typealias Counted = (gram: UInt32, count: Int32)

    /// What a digest is made of, and what the index is to find it by.
    struct Parts {
        let author: UInt64
        let lists: [[UInt32]]
        let mainSite: UInt32
        let townshipCode: String?
        let placeTownships: [String?]
        let signals: ProblemSignals
        let characters: Int
        let sums: MessageDigest.Sums
        let keys: [CandidateKey]
    }

    /// Characters after a district's name that are taken for a name where no ending tells.
    private static let looseNameCharacters = 6
    /// How much earlier a pair of the subject, or of a name, comes among those kept; sixteenths of a bit.
    private static let (subjectBonus, placeBonus) = (96, 32)
    private static let keysMax = 48
    /// Levels by which a name tells more than its rarest pair.
    private static let siteBonus: UInt32 = 4

    func parts(_ message: MiningMessage) -> Parts {
        let subject = Array(NormalText(message.subject).codes.prefix(MessageDigest.charactersMax))
        let body = NormalText(message.text).codes.prefix(MessageDigest.charactersMax)
        let whole = subject + [NormalText.gap] + body
        let spans = finder.spans(in: whole)
        let (counted, countedSubject) = (Self.counted(whole), Self.counted(subject))
        let ranked = ranked(counted, subject: countedSubject, places: placeGrams(whole, spans))
        let author = message.author.map { Grams.hash($0.utf16, seed: 1) | 1 } ?? 0
        let named = namedPlaces(spans, whole)
        let loose = sites(spans, whole, subjectEnd: subject.count) { Self.looseName($0, whole) }
        let subjectShort = subject.prefix(MessageDigest.subjectCharactersMax)
        let grams = Self.packed(ranked)
        return Parts(
            author: author,
            lists: [
                space.direction(countedSubject) + space.direction(counted),
                sites(spans, whole, subjectEnd: subject.count) { Self.exactName($0, whole) }, loose,
                districts(spans, whole), tokens(subject), grams,
                [UInt32(subjectShort.count)] + MessageDigest.packed(subjectShort), Self.packed(named, whole),
            ],
            mainSite: mainSite(spans, whole), townshipCode: township(spans),
            placeTownships: named.map(\.townshipCode), signals: ProblemSignals(whole, lexicon), characters: whole.count,
            sums: Self.sums(grams), keys: keys(ranked, sites: loose, author: author))
    }

    /// Pairs and how often they occur, ascending.
    static func counted(_ codes: [UInt16]) -> [Counted] {
        let grams = Grams.sorted(Grams.pairs(codes))
        return [Counted](unsafeUninitializedCapacity: grams.count) { counted, count in
            for gram in grams {
                if count > 0, counted[count - 1].gram == gram {
                    counted[count - 1].count += 1
                } else {
                    counted[count] = (gram, 1)
                    count += 1
                }
            }
        }
    }

    /// A pair of characters of a message.
    private struct Ranked {
        let gram: UInt32
        /// Rarity, and a little for repeats.
        let weight: UInt8
        let rarity: UInt8
        /// What comes first has the smallest.
        let rank: UInt16
        let isInSubject: Bool
        let isPlace: Bool
    }

    /// The pairs that tell most, first; of equals the smaller.
    private func ranked(_ counted: [Counted], subject: [Counted], places: [UInt32]) -> [Ranked] {
        withUnsafeTemporaryAllocation(of: Ranked.self, capacity: counted.count) { all in
            var (inSubject, inPlaces) = (0, 0)
            for (at, (gram, count)) in counted.enumerated() {
                while inSubject < subject.count, subject[inSubject].gram < gram { inSubject += 1 }
                while inPlaces < places.count, places[inPlaces] < gram { inPlaces += 1 }
                let rarity = background.weight(gram)
                let isInSubject = inSubject < subject.count && subject[inSubject].gram == gram
                let isPlace = inPlaces < places.count && places[inPlaces] == gram
                let bonus = (isInSubject ? Self.subjectBonus : 0) + (isPlace ? Self.placeBonus : 0)
                all[at] = Ranked(
                    gram: gram, weight: UInt8(min(255, Int(rarity) * (8 + Int(min(3, count - 1))) / 8)), rarity: rarity,
                    rank: UInt16(Self.ranks - Int(rarity) - bonus), isInSubject: isInSubject, isPlace: isPlace)
            }
            return Self.first(UnsafeBufferPointer(rebasing: all[..<counted.count]))
        }
    }

    private static let ranks = 255 + subjectBonus + placeBonus

    /// Those that are kept, by counting: ranks are small numbers, and order within one is kept.
    private static func first(_ all: UnsafeBufferPointer<Ranked>) -> [Ranked] {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: ranks + 1) { starts in
            starts.initialize(repeating: 0)
            for gram in all { starts[Int(gram.rank)] += 1 }
            var sum: Int32 = 0
            for rank in starts.indices { (starts[rank], sum) = (sum, sum + starts[rank]) }
            return [Ranked](unsafeUninitializedCapacity: MessageDigest.gramsMax) { kept, count in
                for gram in all {
                    let place = Int(starts[Int(gram.rank)])
                    guard place < MessageDigest.gramsMax else { continue }
                    kept[place] = gram
                    starts[Int(gram.rank)] += 1
                }
                count = min(all.count, MessageDigest.gramsMax)
            }
        }
    }

    private static func packed(_ ranked: [Ranked]) -> [UInt32] {
        var words = ranked.map {
            PackedGram($0.gram, weight: $0.weight, isInSubject: $0.isInSubject, isPlace: $0.isPlace).word
        }
        words = Grams.sorted(words)
        // Two pairs of one hash count as the heavier one.
        var count = 0
        for (at, word) in words.enumerated() where at + 1 == words.count || word >> 8 != words[at + 1] >> 8 {
            words[count] = word
            count += 1
        }
        words.removeLast(words.count - count)
        return words
    }

    private static func sums(_ grams: [UInt32]) -> MessageDigest.Sums {
        var sums = MessageDigest.Sums()
        for gram in grams.lazy.map(PackedGram.init(word:)) {
            let weight = gram.weight
            sums.squares += weight * weight
            if gram.isPlace { sums.places += weight } else { sums.issueSquares += weight * weight }
            if gram.isInSubject {
                sums.subject += weight
                if gram.isPlace { sums.subjectPlaces += weight } else { sums.issue += weight }
            }
        }
        return sums
    }

    /// The most telling pairs, the names in any order of their characters, and the author.
    private func keys(_ ranked: [Ranked], sites: [UInt32], author: UInt64) -> [CandidateKey] {
        let floor = background.weightMax / 3
        var keys: [CandidateKey] = []
        keys.reserveCapacity(Self.keysMax + sites.count + 1)
        for gram in ranked where gram.rarity > floor && keys.count < Self.keysMax {
            keys.append(CandidateKey(UInt64(gram.gram), level: UInt32(gram.rarity) / 16))
        }
        for site in sites.map(PackedSite.init(word:)) {
            keys.append(CandidateKey(UInt64(site.hash) | 1 << 32, level: site.weight / 2 + Self.siteBonus))
        }
        if author != 0 { keys.append(CandidateKey(author, level: CandidateKey.levelMax)) }
        return Self.unique(keys.map(\.word)).map(CandidateKey.init(word:))
    }

    // MARK: places

    private func placeGrams(_ codes: [UInt16], _ spans: [PlaceFinder.Span]) -> [UInt32] {
        var grams: [UInt32] = []
        for (index, span) in spans.enumerated() {
            if span.rank == .district {
                // "A3区金茂悦…": what follows a district is a name more often than not.
                let next = index + 1 < spans.count ? spans[index + 1].start : codes.count
                let limit = min(span.end + Self.looseNameCharacters, next, codes.count)
                let name = codes[span.end..<max(span.end, limit)].prefix { $0 != NormalText.gap }
                grams += Grams.pairs(name).prefix(Self.looseNameCharacters)
            } else {
                grams += Grams.pairs(codes[span.start..<span.end])
            }
        }
        return Self.unique(grams)
    }

    private func namedPlaces(_ spans: [PlaceFinder.Span], _ codes: [UInt16]) -> [PlaceFinder.Span] {
        var kept: [PlaceFinder.Span] = []
        for span in spans where kept.count < MessageDigest.placesMax {
            let isNew = !kept.contains { codes[$0.start..<$0.end] == codes[span.start..<span.end] }
            if isNew { kept.append(span) }
        }
        return kept
    }

    private static func packed(_ spans: [PlaceFinder.Span], _ codes: [UInt16]) -> [UInt32] {
        spans.flatMap { span -> [UInt32] in
            let name = codes[span.start..<span.end].prefix(MessageDigest.placeCharactersMax)
            return [UInt32(span.rank.rawValue) << 16 | UInt32(name.count)] + MessageDigest.packed(name)
        }
    }

    /// Roads and sites by a hash of their name, ascending, each once.
    private func sites(
        _ spans: [PlaceFinder.Span], _ codes: [UInt16], subjectEnd: Int, _ hash: (PlaceFinder.Span) -> UInt64
    ) -> [UInt32] {
        var found: [PackedSite] = []
        for span in spans where span.rank >= .road {
            let pairs = zip(codes[span.start..<span.end], codes[span.start..<span.end].dropFirst())
            let weight = pairs.reduce(UInt8(0)) { max($0, background.weight(Grams.pair($1.0, $1.1))) }
            let hash = hash(span)
            let place = found.firstIndex { $0.hash == UInt32(truncatingIfNeeded: hash >> 40) }
            let earlier = place.map { found[$0] }
            let site = PackedSite(
                hash: hash, weight: max(weight, UInt8(min(255, (earlier?.weight ?? 0) * 8))),
                isInSubject: span.end <= subjectEnd || earlier?.isInSubject == true,
                isSite: span.rank == .site || earlier?.isSite == true)
            if let place { found[place] = site } else { found.append(site) }
        }
        return Grams.sorted(found.map(\.word))
    }

    private func mainSite(_ spans: [PlaceFinder.Span], _ codes: [UInt16]) -> UInt32 {
        let names = spans.filter { $0.rank == .site }.map { Self.exactName($0, codes) }
        var (best, most) = (UInt64(0), 0)
        for name in names {
            let count = names.reduce(0) { $0 + ($1 == name ? 1 : 0) }
            if count > most { (best, most) = (name, count) }
        }
        return UInt32(truncatingIfNeeded: best >> 40) << 8
    }

    private static func exactName(_ span: PlaceFinder.Span, _ codes: [UInt16]) -> UInt64 {
        Grams.hash(codes[(span.end - span.tail)..<span.end], seed: 7)
    }

    /// The characters that tell a name, in any order: 富瑞苑 is written 瑞富苑 too.
    private static func looseName(_ span: PlaceFinder.Span, _ codes: [UInt16]) -> UInt64 {
        let length = min(span.end - span.start, span.ending + 2)
        return Grams.hash(codes[(span.end - length)..<span.end].sorted(), seed: 8)
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

    /// 市: it holds every district.
    private static let city: UInt16 = 0x5E02

    private func districts(_ spans: [PlaceFinder.Span], _ codes: [UInt16]) -> [UInt32] {
        Self.unique(
            spans.filter { $0.rank == .district && codes[$0.end - 1] != Self.city }
                .map { UInt32(truncatingIfNeeded: Grams.hash(codes[$0.start..<$0.end])) })
    }

    private func tokens(_ codes: [UInt16]) -> [UInt32] {
        let isAlphanumeric: (UInt16) -> Bool = { (48...57).contains($0) || (97...122).contains($0) }
        let runs = codes.split { !isAlphanumeric($0) }
        return Self.unique(
            runs.filter { $0.count >= 2 && !(97...122).contains($0.first ?? 0) }
                .map { UInt32(truncatingIfNeeded: Grams.hash($0, seed: 2)) })
    }

    static func contains(_ grams: MessageDigest.Kept, _ pair: UInt32) -> Bool { grams.contains(pair) }

    static func unique(_ values: [UInt32]) -> [UInt32] {
        var out: [UInt32] = []
        out.reserveCapacity(values.count)
        for value in Grams.sorted(values) where out.last != value { out.append(value) }
        return out
    }
}
