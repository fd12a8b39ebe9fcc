import Foundation

/// The probability that two messages speak of the same concrete problem: a sum of small decision trees (gradient
/// boosting, Friedman 2001) over named features, through a logistic. Learnt once, shipped as numbers.
struct PairModel: Sendable {
    /// A split goes left when the feature is at most the threshold; a leaf (feature 255) adds its value.
    private struct Node {
        let feature: UInt8
        let left: UInt16
        let right: UInt16
        let value: Float
    }
    private let bias: Float
    private let nodes: [Node]
    private let roots: [Int]

    /// Thousandths, so that sums over pairs are exact in any order.
    func permille(_ features: PairFeatures) -> Int {
        var sum = bias
        features.values.withUnsafeBufferPointer { values in
            nodes.withUnsafeBufferPointer { nodes in
                for root in roots {
                    var at = root
                    while nodes[at].feature != Self.leaf {
                        let goesLeft = values[Int(nodes[at].feature)] <= nodes[at].value
                        at = root + Int(goesLeft ? nodes[at].left : nodes[at].right)
                    }
                    sum += nodes[at].value
                }
            }
        }
        return Int((1_000 / (1 + exp(-Double(sum)))).rounded())
    }

    private static let leaf: UInt8 = 255

    init(bytes: [UInt8]) throws(ModelFileError) {
        var reader = try ModelFile.Reader(bytes, kind: "SZPM", version: 1)
        guard try reader.uint32() == UInt32(PairFeatures.Name.allCases.count) else { throw .damaged }
        bias = try reader.float()
        let trees = try reader.uint32()
        var (all, starts): ([Node], [Int]) = ([], [])
        for _ in 0..<trees {
            let count = try reader.uint32()
            starts.append(all.count)
            for position in 0..<count {
                let feature = try reader.uint32()
                let value = try reader.float()
                let (left, right) = (try reader.uint32(), try reader.uint32())
                // Children come after their parent, so that every walk ends.
                let isLeaf = feature == UInt32(Self.leaf) && left == 0 && right == 0
                let isSound = feature < UInt32(PairFeatures.Name.allCases.count) && left > position && right > position
                guard isLeaf || (isSound && left < count && right < count), count < 65_536, value.isFinite else {
                    throw .damaged
                }
                all.append(
                    Node(feature: UInt8(feature), left: UInt16(left), right: UInt16(right), value: value))
            }
            guard count > 0 else { throw .damaged }
        }
        try reader.end()
        (nodes, roots) = (all, starts)
    }

    /// No trees: every pair is as likely as the bias says. Stands in where the shipped model is missing.
    private init(bias: Float) { (self.bias, nodes, roots) = (bias, [], []) }

    static let standard: PairModel = {
        guard let bytes = ModelFile.shipped("pairs.bin"), let model = try? PairModel(bytes: bytes) else {
            return PairModel(bias: -10)
        }
        return model
    }()
}
