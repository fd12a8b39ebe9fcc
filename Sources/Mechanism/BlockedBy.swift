package import Casework
package import Core

/// Which tasks wait for which. Pure: the store reads the pairs, this answers questions about them.
package struct BlockedBy: Sendable {
    package struct Pair: Sendable, Hashable {
        package let task: ID<CaseFile>
        package let blocker: ID<CaseFile>
        package init(task: ID<CaseFile>, blocker: ID<CaseFile>) {
            self.task = task
            self.blocker = blocker
        }
    }

    private let blockers: [ID<CaseFile>: [ID<CaseFile>]]
    private let waiting: [ID<CaseFile>: [ID<CaseFile>]]

    package init(_ pairs: some Sequence<Pair>) {
        var (blockers, waiting): ([ID<CaseFile>: [ID<CaseFile>]], [ID<CaseFile>: [ID<CaseFile>]]) = ([:], [:])
        for pair in pairs {
            blockers[pair.task, default: []].append(pair.blocker)
            waiting[pair.blocker, default: []].append(pair.task)
        }
        (self.blockers, self.waiting) = (blockers, waiting)
    }

    /// The way from `blocker` back to `task` that a new pair would close; nil when it closes none.
    package func cycle(closedBy pair: Pair) -> [ID<CaseFile>]? {
        if pair.task == pair.blocker { return [pair.task] }
        var came: [ID<CaseFile>: ID<CaseFile>] = [:]
        var queue = [pair.blocker]
        var next = 0
        while next < queue.count {
            let task = queue[next]
            next += 1
            for blocker in blockers[task] ?? [] where came[blocker] == nil && blocker != pair.blocker {
                came[blocker] = task
                if blocker == pair.task {
                    var way = [blocker]
                    while let last = way.last, last != pair.blocker, let before = came[last] { way.append(before) }
                    return way.reversed()
                }
                queue.append(blocker)
            }
        }
        return nil
    }

    /// Everything that cannot be finished before this task, nearest first.
    package func heldUp(by task: ID<CaseFile>) -> [ID<CaseFile>] { reach(from: task, waiting) }

    /// Everything this task waits for, nearest first.
    package func waitsFor(_ task: ID<CaseFile>) -> [ID<CaseFile>] { reach(from: task, blockers) }

    private func reach(from task: ID<CaseFile>, _ edges: [ID<CaseFile>: [ID<CaseFile>]]) -> [ID<CaseFile>] {
        var seen: Set<ID<CaseFile>> = [task]
        var queue = [task]
        var next = 0
        while next < queue.count {
            for other in (edges[queue[next]] ?? []).sorted() where seen.insert(other).inserted { queue.append(other) }
            next += 1
        }
        return Array(queue.dropFirst())
    }
}
