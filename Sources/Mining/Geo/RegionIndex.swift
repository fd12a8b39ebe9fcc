package import Core

/// Which of a few regions holds a point, and which is nearest, for millions of points.
///
/// A grid laid over the regions knows the answer of every square that no edge crosses; in the others the edges of the
/// point's row are tested exactly as `Ring.contains` tests all. The first region that holds a point wins.
package struct RegionIndex: Sendable {
    package struct Region: Sendable {
        package let code: String
        package let rings: [Ring]
        package init(code: String, rings: [Ring]) {
            self.code = code
            self.rings = rings
        }
    }

    package let codes: [String]
    private let frame: RegionFrame
    /// Of each square: a region's position, `none`, or `mixed`.
    private let squares: [UInt16]
    /// Edges that cross each row of the grid, by row, then region, then ring.
    private let rowStarts: [Int32]
    private let rowEdges: [RegionEdge]
    private let nearest: NearestEdges

    private static let none: UInt16 = .max
    private static let mixed: UInt16 = .max - 1

    package init(_ regions: [Region]) {
        codes = regions.map(\.code)
        let edges = RegionEdge.all(of: regions)
        frame = RegionFrame(edges)
        (rowStarts, rowEdges) = Self.rows(edges, frame)
        squares = Self.squares(edges, regions, frame)
        nearest = NearestEdges(edges)
    }

    /// The region that holds the point; nil when none does.
    package func region(of point: Coordinate) -> String? {
        let position = position(latitude: point.latitude, longitude: point.longitude)
        return position < 0 ? nil : codes[position]
    }

    /// Position of the region among `codes`, or −1.
    @inline(__always)
    package func position(latitude: Double, longitude: Double) -> Int {
        guard let (row, column) = frame.square(latitude, longitude) else { return -1 }
        let square = squares[row * RegionFrame.size + column]
        if square == Self.none { return -1 }
        return square == Self.mixed ? exact(row, latitude, longitude) : Int(square)
    }

    /// The region that holds the point, at no distance, else the one with the nearest edge and how far that is.
    package func nearest(to point: Coordinate) -> (code: String, metres: Double)? {
        let found = nearest(latitude: point.latitude, longitude: point.longitude)
        return found.position < 0 ? nil : (codes[found.position], found.metres)
    }

    /// The same by position among `codes`; −1 when there are no regions.
    package func nearest(latitude: Double, longitude: Double) -> (position: Int, metres: Double) {
        let inside = position(latitude: latitude, longitude: longitude)
        return inside >= 0 ? (inside, 0) : nearest.find(latitude: latitude, longitude: longitude)
    }

    private func exact(_ row: Int, _ latitude: Double, _ longitude: Double) -> Int {
        rowEdges.withUnsafeBufferPointer { edges in
            var (region, ring, isInside) = (UInt16.max, UInt16.max, false)
            for at in Int(rowStarts[row])..<Int(rowStarts[row + 1]) {
                let edge = edges[at]
                if edge.region != region || edge.ring != ring {
                    if isInside { return Int(region) }
                    (region, ring, isInside) = (edge.region, edge.ring, false)
                }
                if edge.isCrossed(latitude, longitude) { isInside.toggle() }
            }
            return isInside ? Int(region) : -1
        }
    }

    private static func rows(_ edges: [RegionEdge], _ frame: RegionFrame) -> (starts: [Int32], edges: [RegionEdge]) {
        var rows = [[RegionEdge]](repeating: [], count: RegionFrame.size)
        for edge in edges {
            for row in frame.rows(edge.aLatitude, edge.bLatitude) { rows[row].append(edge) }
        }
        var starts: [Int32] = [0]
        for row in rows { starts.append(starts[starts.count - 1] + Int32(row.count)) }
        return (starts, rows.flatMap { $0 })
    }

    private static func squares(_ edges: [RegionEdge], _ regions: [Region], _ frame: RegionFrame) -> [UInt16] {
        let size = RegionFrame.size
        var squares = [UInt16](repeating: none, count: size * size)
        for edge in edges {
            for row in frame.rows(edge.aLatitude, edge.bLatitude) {
                for column in frame.columns(of: edge, in: row) { squares[row * size + column] = mixed }
            }
        }
        for row in 0..<size {
            var known: UInt16?
            for column in 0..<size {
                if squares[row * size + column] == mixed {
                    known = nil
                    continue
                }
                // Neighbours that no edge parts lie in one region.
                let value = known ?? holder(frame.middle(row, column), regions)
                squares[row * size + column] = value
                known = value
            }
        }
        return squares
    }

    private static func holder(_ point: Coordinate?, _ regions: [Region]) -> UInt16 {
        guard let point, let found = regions.firstIndex(where: { $0.rings.contains { $0.contains(point) } }) else {
            return none
        }
        return UInt16(truncatingIfNeeded: found)
    }
}

