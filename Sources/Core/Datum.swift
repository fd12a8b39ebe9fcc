import Foundation

/// What a pair of numbers for a place on the ground may mean. Everything is stored as WGS 84.
package enum Datum: String, CaseIterable, Sendable, Codable {
    case wgs84
    /// The national datum; within a metre of WGS 84, and taken as the same.
    case cgcs2000
    /// The national maps' obfuscated degrees (国测局坐标): about 500 m off in Shanghai.
    case gcj02
    /// Baidu's degrees, on top of GCJ-02.
    case bd09
    /// Metres east and north of 国际饭店, as the city's planners use; by the usual approximation.
    case shanghai

    /// Degrees of WGS 84, from x (east, or longitude) and y (north, or latitude). Nil where no place on the globe is
    /// meant.
    package func point(x: Double, y: Double) -> Coordinate? {
        switch self {
        case .wgs84, .cgcs2000: return Coordinate(latitude: y, longitude: x)
        case .gcj02: return Coordinate(latitude: y, longitude: x).flatMap { GCJ02.undone($0) }
        case .bd09: return BD09.undone(x: x, y: y).flatMap { GCJ02.undone($0) }
        case .shanghai: return ShanghaiPlane.point(east: x, north: y)
        }
    }

    /// x (east, or longitude) and y (north, or latitude) of a point; the inverse of `point` to within a centimetre.
    package func xy(_ point: Coordinate) -> (x: Double, y: Double) {
        switch self {
        case .wgs84, .cgcs2000: return (point.longitude, point.latitude)
        case .gcj02:
            let moved = GCJ02.done(point)
            return (moved.x, moved.y)
        case .bd09:
            let moved = GCJ02.done(point)
            return BD09.done(x: moved.x, y: moved.y)
        case .shanghai: return ShanghaiPlane.xy(point)
        }
    }
}

extension Coordinate {
    /// A point as a file writes it; nil where it lies outside what the datum covers, or off the city's own plane by
    /// more than 200 km.
    ///
    /// - Parameters:
    ///   - north: latitude in degrees, or metres north.
    ///   - east: longitude in degrees, or metres east.
    package init?(_ datum: Datum, north: Double, east: Double) {
        if datum == .shanghai, !(abs(north) <= 200_000 && abs(east) <= 200_000) { return nil }
        guard let point = datum.point(x: east, y: north) else { return nil }
        self = point
    }
}

/// The shift of the national maps. Its formulas are published by others; the constants are Krasovsky's ellipsoid.
enum GCJ02 {
    private static let axis = 6_378_245.0
    private static let eccentricity = 0.00669342162296594323

    /// Outside this box, which is wider than the country, nothing is shifted.
    private static func isShifted(_ point: Coordinate) -> Bool {
        (72.004...137.8347).contains(point.longitude) && (0.8293...55.8271).contains(point.latitude)
    }

    static func done(_ point: Coordinate) -> (x: Double, y: Double) {
        guard isShifted(point) else { return (point.longitude, point.latitude) }
        let shift = shift(point)
        return (point.longitude + shift.x, point.latitude + shift.y)
    }

    /// By fixed-point iteration: each round leaves a thousandth of the error before.
    static func undone(_ moved: Coordinate) -> Coordinate? {
        var guess = moved
        for _ in 0..<6 {
            let again = done(guess)
            guard
                let next = Coordinate(
                    latitude: guess.latitude + moved.latitude - again.y,
                    longitude: guess.longitude + moved.longitude - again.x)
            else { return nil }
            guess = next
        }
        return guess
    }

    private static func shift(_ point: Coordinate) -> (x: Double, y: Double) {
        let (x, y) = (point.longitude - 105, point.latitude - 35)
        let root = abs(x).squareRoot()
        let common = (20 * sin(6 * x * .pi) + 20 * sin(2 * x * .pi)) * 2 / 3
        var north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
        north += (20 * sin(y * .pi) + 40 * sin(y / 3 * .pi)) * 2 / 3
        north += (160 * sin(y / 12 * .pi) + 320 * sin(y * .pi / 30)) * 2 / 3
        var east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
        east += (20 * sin(x * .pi) + 40 * sin(x / 3 * .pi)) * 2 / 3
        east += (150 * sin(x / 12 * .pi) + 300 * sin(x / 30 * .pi)) * 2 / 3
        let latitude = point.latitude * .pi / 180
        let magic = 1 - eccentricity * sin(latitude) * sin(latitude)
        return (
            east * 180 / (axis / magic.squareRoot() * cos(latitude) * .pi),
            north * 180 / (axis * (1 - eccentricity) / (magic * magic.squareRoot()) * .pi)
        )
    }
}

/// Baidu's shift on top of the national maps'.
enum BD09 {
    private static let turn = Double.pi * 3_000 / 180
    private static let (east, north) = (0.0065, 0.006)

    static func done(x: Double, y: Double) -> (x: Double, y: Double) {
        let radius = (x * x + y * y).squareRoot() + 0.00002 * sin(y * turn)
        let angle = atan2(y, x) + 0.000003 * cos(x * turn)
        return (radius * cos(angle) + east, radius * sin(angle) + north)
    }

    /// By fixed-point iteration from the shift's own published inverse, which is good to about a metre.
    static func undone(x: Double, y: Double) -> Coordinate? {
        var guess = (x: x - east, y: y - north)
        for _ in 0..<8 {
            let again = done(x: guess.x, y: guess.y)
            guess = (guess.x + x - again.x, guess.y + y - again.y)
        }
        return Coordinate(latitude: guess.y, longitude: guess.x)
    }
}

/// Shanghai's own plane by the common approximation: azimuthal equidistant on a sphere around 国际饭店. Metres; surveys
/// need the city's restricted parameters instead.
enum ShanghaiPlane {
    private static let radius = 6_371_006.84
    private static let latitude = (31 + 14 / 60.0 + 7.55996 / 3_600) * Double.pi / 180
    private static let longitude = (121 + 28 / 60.0 + 1.80651 / 3_600) * Double.pi / 180

    static func xy(_ point: Coordinate) -> (x: Double, y: Double) {
        let (phi, delta) = (point.latitude * .pi / 180, point.longitude * .pi / 180 - longitude)
        // The angle from its tangent: the cosine is blind near the origin.
        let (east, north) = (
            cos(phi) * sin(delta), cos(latitude) * sin(phi) - sin(latitude) * cos(phi) * cos(delta)
        )
        let sine = (east * east + north * north).squareRoot()
        let cosine = sin(latitude) * sin(phi) + cos(latitude) * cos(phi) * cos(delta)
        let scale = sine < 1e-15 ? 1 : atan2(sine, cosine) / sine
        return (radius * scale * east, radius * scale * north)
    }

    /// Nil further off than a quarter of the globe, where the plane means nothing.
    static func point(east: Double, north: Double) -> Coordinate? {
        let distance = (east * east + north * north).squareRoot()
        guard distance.isFinite, distance < radius * .pi / 2 else { return nil }
        if distance < 1e-9 { return Coordinate(latitude: latitude * 180 / .pi, longitude: longitude * 180 / .pi) }
        let angle = distance / radius
        let phi = asin(cos(angle) * sin(latitude) + north / distance * sin(angle) * cos(latitude))
        let delta = atan2(
            east * sin(angle), distance * cos(latitude) * cos(angle) - north * sin(latitude) * sin(angle))
        return Coordinate(latitude: phi * 180 / .pi, longitude: (longitude + delta) * 180 / .pi)
    }
}
