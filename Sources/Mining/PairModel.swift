import Foundation

/// The probability that two messages speak of the same concrete problem: a sum of small decision trees (gradient
/// boosting, Friedman 2001) over named features, through a logistic. Learnt once, shipped as numbers.
///
/// Leaves are whole numbers in 65,536ths of log-odds, so that sums, and what they are divided into, are exact.
struct PairModel: Sendable {
    /// One unit of log-odds.
    static let unit = 65_536
    /// Splits on the longest way from a root to a leaf.
    static let depthMax = 4

    /// A whole number for each feature, ascending as these do. Which way a split goes is then worked out without a
    /// branch, which would be guessed wrong every third time.
    @inline(__always)
    static func order(_ value: Float) -> UInt32 {
        // Adding zero makes one of the two zeros.
        let bits = Int32(bitPattern: (value + 0).bitPattern)
        return UInt32(bitPattern: bits ^ (bits >> 31 & .max)) ^ 1 << 31
    }
    /// A node as it was learnt, with how many pairs passed it.
    struct Node: Sendable {
        /// `leaf` for a leaf.
        let feature: UInt8
        let left: UInt16
        let right: UInt16
        let threshold: Float
        let value: Int32
        let cover: UInt32
        var isLeaf: Bool { feature == PairModel.leaf }
    }
    static let leaf: UInt8 = 255

    let bias: Int
    /// The trees as they were learnt, for explaining.
    let trees: [[Node]]
    /// The same trees filled up to full depth, one after another: no walk has to ask whether it has arrived. A split
    /// goes left when its feature is at most its threshold, both by `order`. Three lists, for all of it just fits the
    /// memory nearest to a core. The root is at one, what follows the split at n at 2n and 2n + 1, and after the last
    /// splits come the leaves.
    private let features: [UInt8]
    private let thresholds: [UInt32]
    private let leaves: [Int32]

    /// Places of a tree in each list; of splits the first is no split.
    private static let placesPerTree = 1 << depthMax

    /// By tree, the most that it and those after it can add.
    private let hopes: [Int]
    /// By look, the sum that links keep to, all but one in a thousand of them: learnt from the letters the trees were
    /// learnt from, by `scripts/train-pairs`.
    private let floors: [Int]
    /// The least likeness of two people's matters that a link has; learnt in the same way, none of them lost.
    let matterMin: Float
    /// The look before which the late features are made: the second where the trees until then ask for none of them.
    let restFrom: Int
    /// The score from which a pair is a link: ln(0.1 ÷ 0.9).
    static let linkMin = -143_998
    /// Trees between two looks at whether there is hope left.
    static let lookEvery = 16

    /// Log-odds in units; exact in any order.
    func score(_ features: PairFeatures) -> Int {
        let ordered = features.values.map(Self.order)
        return ordered.withUnsafeBufferPointer { bias + sumOfTrees(trees.indices, $0) }
    }

    /// Whether a pair may still be a link, by the sum so far: what the trees to come can add is enough, and those
    /// before do not speak so much against it that the others are not asked, as they do of one link in a thousand
    /// (rejection by stages, Bourdev and Brandt 2005).
    /// - Parameters:
    ///   - minimum: what the whole sum must come to.
    ///   - tree: the next one, at which there is a look.
    @inline(__always)
    func isOpen(_ sum: Int, minimum: Int, before tree: Int) -> Bool {
        sum + hopes[tree] >= minimum
            && (floors.isEmpty || sum - minimum >= floors[tree / Self.lookEvery] - Self.linkMin)
    }

    /// What trees say of features by their `order`.
    @inline(__always)
    func sumOfTrees(_ trees: Range<Int>, _ ordered: UnsafeBufferPointer<UInt32>) -> Int {
        features.withUnsafeBufferPointer { features in
            thresholds.withUnsafeBufferPointer { thresholds in
                leaves.withUnsafeBufferPointer { leaves in
                    var (sum, root) = (0, trees.lowerBound &* Self.placesPerTree)
                    // Nothing here comes near overflow: asking whether it does would cost a quarter of the walk.
                    for _ in trees {
                        var at = 1
                        for _ in 0..<Self.depthMax {
                            let isRight = thresholds[root &+ at] < ordered[Int(features[root &+ at])]
                            // One instruction, that takes what the comparison carries.
                            at = at &+ at &+ (isRight ? 1 : 0)
                        }
                        sum &+= Int(leaves[root &+ at &- Self.placesPerTree])
                        root &+= Self.placesPerTree
                    }
                    return sum
                }
            }
        }
    }

    /// Thousandths, so that sums over pairs are exact in any order.
    static func permille(_ score: Int) -> Int {
        Int((1_000 / (1 + exp(-Double(score) / Double(unit)))).rounded())
    }

