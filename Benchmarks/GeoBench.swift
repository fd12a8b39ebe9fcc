import Core
import Foundation
import Mining

/// A million points against the ten townships, one core, beside the test of every edge.
enum GeoBench {
    static func points(_: [String]) async throws {
        guard let path = RealData.file("geo/putuo_townships.geojson") else {
            return Report.skip("points", because: "the real outlines are not at hand")
        }
        let regions = try regions(path)
        let index = RegionIndex(regions)
        var random = SeededRandom(seed: 1)
        let points = (0..<1_000_000).compactMap { _ in
            Coordinate(
                latitude: Double.random(in: 31.20..<31.32, using: &random),
                longitude: Double.random(in: 121.33..<121.46, using: &random))
        }
        var (sum, metres) = (0, 0.0)
        let inside = await Clock.samples(7) {
            for point in points {
                sum &+= index.position(latitude: point.latitude, longitude: point.longitude)
            }
        }
        Report.figure(
            "in which township", inside.rate(of: 1_000_000), "points/s",
            limit: ("at least 5,000,000", { $0 >= 5_000_000 }))
        let nearest = await Clock.samples(7) {
            for point in points {
                metres += index.nearest(latitude: point.latitude, longitude: point.longitude).metres
            }
        }
        Report.figure(
            "nearest township and how far", nearest.rate(of: 1_000_000), "points/s",
            limit: ("at least 5,000,000", { $0 >= 5_000_000 }))
        let some = points.prefix(50_000)
        var different = 0
        let slow = await Clock.samples(3) {
            different = 0
            for point in some {
                let code = regions.first { $0.rings.contains { $0.contains(point) } }?.code
                if code != index.region(of: point) { different += 1 }
            }
        }
        Report.ratio(
            "in which township", ours: inside, peer: Samples(slow.values.map { $0 * 20 }),
            peerName: "the test of every edge")
        Report.line("answers that differ from it", "\(different)", limit: ("none", different == 0))
        if sum == .max || metres < 0 { Report.line("checksum", "\(sum)") }
    }

    private struct Collection: Decodable {
        struct Properties: Decodable { let code: String }
        struct Feature: Decodable {
            let properties: Properties
            let geometry: Geometry
        }
        struct Geometry: Decodable {
            let rings: [[[Double]]]
            private enum Key: CodingKey { case type, coordinates }
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Key.self)
                if try container.decode(String.self, forKey: .type) == "Polygon" {
                    rings = [try container.decode([[[Double]]].self, forKey: .coordinates)[0]]
                } else {
                    rings = try container.decode([[[[Double]]]].self, forKey: .coordinates).map { $0[0] }
                }
            }
        }
        let features: [Feature]
    }

    private static func regions(_ path: String) throws -> [RegionIndex.Region] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return try JSONDecoder().decode(Collection.self, from: data).features.map { feature in
            RegionIndex.Region(
                code: feature.properties.code,
                rings: feature.geometry.rings.map { ring in
                    Ring(ring.compactMap { Coordinate(latitude: $0[1], longitude: $0[0]) })
                })
        }
    }
}
