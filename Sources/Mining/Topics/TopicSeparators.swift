/// Texts as sparse vectors, one after the other.
struct TopicVectors: Sendable {
    let starts: [Int]
    let places: [UInt32]
    let values: [Float]

    func dot(_ row: Int, _ weights: [SIMD8<Float>]) -> SIMD8<Float> {
        var sum = SIMD8<Float>.zero
        for index in starts[row]..<starts[row + 1] { sum += weights[Int(places[index])] * values[index] }
        return sum
    }
}

/// Eight topics at once, each against all others: L2-loss support vector machines by dual coordinate descent (Hsieh
/// et al. 2008) over values that are weighed by topic. Weights come out
/// multiplied by those, so that prediction needs none.
struct TopicSeparators {
    let vectors: TopicVectors
    /// The texts to learn from.
    let rows: [Int]
    /// Lane of each text's topic; outside 0..<8 where it is in another block.
    let targets: [Int]
    /// How much each place weighs for each topic.
    let ratios: [SIMD8<Float>]
    /// Topics in use.
    let lanes: Int

    private static let cost: Float = 0.7
    private static let epochsMax = 8
    /// Steps below this are none; a text none of whose topics moves rests for some rounds.
    private static let stepMin: Float = 0.02
    private static let restMax: UInt8 = 4
    private static let softness = 1 / (2 * cost)

    /// What descent remembers of a text.
    private struct Text {
        let row: Int
        let signs: SIMD8<Float>
        var alpha = SIMD8<Float>.zero
        /// Squared length for each topic, the bias's one and the softness included.
        var norm = SIMD8<Float>.zero
        var rest: UInt8 = 0
        var nap: UInt8 = 0

        init(row: Int, target: Int) {
            self.row = row
            var signs = SIMD8<Float>(repeating: -1)
            if (0..<8).contains(target) { signs[target] = 1 }
            self.signs = signs
        }
    }

    /// A weight and the square of its ratio side by side: what is read for the one brings the other.
    private struct Cell {
        var weight: SIMD8<Float>
        let square: SIMD8<Float>
    }

    func fit(seed: UInt64) -> (weights: [SIMD8<Float>], bias: SIMD8<Float>) {
        // An array's elements begin wherever its header ends; a cell that lies across two cache lines costs two.
        let bytes = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(1, ratios.count) * MemoryLayout<Cell>.stride, alignment: 64)
        defer { bytes.deallocate() }
        let cells = bytes.bindMemory(to: Cell.self)
        for place in ratios.indices {
            cells.initializeElement(at: place, to: Cell(weight: .zero, square: ratios[place] * ratios[place]))
        }
        let bias = vectors.values.withUnsafeBufferPointer { values in
            vectors.places.withUnsafeBufferPointer { descend(cells, $0, values, seed: seed) }
        }
        return (ratios.indices.map { cells[$0].weight }, bias)
    }

    private func descend(
        _ cells: UnsafeMutableBufferPointer<Cell>, _ places: UnsafeBufferPointer<UInt32>,
        _ values: UnsafeBufferPointer<Float>, seed: UInt64
    ) -> SIMD8<Float> {
        var used = SIMD8<Float>.zero
        for lane in 0..<lanes { used[lane] = 1 }
        var bias = SIMD8<Float>.zero
        var texts = rows.map { Text(row: $0, target: targets[$0]) }
        var order = Array(texts.indices)
        var random = SeededRandom(seed: seed)
        for epoch in 0..<Self.epochsMax {
            order.shuffle(using: &random)
            var moved = 0
            for number in order {
                if texts[number].nap > 0 {
                    texts[number].nap -= 1
                    continue
                }
                var text = texts[number]
                defer { texts[number] = text }
                let range = vectors.starts[text.row]..<vectors.starts[text.row + 1]
                var dot = bias
                if epoch == 0 {
                    var norm = SIMD8<Float>(repeating: 1 + Self.softness)
                    for index in range {
                        let (cell, value) = (cells[Int(places[index])], values[index])
                        dot += cell.weight * value
                        norm += cell.square * (value * value)
                    }
                    text.norm = norm
                } else {
                    for index in range { dot += cells[Int(places[index])].weight * values[index] }
                }
                let gradient = text.signs * dot - 1 + Self.softness * text.alpha
                var next = text.alpha - gradient / text.norm
                next.replace(with: 0, where: next .< 0)
                let change = (next - text.alpha) * used
                if Self.isStill(change) {
                    text.rest = min(text.rest + 1, Self.restMax)
                    text.nap = text.rest
                    continue
                }
                text.rest = 0
                moved += 1
                text.alpha += change
                let step = change * text.signs
                bias += step
                for index in range {
                    let place = Int(places[index])
                    cells[place].weight += step * values[index] * cells[place].square
                }
            }
            if moved == 0 { break }
        }
        return bias
    }

    private static func isStill(_ change: SIMD8<Float>) -> Bool {
        change.max() < stepMin && change.min() > -stepMin
    }
}
