/// Where wording lies among the matters people write about: vectors of pairs of characters, learnt once by latent
/// semantic analysis (Deerwester et al. 1990) over public collections. Texts about leaks and about cracks in a house
/// are near each other without sharing a word; a house and a bus line are not.
struct IssueSpace: Sendable {
    static let dimensions = 64
    private static let tableBits = 16

    /// A pair of characters, the row of its vector and its rarity in sixteenths, side by side: one look at memory.
    private struct Entry: Sendable {
        var gram: UInt32 = 0
        var row = free
        var rarity: UInt16 = 0
        static let free: UInt16 = .max
    }
    /// By open addressing.
    private let table: [Entry]
    private let vectors: [Int8]

    /// A direction; all zero for a text without known pairs.
    struct Vector: Sendable, Equatable {
        fileprivate var parts = SIMD64<Int8>(repeating: 0)

        /// Cosine of the angle between two directions, −1…1.
        func likeness(to other: Vector) -> Float {
            withUnsafeBytes(of: parts) { mine in
                withUnsafeBytes(of: other.parts) { theirs in
                    var sum: Int32 = 0
                    for part in 0..<IssueSpace.dimensions {
                        let (left, right) = (Int8(bitPattern: mine[part]), Int8(bitPattern: theirs[part]))
                        sum &+= Int32(left) &* Int32(right)
                    }
                    return Float(sum) / (127 * 127)
                }
            }
        }
    }

    /// The same, as sixteen words.
    func direction(_ counted: [Digester.Counted]) -> [UInt32] {
        withUnsafeBytes(of: vector(counted).parts) { Array($0.bindMemory(to: UInt32.self)) }
    }

    static let directionWords = dimensions / 4

    /// Cosine of the angle between two directions of sixteen words each, −1…1.
    @inline(__always)
    static func likeness(_ a: UnsafePointer<UInt32>, _ b: UnsafePointer<UInt32>) -> Float {
        // A plain loop: the compiler makes better instructions of it than of vectors written out.
        let sum = a.withMemoryRebound(to: Int8.self, capacity: dimensions) { a in
            b.withMemoryRebound(to: Int8.self, capacity: dimensions) { b in
                (0..<dimensions).reduce(Int32(0)) { $0 &+ Int32(a[$1]) &* Int32(b[$1]) }
            }
        }
        return Float(sum) / (127 * 127)
    }

