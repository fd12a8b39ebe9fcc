/// Round numbers for an axis that covers values from zero.
struct Scale: Equatable {
    let ticks: [Double]
    var top: Double { ticks.last ?? 1 }
    var bottom: Double { ticks.first ?? 0 }

    /// Steps of 1, 2 or 5 times a power of ten, about `count` of them; always holds zero.
    init(covering values: [Double], count: Int = 5) {
        let low = min(0, values.min() ?? 0)
        let high = max(0, values.max() ?? 0)
        guard high > low else {
            ticks = [0, 1]
            return
        }
        let rough = (high - low) / Double(count)
        var power = 1.0
        while power * 10 <= rough { power *= 10 }
        while power > rough { power /= 10 }
        let step = [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? rough
        let first = (low / step).rounded(.down)
        let last = (high / step).rounded(.up)
        ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    }
}