    init(bytes: [UInt8]) throws(ModelFileError) {
        var reader = try ModelFile.Reader(bytes, kind: "SZPM", version: 4)
        guard try reader.uint32() == UInt32(PairFeatures.Name.allCases.count) else { throw .damaged }
        let bias = Int(Int32(bitPattern: try reader.uint32()))
        let count = try reader.uint32()
        guard count <= Self.treesMax, abs(bias) <= Self.valueMax else { throw .damaged }
        var trees: [[Node]] = []
        for _ in 0..<count { trees.append(try Self.tree(&reader)) }
        let looks = max(0, trees.count - 1) / Self.lookEvery
        guard try reader.uint32() == UInt32(looks) else { throw .damaged }
        var floors: [Int] = []
        for _ in 0..<looks { floors.append(Int(Int32(bitPattern: try reader.uint32()))) }
        let matterMin = try reader.float()
        guard matterMin >= PairFeatures.matterMin, matterMin <= 1 else { throw .damaged }
        try reader.end()
        self.init(bias: bias, trees: trees, floors: floors, matterMin: matterMin)
    }

    private static let treesMax = 10_000
    /// A hundred units; no sum of `treesMax` overflows.
    private static let valueMax = 100 * unit

    private static func tree(_ reader: inout ModelFile.Reader) throws(ModelFileError) -> [Node] {
        let count = try reader.uint32()
        guard count > 0, count < 1 << (depthMax + 1) else { throw .damaged }
        var nodes: [Node] = []
        for position in 0..<count {
            let feature = try reader.uint32()
            let threshold = try reader.float()
            let value = Int32(bitPattern: try reader.uint32())
            let (left, right, cover) = (try reader.uint32(), try reader.uint32(), try reader.uint32())
            // Children come after their parent, so that every walk ends.
            let isLeaf = feature == UInt32(leaf) && left == 0 && right == 0
            let isSplit = feature < UInt32(PairFeatures.Name.allCases.count) && left > position && right > position
            guard isLeaf || (isSplit && left < count && right < count), threshold.isFinite, cover > 0,
                cover < 1 << 30, abs(Int(value)) <= valueMax
            else { throw .damaged }
            nodes.append(
                Node(
                    feature: UInt8(feature), left: UInt16(left), right: UInt16(right), threshold: threshold,
                    value: value, cover: cover))
        }
        guard depth(nodes, 0) <= depthMax else { throw .damaged }
        return nodes
    }

    private static func depth(_ nodes: [Node], _ at: Int) -> Int {
        let node = nodes[at]
        return node.isLeaf ? 0 : 1 + max(depth(nodes, Int(node.left)), depth(nodes, Int(node.right)))
    }

    /// - Parameter floors: one for each look but that before the first tree; none where nothing was learnt.
    init(bias: Int, trees: [[Node]], floors: [Int] = [], matterMin: Float = PairFeatures.matterMin) {
        (self.bias, self.trees, self.matterMin) = (bias, trees, matterMin)
        self.floors = floors.isEmpty ? [] : [Int.min / 2] + floors
        var features = [UInt8](repeating: 0, count: trees.count * Self.placesPerTree)
        var thresholds = [UInt32](repeating: Self.order(.infinity), count: features.count)
        var leaves = [Int32](repeating: 0, count: features.count)
        for (number, tree) in trees.enumerated() {
            func fill(_ node: Node, _ place: Int) {
                let start = number * Self.placesPerTree
                if place >= Self.placesPerTree {
                    leaves[start + place - Self.placesPerTree] = node.value
                    return
                }
                if !node.isLeaf {
                    features[start + place] = node.feature
                    thresholds[start + place] = Self.order(node.threshold)
                }
                fill(node.isLeaf ? node : tree[Int(node.left)], 2 * place)
                fill(node.isLeaf ? node : tree[Int(node.right)], 2 * place + 1)
            }
            fill(tree[0], 1)
        }
        (self.features, self.thresholds, self.leaves) = (features, thresholds, leaves)
        let late = Set(PairFeatures.late.map { UInt8($0.rawValue) })
        let asksEarly = trees.prefix(Self.lookEvery).joined().contains { late.contains($0.feature) }
        restFrom = asksEarly ? 0 : Self.lookEvery
        var hopes = [Int](repeating: 0, count: trees.count + 1)
        for tree in trees.indices.reversed() {
            hopes[tree] = hopes[tree + 1] + (trees[tree].filter(\.isLeaf).map { Int($0.value) }.max() ?? 0)
        }
        self.hopes = hopes
    }

    /// Where the shipped model is missing no pair is likely.
    static let standard: PairModel = {
        guard let bytes = ModelFile.shipped("pairs.bin"), let model = try? PairModel(bytes: bytes) else {
            return PairModel(bias: -10 * unit, trees: [])
        }
        return model
    }()
}
