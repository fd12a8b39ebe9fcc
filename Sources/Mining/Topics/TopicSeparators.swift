/// Texts as sparse vectors, one after the other.
struct TopicVectors: Sendable {
    var starts = [0]
    var places: [Int32] = []
    var values: [Float] = []

    mutating func reserve(_ count: Int) {
        places.reserveCapacity(count)
        values.reserveCapacity(count)
    }
}

/// Eight topics at once, each against all others: L2-loss support vector machines by dual coordinate descent (Hsieh
/// et al. 2008) over values that are weighed by topic. Weights come out
/// multiplied by those, so that prediction needs none.
struct TopicSeparators {
    let vectors: TopicVectors
    /// Lane of each text's topic; outside 0..<8 where it is in another block.
    let targets: [Int]
    /// Square of how much each place weighs for each topic.
    let squares: [SIMD8<Float>]
    /// Topics in use.
    let lanes: Int

    private static let cost: Float = 0.7
    private static let epochsMax = 10
    /// Steps below this are none; a text none of whose topics moves rests for some rounds.
    private static let stepMin: Float = 0.01
    private static let restMax: UInt8 = 4

    func fit(seed: UInt64) -> (weights: [SIMD8<Float>], bias: SIMD8<Float>) {
        let count = targets.count
        let softness = 1 / (2 * Self.cost)
        // A weight and its square side by side: what is read for the one brings the other.
        var cells = squares.map { Cell(weight: .zero, square: $0) }
        var bias = SIMD8<Float>.zero
        var alphas = [SIMD8<Float>](repeating: .zero, count: count)
        let norms = norms(softness: softness)
        let signs = targets.map { target -> SIMD8<Float> in
            var signs = SIMD8<Float>(repeating: -1)
            if (0..<8).contains(target) { signs[target] = 1 }
            return signs
        }
        var used = SIMD8<Float>.zero
        for lane in 0..<lanes { used[lane] = 1 }
        var rests = [UInt8](repeating: 0, count: count)
        var naps = [UInt8](repeating: 0, count: count)
        var order = Array(0..<count)
        var random = SeededRandom(seed: seed)
        cells.withUnsafeMutableBufferPointer { cells in
            vectors.values.withUnsafeBufferPointer { values in
                vectors.places.withUnsafeBufferPointer { places in
                    for _ in 0..<Self.epochsMax {
                        order.shuffle(using: &random)
                        var moved = 0
                        for row in order {
                            if naps[row] > 0 {
                                naps[row] -= 1
                                continue
                            }
                            let range = vectors.starts[row]..<vectors.starts[row + 1]
                            var dot = bias
                            for index in range { dot += cells[Int(places[index])].weight * values[index] }
                            let gradient = signs[row] * dot - 1 + softness * alphas[row]
                            var next = alphas[row] - gradient / norms[row]
                            next.replace(with: 0, where: next .< 0)
                            let change = (next - alphas[row]) * used
                            if Self.isStill(change) {
                                rests[row] = min(rests[row] + 1, Self.restMax)
                                naps[row] = rests[row]
                                continue
                            }
                            rests[row] = 0
                            moved += 1
                            alphas[row] += change
                            let step = change * signs[row]
                            bias += step
                            for index in range {
                                let place = Int(places[index])
                                cells[place].weight += step * values[index] * cells[place].square
                            }
                        }
                        if moved == 0 { break }
                    }
                }
            }
        }
        return (cells.map(\.weight), bias)
    }

    private struct Cell {
        var weight: SIMD8<Float>
        let square: SIMD8<Float>
    }

    private static func isStill(_ change: SIMD8<Float>) -> Bool {
        change.max() < stepMin && change.min() > -stepMin
    }

    /// Squared length of each text for each topic, the bias's one and the softness included.
    private func norms(softness: Float) -> [SIMD8<Float>] {
        targets.indices.map { row in
            var norm = SIMD8<Float>(repeating: 1 + softness)
            for index in vectors.starts[row]..<vectors.starts[row + 1] {
                norm += squares[Int(vectors.places[index])] * (vectors.values[index] * vectors.values[index])
            }
            return norm
        }
    }
}
