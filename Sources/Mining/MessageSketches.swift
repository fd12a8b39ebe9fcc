/// All messages at a glance, by slot: hashes of their authors, what places they name, and where their digests are. They
/// lie side by side, so that a search looks at hundreds of them without following a reference.
struct MessageSketches: Sendable {
    private var marks: [Mark] = []

    struct Mark: Sendable {
        fileprivate var author: UInt64 = 0
        /// One bit of 64 for each name of a road or site, by the end of the name and by its characters in any order;
        /// all of them where the subject names none. Two that have none in common name no place both, and different
        /// ones in their subjects: `PairFeatures.isPlaceShared` would not let them pass.
        fileprivate var (sites, looseSites): (UInt64, UInt64) = (0, 0)
        /// Nil for a free slot.
        fileprivate var view: MessageDigest.View?

        fileprivate init() {}

        /// The digest must be held for as long as the mark.
        init(_ digest: MessageDigest) {
            author = digest.author
            (sites, looseSites) = (digest.with(.sites, Self.names), digest.with(.looseSites, Self.names))
            view = digest.view
        }

        private static func names(_ words: UnsafeBufferPointer<UInt32>) -> UInt64 {
            let sites = words.lazy.map(PackedSite.init(word:))
            guard sites.contains(where: \.isInSubject) else { return .max }
            return sites.reduce(0) { $0 | 1 << UInt64($1.hash & 63) }
        }
    }

    mutating func set(_ slot: Int32, _ mark: Mark) {
        while marks.count <= Int(slot) { marks.append(Mark()) }
        marks[Int(slot)] = mark
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
        guard let view = mine.view else { return }
        withUnsafeTemporaryAllocation(of: Placed.self, capacity: others.count) { kept in
            // No branch asks for what is not near yet: a wrong guess would wait for each in turn.
            var count = 0
            marks.withUnsafeBufferPointer { marks in
                for other in others {
                    let mark = marks[Int(other)]
                    let isPlaced = (mark.sites & mine.sites) | (mark.looseSites & mine.looseSites) != 0
                    let isOneAuthor = mark.author == mine.author && mine.author != 0
                    kept[count] = Placed(slot: other, isOneAuthor: isOneAuthor, view: mark.view ?? view)
                    count += (isPlaced || isOneAuthor) && mark.view != nil ? 1 : 0
                }
            }
            let placed = UnsafeBufferPointer(rebasing: kept[..<count])
            // A direction may lie on two lines.
            let glance = placed.reduce(UInt32(0)) { sum, one in
                let direction = one.view.direction
                return sum &+ direction[0] & 1 &+ direction[IssueSpace.directionWords - 1] & 1
            }
            guard glance < UInt32.max else { return }
            for other in placed {
                let matter = IssueSpace.likeness(view.direction, other.view.direction)
                guard matter >= matterMin || other.isOneAuthor else { continue }
                found.append(Near(slot: other.slot, matter: matter, view: other.view))
            }
        }
    }

    private struct Placed {
        let slot: Int32
        let isOneAuthor: Bool
        let view: MessageDigest.View
    }
}
