import Core
import Foundation

/// Degrees to units of the drawing: equirectangular, true to shape at the middle latitude. Within a district the
/// error is below a thousandth.
struct MapProjection: Equatable {
    private let west: Double
    private let north: Double
    private let xScale: Double
    private let yScale: Double
    let width: Double
    let height: Double

    /// Nil when the coordinates span nothing.
    init?(covering all: [Coordinate], width: Double = 800, margin: Double = 16) {
        let (lats, lons) = (all.map(\.latitude), all.map(\.longitude))
        guard let south = lats.min(), let north = lats.max(), let west = lons.min(), let east = lons.max(),
            north > south, east > west
        else { return nil }
        let shrink = cos((north + south) / 2 * .pi / 180)
        let unit = (width - 2 * margin) / ((east - west) * shrink)
        xScale = unit * shrink
        yScale = unit
        self.west = west - margin / xScale
        self.north = north + margin / yScale
        self.width = width
        height = (north - south) * unit + 2 * margin
    }

    func point(_ at: Coordinate) -> (x: Double, y: Double) {
        ((at.longitude - west) * xScale, (north - at.latitude) * yScale)
    }
}

extension MapView {
    func writeDrawing(to html: inout HTML, _ visit: Visit) {
        let corners = townships.flatMap { $0.outline.flatMap(\.points) }
        guard let projection = MapProjection(covering: corners + points.map(\.at)) else {
            EmptyState(title: visit.word("web.map.empty")).write(to: &html, for: visit)
            return
        }
        let bounds = bounds
        let size = "0 0 \(plain(projection.width)) \(plain(projection.height.rounded()))"
        html.tag("svg", ["class": "map-drawing", "viewBox": size, "role": "group", "aria-label": title]) { html in
            for township in townships {
                linked(township.href, &html) { html in
                    html.tag(
                        "path",
                        ["class": "township shade-\(shade(township.value, bounds))", "d": path(township, projection)]
                    ) { $0.tag("title", text: "\(township.name): \(township.value.map { grouped($0) } ?? "–")") }
                }
            }
            // Large circles first, so that small ones stay reachable.
            for point in points.sorted(by: { $0.weight > $1.weight }) { write(point, projection, to: &html) }
            for township in townships { writeLabel(township, projection, to: &html) }
        }
    }

    private func linked(_ href: String?, _ html: inout HTML, _ content: (inout HTML) -> Void) {
        guard let href else { return content(&html) }
        html.tag("a", ["href": href], content)
    }

    private func path(_ township: Township, _ projection: MapProjection) -> String {
        township.outline.map { ring in
            let corners = ring.points.map { corner in
                let (x, y) = projection.point(corner)
                return "\(plain(x, places: 1)) \(plain(y, places: 1))"
            }
            return "M" + corners.joined(separator: "L") + "Z"
        }.joined()
    }

    private func write(_ point: Point, _ projection: MapProjection, to html: inout HTML) {
        let (x, y) = projection.point(point.at)
        let radius = 3 + Double(min(max(point.weight, 1), 100)).squareRoot() * 1.3
        linked(point.href, &html) { html in
            html.tag(
                "circle",
                [
                    "class": "point tone-\(point.tone.rawValue)", "cx": plain(x, places: 1), "cy": plain(y, places: 1),
                    "r": plain(radius, places: 1),
                ]
            ) { $0.tag("title", text: point.title) }
        }
    }

    private func writeLabel(_ township: Township, _ projection: MapProjection, to html: inout HTML) {
        let largest = township.outline.max { $0.points.count < $1.points.count }
        guard let centre = largest.flatMap(MapView.centroid) else { return }
        let (x, y) = projection.point(centre)
        let across = plain(x, places: 1)
        let lines = MapView.lines(township.name)
        html.tag("text", ["class": "map-label", "x": across, "y": plain(y, places: 1), "text-anchor": "middle"]) {
            guard lines.count > 1 else { return $0.text(township.name) }
            for (number, line) in lines.enumerated() {
                let step = number == 0 ? Double(1 - lines.count) * 0.55 : 1.1
                $0.tag("tspan", ["x": across, "dy": plain(step, places: 2) + "em"], text: line)
            }
        }
    }

    /// Names of several words would run into their neighbours': words side by side up to some fourteen letters.
    static func lines(_ name: String) -> [String] {
        name.split(separator: " ").reduce(into: []) { lines, word in
            if let last = lines.last, last.count + word.count < 14 {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
    }

    /// The area's centre of mass; for a ring without area, the mean of its corners.
    static func centroid(_ ring: Ring) -> Coordinate? {
        guard let first = ring.points.first else { return nil }
        var (area, x, y) = (0.0, 0.0, 0.0)
        for (a, b) in zip(ring.points, ring.points.dropFirst() + [first]) {
            // Relative to the first corner, so that the products keep their digits.
            let (ax, ay) = (a.longitude - first.longitude, a.latitude - first.latitude)
            let (bx, by) = (b.longitude - first.longitude, b.latitude - first.latitude)
            let cross = ax * by - bx * ay
            area += cross
            x += (ax + bx) * cross
            y += (ay + by) * cross
        }
        guard abs(area) > 1e-15 else {
            let count = Double(ring.points.count)
            return Coordinate(
                latitude: ring.points.map(\.latitude).reduce(0, +) / count,
                longitude: ring.points.map(\.longitude).reduce(0, +) / count)
        }
        return Coordinate(
            latitude: first.latitude + y / (3 * area), longitude: first.longitude + x / (3 * area))
    }
}
