/// A line without axes, the size of a word.
package struct Sparkline: Component {
    let values: [Double]
    let label: String

    /// `label` says in words what the line shows.
    package init(values: [Double], label: String) {
        self.values = values
        self.label = label
    }

    package func write(to html: inout HTML, for visit: Visit) {
        let values = values.filter(\.isFinite).suffix(WebLimits.chartPointsMax)
        guard values.count > 1, let low = values.min(), let high = values.max() else { return }
        let span = max(high - low, .ulpOfOne)
        let points = values.enumerated().map { index, value in
            let x = 1 + 78 * Double(index) / Double(values.count - 1)
            let y = high == low ? 10 : 18 - 16 * (value - low) / span
            return "\(plain(x, places: 1)),\(plain(y, places: 1))"
        }.joined(separator: " ")
        html.tag("svg", ["class": "sparkline", "viewBox": "0 0 80 20", "role": "img", "aria-label": label]) {
            $0.void("polyline", ["points": points])
        }
    }
}
