import Foundation

/// How much a score is worth: slope and shifts of a softmax.
enum TopicCalibration {
    private static let stepsMax = 100

    /// Slope and shifts that make held-out probabilities truest (least log loss; Platt 1999, for many topics), by
    /// coordinate-wise Newton steps. With no scores: a slope of 3 and no shifts.
    static func leastLogLoss(
        _ scores: [[Float]], _ truths: [Int], topics: Int
    ) -> (slope: Float, shifts: [Float]) {
        var slope: Float = 3
        var shifts = [Float](repeating: 0, count: topics)
        for _ in 0..<stepsMax where !scores.isEmpty {
            var (slopeGradient, slopeCurve) = (0.0, 1e-6)
            var gradients = [Double](repeating: 0, count: topics)
            var curves = [Double](repeating: 1e-3, count: topics)
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
            slope -= Float(step)
            var largest = abs(step)
            for topic in 0..<topics {
                let shift = gradients[topic] / curves[topic]
                shifts[topic] -= Float(shift * 0.7)
                largest = max(largest, abs(shift))
            }
            if largest < 1e-3 { break }
        }
        return (slope, shifts)
    }
}
