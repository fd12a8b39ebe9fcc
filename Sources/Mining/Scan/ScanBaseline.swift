/// What is expected in every window: the product of the zone's and the days' weights, the same for all data sets.
struct ScanBaseline: Sendable {
    let zones: ScanZones
    let days: Int
    let windowDaysMax: Int
    let isOngoingOnly: Bool
    let casesMin: Int
    let total: Int
    /// Weight of the days before each day.
    private let daySums: [Int]
    /// Cases per unit of zone weight times day weight.
    private let scale: Double
    /// Weights of the windows of each length, one row a length.
    let windowWeights: [Float]
    let stride: Int

    /// Numbers beyond the last day that a wide read may touch.
    static let padding = 64

    init(_ input: ScanInput, _ settings: ScanSettings) {
        let marginals = input.marginals
        zones = ScanZones(input.cells, weights: marginals.cells, sharePercentMax: settings.sharePercentMax)
        days = input.days
        windowDaysMax = settings.daysMax
        isOngoingOnly = settings.isOngoingOnly
        casesMin = settings.casesMin
        total = input.total
        var sums = [0]
        for weight in marginals.days { sums.append(sums[sums.count - 1] + weight) }
        daySums = sums
        scale =
            Double(total) / (Double(marginals.cells.reduce(0, +)) * Double(sums[sums.count - 1]))
        stride = input.days + 1 + Self.padding
        var windows = [Float](repeating: 0, count: stride * (settings.daysMax + 1))
        for length in 1...settings.daysMax {
            for day in 0...(input.days - length) {
                windows[length * stride + day] = Float(sums[day + length] - sums[day])
            }
        }
        windowWeights = windows
    }

    /// First days of the windows of this length.
    @inline(__always)
    func starts(_ length: Int) -> ClosedRange<Int> {
        (isOngoingOnly ? days - length : 0)...(days - length)
    }

    /// The weights are multiplied first, exactly, so that windows of which the same is expected tie.
    @inline(__always)
    func expected(zoneWeight: Int, from day: Int, length: Int) -> Double {
        scale * (Double(zoneWeight) * Double(daySums[day + length] - daySums[day]))
    }

    @inline(__always)
    func llr(_ observed: Int, zoneWeight: Int, from day: Int, length: Int) -> Double {
        guard observed >= casesMin else { return 0 }
        return ScanStatistic.llr(
            observed: observed, expected: expected(zoneWeight: zoneWeight, from: day, length: length), total: total)
    }

    /// Least and most expected in windows of this length.
    func expectedRange(zoneWeight: Int, length: Int) -> (least: Double, most: Double) {
        var (least, most) = (Int.max, 0)
        for day in starts(length) {
            let weight = daySums[day + length] - daySums[day]
            (least, most) = (min(least, weight), max(most, weight))
        }
        return (scale * Double(zoneWeight) * Double(least), scale * Double(zoneWeight) * Double(most))
    }

    var scaleOfZone: Double { scale }
}

/// For one level of the ratio, what a window must at least have: a straight line below the true bound, so that a cheap
/// test misses no window that reaches the level.
///
/// Cases and expectation whose ratio is at most a level form a convex set (relative entropy is convex in both, Cover
/// and Thomas 2006, theorem 2.7.2), so its upper edge is concave and a chord lies below it.
struct ScanBounds: Sendable {
    let level: Double
    /// By zone and length: a window can reach the level only where cases − slope × window weight ≥ offset.
    let offsets: [Float]
    let slopes: [Float]

    init(_ baseline: ScanBaseline, level: Double) {
        self.level = level
        let lengths = baseline.windowDaysMax
        let ranges = (1...lengths).map { baseline.expectedRange(zoneWeight: 1, length: $0) }
        let rows = Parallel.map(baseline.zones.centres.count, scratch: {}) { at, _ in
            let centre = baseline.zones.centres[at]
            var row: [(offset: Float, slope: Float)] = []
            row.reserveCapacity(centre.order.count * lengths)
            for (weight, isNew) in zip(centre.weights, centre.isNew) {
                for length in 0..<lengths {
                    row.append(
                        isNew
                            ? Self.line(
                                baseline, level, Double(weight) * ranges[length].least,
                                Double(weight) * ranges[length].most, perWeight: baseline.scaleOfZone * Double(weight))
                            : (.infinity, 0))
                }
            }
            return row
        }
        offsets = rows.flatMap { $0.map(\.offset) }
        slopes = rows.flatMap { $0.map(\.slope) }
    }

    private static func line(
        _ baseline: ScanBaseline, _ level: Double, _ least: Double, _ most: Double, perWeight: Double
    ) -> (offset: Float, slope: Float) {
        guard let low = ScanStatistic.cases(reaching: level, expected: least, total: baseline.total) else {
            return (.infinity, 0)
        }
        // More than any rounding of the numbers that are compared: they stay below 2²⁴.
        let margin = 0.01 + low * 1e-5
        guard most > least else { return (Float(low - margin), 0) }
        let high =
            ScanStatistic.cases(reaching: level, expected: most, total: baseline.total) ?? Double(baseline.total)
        let rise = max(0, (high - low) / (most - least))
        return (Float(low - rise * least - margin), Float(rise * perWeight))
    }
}
