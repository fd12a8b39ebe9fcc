import Foundation

/// How much a score is worth: slope and shifts of a softmax.
enum TopicCalibration {
    private static let stepsMax = 100
    /// Draws shifts towards none and the slope towards its start, as so many examples would: few held-out examples of a
    /// topic must not turn its scores over.
    private static let pull = 3.0
    private static let slopeStart = 3.0
    private static let slopeMin: Float = 0.2

    /// Slope and shifts that make held-out probabilities truest (least log loss; Platt 1999, for many topics), by
    /// coordinate-wise Newton steps. With no scores: a slope of 3 and no shifts.
    static func leastLogLoss(
        _ scores: [[Float]], _ truths: [Int], topics: Int
    ) -> (slope: Float, shifts: [Float]) {
        var slope = Float(slopeStart)
        var shifts = [Float](repeating: 0, count: topics)
        for _ in 0..<stepsMax where !scores.isEmpty {
            var (slopeGradient, slopeCurve) = (pull * 0.1 * (Double(slope) - slopeStart), pull * 0.1)
            var gradients = shifts.map { pull * Double($0) }
            var curves = [Double](repeating: pull, count: topics)
            for (row, truth) in zip(scores, truths) {
                let probabilities = TopicModel.softmax(row, slope: slope, shifts: shifts)
                var (mean, square) = (0.0, 0.0)
                for topic in 0..<topics {
                    let (score, probability) = (Double(row[topic]), probabilities[topic])
                    mean += probability * score
                    square += probability * score * score
                    gradients[topic] += probability - (topic == truth ? 1 : 0)
                    curves[topic] += probability * (1 - probability)
                }
                slopeGradient += mean - Double(row[truth])
                slopeCurve += square - mean * mean
            }
            let step = slopeGradient / slopeCurve
            slope = max(slopeMin, slope - Float(min(1, max(-1, step))))
            var largest = abs(step)
            for topic in 0..<topics {
                let shift = gradients[topic] / curves[topic]
                shifts[topic] -= Float(min(1, max(-1, shift)) * 0.7)
                largest = max(largest, abs(shift))
            }
            if largest < 1e-3 { break }
        }
        return (slope, shifts)
    }
}
