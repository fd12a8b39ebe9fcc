/// Which messages strong links connect, kept up as links come and go: a label for each slot.
///
/// Where two components meet the smaller takes the label of the larger, and where one may have come apart searches from
/// all loose ends go on by turns until they meet or all but one have ended, so that a change costs in proportion to the
/// smaller part.
struct Components {
    /// By slot; -1 of a slot that is free or new.
    private var labels: [Int32] = []
    /// How many slots have a label.
    private var sizes: [Int32] = []
    private var free: [Int32] = []

    subscript(slot: Int32) -> Int32 { Int(slot) < labels.count ? labels[Int(slot)] : -1 }

    /// Whether a slot is a component by itself.
    func isAlone(_ slot: Int32) -> Bool { self[slot] >= 0 && sizes[Int(self[slot])] == 1 }

    /// Of a message that is no more.
    mutating func remove(_ slot: Int32) {
        let label = self[slot]
        guard label >= 0 else { return }
        labels[Int(slot)] = -1
        sizes[Int(label)] -= 1
        if sizes[Int(label)] == 0 { free.append(label) }
    }

    /// Takes in what changed.
    /// - Parameters:
    ///   - changed: slots that are new, or got strong links.
    ///   - loose: slots that lost some.
    ///   - strong: appends whom strong links connect a slot with.
    /// - Returns: slots that were there before and have another label now, with the one they had.
    mutating func update(
        _ changed: [Int32], loose: [Int32], of slots: Int, strong: Strong
    ) -> [Int32: Int32] {
        labels += [Int32](repeating: -1, count: max(0, slots - labels.count))
        var change = Change()
        let ends = Dictionary(grouping: loose.filter { self[$0] >= 0 }) { self[$0] }
        for (_, ends) in ends.sorted(by: { $0.key < $1.key }) where ends.count > 1 {
            part(ends, &change, strong)
        }
        // Links of new slots to others with another label; of these none need be asked for its links again.
        var borders: [(Int32, Int32)] = []
        let known = changed.filter { self[$0] >= 0 }
        for slot in changed where self[slot] < 0 {
            let label = newLabel()
            change.new.insert(label)
            spread(label, from: slot, strong, border: { borders.append(($0, $1)) })
        }
        for slot in known {
            var others: [Int32] = []
            strong(slot, &others)
            for other in others where self[other] != self[slot] { borders.append((slot, other)) }
        }
        for (slot, other) in borders where self[other] != self[slot] { meet(slot, other, &change, strong) }
        // Not before the end, lest an old label mean two things.
        free += change.empty
        return change.before
    }

    typealias Strong = (Int32, inout [Int32]) -> Void

    private struct Change {
        var before: [Int32: Int32] = [:]
        /// Labels of messages that had none.
        var new: Set<Int32> = []
        var empty: [Int32] = []
    }

    private mutating func newLabel() -> Int32 {
        if let label = free.popLast() { return label }
        sizes.append(0)
        return Int32(sizes.count - 1)
    }

    /// Gives a label to all that are connected with a slot and have the same label as it.
    private mutating func spread(
        _ label: Int32, from slot: Int32, _ strong: Strong, note: (Int32) -> Void = { _ in },
        border: (Int32, Int32) -> Void = { _, _ in }
    ) {
        let old = self[slot]
        var (open, others) = ([slot], [Int32]())
        labels[Int(slot)] = label
        var count: Int32 = 0
        while let next = open.popLast() {
            count += 1
            note(next)
            others.removeAll(keepingCapacity: true)
            strong(next, &others)
            for other in others where self[other] != label {
                guard self[other] == old else {
                    border(next, other)
                    continue
                }
                labels[Int(other)] = label
                open.append(other)
            }
        }
        sizes[Int(label)] += count
        if old >= 0 { sizes[Int(old)] -= count }
    }

    private mutating func meet(_ a: Int32, _ b: Int32, _ change: inout Change, _ strong: Strong) {
        let isFirst = sizes[Int(self[a])] < sizes[Int(self[b])]
        let (moved, kept) = isFirst ? (a, b) : (b, a)
        let old = self[moved]
        relabel(self[kept], from: moved, &change, strong)
        change.empty.append(old)
    }

    private mutating func relabel(
        _ label: Int32, from slot: Int32, _ change: inout Change, _ strong: Strong
    ) {
        let old = self[slot]
        guard !change.new.contains(old) else { return spread(label, from: slot, strong) }
        var before = change.before
        change.before = [:]
        spread(label, from: slot, strong, note: { if before[$0] == nil { before[$0] = old } })
        change.before = before
    }

    /// Gives labels of their own to the parts, all but the largest, into which a component fell.
    private mutating func part(_ ends: [Int32], _ change: inout Change, _ strong: Strong) {
        var searches = ends.map { (open: [$0], at: 0) }
        // Who searched a slot first; searches that met are one, called by the first of them.
        var finder = Dictionary(ends.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var roots = Array(ends.indices)
        func root(_ search: Int) -> Int {
            var search = search
            while roots[search] != search { search = roots[search] }
            return search
        }
        var running = Set(ends.indices.filter { finder[ends[$0]] == $0 })
        let label = self[ends[0]]
        var ended: [Int] = []
        while running.count > 1 {
            for search in running.sorted() where running.contains(search) && running.count > 1 {
                guard searches[search].at < searches[search].open.count else {
                    running.remove(search)
                    ended.append(search)
                    continue
                }
                let slot = searches[search].open[searches[search].at]
                searches[search].at += 1
                var others: [Int32] = []
                strong(slot, &others)
                for other in others where self[other] == label {
                    guard let found = finder[other].map(root) else {
                        finder[other] = search
                        searches[search].open.append(other)
                        continue
                    }
                    guard found != search else { continue }
                    roots[found] = search
                    searches[search].open += searches[found].open[searches[found].at...]
                    running.remove(found)
                }
            }
        }
        for search in ended { relabel(newLabel(), from: ends[search], &change, strong) }
    }
}
