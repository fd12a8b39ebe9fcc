import Core
import Testing

@testable import Mining

@Suite("Regions of points")
struct RegionIndexTests {
    /// Stars round centres: neighbours overlap, so that the first must win.
    private func regions(_ random: inout SeededRandom) -> [RegionIndex.Region] {
        (0..<10).map { number in
            let (latitude, longitude) = (31.2 + Double(number / 4) * 0.03, 121.3 + Double(number % 4) * 0.03)
            let count = Int.random(in: 3...60, using: &random)
            let points = (0..<count).compactMap { at in
                let radius = Double.random(in: 0.005..<0.025, using: &random)
                let angle = Double(at) / Double(count) * 2 * .pi
                return Coordinate(
                    latitude: latitude + radius * Self.sine(angle),
                    longitude: longitude + radius * Self.sine(angle + .pi / 2))
            }
            return RegionIndex.Region(code: "r\(number)", rings: [Ring(points)])
        }
    }

    /// Enough of a sine for a shape.
    private static func sine(_ angle: Double) -> Double {
        let x = (angle + .pi).truncatingRemainder(dividingBy: 2 * .pi) - .pi
        return 4 / .pi * x - 4 / (.pi * .pi) * x * abs(x)
    }

    private func slow(_ regions: [RegionIndex.Region], _ point: Coordinate) -> String? {
        regions.first { $0.rings.contains { $0.contains(point) } }?.code
    }

    @Test("The index answers as the plain test of every edge does, on edges and vertices too", arguments: 0..<3)
    func inside(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let regions = regions(&random)
        let index = RegionIndex(regions)
        let vertices = regions.flatMap { $0.rings.flatMap(\.points) }
        var points = vertices
        for (a, b) in zip(vertices, vertices.dropFirst()) {
            let part = Double.random(in: 0...1, using: &random)
            if let on = Coordinate(
                latitude: a.latitude + (b.latitude - a.latitude) * part,
                longitude: a.longitude + (b.longitude - a.longitude) * part)
            {
                points.append(on)
            }
        }
        for _ in 0..<4_000 {
            if let point = Coordinate(
                latitude: 31.15 + Double.random(in: 0..<0.2, using: &random),
                longitude: 121.25 + Double.random(in: 0..<0.2, using: &random))
            {
                points.append(point)
            }
        }
        for point in points { #expect(index.region(of: point) == slow(regions, point), "seed \(seed) \(point)") }
    }

    @Test("The nearest region is at no distance inside, and outside as far as its nearest edge")
    func nearest() throws {
        let square = try [(31.2, 121.4), (31.2, 121.41), (31.21, 121.41), (31.21, 121.4)].map {
            try #require(Coordinate(latitude: $0.0, longitude: $0.1))
        }
        let far = try [(31.3, 121.4), (31.3, 121.41), (31.31, 121.41)].map {
            try #require(Coordinate(latitude: $0.0, longitude: $0.1))
        }
        let index = RegionIndex([
            .init(code: "near", rings: [Ring(square)]), .init(code: "far", rings: [Ring(far)]),
        ])
        func find(_ latitude: Double, _ longitude: Double) throws -> (code: String, metres: Double) {
            let point = try #require(Coordinate(latitude: latitude, longitude: longitude))
            return try #require(index.nearest(to: point))
        }
        #expect(try find(31.205, 121.405) == ("near", 0))
        // A thousandth of a degree north is 111.2 m; the point stands above the middle of the north edge.
        let above = try find(31.211, 121.405)
        #expect(above.code == "near" && abs(above.metres - 111.2) < 0.2)
        #expect(try find(31.29, 121.405).code == "far")
        #expect(try find(45, 100).code == "far")
        #expect(RegionIndex([]).region(of: square[0]) == nil && RegionIndex([]).nearest(to: square[0]) == nil)
    }

    @Test("The nearest edge is the one that a look at all edges finds", arguments: 0..<2)
    func nearestOfAll(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed))
        let index = RegionIndex(regions(&random))
        for _ in 0..<300 {
            let point = try #require(
                Coordinate(
                    latitude: 31.1 + Double.random(in: 0..<0.3, using: &random),
                    longitude: 121.2 + Double.random(in: 0..<0.3, using: &random)))
            let found = try #require(index.nearest(to: point))
            guard found.metres > 1 else { continue }
            // On the way to the nearest edge nothing is nearer: a step anywhere gains at most the step.
            for (north, east) in [(1e-4, 0.0), (-1e-4, 0), (0, 1e-4), (0, -1e-4)] {
                let moved = try #require(
                    Coordinate(latitude: point.latitude + north, longitude: point.longitude + east))
                let next = try #require(index.nearest(to: moved))
                #expect(next.metres >= found.metres - 11.2, "seed \(seed)")
                #expect(next.metres <= found.metres + 11.2, "seed \(seed)")
            }
        }
    }
}
