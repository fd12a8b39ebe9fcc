internal import Foundation

/// The systems in which Chinese offices and their contractors write down a place.
package enum Datum: String, Sendable, CaseIterable {
    /// Degrees; CGCS2000 is the same within a metre.
    case wgs84
    /// Degrees shifted by law (国测局, 火星): what AMap and Tencent give. About 500 m off in Shanghai.
    case gcj02
    /// GCJ-02 shifted once more by Baidu.
    case bd09
    /// Metres east and north of the International Hotel (上海城市坐标): what the city's grid management gives.
    case shanghai
}

extension Coordinate {
    /// A point written in another system; nil where it lies outside what the system covers.
    ///
    /// - Parameters:
    ///   - north: latitude in degrees, or metres north.
    ///   - east: longitude in degrees, or metres east.
    package init?(_ datum: Datum, north: Double, east: Double) {
        switch datum {
        case .wgs84: self.init(latitude: north, longitude: east)
        case .gcj02: self.init(gcj02: north, east)
        case .bd09: self.init(bd09: north, east)
        case .shanghai: self.init(shanghaiMetresNorth: north, east: east)
        }
    }

    /// The shift has no formula backwards: the point is found whose shift leads here, to a millionth of a degree.
    private init?(gcj02 latitude: Double, _ longitude: Double) {
        // Abroad nothing is shifted.
        guard (0.8293...55.8271).contains(latitude), (72.004...137.8347).contains(longitude) else {
            self.init(latitude: latitude, longitude: longitude)
            return
        }
        var (north, east) = (latitude, longitude)
        for _ in 0..<8 {
            let shift = Self.gcj02Shift(north, east)
            (north, east) = (latitude - shift.north, longitude - shift.east)
        }
        self.init(latitude: north, longitude: east)
    }

    private init?(bd09 latitude: Double, _ longitude: Double) {
        let turn = Double.pi * 3_000 / 180
        let (x, y) = (longitude - 0.0065, latitude - 0.006)
        let radius = (x * x + y * y).squareRoot() - 0.00002 * sin(y * turn)
        let angle = atan2(y, x) - 0.000003 * cos(x * turn)
        self.init(gcj02: radius * sin(angle), radius * cos(angle))
    }

    /// How far GCJ-02 lies from a point of WGS 84, in degrees.
    static func gcj02Shift(_ latitude: Double, _ longitude: Double) -> (north: Double, east: Double) {
        let (x, y) = (longitude - 105, latitude - 35)
        func waves(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double) -> Double {
            (20 * sin(6 * a * .pi) + 20 * sin(2 * a * .pi)) * 2 / 3
                + (20 * sin(b * .pi) + 40 * sin(b / 3 * .pi)) * 2 / 3
                + (c * sin(b / 12 * .pi) + d * sin(b * .pi / e)) * 2 / 3 + f
        }
        let north =
            waves(x, y, 160, 320, 30, -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * abs(x).squareRoot())
        let east =
            waves(x, x, 150, 300, 30, 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * abs(x).squareRoot())
        let (axis, eccentricity) = (6_378_245.0, 0.00669342162296594323)
        let phi = latitude / 180 * .pi
        let magic = 1 - eccentricity * sin(phi) * sin(phi)
        return (
            north * 180 / (axis * (1 - eccentricity) / (magic * magic.squareRoot()) * .pi),
            east * 180 / (axis / magic.squareRoot() * cos(phi) * .pi)
        )
    }

    /// Azimuthal equidistant on a sphere: within some metres of the city's own grid, which is not published.
    private init?(shanghaiMetresNorth north: Double, east: Double) {
        guard north.isFinite, east.isFinite, abs(north) <= 200_000, abs(east) <= 200_000 else { return nil }
        let origin = (phi: 31.235_433_322 * Double.pi / 180, lambda: 121.467_168_475 * Double.pi / 180)
        let distance = (north * north + east * east).squareRoot()
        guard distance > 0 else {
            self.init(latitude: origin.phi * 180 / .pi, longitude: origin.lambda * 180 / .pi)
            return
        }
        let arc = distance / 6_371_006.84
        let phi = asin(cos(arc) * sin(origin.phi) + north / distance * sin(arc) * cos(origin.phi))
        let lambda =
            origin.lambda
            + atan2(east * sin(arc), distance * cos(origin.phi) * cos(arc) - north * sin(origin.phi) * sin(arc))
        self.init(latitude: phi * 180 / .pi, longitude: lambda * 180 / .pi)
    }
}
