/// All messages at a glance, by slot: their directions in the space of issues, hashes of their authors, and where their
/// digests are. They lie side by side, so that a search looks at hundreds of them without following a reference.
struct MessageSketches: Sendable {
    private var directions: [SIMD16<UInt32>] = []
    private var authors: [UInt64] = []
    /// Nil for a free slot.
    private var views: [MessageDigest.View?] = []

    /// The digest must be held for as long as the sketch.
    mutating func set(_ slot: Int32, _ digest: MessageDigest) {
        while directions.count <= Int(slot) {
            directions.append(SIMD16())
            authors.append(0)
            views.append(nil)
        }
        authors[Int(slot)] = digest.author
        views[Int(slot)] = digest.view
        directions[Int(slot)] = digest.with(.directions) { words in
            var direction = SIMD16<UInt32>()
            for at in direction.indices { direction[at] = words[IssueSpace.directionWords + at] }
            return direction
        }
    }

    mutating func remove(_ slot: Int32) { views[Int(slot)] = nil }

    @inline(__always)
    func view(_ slot: Int32) -> MessageDigest.View? { views[Int(slot)] }

    /// Brings the grams of digests near, line by line; returns nothing of interest, which the compiler can't know.
    static func glance(_ views: [MessageDigest.View]) -> UInt32 {
        views.reduce(0) { sum, view in
            let grams = view[.grams]
            return stride(from: 0, to: grams.count, by: 16).reduce(sum) { $0 &+ grams[$1] & 1 }
        }
    }

    /// The same of the beginnings of digests.
    func glance(_ slots: [Int32]) -> UInt32 {
        slots.reduce(0) { sum, slot in
            guard let view = views[Int(slot)] else { return sum }
            return sum &+ view.facts.pointee.mainSite & 1 &+ (view[.sites].first ?? 0) & 1
        }
    }

    /// Those of the others that `PairFeatures.isWorthwhile` may let pass: of one author, or with matters that are near.
    func near(_ slot: Int32, _ others: [Int32]) -> [Int32] {
        directions.withUnsafeBufferPointer { directions in
            let (direction, author) = (directions[Int(slot)], authors[Int(slot)])
            return others.filter { other in
                IssueSpace.likeness(direction, directions[Int(other)]) >= PairFeatures.matterMin
                    || (author != 0 && author == authors[Int(other)])
            }
        }
    }
}
