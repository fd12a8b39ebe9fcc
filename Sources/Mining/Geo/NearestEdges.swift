internal import Foundation

/// The nearest of many edges to a point outside all regions, on a plane that is true near the regions.
///
/// A grid, three times as wide and high as the regions, keeps for each square the edges that can be nearest to any
/// point of it; points beyond look at all. Distances are right to a thousandth within a district.
struct NearestEdges: Sendable {
    private struct Segment: Sendable {
        let x: Double
        let y: Double
        let dx: Double
        let dy: Double
        /// One over the squared length, so that no question divides; zero where start and end are one point.
        let inverse: Double

        /// Square of the distance in metres.
        @inline(__always)
        func distance(_ px: Double, _ py: Double) -> Double {
            let (ax, ay) = (px - x, py - y)
            // Plain comparisons become one instruction each; `min` and `max` do not.
            var along = (ax * dx + ay * dy) * inverse
            along = along > 0 ? along : 0
            along = along < 1 ? along : 1
            let (rx, ry) = (ax - along * dx, ay - along * dy)
            return rx * rx + ry * ry
        }
    }

    private let segments: [Segment]
    private let regions: [Int32]
    private let originLatitude: Double
    private let originLongitude: Double
    private let metresPerDegreeEast: Double
    private let width: Double
    private let height: Double
    private let columnsPerMetre: Double
    private let rowsPerMetre: Double
    /// By square, segments that can be nearest.
    private let starts: [Int32]
    private let candidates: [Int32]

    /// Squares along a side, few first, so that each small square looks only at what its large one left.
    private static let sizes = [16, 128, 512]
    private static let size = sizes[sizes.count - 1]
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
            let squared = dx * dx + dy * dy
            return Segment(
                x: (edge.aLongitude - longitude) * perEast, y: (edge.aLatitude - latitude) * Self.metresPerDegreeNorth,
                dx: dx, dy: dy, inverse: squared > 0 ? 1 / squared : 0)
        }
        (originLatitude, originLongitude, metresPerDegreeEast) = (latitude, longitude, perEast)
        width = max(1, 3 * (east - west) * perEast)
        height = max(1, 3 * (north - south) * Self.metresPerDegreeNorth)
        columnsPerMetre = Double(Self.size) / width
        rowsPerMetre = Double(Self.size) / height
        self.segments = segments
        regions = edges.map { Int32($0.region) }
        var grid = Grid(size: 1, starts: [0, Int32(segments.count)], candidates: segments.indices.map { Int32($0) })
        for size in Self.sizes { grid = grid.finer(size, width, height, segments) }
        (starts, candidates) = (grid.starts, grid.candidates)
    }

    /// Squares with the segments that can be nearest to a point of each.
    private struct Grid {
        let size: Int
        var starts: [Int32]
        var candidates: [Int32]

        /// - Parameter finer: a multiple of `size`.
        func finer(_ finer: Int, _ width: Double, _ height: Double, _ segments: [Segment]) -> Grid {
            let (cellWidth, cellHeight) = (width / Double(finer), height / Double(finer))
            let diagonal = (cellWidth * cellWidth + cellHeight * cellHeight).squareRoot()
            var (grid, distances) = (Grid(size: finer, starts: [0], candidates: []), [Double]())
            grid.starts.reserveCapacity(finer * finer + 1)
            for square in 0..<finer * finer {
                let (row, column) = square.quotientAndRemainder(dividingBy: finer)
                let parent = row * size / finer * size + column * size / finer
                let among = candidates[Int(starts[parent])..<Int(starts[parent + 1])]
                let (x, y) = ((Double(column) + 0.5) * cellWidth, (Double(row) + 0.5) * cellHeight)
                distances.removeAll(keepingCapacity: true)
                for candidate in among { distances.append(segments[Int(candidate)].distance(x, y).squareRoot()) }
                // A point of the square is at most half a diagonal nearer or farther than its middle.
                let limit = (distances.min() ?? 0) + diagonal + 1e-6
                for (candidate, distance) in zip(among, distances) where distance <= limit {
                    grid.candidates.append(candidate)
                }
                grid.starts.append(Int32(grid.candidates.count))
            }
            return grid
        }
    }

    /// Of equally near edges the first; −1 when there are none.
    @inline(__always)
    func find(latitude: Double, longitude: Double) -> (position: Int, metres: Double) {
        let x = (longitude - originLongitude) * metresPerDegreeEast
        let y = (latitude - originLatitude) * Self.metresPerDegreeNorth
        guard x >= 0, y >= 0, x < width, y < height else { return nearest(x, y, among: segments.indices) }
        let (column, row) = (Int(x * columnsPerMetre), Int(y * rowsPerMetre))
        let square = min(Self.size - 1, row) * Self.size + min(Self.size - 1, column)
        let (start, end) = (Int(starts[square]), Int(starts[square + 1]))
        return candidates.withUnsafeBufferPointer { candidates in
            nearest(x, y, among: candidates[start..<end].lazy.map { Int($0) })
        }
    }

    @inline(__always)
    private func nearest(_ x: Double, _ y: Double, among: some Sequence<Int>) -> (position: Int, metres: Double) {
        var (best, segment) = (Double.infinity, -1)
        segments.withUnsafeBufferPointer { segments in
            for candidate in among {
                let distance = segments[candidate].distance(x, y)
                if distance < best { (best, segment) = (distance, candidate) }
            }
        }
        return (segment < 0 ? -1 : Int(regions[segment]), best.squareRoot())
    }
}
