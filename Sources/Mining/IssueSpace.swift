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
    func direction(_ counted: [(gram: UInt32, count: Int)]) -> [UInt32] {
        withUnsafeBytes(of: vector(counted).parts) { Array($0.bindMemory(to: UInt32.self)) }
    }

    static let directionWords = dimensions / 4

    /// Cosine of the angle between two directions of sixteen words each, −1…1.
    @inline(__always)
    static func likeness(_ a: UnsafePointer<UInt32>, _ b: UnsafePointer<UInt32>) -> Float {
        let (a, b) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
        var sum: Int32 = 0
        for start in stride(from: 0, to: dimensions, by: 16) {
            let left = SIMD16<Int16>(truncatingIfNeeded: a.loadUnaligned(fromByteOffset: start, as: SIMD16<Int8>.self))
            let right = SIMD16<Int16>(truncatingIfNeeded: b.loadUnaligned(fromByteOffset: start, as: SIMD16<Int8>.self))
            // At most 127 × 127, so that a product fits; their sum would not.
            sum &+= SIMD16<Int32>(truncatingIfNeeded: left &* right).wrappedSum()
        }
        return Float(sum) / (127 * 127)
    }

    @inline(__always)
    static func likeness(_ a: SIMD16<UInt32>, _ b: SIMD16<UInt32>) -> Float {
        withUnsafePointer(to: a) { a in
            withUnsafePointer(to: b) { b in
                likeness(
                    UnsafeRawPointer(a).assumingMemoryBound(to: UInt32.self),
                    UnsafeRawPointer(b).assumingMemoryBound(to: UInt32.self))
            }
        }
    }

    /// The direction of pairs that occur so often, ascending by pair.
    func vector(_ counted: [(gram: UInt32, count: Int)]) -> Vector {
        // Whole numbers: the same on every machine, and nothing near overflow at 4,000 characters.
        var parts = (SIMD16<Int32>(), SIMD16<Int32>(), SIMD16<Int32>(), SIMD16<Int32>())
        known(counted) { known in
            vectors.withUnsafeBytes { vectors in
                // A first look at every row brings all of them near at once; read one after another each would wait.
                var glance: Int32 = 0
                for (row, _) in known { glance &+= Int32(vectors[Int(row) * Self.dimensions]) }
                if glance == .max { return }
                for (row, weight) in known {
                    // Both factors fit sixteen bits, which makes their product cheap.
                    let weight = SIMD16<Int32>(truncatingIfNeeded: SIMD16<Int16>(repeating: weight))
                    @inline(__always) func part(_ at: Int) -> SIMD16<Int32> {
                        let from = Int(row) * Self.dimensions + at
                        let bytes = vectors.loadUnaligned(fromByteOffset: from, as: SIMD16<Int8>.self)
                        return SIMD16<Int32>(truncatingIfNeeded: SIMD16<Int16>(truncatingIfNeeded: bytes)) &* weight
                    }
                    parts.0 &+= part(0)
                    parts.1 &+= part(16)
                    parts.2 &+= part(32)
                    parts.3 &+= part(48)
                }
            }
        }
        let sums = [parts.0, parts.1, parts.2, parts.3].flatMap { part in (0..<16).map { part[$0] } }
        let square = sums.reduce(0.0) { $0 + Double($1) * Double($1) }
        guard square > 0 else { return Vector() }
        let scale = 127 / square.squareRoot()
        var vector = Vector()
        for part in 0..<Self.dimensions { vector.parts[part] = Int8((Double(sums[part]) * scale).rounded()) }
        return vector
    }

    /// 1 + ln n, in sixteenths.
    private static let damping: [Int32] = [16, 27, 34, 38, 42, 45, 47, 49, 51, 53]

    private typealias Known = (row: UInt16, weight: Int16)

    /// The rows of the pairs that are known, and how much each counts. All are looked up before any is used, so that
    /// one need not wait for another's memory.
    private func known(_ counted: [(gram: UInt32, count: Int)], _ body: (UnsafeBufferPointer<Known>) -> Void) {
        withUnsafeTemporaryAllocation(of: Known.self, capacity: counted.count) { known in
            var found = 0
            table.withUnsafeBufferPointer { table in
                for (gram, count) in counted {
                    var place = Self.place(gram)
                    while table[place].row != Entry.free, table[place].gram != gram {
                        place = (place + 1) & ((1 << Self.tableBits) - 1)
                    }
                    let entry = table[place]
                    let damping = Self.damping[min(count, Self.damping.count) - 1]
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
