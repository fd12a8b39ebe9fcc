/// Weights of the pairs of characters two messages both have, by where they stand.
struct SharedGrams {
    private(set) var (count, dot, issueDot): (Int32, Int32, Int32) = (0, 0, 0)
    private(set) var (subjects, issues, subjectPlaces, places): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    private(set) var (firstFound, firstIssueFound, firstPlaceFound): (Int32, Int32, Int32) = (0, 0, 0)
    private(set) var (secondFound, secondIssueFound, secondPlaceFound): (Int32, Int32, Int32) = (0, 0, 0)
    /// The five heaviest, heaviest first.
    private(set) var top: (Int32, Int32, Int32, Int32, Int32) = (0, 0, 0, 0, 0)

    /// By where a gram stands in the first message and in the second, two bits each: sums of the smaller weights, and
    /// of products; then how many have each smaller weight. Few additions for each gram, however many figures come of
    /// them.
    private static let products = 16
    private static let weights = 32
    private static let sums = weights + 64

    init(_ a: UnsafeBufferPointer<UInt32>, _ b: UnsafeBufferPointer<UInt32>, _ table: GramTable?) {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: Self.sums) { sums in
            sums.initialize(repeating: 0)
            // By weight, whether any gram has it.
            var held: UInt64 = 0
            if let table {
                table.shared(a, b) { take($0, $1, sums, &held) }
            } else {
                var (i, j) = (0, 0)
                while i < a.count, j < b.count {
                    let (left, right) = (a[i] >> 8, b[j] >> 8)
                    if left == right { take(PackedGram(word: a[i]), PackedGram(word: b[j]), sums, &held) }
                    i += left <= right ? 1 : 0
                    j += right <= left ? 1 : 0
                }
            }
            keepTop(held, sums)
            add(sums)
        }
    }

    @inline(__always)
    private mutating func take(
        _ left: PackedGram, _ right: PackedGram, _ sums: UnsafeMutableBufferPointer<Int32>, _ held: inout UInt64
    ) {
        let place = Int(left.word & 3) << 2 | Int(right.word & 3)
        let weight = min(left.weight, right.weight)
        // Some hundred times 63 squared is far from overflow.
        count &+= 1
        sums[place] &+= weight
        sums[Self.products | place] &+= left.weight &* right.weight
        sums[Self.weights &+ Int(weight)] &+= 1
        held |= 1 << UInt64(weight)
    }

    private mutating func keepTop(_ held: UInt64, _ sums: UnsafeMutableBufferPointer<Int32>) {
        var held = held
        top.0 = Self.heaviest(&held, sums)
        top.1 = Self.heaviest(&held, sums)
        top.2 = Self.heaviest(&held, sums)
        top.3 = Self.heaviest(&held, sums)
        top.4 = Self.heaviest(&held, sums)
    }

    /// Takes one of the heaviest out; zero where none is left.
    @inline(__always)
    private static func heaviest(_ held: inout UInt64, _ sums: UnsafeMutableBufferPointer<Int32>) -> Int32 {
        guard held != 0 else { return 0 }
        let weight = 63 &- held.leadingZeroBitCount
        sums[weights &+ weight] &-= 1
        if sums[weights &+ weight] == 0 { held ^= 1 << UInt64(weight) }
        return Int32(truncatingIfNeeded: weight)
    }

    private mutating func add(_ sums: UnsafeMutableBufferPointer<Int32>) {
        func row(_ start: Int) -> SIMD4<Int32> { SIMD4(sums[start], sums[start + 1], sums[start + 2], sums[start + 3]) }
        // By where it stands in the first message: neither subject nor name, name, subject, both; of each by where it
        // stands in the second.
        let (plain, named, subject, both) = (row(0), row(4), row(8), row(12))
        places = named[1] &+ named[3] &+ both[1] &+ both[3]
        (firstIssueFound, firstPlaceFound) = (subject.wrappedSum(), both.wrappedSum())
        firstFound = firstIssueFound &+ firstPlaceFound
        let second = plain &+ named &+ subject &+ both
        (secondIssueFound, secondPlaceFound) = (second[2], second[3])
        secondFound = second[2] &+ second[3]
        (issues, subjectPlaces) = (subject[2], both[3])
        subjects = subject[2] &+ subject[3] &+ both[2] &+ both[3]
        let (plainSquares, subjectSquares) = (row(Self.products), row(Self.products + 8))
        issueDot = plainSquares[0] &+ plainSquares[2] &+ subjectSquares[0] &+ subjectSquares[2]
        dot = (plainSquares &+ row(Self.products + 4) &+ subjectSquares &+ row(Self.products + 12)).wrappedSum()
    }
}

/// Where each pair of characters of one message is, by its hash: for comparing the message with many, one look instead
/// of a step through both lists.
struct GramTable: @unchecked Sendable {
    private static let places = 2_048
    /// By hash, the place after the gram's, or nothing; clashes take the next free one.
    private var next = [UInt8](repeating: 0, count: places)
    private var base: UnsafePointer<UInt32>?

    /// Makes it that of another message, whose grams must not outlive it: at most 255.
    mutating func set(_ grams: UnsafeBufferPointer<UInt32>) {
        for at in next.indices { next[at] = 0 }
        base = grams.baseAddress
        for (at, word) in grams.enumerated() {
            var place = Int(word >> 8) & (Self.places - 1)
            while next[place] != 0 { place = (place + 1) & (Self.places - 1) }
            next[place] = UInt8(at + 1)
        }
    }

    /// Calls with each gram both have; one of the two must be the message the table was made for.
    @inline(__always)
    func shared(
        _ a: UnsafeBufferPointer<UInt32>, _ b: UnsafeBufferPointer<UInt32>, _ body: (PackedGram, PackedGram) -> Void
    ) {
        let isFirst = a.baseAddress == base
        let (mine, others) = isFirst ? (a, b) : (b, a)
        next.withUnsafeBufferPointer { next in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: others.count + 1) { met in
                // Those that may be shared, without a branch: half of the guesses would be wrong.
                var count = 0
                for word in others {
                    met[count] = word
                    count &+= (Int(next[Int(word >> 8) & (Self.places - 1)]) &+ 255) >> 8
                }
                for word in met[..<count] {
                    var place = Int(word >> 8) & (Self.places - 1)
                    while next[place] != 0 {
                        let found = mine[Int(next[place]) - 1]
                        if found >> 8 == word >> 8 {
                            let (left, right) = isFirst ? (found, word) : (word, found)
                            body(PackedGram(word: left), PackedGram(word: right))
                            break
                        }
                        place = (place + 1) & (Self.places - 1)
                    }
                }
            }
        }
    }
}
