internal import Core
import Foundation

/// What two messages have in common and what sets them apart, as numbers for the pair model.
struct PairFeatures: Sendable, Equatable {
    /// Stable names; the order is that of `values`.
    enum Name: Int, CaseIterable, Sendable {
        case wording, subjectWording, subjectFoundLeast, subjectFoundMost, subjectPlaces, bothSubjectsPlaced
        case places, placeWeight, issueWording, bodyIssueWording, rarestShared, fiveRarestShared
        case sameAuthor, daysApart, isTimeUnknown, overlap, shorterLength, lengthRatio
        case districtsDiffer, districtsShared, longestRun, sameSubject, numbersDiffer, numbersShared
        case subjectIssueFoundLeast, placesDiffer, matter, subjectMatter, crossMatterLeast, crossMatterMost
        case sitesShared, sitesDiffer, subjectSitesDiffer, mainSitesDiffer
        case looseSitesShared, siteWeight, looseSiteWeight, subjectSitesShared
    }
    var values: [Float]

    /// Those that are made only for pairs the first trees let pass.
    static let late: Set<Name> = [.subjectMatter, .sameSubject, .longestRun]

    subscript(name: Name) -> Float {
        get { values[name.rawValue] }
        set { values[name.rawValue] = newValue }
    }

    /// As many as there are names.
    init(values: [Float]) { self.values = values }

    /// All zero, to be filled by `compare`.
    init() { values = [Float](repeating: 0, count: Name.allCases.count) }

    init(_ a: MessageDigest, _ b: MessageDigest) {
        self.init()
        compare(a, b)
    }

    /// Matters whose directions are further apart than this are no one problem.
    static let matterMin: Float = 0.2

    /// Whether a pair is worth comparing in full; cheap, and the same for both sides. Not so is one of two people whose
    /// matters lie far apart (so are none of 2,657 pairs annotated as one problem), or whose subjects name places while
    /// no place is named by both (so are 26; to compare them changes no figure of Mining.md for the better).
    static func isWorthwhile(_ a: MessageDigest, _ b: MessageDigest) -> Bool {
        MessageDigest.with(a, b) { isWorthwhile($0, $1) }
    }

    @inline(__always)
    static func isWorthwhile(_ a: MessageDigest.View, _ b: MessageDigest.View) -> Bool {
        if a.facts.pointee.author != 0, a.facts.pointee.author == b.facts.pointee.author { return true }
        return IssueSpace.likeness(a.direction, b.direction) >= matterMin && isPlaceShared(a, b)
    }

    /// Whether both name one place, or may.
    @inline(__always)
    static func isPlaceShared(_ a: MessageDigest.View, _ b: MessageDigest.View) -> Bool {
        isPlaceShared(SharedSites(a[.sites], b[.sites]), a, b)
    }

    @inline(__always)
    static func isPlaceShared(_ exact: SharedSites, _ a: MessageDigest.View, _ b: MessageDigest.View) -> Bool {
        guard exact.hasFirstSubject, exact.hasSecondSubject, exact.count == 0 else { return true }
        return SharedSites(a[.looseSites], b[.looseSites]).count > 0
    }

    /// Fills in the features of a pair; the message with the smaller identifier comes first.
    mutating func compare(_ a: MessageDigest, _ b: MessageDigest) {
        MessageDigest.with(a, b) { a, b in with { $0.compare(a, b) } }
    }

    /// Calls with the features where they lie.
    @inline(__always)
    mutating func with<T>(_ body: (PairComparison) -> T) -> T {
        values.withUnsafeMutableBufferPointer { body(PairComparison(values: $0)) }
    }
}

/// Makes the features of a pair.
struct PairComparison {
    typealias Name = PairFeatures.Name
    /// By name.
    let values: UnsafeMutableBufferPointer<Float>

    @inline(__always)
    private subscript(name: Name) -> Float {
        get { values[name.rawValue] }
        nonmutating set { values[name.rawValue] = newValue }
    }

    /// The message with the smaller identifier comes first.
    func compare(_ a: MessageDigest.View, _ b: MessageDigest.View) {
        compareFirst(a, b)
        compareRest(a, b)
    }

