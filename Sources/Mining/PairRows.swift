/// Features of a few pairs that are judged together: sixteen trees are walked for all of them before the next sixteen
/// are, so that these stay near at hand.
struct PairRows {
    static let countMax = 16
    private static let width = PairFeatures.Name.allCases.count

    private var values = [Float](repeating: 0, count: countMax * width)
    /// The same by `PairModel.order`.
    private var ordered = [UInt32](repeating: 0, count: countMax * width)
    /// By pair.
    private var sums = [Int](repeating: 0, count: countMax)
    private var minimums = [Int](repeating: 0, count: countMax)
    /// Those that may still be links.
    private var open: [Int] = []

    /// Finds the links among at most `countMax` pairs.
    /// - Parameters:
    ///   - first: makes the features of a pair that are not `PairFeatures.late`; returns what else counts in its score.
    ///   - rest: makes the others, before a tree asks for one.
    ///   - link: is told of each link its log-odds, all of it.
    @inline(__always)
    mutating func judge(
        _ count: Int, by model: PairModel, first: (Int, PairComparison) -> Int, rest: (Int, PairComparison) -> Void,
        link: (Int, Int) -> Void
    ) {
        open.removeAll(keepingCapacity: true)
        for pair in 0..<count {
            sums[pair] = model.bias
            minimums[pair] = PairModel.linkMin - with(pair) { first(pair, $0) }
            open.append(pair)
        }
        for tree in stride(from: 0, to: model.trees.count, by: PairModel.lookEvery) {
            open.removeAll { !model.isOpen(sums[$0], minimum: minimums[$0], before: tree) }
            for pair in open {
                if tree == model.restFrom { with(pair) { rest(pair, $0) } }
                if tree == 0 || tree == model.restFrom { order(pair) }
                sums[pair] += walk(tree, pair, model)
            }
        }
        for pair in open where sums[pair] >= minimums[pair] {
            link(pair, sums[pair] - minimums[pair] + PairModel.linkMin)
        }
    }

    @inline(__always)
    private func walk(_ tree: Int, _ pair: Int, _ model: PairModel) -> Int {
        ordered.withUnsafeBufferPointer { ordered in
            model.sumOfTrees(
                tree..<min(tree + PairModel.lookEvery, model.trees.count),
                UnsafeBufferPointer(rebasing: ordered[pair * Self.width..<(pair + 1) * Self.width]))
        }
    }

    /// Calls with the features of a pair.
    @inline(__always)
    private mutating func with<T>(_ pair: Int, _ body: (PairComparison) -> T) -> T {
        values.withUnsafeMutableBufferPointer { values in
            let row = UnsafeMutableBufferPointer(rebasing: values[pair * Self.width..<(pair + 1) * Self.width])
            return body(PairComparison(values: row))
        }
    }

    @inline(__always)
    private mutating func order(_ pair: Int) {
        for at in pair * Self.width..<(pair + 1) * Self.width { ordered[at] = PairModel.order(values[at]) }
    }
}
