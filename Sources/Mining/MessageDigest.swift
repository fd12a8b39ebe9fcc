internal import Core

/// What mining keeps of a message: weighted pairs of characters, places, directions. Depends on the message, gazetteer
/// and the background alone, never on other messages. About a kilobyte in one piece of memory, whatever the length of
/// the text.
struct MessageDigest: @unchecked Sendable {
    /// What is kept besides lists; what is compared comes first.
    struct Facts: Sendable {
        let id: Int64
        /// Zero when unknown.
        let author: UInt64
        /// Where each list ends, by `Section`; of the last one its own beginning tells.
        fileprivate let ends: SIMD8<UInt16>
        let sums: Sums
        /// Of subject and text, normalised.
        let characters: Int32
        /// The `PackedSite` that is written most often, of equals the first; zero when none is.
        let mainSite: UInt32
        // Packed, for there is one for each message: an `Optional` of a number takes twice its room.
        private let (sent, closed): (Int64, Int64)
        let signals: ProblemSignals
        /// Its own, then those of `places`; none where the gazetteer knows none.
        fileprivate let townships: [String?]
        let point: Coordinate?
        private let isDissatisfied: Bool
        private let (transfers, looks): (Int32, Int32)
        private static let never = Int64.min

        fileprivate init(_ message: MiningMessage, _ parts: Digester.Parts, ends: SIMD8<UInt16>) {
            (id, author, self.ends, sums) = (message.id, parts.author, ends, parts.sums)
            (characters, mainSite) = (Int32(parts.characters), parts.mainSite)
            sent = message.at?.millisecondsSince1970 ?? Self.never
            closed = message.handling.closedAt?.millisecondsSince1970 ?? Self.never
            signals = parts.signals
            let all = [parts.townshipCode] + parts.placeTownships
            townships = all.contains { $0 != nil } ? all : []
            point = message.point
            isDissatisfied = message.handling.isDissatisfied
            transfers = Int32(clamping: message.handling.transfers)
            looks = Int32(clamping: max(0, message.likes) + max(0, message.dislikes))
        }

        @inline(__always) var at: Instant? { sent == Self.never ? nil : Instant(millisecondsSince1970: sent) }
        var handling: MiningMessage.Handling {
            MiningMessage.Handling(
                closedAt: closed == Self.never ? nil : Instant(millisecondsSince1970: closed),
                isDissatisfied: isDissatisfied, transfers: Int(transfers))
        }
        var voices: Int { 1 + Int(looks) }
        var townshipCode: String? { townships.first.flatMap { $0 } }
    }

    /// Facts, then words; never written to again.
    private let block: ManagedBuffer<Facts, UInt32>

    /// A look at a digest that holds no reference to it: for comparing many. It must not outlive the digest.
    struct View: @unchecked Sendable {
        let facts: UnsafePointer<Facts>
        /// Lists begin behind the facts, at the next word.
        @inline(__always) private var words: UnsafePointer<UInt32> {
            let wordBytes = MemoryLayout<UInt32>.size
            let bytes = (MemoryLayout<Facts>.size + wordBytes - 1) / wordBytes * wordBytes
            return (UnsafeRawPointer(facts) + bytes).assumingMemoryBound(to: UInt32.self)
        }

        fileprivate init(_ block: ManagedBuffer<Facts, UInt32>) {
            facts = block.withUnsafeMutablePointerToHeader { UnsafePointer($0) }
            assert(block.withUnsafeMutablePointerToElements { UnsafePointer($0) } == words)
        }

        /// The direction of all.
        @inline(__always) var direction: UnsafePointer<UInt32> { words + IssueSpace.directionWords }

        private func subjectWords(_ bytes: UInt32) -> Int { 1 + (Int(bytes) + 3) / 4 }

        @inline(__always)
        subscript(section: Section) -> UnsafeBufferPointer<UInt32> {
            let number = section.rawValue
            let start = number == 0 ? 0 : Int(facts.pointee.ends[number - 1])
            let end = section == .subject ? start + subjectWords(words[start]) : Int(facts.pointee.ends[number])
            return UnsafeBufferPointer(start: words + start, count: end - start)
        }
    }

    /// For whoever holds the digest as long as the view.
    var view: View { View(block) }

