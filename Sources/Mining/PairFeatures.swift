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
        case subjectIssueFoundLeast, placesDiffer
    }
    var values: [Float]

    subscript(name: Name) -> Float {
        get { values[name.rawValue] }
        set { values[name.rawValue] = newValue }
    }

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
        var (dot, normA, normB, shared) = (0, 0, 0, 0)
        var (issueDot, issueA, issueB) = (0, 0, 0)
        var top = [0, 0, 0, 0, 0]
        var (i, j) = (0, 0)
        while i < a.grams.count || j < b.grams.count {
            let x = i < a.grams.count ? a.grams[i] : .max
            let y = j < b.grams.count ? b.grams[j] : .max
            let wa = x <= y ? Int(a.gramWeights[i]) : 0
            let wb = y <= x ? Int(b.gramWeights[j]) : 0
            let gram = min(x, y)
            normA += wa * wa
            normB += wb * wb
            let isPlace = Digester.contains(a.placeGrams, gram) || Digester.contains(b.placeGrams, gram)
            if !isPlace {
                issueA += wa * wa
                issueB += wb * wb
            }
            if wa > 0, wb > 0 {
                shared += 1
                dot += wa * wb
                if !isPlace { issueDot += wa * wb }
                Self.keepLargest(min(wa, wb), in: &top)
            }
            if x <= y { i += 1 }
            if y <= x { j += 1 }
        }
        self[.wording] = Self.cosine(dot, normA, normB)
        self[.bodyIssueWording] = Self.cosine(issueDot, issueA, issueB)
        self[.rarestShared] = Float(top[0]) / 16
        self[.fiveRarestShared] = Float(top.reduce(0, +)) / 80
        self[.overlap] = Float(shared) / Float(max(1, min(a.grams.count, b.grams.count)))
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
        let subject = Sorted.weights(a.subjectGrams, b.subjectGrams, background)
        self[.subjectWording] = subject.likeness
        let issue = Sorted.weights(a.issueGrams, b.issueGrams, background)
        self[.issueWording] = issue.likeness
        let inB = Sorted.weights(a.subjectGrams, b.grams, background)
        let inA = Sorted.weights(b.subjectGrams, a.grams, background)
        self[.subjectFoundLeast] = min(inB.shareOfFirst, inA.shareOfFirst)
        self[.subjectFoundMost] = max(inB.shareOfFirst, inA.shareOfFirst)
        let issueInB = Sorted.weights(a.issueGrams, b.grams, background)
        let issueInA = Sorted.weights(b.issueGrams, a.grams, background)
        self[.subjectIssueFoundLeast] = min(issueInB.shareOfFirst, issueInA.shareOfFirst)
        self[.longestRun] = Float(Sorted.longestRun(a.subjectCodes, b.subjectCodes, background)) / 16
    }

    private mutating func comparePlaces(_ a: MessageDigest, _ b: MessageDigest, _ background: Background) {
        let subject = Sorted.weights(a.subjectPlaceGrams, b.subjectPlaceGrams, background)
        let bothPlaced = !a.subjectPlaceGrams.isEmpty && !b.subjectPlaceGrams.isEmpty
        self[.subjectPlaces] = subject.shareOfSmaller
        self[.bothSubjectsPlaced] = bothPlaced ? 1 : 0
        let inB = Sorted.weights(a.subjectPlaceGrams, b.grams, background)
        let inA = Sorted.weights(b.subjectPlaceGrams, a.grams, background)
        self[.placesDiffer] = bothPlaced ? 1 - max(inB.shareOfFirst, inA.shareOfFirst) : 0
        let all = Sorted.weights(a.placeGrams, b.placeGrams, background)
        self[.places] = all.shareOfSmaller
        self[.placeWeight] = Float(min(all.shared, 16 * 60)) / 160
        let districts = Sorted.shared(a.districts, b.districts)
        self[.districtsShared] = districts > 0 ? 1 : 0
        self[.districtsDiffer] = districts == 0 && !a.districts.isEmpty && !b.districts.isEmpty ? 1 : 0
    }
}

/// Sums over ascending lists of pairs of characters.
enum Sorted {
    struct Weights {
        var shared = 0
        var first = 0
        var second = 0
        var likeness: Float {
            first == 0 || second == 0
                ? 0 : Float(Double(shared) / (Double(first).squareRoot() * Double(second).squareRoot()))
        }
        var shareOfFirst: Float { first == 0 ? 0 : Float(shared) / Float(first) }
        var shareOfSmaller: Float { min(first, second) == 0 ? 0 : Float(shared) / Float(min(first, second)) }
    }

    static func weights(_ a: [UInt32], _ b: [UInt32], _ background: Background) -> Weights {
        var sums = Weights()
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            let x = i < a.count ? a[i] : .max
            let y = j < b.count ? b[j] : .max
            let weight = Int(background.weight(min(x, y)))
            if x <= y {
                sums.first += weight
                i += 1
            }
            if y <= x {
                sums.second += weight
                j += 1
            }
            if x == y { sums.shared += weight }
        }
        return sums
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
