package import Core

/// Squares of one size laid over points; only those with points are cells.
package struct ScanGrid: Sendable, Equatable {
    package let edgeMetres: Int
    package let cells: [ScanCell]
    /// The cell of each point, in the order of the points.
    package let cellOf: [Int]

    /// - Parameters:
    ///   - cellsMax: the squares grow, from 100 m by a tenth, until no more of them have points.
    ///   - edgeMetres: the size; nil to find it.
    package init(_ points: [Coordinate], cellsMax: Int, edgeMetres: Int? = nil) {
        let west = points.map(\.longitude).min() ?? 0
        let south = points.map(\.latitude).min() ?? 0
        let north = points.map(\.latitude).max() ?? 0
        let middle = Coordinate(latitude: (south + north) / 2, longitude: 0)
        // One length of a degree for all rows, or squares of different rows would not line up.
        let metresEast =
            middle.flatMap { from in
                Coordinate(latitude: from.latitude, longitude: 1).map { from.metres(to: $0) }
            } ?? Self.metresNorth
        func square(_ point: Coordinate, _ edge: Int) -> Square {
            Square(
                row: Int((point.latitude - south) * Self.metresNorth) / edge,
                column: Int((point.longitude - west) * metresEast) / edge)
        }
        var edge = edgeMetres ?? 100
        var squares = points.map { square($0, edge) }
        while edgeMetres == nil, Set(squares).count > cellsMax {
            edge += max(10, edge / 100 * 10)
            squares = points.map { square($0, edge) }
        }
        self.edgeMetres = edge
        let order = Set(squares).sorted()
        let position = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        cellOf = squares.map { position[$0] ?? 0 }
        cells = Self.cells(order, points, cellOf)
    }

    private static let metresNorth = 111_195.0

    private struct Square: Hashable, Comparable {
        let row: Int
        let column: Int
        static func < (left: Square, right: Square) -> Bool { (left.row, left.column) < (right.row, right.column) }
    }

    /// A cell's centre is the mean of its points, in whole millionths of a degree so that their order does not matter.
    private static func cells(_ squares: [Square], _ points: [Coordinate], _ cellOf: [Int]) -> [ScanCell] {
        var sums = [(latitude: Int, longitude: Int, count: Int)](repeating: (0, 0, 0), count: squares.count)
        for (point, cell) in zip(points, cellOf) {
            sums[cell].latitude += Int((point.latitude * 1e6).rounded())
            sums[cell].longitude += Int((point.longitude * 1e6).rounded())
            sums[cell].count += 1
        }
        return zip(squares, sums).compactMap { square, sum in
            Coordinate(
                latitude: Double(sum.latitude / sum.count) / 1e6, longitude: Double(sum.longitude / sum.count) / 1e6
            ).map { ScanCell(code: "R\(square.row + 1)C\(square.column + 1)", centre: $0) }
        }
    }
}
