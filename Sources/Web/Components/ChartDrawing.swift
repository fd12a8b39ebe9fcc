/// The SVG of a chart, 720 × 260 units, stretched to its place by CSS.
extension Chart {
    private static let width = 720.0
    private static let height = 260.0
    private static let left = 52.0
    private static let right = 10.0
    private static let top = 12.0
    private static let bottom = 30.0

    func writeDrawing(to html: inout HTML) {
        let scale = Scale(covering: extremes)
        html.tag(
            "svg",
            [
                "class": "chart-drawing", "viewBox": "0 0 720 260", "role": "img", "aria-label": title,
            ]
        ) { html in
            writeAxes(scale, to: &html)
            switch kind {
            case .line: writeLines(scale, to: &html)
            case .bar: writeBars(scale, to: &html)
            case .stacked: writeStacks(scale, to: &html)
            }
        }
    }

    private var extremes: [Double] {
        guard kind == .stacked else { return series.flatMap { $0.values.filter(\.isFinite) } }
        return labels.indices.map { index in series.map { max(0, value($0, index)) }.reduce(0, +) }
    }

    private func value(_ one: Series, _ index: Int) -> Double {
        one.values.indices.contains(index) && one.values[index].isFinite ? one.values[index] : 0
    }

    private var plotWidth: Double { Chart.width - Chart.left - Chart.right }
    private var slot: Double { plotWidth / Double(max(1, labels.count)) }

    private func x(_ index: Int) -> Double { Chart.left + slot * (Double(index) + 0.5) }

    private func y(_ value: Double, _ scale: Scale) -> Double {
        let share = (value - scale.bottom) / (scale.top - scale.bottom)
        return Chart.height - Chart.bottom - share * (Chart.height - Chart.top - Chart.bottom)
    }

    private func writeAxes(_ scale: Scale, to html: inout HTML) {
        for tick in scale.ticks {
            let at = plain(y(tick, scale), places: 1)
            html.void(
                "line",
                [
                    "class": tick == 0 ? "axis" : "grid", "x1": plain(Chart.left),
                    "x2": plain(Chart.width - Chart.right),
                    "y1": at, "y2": at,
                ])
            html.tag(
                "text", ["class": "tick", "x": plain(Chart.left - 6), "y": at, "dy": "4", "text-anchor": "end"],
                text: tick == tick.rounded() ? grouped(Int(tick)) : plain(tick))
        }
        // As many labels as fit without touching, the last always among them.
        let widest = labels.map(Chart.columns).max() ?? 1
        let step = max(1, Int((Double(widest) * 7 + 12) / slot) + (slot < Double(widest) * 7 + 12 ? 1 : 0))
        for index in labels.indices where (labels.count - 1 - index) % step == 0 {
            html.tag(
                "text",
                [
                    "class": "tick", "x": plain(x(index), places: 1), "y": plain(Chart.height - 10),
                    "text-anchor": "middle",
                ],
                text: labels[index])
        }
    }

    /// Chinese characters are twice as wide as Latin ones.
    private static func columns(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2E80 ? 2 : 1) }
    }

    private func writeLines(_ scale: Scale, to html: inout HTML) {
        for (number, one) in series.enumerated() {
            let points = labels.indices.filter { one.values.indices.contains($0) && one.values[$0].isFinite }
            let path = points.map { "\(plain(x($0), places: 1)),\(plain(y(one.values[$0], scale), places: 1))" }
            html.void("polyline", ["class": "line series-\(number + 1)", "points": path.joined(separator: " ")])
            for index in points where points.count <= 60 {
                html.tag(
                    "circle",
                    [
                        "class": "dot series-\(number + 1)", "cx": plain(x(index), places: 1),
                        "cy": plain(y(one.values[index], scale), places: 1), "r": "3",
                    ]
                ) { $0.tag("title", text: hover(one, index)) }
            }
        }
    }

    private func writeBars(_ scale: Scale, to html: inout HTML) {
        let room = min(slot * 0.72, 64 * Double(series.count))
        let width = room / Double(series.count)
        for index in labels.indices {
            for (number, one) in series.enumerated() {
                let start = x(index) - room / 2 + width * Double(number)
                bar(x: start, width: width - 1, from: 0, to: value(one, index), number, hover(one, index), scale, &html)
            }
        }
    }

    private func writeStacks(_ scale: Scale, to html: inout HTML) {
        let width = min(slot * 0.72, 64)
        for index in labels.indices {
            var base = 0.0
            for (number, one) in series.enumerated() {
                let height = max(0, value(one, index))
                bar(
                    x: x(index) - width / 2, width: width, from: base, to: base + height, number, hover(one, index),
                    scale, &html)
                base += height
            }
        }
    }

    private func bar(
        x: Double, width: Double, from: Double, to: Double, _ number: Int, _ title: String, _ scale: Scale,
        _ html: inout HTML
    ) {
        let (a, b) = (y(from, scale), y(to, scale))
        html.tag(
            "rect",
            [
                "class": "bar series-\(number + 1)", "x": plain(x, places: 1), "y": plain(min(a, b), places: 1),
                "width": plain(max(width, 0.5), places: 1), "height": plain(abs(a - b), places: 1),
            ]
        ) { $0.tag("title", text: title) }
    }

    private func hover(_ one: Series, _ index: Int) -> String {
        let name = series.count > 1 ? "\(one.name) · " : ""
        return "\(name)\(labels[index]): \(figure(one.values, index))\(unit.isEmpty ? "" : " \(unit)")"
    }
}
