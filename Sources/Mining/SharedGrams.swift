/// Weights of the pairs of characters two messages both have, by where they stand.
struct SharedGrams {
    private(set) var (count, dot, issueDot): (Int32, Int32, Int32) = (0, 0, 0)
    private(set) var (subjects, issues, subjectPlaces, places): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    private(set) var (firstFound, firstIssueFound, firstPlaceFound): (Int32, Int32, Int32) = (0, 0, 0)
    private(set) var (secondFound, secondIssueFound, secondPlaceFound): (Int32, Int32, Int32) = (0, 0, 0)
    /// The five heaviest, heaviest first.
    private(set) var top: (Int32, Int32, Int32, Int32, Int32) = (0, 0, 0, 0, 0)

    init(_ a: UnsafeBufferPointer<UInt32>, _ b: UnsafeBufferPointer<UInt32>, _ table: GramTable?) {
        // By where a gram stands in the first message and in the second, two bits each: sums of the smaller weights,
        // and of products. Two additions each, however many figures come of them.
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: 32) { sums in
            sums.initialize(repeating: 0)
            if let table {
                table.shared(a, b) { take($0, $1, sums) }
            } else {
                var (i, j) = (0, 0)
                while i < a.count, j < b.count {
                    let (left, right) = (a[i] >> 8, b[j] >> 8)
                    if left == right { take(PackedGram(word: a[i]), PackedGram(word: b[j]), sums) }
                    i += left <= right ? 1 : 0
                    j += right <= left ? 1 : 0
                }
            }
            add(sums)
        }
    }

    @inline(__always)
    private mutating func take(_ left: PackedGram, _ right: PackedGram, _ sums: UnsafeMutableBufferPointer<Int32>) {
        let place = Int(left.word & 3) << 2 | Int(right.word & 3)
        let weight = min(left.weight, right.weight)
        count += 1
        sums[place] += weight
        sums[16 + place] += left.weight * right.weight
        keep(weight)
    }

    private mutating func add(_ sums: UnsafeMutableBufferPointer<Int32>) {
        for place in 0..<16 {
            let (weight, product) = (sums[place], sums[16 + place])
            let (left, right) = (PackedGram(word: UInt32(place >> 2)), PackedGram(word: UInt32(place & 3)))
            dot += product
            let isPlace = left.isPlace || right.isPlace
            if !isPlace { issueDot += product }
            if left.isPlace, right.isPlace { places += weight }
            if left.isInSubject {
                firstFound += weight
                if left.isPlace { firstPlaceFound += weight } else { firstIssueFound += weight }
            }
            if right.isInSubject {
                secondFound += weight
                if right.isPlace { secondPlaceFound += weight } else { secondIssueFound += weight }
            }
            if left.isInSubject, right.isInSubject {
                subjects += weight
                if left.isPlace, right.isPlace { subjectPlaces += weight }
                if !isPlace { issues += weight }
            }
        }
    }

    @inline(__always)
    private mutating func keep(_ weight: Int32) {
        guard weight > top.4 else { return }
        top.4 = weight
        if top.4 > top.3 { swap(&top.4, &top.3) }
        if top.3 > top.2 { swap(&top.3, &top.2) }
        if top.2 > top.1 { swap(&top.2, &top.1) }
        if top.1 > top.0 { swap(&top.1, &top.0) }
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
            for word in others {
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
