/// Looks at every window of one data set.
struct ScanSweep {
    private let baseline: ScanBaseline
    /// Cases before each day, a row a cell; beyond the last day so few that no window there reaches anything.
    private var sums: [Float]
    private var zone: [Float]

    init(_ baseline: ScanBaseline, cells: Int) {
        self.baseline = baseline
        sums = [Float](repeating: 0, count: cells * baseline.stride)
        zone = [Float](repeating: 0, count: baseline.stride)
    }

    /// - Parameter counts: as in `ScanInput`.
    mutating func load(_ counts: [Int32]) {
        let (days, stride) = (baseline.days, baseline.stride)
        for cell in 0..<(sums.count / stride) {
            var sum: Int32 = 0
            sums[cell * stride] = 0
            for day in 0..<days {
                sum += counts[cell * days + day]
                sums[cell * stride + day + 1] = Float(sum)
            }
            for beyond in (days + 1)..<stride { sums[cell * stride + beyond] = -1e9 }
        }
    }

    /// A window of a zone and its ratio.
    struct Window: Sendable, Equatable {
        var llr = 0.0
        var observed = 0
        var start = 0
        var length = 0
    }

    /// The greatest ratio of all windows; nil when none reaches the bounds' level.
    mutating func maximum(_ bounds: ScanBounds) -> Double? {
        var best = -1.0
        for centre in baseline.zones.centres {
            restart()
            for (position, cell) in centre.order.enumerated() {
                add(cell)
                guard centre.isNew[position] else { continue }
                let window = strongest(
                    zone: centre.firstZone + position, weight: centre.weights[position], bounds,
                    above: best)
                if let window { best = max(best, window.llr) }
            }
        }
        return best >= bounds.level ? best : nil
    }

    /// The strongest window of each zone of a centre; of equals the shorter, then the earlier.
    mutating func strongest(ofCentre number: Int, _ bounds: ScanBounds) -> [Window?] {
        let centre = baseline.zones.centres[number]
        restart()
        return centre.order.enumerated().map { position, cell in
            add(cell)
            guard centre.isNew[position] else { return nil }
            return strongest(
                zone: centre.firstZone + position, weight: centre.weights[position], bounds, above: 0)
        }
    }

    private mutating func restart() {
        for at in zone.indices { zone[at] = 0 }
    }

    private mutating func add(_ cell: Int) {
        let stride = baseline.stride
        zone.withUnsafeMutableBufferPointer { zone in
            sums.withUnsafeBufferPointer { sums in
                for at in 0..<stride { zone[at] += sums[cell * stride + at] }
            }
        }
    }

    private func strongest(zone number: Int, weight: Int, _ bounds: ScanBounds, above floor: Double) -> Window? {
        var best = Window(llr: floor)
        var isFound = false
        let lengths = baseline.windowDaysMax
        zone.withUnsafeBufferPointer { zone in
            baseline.windowWeights.withUnsafeBufferPointer { weights in
                guard let zone = zone.baseAddress, let weights = weights.baseAddress else { return }
                for length in 1...lengths {
                    let offset = bounds.offsets[number * lengths + length - 1]
                    let slope = bounds.slopes[number * lengths + length - 1]
                    let starts = baseline.starts(length)
                    let row = weights + length * baseline.stride
                    guard Self.reaches(zone, row, starts, length, slope: slope, offset: offset) else { continue }
                    for start in starts {
                        let cases = zone[start + length] - zone[start]
                        guard cases - slope * row[start] >= offset else { continue }
                        let llr = baseline.llr(Int(cases), zoneWeight: weight, from: start, length: length)
                        if llr > best.llr {
                            best = Window(llr: llr, observed: Int(cases), start: start, length: length)
                            isFound = true
                        }
                    }
                }
            }
        }
        return isFound ? best : nil
    }

    /// Whether any window of this length may reach the level. The hot loop: eight windows a step, no branches.
    @inline(__always)
    private static func reaches(
        _ zone: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ starts: ClosedRange<Int>, _ length: Int,
        slope: Float, offset: Float
    ) -> Bool {
        var found = SIMD8<Int32>(repeating: 0)
        let (ends, begins) = (UnsafeRawPointer(zone + length), UnsafeRawPointer(zone))
        let rows = UnsafeRawPointer(weights)
        let (slopes, offsets) = (SIMD8<Float>(repeating: slope), SIMD8<Float>(repeating: offset))
        var at = starts.lowerBound
        while at <= starts.upperBound {
            let end = ends.loadUnaligned(fromByteOffset: at * 4, as: SIMD8<Float>.self)
            let begin = begins.loadUnaligned(fromByteOffset: at * 4, as: SIMD8<Float>.self)
            let weight = rows.loadUnaligned(fromByteOffset: at * 4, as: SIMD8<Float>.self)
            let rest = end - begin - slopes * weight - offsets
            // The sign bit is clear where the bound is reached.
            found |= ~unsafeBitCast(rest, to: SIMD8<Int32>.self)
            at += 8
        }
        return found.wrappedSum() != 0 && (0..<8).contains { found[$0] < 0 }
    }
}
