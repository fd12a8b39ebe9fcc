import Core
import Testing

@Suite("Datums")
struct DatumTests {
    /// Points of the whole country, and as many within Shanghai.
    private static func points(seed: UInt64) -> [Coordinate] {
        var random = SeededGenerator(seed: seed)
        return (0..<400).compactMap { index in
            index % 2 == 0
                ? Coordinate(
                    latitude: .random(in: 18...53, using: &random), longitude: .random(in: 74...134, using: &random))
                : Coordinate(
                    latitude: .random(in: 30.7...31.9, using: &random),
                    longitude: .random(in: 120.8...122, using: &random))
        }
    }

    @Test(
        "There and back is the same place, within a tenth of a metre", arguments: Datum.allCases, [1, 2, 3] as [UInt64])
    func roundTrip(datum: Datum, seed: UInt64) throws {
        for point in Self.points(seed: seed) {
            let (x, y) = datum.xy(point)
            let back = try #require(datum.point(x: x, y: y), "seed \(seed), \(point)")
            #expect(back.metres(to: point) < 0.1, "seed \(seed), \(point)")
        }
    }

    @Test(
        "Published pairs of the national maps and of Baidu come out",
        arguments: [
            (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597),
            (113.912316, 22.543847, 113.9171764808363, 22.540796131694766),
            (116.377817, 39.911954, 116.38404722455657, 39.91334545536069),
        ])
    func published(longitude: Double, latitude: Double, x: Double, y: Double) throws {
        let point = try #require(Coordinate(latitude: latitude, longitude: longitude))
        let moved = Datum.gcj02.xy(point)
        #expect(abs(moved.x - x) < 1e-9 && abs(moved.y - y) < 1e-9)
        let national = try #require(Datum.gcj02.point(x: 116.404, y: 39.915))
        let baidu = Datum.bd09.xy(national)
        #expect(abs(baidu.x - 116.41036949371029) < 1e-8 && abs(baidu.y - 39.92133699351021) < 1e-8)
    }

    @Test("The national shift is about half a kilometre in Shanghai, and nothing abroad")
    func shift() throws {
        let shanghai = try #require(Coordinate(latitude: 31.25, longitude: 121.4))
        let (x, y) = Datum.gcj02.xy(shanghai)
        let moved = try #require(Coordinate(latitude: y, longitude: x))
        #expect((400...650).contains(moved.metres(to: shanghai)))
        let boston = try #require(Coordinate(latitude: 42.36, longitude: -71.06))
        #expect(Datum.gcj02.xy(boston).x == boston.longitude)
    }

    @Test("The city's plane begins at 国际饭店 and is true in length near it")
    func plane() throws {
        let origin = try #require(Datum.shanghai.point(x: 0, y: 0))
        #expect(abs(origin.latitude - 31.2354333) < 1e-6 && abs(origin.longitude - 121.4671685) < 1e-6)
        let away = try #require(Datum.shanghai.point(x: -6_000, y: 1_500))
        #expect(abs(away.metres(to: origin) - 6_184.66) < 0.1)
        #expect(Datum.shanghai.point(x: 2e7, y: 0) == nil)
        #expect(Datum.shanghai.point(x: .nan, y: 0) == nil)
    }

    /// Two townships side by side, together six kilometres wide.
    private static func townships() throws -> [[Ring]] {
        func ring(_ west: Double, _ east: Double) throws -> Ring {
            Ring(
                try [(31.22, west), (31.22, east), (31.28, east), (31.28, west)].map {
                    try #require(Coordinate(latitude: $0.0, longitude: $0.1))
                })
        }
        return [[try ring(121.37, 121.40)], [try ring(121.40, 121.43)]]
    }

    @Test(
        "The datum of an unlabelled file is found from where its points fall, either way round",
        arguments: [Datum.wgs84, .gcj02, .bd09, .shanghai], [false, true])
    func guess(datum: Datum, isSwapped: Bool) throws {
        var random = SeededGenerator(seed: 5)
        let rows = try (0..<300).map { _ -> DatumGuess.Row in
            let point = try #require(
                Coordinate(
                    latitude: .random(in: 31.221...31.279, using: &random),
                    longitude: .random(in: 121.371...121.429, using: &random)))
            let (x, y) = datum.xy(point)
            return DatumGuess.Row(
                x: isSwapped ? y : x, y: isSwapped ? x : y, township: point.longitude < 121.4 ? 0 : 1)
        }
        let guess = DatumGuess(rows, townships: try Self.townships())
        #expect(guess.best?.datum == datum && guess.best?.isSwapped == isSwapped)
        #expect(guess.isClear && guess.best?.inside == 300 && guess.best?.agreeing == 300 && guess.named == 300)
    }

    @Test("A file whose points lie nowhere near is said to be unclear")
    func unclear() throws {
        let townships = try Self.townships()
        let nowhere = DatumGuess(
            (0..<20).map { DatumGuess.Row(x: Double($0), y: 91, township: nil) }, townships: townships)
        #expect(nowhere.best == nil && !nowhere.isClear)
        #expect(!DatumGuess([], townships: townships).isClear)
        // In the middle of the district a shift of half a kilometre shows nowhere.
        let one = DatumGuess([DatumGuess.Row(x: 121.40, y: 31.25, township: nil)], townships: townships)
        #expect(!one.isClear)
    }
}
