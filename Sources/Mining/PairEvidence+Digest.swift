internal import Core

extension PairEvidence {
    init(
        _ a: MessageDigest, _ b: MessageDigest, model: PairModel, adjustment: PairAdjustment
    ) {
        let (first, second) = a.id < b.id ? (a, b) : (b, a)
        let features = PairFeatures(first, second)
        let found = PairShares(model, features)
        let learnt = adjustment.shift(features)
        let apart = PairDistance.shift(first, second)
        let score = model.score(features) + learnt + apart
        points = Self.thousandths(score)
        var parts = [found.mean] + found.shares
        if let place = Kind.learnt.firstIndex(of: .place) { parts[1 + place] += apart }
        if adjustment != .none { parts.append(learnt) }
        let rounded = PairShares.rounded(parts.map { $0 * 1_000 }, over: PairModel.unit, to: points)
        startingPoints = rounded[0]
        shares = zip(Kind.allCases, rounded.dropFirst()).map { Share(kind: $0, points: $1) }
        reasons = PairReasons(first, second, features, score: score)
    }

    private static func thousandths(_ score: Int) -> Int {
        Int((Double(score) * 1_000 / Double(PairModel.unit)).rounded())
    }
}

extension PairReasons {
    /// - Parameter score: of the pair, in units of the model, with everything that counts.
    init(_ first: MessageDigest, _ second: MessageDigest, _ features: PairFeatures, score: Int) {
        permille = PairModel.permille(score)
        sharedPlaces = Self.places(first, second)
        sharedIssueWords = Self.words(first, second)
        wordingPercent = Int((features[.wording] * 100).rounded())
        metresApart = PairDistance.metres(first, second)
        isSameAuthor = first.author != 0 && first.author == second.author
        if let from = first.at, let to = second.at {
            daysApart = Int(abs(from.milliseconds(since: to)) / Instant.millisecondsPerDay)
        } else {
            daysApart = nil
        }
    }

    /// Names both write, or one writes longer than the other.
    private static func places(_ a: MessageDigest, _ b: MessageDigest) -> [String] {
        var shared: [String] = []
        let others = b.places
        for place in a.places where place.rank > .district {
            let match = others.contains { other in
                other.rank > .district
                    && (other.name == place.name || other.name.contains(place.name) || place.name.contains(other.name))
            }
            if match { shared.append(place.name) }
        }
        return shared
    }

    /// Runs of the first subject that the other message has too, outside names; at most six.
    private static func words(_ a: MessageDigest, _ b: MessageDigest) -> [String] {
        let codes = a.subjectCodes
        var words: [String] = []
        var run: [UInt16] = []
        func close() {
            let word = NormalText.string(run)
            if run.count > 1, !words.contains(word) { words.append(word) }
            run = []
        }
        for (left, right) in zip(codes, codes.dropFirst()) {
            let gram = Grams.pair(left, right)
            let isShared =
                left != NormalText.gap && right != NormalText.gap && b.gram(gram) != nil
                && a.gram(gram)?.isPlace != true
            if isShared {
                if run.isEmpty { run = [left] }
                run.append(right)
            } else {
                close()
            }
        }
        close()
        return Array(words.prefix(6))
    }
}
