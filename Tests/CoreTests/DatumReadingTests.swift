import Core
import Testing

@Suite("Systems of coordinates")
struct DatumReadingTests {
    /// 人民广场 in each system, by the published formulas.
    private static let square = (latitude: 31.230_416, longitude: 121.473_701)

    /// How far GCJ-02 lies from a point of WGS 84, in degrees.
    private static func shift(_ latitude: Double, _ longitude: Double) throws -> (north: Double, east: Double) {
        let (x, y) = Datum.gcj02.xy(try #require(Coordinate(latitude: latitude, longitude: longitude)))
        return (y - latitude, x - longitude)
    }

    private func distance(_ point: Coordinate?, _ latitude: Double, _ longitude: Double) throws -> Double {
        let expected = try #require(Coordinate(latitude: latitude, longitude: longitude))
        return try #require(point).metres(to: expected)
    }

    @Test("A shifted point is brought back to where it is, within half a metre")
    func roundTrip() throws {
        for (latitude, longitude) in [
            (31.2304, 121.4737), (39.9087, 116.3975), (43.8256, 87.6168), (22.5431, 114.0579),
        ] {
            let shift = try Self.shift(latitude, longitude)
            let shifted = (north: latitude + shift.north, east: longitude + shift.east)
            let point = Coordinate(.gcj02, north: shifted.north, east: shifted.east)
            #expect(try distance(point, latitude, longitude) < 0.5)
            let moved = try distance(
                Coordinate(latitude: shifted.north, longitude: shifted.east), latitude, longitude)
            #expect((100...1_000).contains(moved), "\(moved) m")
        }
    }

    @Test("The shift in Shanghai is the one that is known: some 190 m south and 440 m east")
    func shanghaiShift() throws {
        let shift = try Self.shift(Self.square.latitude, Self.square.longitude)
        #expect((-0.0025 ... -0.0015).contains(shift.north), "\(shift.north)")
        #expect((0.0040...0.0055).contains(shift.east), "\(shift.east)")
    }

    @Test("Baidu's second shift is taken off as well")
    func baidu() throws {
        let shift = try Self.shift(Self.square.latitude, Self.square.longitude)
        // 0.006 and 0.0065 degrees and a wave of at most 5 m.
        let point = Coordinate(
            .bd09, north: Self.square.latitude + shift.north + 0.006, east: Self.square.longitude + shift.east + 0.0065)
        #expect(try distance(point, Self.square.latitude, Self.square.longitude) < 300)
        let unshifted = try distance(
            Coordinate(
                latitude: Self.square.latitude + shift.north + 0.006,
                longitude: Self.square.longitude + shift.east + 0.0065), Self.square.latitude, Self.square.longitude)
        #expect(unshifted > 900)
    }

    @Test("Metres of the city's grid count from the International Hotel")
    func metres() throws {
        #expect(try distance(Coordinate(.shanghai, north: 0, east: 0), 31.235_433, 121.467_168) < 1)
        // One kilometre north is one kilometre away, and so is one west.
        let hotel = try #require(Coordinate(.shanghai, north: 0, east: 0))
        for (north, east) in [(1_000.0, 0.0), (0, -1_000), (-600, 800)] {
            let point = try #require(Coordinate(.shanghai, north: north, east: east))
            #expect(abs(point.metres(to: hotel) - 1_000) < 1)
            #expect((point.latitude > hotel.latitude) == (north > 0) || north == 0)
            #expect((point.longitude > hotel.longitude) == (east > 0) || east == 0)
        }
    }

    @Test("Abroad nothing is shifted, and off the globe or the grid there is no point")
    func outside() throws {
        #expect(try distance(Coordinate(.gcj02, north: 42.36, east: -71.06), 42.36, -71.06) == 0)
        #expect(Coordinate(.wgs84, north: 121.4, east: 31.2) == nil)
        #expect(Coordinate(.shanghai, north: 3_456_789, east: 0) == nil)
        #expect(
            Coordinate(.wgs84, north: .nan, east: 0) == nil && Coordinate(.shanghai, north: .infinity, east: 1) == nil)
    }
}