    /// Calls with views of two.
    @inline(__always)
    static func with<T>(_ a: MessageDigest, _ b: MessageDigest, _ body: (View, View) -> T) -> T {
        withExtendedLifetime((a.block, b.block)) { body(a.view, b.view) }
    }

    var id: Int64 { block.header.id }
    var author: UInt64 { block.header.author }
    var at: Instant? { block.header.at }
    var voices: Int { block.header.voices }
    var handling: MiningMessage.Handling { block.header.handling }
    var signals: ProblemSignals { block.header.signals }
    var townshipCode: String? { block.header.townshipCode }

    /// Sums over the pairs of characters, so that a comparison need not make them again. In quarters of a bit.
    struct Sums: Sendable, Equatable {
        /// Of pairs of the subject: all, and those outside names, and inside.
        var subject: Int32 = 0
        var issue: Int32 = 0
        var subjectPlaces: Int32 = 0
        /// Of pairs inside names anywhere.
        var places: Int32 = 0
        /// Of squares: all weights, and those outside names.
        var squares: Int32 = 0
        var issueSquares: Int32 = 0
    }

    /// The lists of a digest.
    enum Section: Int, CaseIterable {
        /// Directions of subject and of all in the space of issues: sixteen words of four bytes each. They come first,
        /// so that a search knows where they are.
        case directions
        /// `PackedSite`s, ascending: by the end of their name, and by its characters in any order.
        case sites, looseSites
        case districts
        /// Numbers of two digits and more of the subject.
        case tokens
        /// `PackedGram`s with the most weight, ascending.
        case grams
        /// Codes of the subject, two a word, after their number.
        case subjectCodes
        /// Names of places for people to read: rank and length, then codes, two a word.
        case places
        /// The subject as received: bytes of UTF-8, four a word, after their number.
        case subject
    }

    static let gramsMax = 96
    /// Characters of a text that count; what a longer one says has been said by then.
    static let charactersMax = 4_000
    static let placesMax = 8
    /// Characters of a name that are kept.
    static let placeCharactersMax = 24
    static let subjectCharactersMax = 120

    init(_ message: MiningMessage, _ digester: Digester) {
        self.init(message, digester.parts(message))
    }

    init(_ message: MiningMessage, _ parts: Digester.Parts) {
        let subject = Self.packed(message.subject)
        var ends = SIMD8<UInt16>()
        var count = 0
        for (section, list) in parts.lists.enumerated() {
            count += list.count
            ends[section] = UInt16(count)
        }
        let facts = Facts(message, parts, ends: ends)
        block = ManagedBuffer.create(minimumCapacity: count + subject.count) { _ in facts }
        block.withUnsafeMutablePointerToElements { words in
            var at = 0
            for list in parts.lists + [subject] {
                for word in list {
                    words[at] = word
                    at += 1
                }
            }
        }
    }

    /// Calls with the list; it must not outlive the call.
    @inline(__always)
    func with<T>(_ section: Section, _ body: (UnsafeBufferPointer<UInt32>) -> T) -> T {
        withExtendedLifetime(block) { body(view[section]) }
    }

    /// Bytes of a subject that are kept, for people to read.
    private static let subjectBytesMax = 4_096

    private static func packed(_ subject: String) -> [UInt32] {
        var bytes = Array(subject.utf8.prefix(subjectBytesMax))
        if bytes.count == subjectBytesMax {
            // Never half a character.
            while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
        }
        var words = [UInt32](repeating: 0, count: 1 + (bytes.count + 3) / 4)
        words[0] = UInt32(bytes.count)
        words.withUnsafeMutableBytes { UnsafeMutableRawBufferPointer(rebasing: $0.dropFirst(4)).copyBytes(from: bytes) }
        return words
    }

    /// As received.
    var subject: String {
        with(.subject) { words in
            let bytes = UnsafeRawBufferPointer(words).dropFirst(4)
            return String(decoding: bytes.prefix(Int(words[0])), as: UTF8.self)
        }
    }