    /// What the first trees ask for: all but `PairFeatures.late`, which most pairs are not asked for.
    /// - Parameters:
    ///   - table: the pairs of characters of one of the two, where it is compared with many.
    ///   - matter: the feature of that name, where it is known.
    ///   - sites: what `SharedSites` finds in the lists of that name, where it is known.
    func compareFirst(
        _ a: MessageDigest.View, _ b: MessageDigest.View, _ table: GramTable? = nil, matter: Float? = nil,
        sites: SharedSites? = nil
    ) {
        let (first, second) = (a.facts, b.facts)
        compareGrams(a[.grams], b[.grams], first.pointee.sums, second.pointee.sums, table)
        compareDirections(a[.directions], b[.directions], matter)
        compareSites(a, b, sites)
        compareLists(a, b)
        self[.sameAuthor] = first.pointee.author != 0 && first.pointee.author == second.pointee.author ? 1 : 0
        compareTimes(first.pointee.at, second.pointee.at)
        let (one, other) = (first.pointee.characters, second.pointee.characters)
        self[.shorterLength] = Float(log2(Double(min(one, other) + 1)))
        self[.lengthRatio] = Float(min(one, other)) / Float(max(1, max(one, other)))
    }

    /// The features `compareFirst` leaves out.
    func compareRest(_ a: MessageDigest.View, _ b: MessageDigest.View) {
        compareSubjects(a[.subjectCodes], b[.subjectCodes])
        guard let first = a[.directions].baseAddress, let second = b[.directions].baseAddress else { return }
        self[.subjectMatter] = IssueSpace.likeness(first, second)
    }

    private func compareTimes(_ a: Instant?, _ b: Instant?) {
        if let first = a, let second = b {
            let days = abs(Double(first.milliseconds(since: second))) / Double(Instant.millisecondsPerDay)
            self[.daysApart] = Float(log2(1 + days))
            self[.isTimeUnknown] = 0
        } else {
            self[.daysApart] = 5
            self[.isTimeUnknown] = 1
        }
    }

    private func compareGrams(
        _ a: UnsafeBufferPointer<UInt32>, _ b: UnsafeBufferPointer<UInt32>, _ first: MessageDigest.Sums,
        _ second: MessageDigest.Sums, _ table: GramTable?
    ) {
        let shared = SharedGrams(a, b, table)
        self[.wording] = Self.cosine(shared.dot, first.squares, second.squares)
        self[.bodyIssueWording] = Self.cosine(shared.issueDot, first.issueSquares, second.issueSquares)
        self[.rarestShared] = Float(shared.top.0) / 4
        self[.fiveRarestShared] = Float(shared.top.0 + shared.top.1 + shared.top.2 + shared.top.3 + shared.top.4) / 20
        self[.overlap] = Float(shared.count) / Float(max(1, min(a.count, b.count)))
        self[.subjectWording] = Self.cosine(shared.subjects, first.subject, second.subject)
        self[.issueWording] = Self.cosine(shared.issues, first.issue, second.issue)
        let (inB, inA) = (Self.share(shared.firstFound, first.subject), Self.share(shared.secondFound, second.subject))
        self[.subjectFoundLeast] = min(inB, inA)
        self[.subjectFoundMost] = max(inB, inA)
        self[.subjectIssueFoundLeast] = min(
            Self.share(shared.firstIssueFound, first.issue), Self.share(shared.secondIssueFound, second.issue))
        let bothPlaced = first.subjectPlaces > 0 && second.subjectPlaces > 0
        self[.bothSubjectsPlaced] = bothPlaced ? 1 : 0
        self[.subjectPlaces] = Self.share(shared.subjectPlaces, min(first.subjectPlaces, second.subjectPlaces))
        let placesFound = max(
            Self.share(shared.firstPlaceFound, first.subjectPlaces),
            Self.share(shared.secondPlaceFound, second.subjectPlaces))
        self[.placesDiffer] = bothPlaced ? 1 - placesFound : 0
        self[.places] = Self.share(shared.places, min(first.places, second.places))
        self[.placeWeight] = Float(min(shared.places, 4 * 60)) / 40
    }

