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
    }
    var values: [Float]

    subscript(name: Name) -> Float {
        get { values[name.rawValue] }
        set { values[name.rawValue] = newValue }
    }

    /// As many as there are names.
    init(values: [Float]) { self.values = values }

    init(_ a: MessageDigest, _ b: MessageDigest, background: Background) {
        values = [Float](repeating: 0, count: Name.allCases.count)
        compareWording(a, b)
        compareSubjects(a, b, background)
        comparePlaces(a, b, background)
        let sameAuthor = a.author != 0 && a.author == b.author
        self[.sameAuthor] = sameAuthor ? 1 : 0
        if let first = a.at, let second = b.at {
            let days = abs(Double(first.milliseconds(since: second))) / Double(Instant.millisecondsPerDay)
            self[.daysApart] = Float(log2(1 + days))
        } else {
            self[.daysApart] = 5
            self[.isTimeUnknown] = 1
        }
        let (shorter, longer) = (min(a.characters, b.characters), max(a.characters, b.characters))
        self[.shorterLength] = Float(log2(Double(shorter + 1)))
        self[.lengthRatio] = Float(shorter) / Float(max(1, longer))
        let numbers = Sorted.shared(a.tokens, b.tokens)
        self[.numbersShared] = Float(min(3, numbers))
        self[.numbersDiffer] = numbers == 0 && !a.tokens.isEmpty && !b.tokens.isEmpty ? 1 : 0
        self[.sameSubject] = a.subjectCodes == b.subjectCodes && a.subjectCodes.count >= 4 ? 1 : 0
    }

    private mutating func compareWording(_ a: MessageDigest, _ b: MessageDigest) {
        var (dot, issueDot, shared) = (0, 0, 0)
        var top = [0, 0, 0, 0, 0]
        var (i, j) = (0, 0)
        while i < a.grams.count, j < b.grams.count {
            if a.grams[i] == b.grams[j] {
                let (left, right) = (Int(a.gramWeights[i]), Int(b.gramWeights[j]))
                shared += 1
                dot += left * right
                if !a.gramIsPlace[i], !b.gramIsPlace[j] { issueDot += left * right }
                Self.keepLargest(min(left, right), in: &top)
                i += 1
                j += 1
            } else if a.grams[i] < b.grams[j] {
                i += 1
            } else {
                j += 1
            }
        }
        self[.wording] = Self.cosine(dot, a.sums.squares, b.sums.squares)
        self[.bodyIssueWording] = Self.cosine(issueDot, a.sums.issueSquares, b.sums.issueSquares)
        self[.rarestShared] = Float(top[0]) / 16
        self[.fiveRarestShared] = Float(top.reduce(0, +)) / 80
        self[.overlap] = Float(shared) / Float(max(1, min(a.grams.count, b.grams.count)))
        self[.matter] = a.issue.likeness(to: b.issue)
        self[.subjectMatter] = a.subjectIssue.likeness(to: b.subjectIssue)
        let (first, second) = (a.subjectIssue.likeness(to: b.issue), b.subjectIssue.likeness(to: a.issue))
        self[.crossMatterLeast] = min(first, second)
        self[.crossMatterMost] = max(first, second)
    }

    private static func keepLargest(_ value: Int, in top: inout [Int]) {
        guard value > top[4] else { return }
        var at = 4
        while at > 0, top[at - 1] < value {
            top[at] = top[at - 1]
            at -= 1
        }
        top[at] = value
    }

    private static func cosine(_ dot: Int, _ a: Int, _ b: Int) -> Float {
        a == 0 || b == 0 ? 0 : Float(Double(dot) / (Double(a).squareRoot() * Double(b).squareRoot()))
    }

    private mutating func compareSubjects(_ a: MessageDigest, _ b: MessageDigest, _ background: Background) {
        let subject = Sorted.weight(a.subjectGrams, b.subjectGrams, background)
        self[.subjectWording] = Self.cosine(subject, a.sums.subject, b.sums.subject)
        let issue = Sorted.weight(a.issueGrams, b.issueGrams, background)
        self[.issueWording] = Self.cosine(issue, a.sums.issue, b.sums.issue)
        let inB = Self.share(Sorted.weight(a.subjectGrams, b.grams, background), of: a.sums.subject)
        let inA = Self.share(Sorted.weight(b.subjectGrams, a.grams, background), of: b.sums.subject)
        self[.subjectFoundLeast] = min(inB, inA)
        self[.subjectFoundMost] = max(inB, inA)
        let issueInB = Self.share(Sorted.weight(a.issueGrams, b.grams, background), of: a.sums.issue)
        let issueInA = Self.share(Sorted.weight(b.issueGrams, a.grams, background), of: b.sums.issue)
        self[.subjectIssueFoundLeast] = min(issueInB, issueInA)
        self[.longestRun] = Float(Sorted.longestRun(a.subjectCodes, b.subjectCodes, background)) / 16
    }

    private static func share(_ part: Int, of whole: Int) -> Float { whole == 0 ? 0 : Float(part) / Float(whole) }

    /// 1 where two names both stand for something and neither message writes the other's; less where one does.
    private static func differ(_ first: UInt32, _ second: UInt32, _ a: [UInt32], _ b: [UInt32]) -> Float {
        if first == 0 || second == 0 || first == second { return 0 }
        let (isFirstInB, isSecondInA) = (Digester.contains(b, first), Digester.contains(a, second))
        return isFirstInB && isSecondInA ? 0.25 : isFirstInB || isSecondInA ? 0.5 : 1
    }

    private mutating func comparePlaces(_ a: MessageDigest, _ b: MessageDigest, _ background: Background) {
        let subject = Sorted.weight(a.subjectPlaceGrams, b.subjectPlaceGrams, background)
        let bothPlaced = !a.subjectPlaceGrams.isEmpty && !b.subjectPlaceGrams.isEmpty
        self[.subjectPlaces] = Self.share(subject, of: min(a.sums.subjectPlaces, b.sums.subjectPlaces))
        self[.bothSubjectsPlaced] = bothPlaced ? 1 : 0
        let inB = Self.share(Sorted.weight(a.subjectPlaceGrams, b.grams, background), of: a.sums.subjectPlaces)
        let inA = Self.share(Sorted.weight(b.subjectPlaceGrams, a.grams, background), of: b.sums.subjectPlaces)
        self[.placesDiffer] = bothPlaced ? 1 - max(inB, inA) : 0
        let all = Sorted.weight(a.placeGrams, b.placeGrams, background)
        self[.places] = Self.share(all, of: min(a.sums.places, b.sums.places))
        self[.placeWeight] = Float(min(all, 16 * 60)) / 160
        let sites = Sorted.shared(a.sites, b.sites)
        self[.sitesShared] = Float(min(3, sites))
        self[.sitesDiffer] = sites == 0 && !a.sites.isEmpty && !b.sites.isEmpty ? 1 : 0
        let isSubjectElsewhere =
            !a.subjectSites.isEmpty && !b.subjectSites.isEmpty && Sorted.shared(a.subjectSites, b.sites) == 0
            && Sorted.shared(b.subjectSites, a.sites) == 0
        self[.subjectSitesDiffer] = isSubjectElsewhere ? 1 : 0
        self[.mainSitesDiffer] = Self.differ(a.mainSite, b.mainSite, a.sites, b.sites)
        let districts = Sorted.shared(a.districts, b.districts)
        self[.districtsShared] = districts > 0 ? 1 : 0
        self[.districtsDiffer] = districts == 0 && !a.districts.isEmpty && !b.districts.isEmpty ? 1 : 0
    }
}

