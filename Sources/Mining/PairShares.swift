/// How a score of the pair model divides among kinds of evidence: the Shapley value of each kind (Shapley 1953; for
/// trees, Lundberg et al. 2020), whose sum with the mean score is the score, exactly.
///
/// What a kind is worth on top of others is asked of the trees themselves: where a split asks for a feature of a kind
/// that is held back, both ways count, by how many pairs went either way in learning.
struct PairShares {
    /// The score of a pair of which nothing is known, in units.
    let mean: Int
    /// By kind; sums with `mean` to the score.
    let shares: [Int]

    private static let kinds = PairEvidence.Kind.learnt
    /// How much the step from k to k + 1 known kinds weighs: k! (n − 1 − k)! ÷ n!, in 120ths for five kinds.
    private static let weights = [24, 6, 4, 6, 24]
    private static let weightsSum = 120

    init(_ model: PairModel, _ features: PairFeatures) {
        let count = Self.kinds.count
        var worth = [Int](repeating: model.bias, count: 1 << count)
        let kindOf = PairFeatures.Name.allCases.map { Self.kinds.firstIndex(of: $0.kind) ?? 0 }
        var values = [Int](repeating: 0, count: worth.count)
        for tree in model.trees {
            // A tree asks for few kinds; whether others are known changes nothing in it.
            let asked = tree.reduce(0) { $1.isLeaf ? $0 : $0 | 1 << kindOf[Int($1.feature)] }
            for known in worth.indices {
                if known & ~asked == 0 {
                    values[known] = Int(Self.expected(tree, 0, features, known: known, kindOf).rounded())
                }
                worth[known] += values[known & asked]
            }
        }
        let score = worth[worth.count - 1]
        mean = worth[0]
        var exact: [Int] = []
        for kind in 0..<count {
            var sum = 0
            for known in worth.indices where known >> kind & 1 == 0 {
                sum += Self.weights[known.nonzeroBitCount] * (worth[known | 1 << kind] - worth[known])
            }
            exact.append(sum)
        }
        shares = Self.rounded(exact, over: Self.weightsSum, to: score - worth[0])
    }

    private static func expected(
        _ tree: [PairModel.Node], _ at: Int, _ features: PairFeatures, known: Int, _ kindOf: [Int]
    ) -> Double {
        let node = tree[at]
        if node.isLeaf { return Double(node.value) }
        if known >> kindOf[Int(node.feature)] & 1 == 1 {
            let goesLeft = features.values[Int(node.feature)] <= node.threshold
            return expected(tree, Int(goesLeft ? node.left : node.right), features, known: known, kindOf)
        }
        let (left, right) = (tree[Int(node.left)], tree[Int(node.right)])
        let sum =
            Double(left.cover) * expected(tree, Int(node.left), features, known: known, kindOf)
            + Double(right.cover) * expected(tree, Int(node.right), features, known: known, kindOf)
        return sum / Double(left.cover + right.cover)
    }

    /// Parts divided by one number and rounded so that their sum is the given one: largest remainders first.
    static func rounded(_ parts: [Int], over divisor: Int, to total: Int) -> [Int] {
        var whole = parts.map { Int((Double($0) / Double(divisor)).rounded(.down)) }
        let order = parts.indices.sorted { left, right in
            let (a, b) = (parts[left] - whole[left] * divisor, parts[right] - whole[right] * divisor)
            return a != b ? a > b : left < right
        }
        let missing = total - whole.reduce(0, +)
        for place in 0..<abs(missing) { whole[order[place % order.count]] += missing.signum() }
        return whole
    }
}

extension PairFeatures.Name {
    /// What a page calls this feature; every feature is of one kind.
    var kind: PairEvidence.Kind {
        switch self {
        case .subjectPlaces, .bothSubjectsPlaced, .places, .placeWeight, .districtsDiffer, .districtsShared,
            .placesDiffer, .sitesShared, .sitesDiffer, .subjectSitesDiffer, .mainSitesDiffer, .numbersDiffer,
            .numbersShared, .looseSitesShared, .siteWeight, .looseSiteWeight, .subjectSitesShared:
            .place
        case .issueWording, .bodyIssueWording, .subjectIssueFoundLeast, .matter, .subjectMatter, .crossMatterLeast,
            .crossMatterMost:
            .issue
        case .wording, .subjectWording, .subjectFoundLeast, .subjectFoundMost, .rarestShared, .fiveRarestShared,
            .overlap, .shorterLength, .lengthRatio, .longestRun, .sameSubject:
            .wording
        case .sameAuthor: .people
        case .daysApart, .isTimeUnknown: .time
        }
    }
}
