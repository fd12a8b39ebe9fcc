/// A name of a place in a text.
package struct FoundPlace: Sendable, Equatable, Hashable {
    /// How much a name narrows down; a village or estate says more than its street, a street more than its district.
    package enum Rank: Int, Sendable, Comparable, CaseIterable {
        case district, township, road, site
        package static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
    }
    /// Without what people add to it: "丽发新城" also for "丽发新城小区附近".
    package let name: String
    package let rank: Rank
    /// Where the gazetteer knows it.
    package let townshipCode: String?
}

/// Finds names of places: those of a gazetteer, and those that their form gives away ("…小区", "…大道", "…村").
///
/// A pure function of text and gazetteer: it learns nothing while it runs, so that one appeal more changes no other.
package struct PlaceFinder: Sendable {
    /// A name and where it stands in the codes.
    struct Span: Equatable {
        var start: Int
        var end: Int
        var rank: FoundPlace.Rank
        var townshipCode: String?
        /// Characters of the word for its kind at the end; two where that is unknown.
        var ending = 2

        /// Characters at the end that tell one name from another of its kind; what a sentence leaves before a name is
        /// taken into it at times, what stands here is not.
        var tail: Int { min(end - start, Self.tailMax) }
        private static let tailMax = 4
    }

    private struct Known {
        let codes: [UInt16]
        let townshipCode: String?
        let rank: FoundPlace.Rank
    }
    /// By the first two characters, longest first.
    private let known: [UInt32: [Known]]
    /// Characters at which a known name, a district of an anonymised collection or an ending may begin.
    private let firsts: CodeSet

    package init(_ gazetteer: Gazetteer) {
        var known: [UInt32: [Known]] = [:]
        for entry in gazetteer.entries {
            let codes = NormalText(entry.name).codes
            guard codes.count >= 2, !codes.contains(NormalText.gap) else { continue }
            let rank = PlaceWords.rank(ofKnown: codes)
            known[Grams.pair(codes[0], codes[1]), default: []]
                .append(Known(codes: codes, townshipCode: entry.townshipCode, rank: rank))
        }
        var firsts = PlaceWords.isFirst
        for code: UInt16 in 97...122 { firsts.insert(code) }
        for pair in known.keys { firsts.insert(Grams.codes(of: pair).0) }
        self.firsts = firsts
        self.known = known.mapValues { names in
            names.sorted { left, right in
                if left.codes.count != right.codes.count { return left.codes.count > right.codes.count }
                if left.codes != right.codes { return left.codes.lexicographicallyPrecedes(right.codes) }
                return (left.townshipCode ?? "") < (right.townshipCode ?? "")
            }
        }
    }

    /// Places in the order they are written, each name once.
    package func places(in text: String) -> [FoundPlace] { places(in: NormalText(text).codes) }

    /// The most telling place: the highest rank, of those the one written most often, then first.
    package func best(in text: String) -> FoundPlace? {
        let codes = NormalText(text).codes
        let all = spans(in: codes).map { place($0, codes) }
        let counts = Dictionary(all.map { ($0.name, 1) }, uniquingKeysWith: +)
        var best: FoundPlace?
        for candidate in all {
            guard let held = best else {
                best = candidate
                continue
            }
            let (new, old) = (counts[candidate.name] ?? 0, counts[held.name] ?? 0)
            if (candidate.rank, new) > (held.rank, old) { best = candidate }
        }
        return best
    }

    func places(in codes: [UInt16]) -> [FoundPlace] {
        var seen: Set<String> = []
        return spans(in: codes).map { place($0, codes) }.filter { seen.insert($0.name).inserted }
    }

    func place(_ span: Span, _ codes: [UInt16]) -> FoundPlace {
        FoundPlace(
            name: Self.shown(Array(codes[span.start..<span.end])), rank: span.rank, townshipCode: span.townshipCode)
    }

    /// A name as people write it.
    static func shown(_ codes: [UInt16]) -> String {
        let name = NormalText.string(codes)
        // Letters stand upper-case in the names of anonymised districts, lines and buildings.
        return name.utf8.first.map({ (97...122).contains($0) }) == true ? name.uppercased() : name
    }

    /// Spans in order, none over another.
    func spans(in codes: [UInt16]) -> [Span] {
        var spans: [Span] = []
        var at = 0
        var floor = 0  // no name reaches back over the one before
        while at < codes.count {
            guard firsts.contains(codes[at]) else {
                at += 1
                continue
            }
            guard var span = knownName(codes, at) ?? anonymous(codes, at) ?? formed(codes, at, floor: floor) else {
                at += 1
                continue
            }
            if span.rank == .road { extendToLane(&span, codes) }
            spans.append(span)
            at = PlaceWords.skipAdditions(codes, span.end)
            floor = at
        }
        return spans
    }

    /// "梅川路150弄", "长寿路97号": a lane or house is where something is; its road is not.
    private func extendToLane(_ span: inout Span, _ codes: [UInt16]) {
        var end = span.end
        while end < codes.count, end - span.end < 5, (48...57).contains(codes[end]) { end += 1 }
        guard end > span.end, end < codes.count, PlaceWords.laneEndings.contains(codes[end]) else { return }
        // 3号线 is no house.
        if end + 1 < codes.count, codes[end + 1] == 0x7EBF { return }
        span.end = end + 1
        span.rank = .site
    }

    private func knownName(_ codes: [UInt16], _ at: Int) -> Span? {
        guard at + 1 < codes.count, let names = known[Grams.pair(codes[at], codes[at + 1])] else { return nil }
        for name in names where Grams.stands(name.codes, in: codes, at: at) {
            return Span(start: at, end: at + name.codes.count, rank: name.rank, townshipCode: name.townshipCode)
        }
        return nil
    }

    /// Districts of anonymised collections: A市, A7县, C5市.
    private func anonymous(_ codes: [UInt16], _ at: Int) -> Span? {
        guard (97...122).contains(codes[at]), at == 0 || !(97...122).contains(codes[at - 1]) else { return nil }
        var end = at + 1
        while end < codes.count, end - at < 4, (48...57).contains(codes[end]) { end += 1 }
        guard end < codes.count, PlaceWords.districtEndings.contains(codes[end]) else { return nil }
        return Span(start: at, end: end + 1, rank: .district)
    }

    /// A name that ends in a word for a kind of place beginning at `at`.
    private func formed(_ codes: [UInt16], _ at: Int, floor: Int) -> Span? {
        guard let ending = PlaceWords.ending(codes, at) else { return nil }
        if (48...57).contains(at > 0 ? codes[at - 1] : 0) {
            return numbered(codes, at, ending, floor: floor)
        }
        var start = at
        while start > floor, at - start < PlaceWords.nameCharactersMax {
            let code = codes[start - 1]
            if code == NormalText.gap || (code < 128 && at == start) { break }
            if start < at || PlaceWords.alwaysOutside.contains(code),
                PlaceWords.endsOutside(codes, start - 1, floor: floor)
            {
                break
            }
            start -= 1
        }
        guard at - start >= ending.nameCharactersMin else { return nil }
        return Span(start: start, end: at + ending.length, rank: ending.rank, ending: ending.length)
    }

    /// Lines and roads with a number: 地铁3号线, 107国道, 204路.
    private func numbered(_ codes: [UInt16], _ at: Int, _ ending: PlaceWords.Ending, floor: Int) -> Span? {
        guard ending.rank == .road else { return nil }
        var start = at
        while start > floor, (48...57).contains(codes[start - 1]) { start -= 1 }
        return at - start <= 4 ? Span(start: start, end: at + ending.length, rank: .road) : nil
    }
}