/// One side of a ring.
struct RegionEdge: Sendable {
    let region: UInt16
    /// Tells the rings of a region apart.
    let ring: UInt16
    let aLatitude: Double
    let aLongitude: Double
    let bLatitude: Double
    let bLongitude: Double

    static func all(of regions: [RegionIndex.Region]) -> [RegionEdge] {
        var edges: [RegionEdge] = []
        for (number, region) in regions.enumerated() {
            for (ringNumber, ring) in region.rings.enumerated() {
                for (at, a) in ring.points.enumerated() {
                    let b = ring.points[at == 0 ? ring.points.count - 1 : at - 1]
                    edges.append(
                        RegionEdge(
                            region: UInt16(truncatingIfNeeded: number), ring: UInt16(truncatingIfNeeded: ringNumber),
                            aLatitude: a.latitude, aLongitude: a.longitude, bLatitude: b.latitude,
                            bLongitude: b.longitude))
                }
            }
        }
        return edges
    }

    /// One crossing of the ray to the east, in the very expression of `Ring.contains`.
    @inline(__always)
    func isCrossed(_ latitude: Double, _ longitude: Double) -> Bool {
        (aLatitude > latitude) != (bLatitude > latitude)
            && longitude < (bLongitude - aLongitude) * (latitude - aLatitude) / (bLatitude - aLatitude) + aLongitude
    }
}

/// The grid over the regions: where its squares lie.
struct RegionFrame: Sendable {
    static let size = 512
    let south: Double
    let west: Double
    let north: Double
    let east: Double
    let rowsPerDegree: Double
    let columnsPerDegree: Double

    init(_ edges: [RegionEdge]) {
        // A little air, so that no outermost vertex lies on the frame.
        let air = 1e-6
        south = (edges.map(\.aLatitude).min() ?? 0) - air
        north = (edges.map(\.aLatitude).max() ?? 0) + air
        west = (edges.map(\.aLongitude).min() ?? 0) - air
        east = (edges.map(\.aLongitude).max() ?? 0) + air
        rowsPerDegree = Double(Self.size) / (north - south)
        columnsPerDegree = Double(Self.size) / (east - west)
    }

    /// Nil outside the frame.
    @inline(__always)
    func square(_ latitude: Double, _ longitude: Double) -> (row: Int, column: Int)? {
        guard latitude >= south, latitude < north, longitude >= west, longitude < east else { return nil }
        return (
            min(Self.size - 1, Int((latitude - south) * rowsPerDegree)),
            min(Self.size - 1, Int((longitude - west) * columnsPerDegree))
        )
    }

    func middle(_ row: Int, _ column: Int) -> Coordinate? {
        Coordinate(
            latitude: south + (Double(row) + 0.5) / rowsPerDegree,
            longitude: west + (Double(column) + 0.5) / columnsPerDegree
        )
    }

    func rows(_ a: Double, _ b: Double) -> ClosedRange<Int> { Self.span(a - south, b - south, rowsPerDegree) }

    /// Columns that an edge touches within one row.
    func columns(of edge: RegionEdge, in row: Int) -> ClosedRange<Int> {
        let low = south + (Double(row) - 0.01) / rowsPerDegree
        let high = south + (Double(row) + 1.01) / rowsPerDegree
        let (least, most) = (min(edge.aLatitude, edge.bLatitude), max(edge.aLatitude, edge.bLatitude))
        guard most > least else { return Self.span(edge.aLongitude - west, edge.bLongitude - west, columnsPerDegree) }
        func longitude(_ latitude: Double) -> Double {
            let at = min(max(latitude, least), most)
            return (edge.bLongitude - edge.aLongitude) * (at - edge.aLatitude) / (edge.bLatitude - edge.aLatitude)
                + edge.aLongitude
        }
        return Self.span(longitude(low) - west, longitude(high) - west, columnsPerDegree)
    }

    /// Squares between two places, with a hundredth of one more on each side against rounding.
    private static func span(_ a: Double, _ b: Double, _ perDegree: Double) -> ClosedRange<Int> {
        let low = Int((min(a, b) * perDegree - 0.01).rounded(.down))
        let high = Int((max(a, b) * perDegree + 0.01).rounded(.down))
        return min(size - 1, max(0, low))...min(size - 1, max(0, high))
    }
}