    private static func cosine(_ dot: Int32, _ a: Int32, _ b: Int32) -> Float {
        a == 0 || b == 0 ? 0 : Float(Double(dot) / (Double(a) * Double(b)).squareRoot())
    }

    private static func share(_ part: Int32, _ whole: Int32) -> Float {
        whole == 0 ? 0 : Float(part) / Float(whole)
    }

    private func compareDirections(
        _ a: UnsafeBufferPointer<UInt32>, _ b: UnsafeBufferPointer<UInt32>, _ matter: Float?
    ) {
        guard let first = a.baseAddress, let second = b.baseAddress else { return }
        let (firstAll, secondAll) = (first + IssueSpace.directionWords, second + IssueSpace.directionWords)
        self[.matter] = matter ?? IssueSpace.likeness(firstAll, secondAll)
        let (inB, inA) = (IssueSpace.likeness(first, secondAll), IssueSpace.likeness(second, firstAll))
        self[.crossMatterLeast] = min(inB, inA)
        self[.crossMatterMost] = max(inB, inA)
    }

    private func compareSites(_ first: MessageDigest.View, _ second: MessageDigest.View, _ sites: SharedSites?) {
        let (a, b) = (first[.sites], second[.sites])
        let exact = sites ?? SharedSites(a, b)
        self[.sitesShared] = Float(min(3, exact.count))
        self[.sitesDiffer] = exact.count == 0 && !a.isEmpty && !b.isEmpty ? 1 : 0
        self[.siteWeight] = Float(exact.weight) / 2
        self[.subjectSitesShared] = Float(min(2, exact.inSubjects))
        let isSubjectElsewhere = exact.hasFirstSubject && exact.hasSecondSubject && exact.inASubject == 0
        self[.subjectSitesDiffer] = isSubjectElsewhere ? 1 : 0
        self[.mainSitesDiffer] = Self.differ(first.facts.pointee.mainSite, second.facts.pointee.mainSite, a, b)
        let loose = SharedSites(first[.looseSites], second[.looseSites])
        self[.looseSitesShared] = Float(min(3, loose.count))
        self[.looseSiteWeight] = Float(loose.weight) / 2
    }

    /// 1 where two names both stand for something and neither message writes the other's; less where one does.
    private static func differ(
        _ first: UInt32, _ second: UInt32, _ a: UnsafeBufferPointer<UInt32>, _ b: UnsafeBufferPointer<UInt32>
    ) -> Float {
        if first == 0 || second == 0 || first >> 8 == second >> 8 { return 0 }
        let isFirstInB = b.contains { $0 >> 8 == first >> 8 }
        let isSecondInA = a.contains { $0 >> 8 == second >> 8 }
        return isFirstInB && isSecondInA ? 0.25 : isFirstInB || isSecondInA ? 0.5 : 1
    }

    private func compareLists(_ a: MessageDigest.View, _ b: MessageDigest.View) {
        let districts = Self.shared(a[.districts], b[.districts])
        self[.districtsShared] = districts > 0 ? 1 : 0
        self[.districtsDiffer] = districts == 0 && !a[.districts].isEmpty && !b[.districts].isEmpty ? 1 : 0
        let numbers = Self.shared(a[.tokens], b[.tokens])
        self[.numbersShared] = Float(min(3, numbers))
        self[.numbersDiffer] = numbers == 0 && !a[.tokens].isEmpty && !b[.tokens].isEmpty ? 1 : 0
    }

    private static func shared(_ a: UnsafeBufferPointer<UInt32>, _ b: UnsafeBufferPointer<UInt32>) -> Int {
        a.reduce(0) { $0 + (b.contains($1) ? 1 : 0) }
    }

    private func compareSubjects(_ a: UnsafeBufferPointer<UInt32>, _ b: UnsafeBufferPointer<UInt32>) {
        let isLong = (a.first ?? 0) >= 4
        self[.sameSubject] = isLong && a.elementsEqual(b) ? 1 : 0
        self[.longestRun] = self[.subjectWording] > 0 ? Float(Self.longestRun(a, b)) : 0
    }

