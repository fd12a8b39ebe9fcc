internal import Foundation

/// The nearest of many edges to a point outside all regions, on a plane that is true near the regions.
///
/// A coarse grid, three times as wide and high as the regions, keeps for each square the edges that can be nearest to
/// any point of it; points beyond look at all. Distances are right to a thousandth within a district.
struct NearestEdges: Sendable {
    private struct Segment: Sendable {
        let x: Double
        let y: Double
        let dx: Double
        let dy: Double
        let squared: Double
        let region: Int32

        /// Square of the distance in metres.
        @inline(__always)
        func distance(_ px: Double, _ py: Double) -> Double {
            let (ax, ay) = (px - x, py - y)
            let along = squared > 0 ? min(1, max(0, (ax * dx + ay * dy) / squared)) : 0
            let (rx, ry) = (ax - along * dx, ay - along * dy)
            return rx * rx + ry * ry
        }
    }

    private let segments: [Segment]
    private let originLatitude: Double
    private let originLongitude: Double
    private let metresPerDegreeEast: Double
    private let width: Double
    private let height: Double
    /// By square, segments that can be nearest.
    private let starts: [Int32]
    private let candidates: [Int32]

    private static let size = 128
    private static let coarse = 16
    private static let metresPerDegreeNorth = 111_195.08

    init(_ edges: [RegionEdge]) {
        let latitudes = edges.map(\.aLatitude)
        let longitudes = edges.map(\.aLongitude)
        let (south, north) = (latitudes.min() ?? 0, latitudes.max() ?? 0)
        let (west, east) = (longitudes.min() ?? 0, longitudes.max() ?? 0)
        let (latitude, longitude) = (south - (north - south), west - (east - west))
        let perEast = Self.metresPerDegreeNorth * cos((south + north) / 2 * .pi / 180)
        let segments = edges.map { edge in
            let dx = (edge.bLongitude - edge.aLongitude) * perEast
            let dy = (edge.bLatitude - edge.aLatitude) * Self.metresPerDegreeNorth
            return Segment(
                x: (edge.aLongitude - longitude) * perEast, y: (edge.aLatitude - latitude) * Self.metresPerDegreeNorth,
                dx: dx, dy: dy, squared: dx * dx + dy * dy, region: Int32(edge.region))
        }
        (originLatitude, originLongitude, metresPerDegreeEast) = (latitude, longitude, perEast)
        width = max(1, 3 * (east - west) * perEast)
        height = max(1, 3 * (north - south) * Self.metresPerDegreeNorth)
        self.segments = segments
        let all = segments.indices.map { Int32($0) }
        let extent = (width: width, height: height)
        // Few squares first, so that each small square looks only at what its large one left.
        let coarse = (0..<Self.coarse * Self.coarse).map {
            Self.candidates(of: $0, of: Self.coarse, extent, segments, among: all)
        }
        let ratio = Self.size / Self.coarse
        var (starts, candidates): ([Int32], [Int32]) = ([0], [])
        for square in 0..<Self.size * Self.size {
            let parent = square / Self.size / ratio * Self.coarse + square % Self.size / ratio
            candidates += Self.candidates(of: square, of: Self.size, extent, segments, among: coarse[parent])
            starts.append(Int32(candidates.count))
        }
        self.starts = starts
        self.candidates = candidates
    }

    /// The segments that can be nearest to a point of a square.
    private static func candidates(
        of square: Int, of size: Int, _ extent: (width: Double, height: Double), _ segments: [Segment],
        among: [Int32]
    ) -> [Int32] {
        let (cellWidth, cellHeight) = (extent.width / Double(size), extent.height / Double(size))
        let x = (Double(square % size) + 0.5) * cellWidth
        let y = (Double(square / size) + 0.5) * cellHeight
        let distances = among.map { segments[Int($0)].distance(x, y).squareRoot() }
        // A point of the square is at most half a diagonal nearer or farther than its middle.
        let limit = (distances.min() ?? 0) + (cellWidth * cellWidth + cellHeight * cellHeight).squareRoot() + 1e-6
        return zip(among, distances).filter { $0.1 <= limit }.map(\.0)
    }

    /// Of equally near edges the first; −1 when there are none.
    @inline(__always)
    func find(latitude: Double, longitude: Double) -> (position: Int, metres: Double) {
        let x = (longitude - originLongitude) * metresPerDegreeEast
        let y = (latitude - originLatitude) * Self.metresPerDegreeNorth
        var (best, region) = (Double.infinity, Int32(-1))
        guard x >= 0, y >= 0, x < width, y < height else {
            for segment in segments {
                let distance = segment.distance(x, y)
                if distance < best { (best, region) = (distance, segment.region) }
            }
            return (Int(region), best.squareRoot())
        }
        let column = min(Self.size - 1, Int(x / width * Double(Self.size)))
        let row = min(Self.size - 1, Int(y / height * Double(Self.size)))
        let square = row * Self.size + column
        segments.withUnsafeBufferPointer { segments in
            candidates.withUnsafeBufferPointer { candidates in
                for at in Int(starts[square])..<Int(starts[square + 1]) {
                    let segment = segments[Int(candidates[at])]
                    let distance = segment.distance(x, y)
                    if distance < best { (best, region) = (distance, segment.region) }
                }
            }
        }
        return (Int(region), best.squareRoot())
    }
}