    /// Places in the order they are written, each name once.
    var places: [FoundPlace] {
        let townships = block.header.townships.dropFirst()
        return with(.places) { words in
            var (places, at) = ([FoundPlace](), 0)
            while at < words.count {
                let length = Int(words[at] & 0xFFFF)
                let name = PlaceFinder.shown(Self.unpacked(words, from: at + 1, count: length))
                places.append(
                    FoundPlace(
                        name: name, rank: FoundPlace.Rank(rawValue: Int(words[at] >> 16)) ?? .site,
                        townshipCode: townships.isEmpty ? nil : townships[places.count + 1]))
                at += 1 + (length + 1) / 2
            }
            return places
        }
    }

    var subjectCodes: [UInt16] {
        with(.subjectCodes) { $0.isEmpty ? [] : Self.unpacked($0, from: 1, count: Int($0[0])) }
    }

    /// What is known of a pair of characters; nil when it is not among those kept.
    func gram(_ pair: UInt32) -> PackedGram? {
        let hash = PackedGram.hash(pair)
        return with(.grams) { words in
            var (low, high) = (0, words.count)
            while low < high {
                let middle = (low + high) / 2
                if PackedGram(word: words[middle]).hash < hash { low = middle + 1 } else { high = middle }
            }
            guard low < words.count else { return nil }
            let found = PackedGram(word: words[low])
            return found.hash == hash ? found : nil
        }
    }

    /// Pairs of characters that were kept and stand in a certain part of the message.
    struct Kept {
        fileprivate let digest: MessageDigest
        fileprivate let holds: (PackedGram) -> Bool
        func contains(_ pair: UInt32) -> Bool { digest.gram(pair).map(holds) ?? false }
    }
    var grams: Kept { Kept(digest: self) { _ in true } }
    var placeGrams: Kept { Kept(digest: self, holds: \.isPlace) }
    var subjectGrams: Kept { Kept(digest: self, holds: \.isInSubject) }
    var subjectPlaceGrams: Kept { Kept(digest: self) { $0.isInSubject && $0.isPlace } }

    static func packed(_ codes: some Collection<UInt16>) -> [UInt32] {
        var words: [UInt32] = []
        var isHalf = false
        for code in codes {
            if isHalf { words[words.count - 1] |= UInt32(code) << 16 } else { words.append(UInt32(code)) }
            isHalf.toggle()
        }
        return words
    }

    private static func unpacked(_ words: UnsafeBufferPointer<UInt32>, from start: Int, count: Int) -> [UInt16] {
        (0..<count).map { UInt16(truncatingIfNeeded: words[start + $0 / 2] >> ($0 % 2 == 0 ? 0 : 16)) }
    }
}

/// A pair of characters in one word: 24 bits of its hash, its weight in quarters of a bit, and where it stands.
struct PackedGram {
    let word: UInt32

    init(word: UInt32) { self.word = word }

    init(_ pair: UInt32, weight: UInt8, isInSubject: Bool, isPlace: Bool) {
        let quarters = UInt32(weight) / 4
        word = Self.hash(pair) << 8 | quarters << 2 | (isInSubject ? 2 : 0) | (isPlace ? 1 : 0)
    }

    @inline(__always) var hash: UInt32 { word >> 8 }
    @inline(__always) var weight: Int32 { Int32(bitPattern: word >> 2 & 63) }
    @inline(__always) var isInSubject: Bool { word & 2 != 0 }
    @inline(__always) var isPlace: Bool { word & 1 != 0 }

    @inline(__always)
    static func hash(_ pair: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: (UInt64(pair) &* 0x9E37_79B9_7F4A_7C15) >> 40)
    }
}

/// A name of a road or site in one word: 24 bits of its hash, the weight of its rarest pair in halves of a bit, and
/// whether the subject has it and whether it is a site.
struct PackedSite {
    let word: UInt32

    init(word: UInt32) { self.word = word }

    init(hash: UInt64, weight: UInt8, isInSubject: Bool, isSite: Bool) {
        let halves = min(63, UInt32(weight) / 8)
        word = UInt32(truncatingIfNeeded: hash >> 40) << 8 | halves << 2 | (isInSubject ? 2 : 0) | (isSite ? 1 : 0)
    }

    @inline(__always) var hash: UInt32 { word >> 8 }
    @inline(__always) var weight: UInt32 { word >> 2 & 63 }
    @inline(__always) var isInSubject: Bool { word & 2 != 0 }
    @inline(__always) var isSite: Bool { word & 1 != 0 }
}