/// Sums over ascending lists of pairs of characters.
enum Sorted {
    /// Weight of what both have.
    static func weight(_ a: [UInt32], _ b: [UInt32], _ background: Background) -> Int {
        var sum = 0
        var (i, j) = (0, 0)
        while i < a.count, j < b.count {
            if a[i] == b[j] {
                sum += Int(background.weight(a[i]))
                i += 1
                j += 1
            } else if a[i] < b[j] {
                i += 1
            } else {
                j += 1
            }
        }
        return sum
    }

    static func shared(_ a: [UInt32], _ b: [UInt32]) -> Int {
        a.reduce(0) { $0 + (Digester.contains(b, $1) ? 1 : 0) }
    }

    /// Weight of the heaviest run of characters that stands in both.
    static func longestRun(_ a: [UInt16], _ b: [UInt16], _ background: Background) -> Int {
        guard a.count > 1, b.count > 1 else { return 0 }
        var best = 0
        var previous = [Int](repeating: 0, count: b.count)
        var current = previous
        for i in 1..<a.count {
            let gram = Grams.pair(a[i - 1], a[i])
            let isInside = a[i] != NormalText.gap && a[i - 1] != NormalText.gap
            var weight = -1
            for j in 1..<b.count {
                if isInside, a[i] == b[j], a[i - 1] == b[j - 1] {
                    if weight < 0 { weight = Int(background.weight(gram)) }
                    current[j] = previous[j - 1] + weight
                    best = max(best, current[j])
                } else {
                    current[j] = 0
                }
            }
            swap(&previous, &current)
        }
        return best
    }
}
