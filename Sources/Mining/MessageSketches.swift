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

    /// A message whose matter is near another's, or that has the same author.
    struct Near {
        let slot: Int32
        /// The feature of this name.
        let matter: Float
    }

    /// Brings the beginnings of digests near; returns nothing of interest, which the compiler can't know.
    func glance(_ others: [Near]) -> UInt32 {
        others.reduce(0) { sum, other in
            guard let view = views[Int(other.slot)] else { return sum }
            return sum &+ view.facts.pointee.mainSite & 1 &+ (view[.sites].first ?? 0) & 1
        }
    }

    /// Finds those of the others that `PairFeatures.isWorthwhile` may let pass: of one author, or with near matters.
    func near(_ slot: Int32, _ others: [Int32], _ found: inout [Near]) {
        found.removeAll(keepingCapacity: true)
        directions.withUnsafeBufferPointer { directions in
            let (direction, author) = (directions[Int(slot)], authors[Int(slot)])
            for other in others {
                let matter = IssueSpace.likeness(direction, directions[Int(other)])
                let isOneAuthor = author != 0 && author == authors[Int(other)]
                guard matter >= PairFeatures.matterMin || isOneAuthor else { continue }
                found.append(Near(slot: other, matter: matter))
            }
        }
    }
}
