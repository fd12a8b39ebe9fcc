/// Numbers for some of many buckets, in ascending order: a bit for every bucket, and before every 32 of them how many
/// are numbered. One read tells whether a bucket has a number, and which.
struct BucketIndex: Sendable {
    private struct Group {
        var bits: UInt32 = 0
        var before: UInt32 = 0
    }
    private let groups: [Group]

    /// - Parameter numbered: ascending, each once, all below `buckets`.
    init(_ numbered: [UInt32], of buckets: Int) {
        var groups = [Group](repeating: Group(), count: (buckets + 31) / 32)
        for bucket in numbered { groups[Int(bucket >> 5)].bits |= 1 << (bucket & 31) }
        var sum: UInt32 = 0
        for group in groups.indices where sum < numbered.count {
            groups[group].before = sum
            sum += UInt32(groups[group].bits.nonzeroBitCount)
        }
        self.groups = groups
    }

    func number(of bucket: UInt32) -> Int? {
        let (number, isNumbered) = groups.withUnsafeBufferPointer { Self.look(bucket, in: $0) }
        return isNumbered == 1 ? Int(number) : nil
    }

    /// Puts the numbers of buckets in their place, in the same order; those without go.
    /// - Returns: how many there are.
    func number(_ buckets: UnsafeMutableBufferPointer<UInt32>) -> Int {
        groups.withUnsafeBufferPointer { groups in
            var kept = 0
            // No branch on what was read: many reads are then under way at once.
            for bucket in buckets {
                let (number, isNumbered) = Self.look(bucket, in: groups)
                buckets[kept] = number
                kept += isNumbered
            }
            return kept
        }
    }

    /// - Returns: 1 or 0 for whether it has a number; without, the number means nothing.
    @inline(__always)
    private static func look(_ bucket: UInt32, in groups: UnsafeBufferPointer<Group>) -> (UInt32, isNumbered: Int) {
        let group = groups[Int(bucket >> 5)]
        let bit = bucket & 31
        let lower = group.bits & (1 &<< bit &- 1)
        return (
            group.before &+ UInt32(truncatingIfNeeded: lower.nonzeroBitCount),
            Int(truncatingIfNeeded: group.bits &>> bit & 1)
        )
    }
}