    /// Characters of a subject that are looked at for runs: one bit each.
    private static let runCharactersMax = 48
    private static let longestRunMax = 16

    /// Characters of the longest run that stands in both subjects.
    private static func longestRun(_ a: UnsafeBufferPointer<UInt32>, _ b: UnsafeBufferPointer<UInt32>) -> Int {
        guard let firstCount = a.first, let secondCount = b.first else { return 0 }
        let (first, second) = (min(runCharactersMax, Int(firstCount)), min(runCharactersMax, Int(secondCount)))
        return a.withCodes { a in
            b.withCodes { b in
                withUnsafeTemporaryAllocation(of: UInt64.self, capacity: runPlaces + first) { room in
                    let matches = UnsafeMutableBufferPointer(rebasing: room[runPlaces...])
                    match(a, first, b, second, UnsafeMutableBufferPointer(rebasing: room[..<runPlaces]), matches)
                    var longest = 0
                    for i in 0..<first where matches[i] != 0 {
                        // Runs that end here: each step back drops those that began later.
                        var (run, length) = (matches[i], 1)
                        while run != 0 {
                            longest = max(longest, length)
                            guard length <= i, longest < longestRunMax else { break }
                            run &= matches[i &- length] << UInt64(length)
                            length += 1
                        }
                    }
                    return longest
                }
            }
        }
    }

    private static let runPlaces = 64

    /// Of each character of the first subject, where the second has it: bit j.
    private static func match(
        _ a: UnsafeBufferPointer<UInt16>, _ first: Int, _ b: UnsafeBufferPointer<UInt16>, _ second: Int,
        _ places: UnsafeMutableBufferPointer<UInt64>, _ matches: UnsafeMutableBufferPointer<UInt64>
    ) {
        // By six bits of a character, where the second subject has one with these: mostly none, or it is the same.
        places.initialize(repeating: 0)
        for j in 0..<second where b[j] != NormalText.gap { places[Int(b[j] & 63)] |= 1 << UInt64(j) }
        for i in 0..<first {
            var (open, same) = (places[Int(a[i] & 63)], UInt64(0))
            while open != 0 {
                let bit = open & (0 &- open)
                same |= b[open.trailingZeroBitCount] == a[i] ? bit : 0
                open ^= bit
            }
            matches[i] = same
        }
    }
}

extension UnsafeBufferPointer<UInt32> {
    /// Calls with codes that stand two a word behind their number.
    @inline(__always)
    fileprivate func withCodes<T>(_ body: (UnsafeBufferPointer<UInt16>) -> T) -> T {
        UnsafeBufferPointer(rebasing: self[1...]).withMemoryRebound(to: UInt16.self, body)
    }
}

/// Roads and sites two messages both name; the same for both, but for who is first.
struct SharedSites {
    var count = 0
    /// Of the rarest one, in halves of a bit.
    var weight: UInt32 = 0
    /// Named in both subjects; named in either subject.
    var (inSubjects, inASubject) = (0, 0)
    var (hasFirstSubject, hasSecondSubject) = (false, false)

    @inline(__always)
    init(_ a: UnsafeBufferPointer<UInt32>, _ b: UnsafeBufferPointer<UInt32>) {
        hasFirstSubject = PackedSite(word: a.reduce(0, |)).isInSubject
        hasSecondSubject = PackedSite(word: b.reduce(0, |)).isInSubject
        // Most share none; that is told without a branch for each two of them. Of equals the difference has no bits
        // but the lowest eight, so that one less than the rest of it is below zero.
        var hit: UInt32 = 0
        for word in a { for other in b { hit |= (word ^ other) >> 8 &- 1 } }
        if hit >> 31 == 0 { return }
        for word in a {
            let mine = PackedSite(word: word)
            for word in b where word >> 8 == mine.hash {
                let other = PackedSite(word: word)
                count += 1
                weight = max(weight, min(mine.weight, other.weight))
                if mine.isInSubject, other.isInSubject { inSubjects += 1 }
                if mine.isInSubject || other.isInSubject { inASubject += 1 }
            }
        }
    }
}
