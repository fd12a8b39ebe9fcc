/// All messages at a glance, by slot: their directions in the space of issues, hashes of their authors, what places
/// they name, and where their digests are. They lie side by side, so that a search looks at hundreds of them without
/// following a reference.
struct MessageSketches: Sendable {
    private var directions: [SIMD16<UInt32>] = []
    private var marks: [Mark] = []

    private struct Mark: Sendable {
        var author: UInt64 = 0
        /// One bit of 64 for each name of a road or site, by the end of the name and by its characters in any order;
        /// all of them where the subject names none. Two that have none in common name no place both, and different
        /// ones in their subjects: `PairFeatures.isPlaceShared` would not let them pass.
        var (sites, looseSites): (UInt64, UInt64) = (0, 0)
        /// Nil for a free slot.
        var view: MessageDigest.View?
    }

    /// The digest must be held for as long as the sketch.
    mutating func set(_ slot: Int32, _ digest: MessageDigest) {
        while directions.count <= Int(slot) {
            directions.append(SIMD16())
            marks.append(Mark())
        }
        marks[Int(slot)] = Mark(
            author: digest.author, sites: digest.with(.sites, Self.names),
            looseSites: digest.with(.looseSites, Self.names), view: digest.view)
        directions[Int(slot)] = digest.with(.directions) { words in
            var direction = SIMD16<UInt32>()
            for at in direction.indices { direction[at] = words[IssueSpace.directionWords + at] }
            return direction
        }
    }

    private static func names(_ words: UnsafeBufferPointer<UInt32>) -> UInt64 {
        let sites = words.lazy.map(PackedSite.init(word:))
        guard sites.contains(where: \.isInSubject) else { return .max }
        return sites.reduce(0) { $0 | 1 << UInt64($1.hash & 63) }
    }

    mutating func remove(_ slot: Int32) { marks[Int(slot)].view = nil }

    @inline(__always)
    func view(_ slot: Int32) -> MessageDigest.View? { marks[Int(slot)].view }

    /// A message whose matter is near another's, or that has the same author.
    struct Near {
        let slot: Int32
        /// The feature of this name.
        let matter: Float
        let view: MessageDigest.View
        /// What both name in their lists of sites, once that was looked at.
        var sites: SharedSites?
    }

    /// Brings the beginnings of digests near; returns nothing of interest, which the compiler can't know.
    static func glance(_ others: [Near]) -> UInt32 {
        others.reduce(0) { $0 &+ $1.view.facts.pointee.mainSite & 1 &+ ($1.view[.sites].first ?? 0) & 1 }
    }

    /// Finds those of the others that `PairFeatures.isWorthwhile` may let pass: of one author, or with near matters and
    /// places that may be shared.
    func near(_ slot: Int32, _ others: [Int32], matterMin: Float, _ found: inout [Near]) {
        found.removeAll(keepingCapacity: true)
        let mine = marks[Int(slot)]
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: others.count) { kept in
            // No branch asks for what is not near yet: a wrong guess would wait for each in turn.
            var count = 0
            marks.withUnsafeBufferPointer { marks in
                for other in others {
                    let mark = marks[Int(other)]
                    kept[count] = other
                    let isPlaced = (mark.sites & mine.sites) | (mark.looseSites & mine.looseSites) != 0
                    count += isPlaced || (mark.author == mine.author && mine.author != 0) ? 1 : 0
                }
            }
            keepNear(slot, UnsafeBufferPointer(rebasing: kept[..<count]), matterMin, &found)
        }
    }

    private func keepNear(
        _ slot: Int32, _ others: UnsafeBufferPointer<Int32>, _ matterMin: Float, _ found: inout [Near]
    ) {
        directions.withUnsafeBufferPointer { directions in
            guard others.reduce(0, { $0 &+ directions[Int($1)][0] & 1 }) < UInt32.max else { return }
            let (direction, author) = (directions[Int(slot)], marks[Int(slot)].author)
            for other in others {
                let matter = IssueSpace.likeness(direction, directions[Int(other)])
                let mark = marks[Int(other)]
                guard matter >= matterMin || (author != 0 && author == mark.author) else { continue }
                guard let view = mark.view else { continue }
                found.append(Near(slot: other, matter: matter, view: view))
            }
        }
    }
}