    /// The direction of pairs that occur so often, ascending by pair.
    func vector(_ counted: [Digester.Counted]) -> Vector {
        // Whole numbers: the same on every machine, and nothing near overflow at 4,000 characters.
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: Self.dimensions) { sums in
            sums.initialize(repeating: 0)
            known(counted) { add($0, to: sums) }
            let square = sums.reduce(0.0) { $0 + Double($1) * Double($1) }
            guard square > 0 else { return Vector() }
            let scale = 127 / square.squareRoot()
            var vector = Vector()
            withUnsafeMutableBytes(of: &vector.parts) { parts in
                for part in 0..<Self.dimensions {
                    parts[part] = UInt8(bitPattern: Int8((Double(sums[part]) * scale).rounded()))
                }
            }
            return vector
        }
    }

    /// Adds the vectors of rows, four at a time, so that sums are read and written once for four.
    private func add(_ known: UnsafeBufferPointer<Known>, to sums: UnsafeMutableBufferPointer<Int32>) {
        vectors.withUnsafeBufferPointer { vectors in
            guard let base = vectors.baseAddress, let sums = sums.baseAddress else { return }
            // A first look at every row brings all of them near at once; read one after another each would wait.
            var glance: Int32 = 0
            for (row, _) in known { glance &+= Int32(base[Int(row) * Self.dimensions]) }
            if glance == .max { return }
            var at = 0
            while at < known.count {
                // Past the end nothing is added of the first row.
                let (a, b) = (known[at], at + 1 < known.count ? known[at + 1] : (row: 0, weight: 0))
                let c = at + 2 < known.count ? known[at + 2] : (row: 0, weight: 0)
                let d = at + 3 < known.count ? known[at + 3] : (row: 0, weight: 0)
                Self.add(
                    base + Int(a.row) * Self.dimensions, a.weight, base + Int(b.row) * Self.dimensions, b.weight,
                    base + Int(c.row) * Self.dimensions, c.weight, base + Int(d.row) * Self.dimensions, d.weight,
                    to: sums)
                at += 4
            }
        }
    }

    /// In sixteen bits, eight at once: a weight is cut in two, its last six bits and the rest, below fourteen, so that
    /// neither sum of four products overflows.
    @inline(__always)
    private static func add(
        _ a: UnsafePointer<Int8>, _ inA: Int16, _ b: UnsafePointer<Int8>, _ inB: Int16, _ c: UnsafePointer<Int8>,
        _ inC: Int16, _ d: UnsafePointer<Int8>, _ inD: Int16, to sums: UnsafeMutablePointer<Int32>
    ) {
        let (lowA, lowB, lowC, lowD) = (inA & 63, inB & 63, inC & 63, inD & 63)
        let (highA, highB, highC, highD) = (inA >> 6, inB >> 6, inC >> 6, inD >> 6)
        for part in 0..<dimensions {
            let (a, b, c, d) = (Int16(a[part]), Int16(b[part]), Int16(c[part]), Int16(d[part]))
            let low = a &* lowA &+ b &* lowB &+ c &* lowC &+ d &* lowD
            let high = a &* highA &+ b &* highB &+ c &* highC &+ d &* highD
            sums[part] &+= Int32(low) &+ Int32(high) << 6
        }
    }

    /// 1 + ln n, in sixteenths.
    private static let damping: [Int32] = [16, 27, 34, 38, 42, 45, 47, 49, 51, 53]

    private typealias Known = (row: UInt16, weight: Int16)

    /// The rows of the pairs that are known, and how much each counts. All are looked up before any is used, so that
    /// one need not wait for another's memory.
    private func known(_ counted: [Digester.Counted], _ body: (UnsafeBufferPointer<Known>) -> Void) {
        withUnsafeTemporaryAllocation(of: Known.self, capacity: counted.count) { known in
            var found = 0
            table.withUnsafeBufferPointer { table in
                // Where each pair belongs; nearly all stand there, or none does.
                let glance = counted.reduce(UInt16(0)) { $0 | table[Self.place($1.gram)].rarity }
                guard glance < UInt16.max else { return }
                for (gram, count) in counted {
                    var place = Self.place(gram)
                    while table[place].row != Entry.free, table[place].gram != gram {
                        place = (place + 1) & ((1 << Self.tableBits) - 1)
                    }
                    let entry = table[place]
                    let damping = Self.damping[min(Int(count), Self.damping.count) - 1]
                    known[found] = (entry.row, Int16(truncatingIfNeeded: Int32(entry.rarity) &* damping / 16))
                    found += entry.row == Entry.free ? 0 : 1
                }
            }
            body(UnsafeBufferPointer(rebasing: known[..<found]))
        }
    }

    private static func place(_ gram: UInt32) -> Int {
        Int((UInt64(gram) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - tableBits))
    }

    init(bytes: [UInt8]) throws(ModelFileError) {
        var reader = try ModelFile.Reader(bytes, kind: "SZIS", version: 1)
        let count = Int(try reader.uint32())
        guard try reader.uint32() == UInt32(Self.dimensions), count < 0xFFFF else { throw .damaged }
        var table = [Entry](repeating: Entry(), count: 1 << Self.tableBits)
        var places: [Int] = []
        for row in 0..<count {
            let gram = try reader.uint32()
            var place = Self.place(gram)
            while table[place].row != Entry.free { place = (place + 1) & ((1 << Self.tableBits) - 1) }
            table[place] = Entry(gram: gram, row: UInt16(row))
            places.append(place)
        }
        for (place, rarity) in zip(places, try reader.bytes(count: count)) { table[place].rarity = UInt16(rarity) }
        vectors = try reader.bytes(count: count * Self.dimensions).map { Int8(bitPattern: $0) }
        try reader.end()
        self.table = table
    }

    /// Knows no pair; every text is nowhere.
    private init() {
        vectors = []
        table = [Entry](repeating: Entry(), count: 1 << Self.tableBits)
    }

    static let standard: IssueSpace = {
        guard let bytes = ModelFile.shipped("issues.bin"), let space = try? IssueSpace(bytes: bytes) else {
            return IssueSpace()
        }
        return space
    }()
}
