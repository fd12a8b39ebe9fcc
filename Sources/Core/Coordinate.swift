import Foundation

/// A point in degrees of WGS 84; CGCS2000 differs by less than a metre and is stored as the same.
package struct Coordinate: Hashable, Sendable {
    package let latitude: Double
    package let longitude: Double

    /// Nil outside the globe, or when a part is not a number.
    package init?(latitude: Double, longitude: Double) {
        guard latitude.isFinite, longitude.isFinite, abs(latitude) <= 90, abs(longitude) <= 180 else { return nil }
        self.latitude = latitude
        self.longitude = longitude
    }

    /// Great-circle distance on a sphere of 6,371,008.8 m (the mean radius of IUGG).
    package func metres(to other: Coordinate) -> Double {
        let (phi1, phi2) = (latitude * .pi / 180, other.latitude * .pi / 180)
        let deltaPhi = phi2 - phi1
        let deltaLambda = (other.longitude - longitude) * .pi / 180
        let a = pow(sin(deltaPhi / 2), 2) + cos(phi1) * cos(phi2) * pow(sin(deltaLambda / 2), 2)
        return 2 * 6_371_008.8 * asin(min(1, a.squareRoot()))
    }
}

/// One closed ring of a township's outline; the last point joins the first.
package struct Ring: Sendable, Equatable {
    package let points: [Coordinate]
    package init(_ points: [Coordinate]) { self.points = points }

    /// Even-odd rule; a point exactly on an edge belongs to one side only.
    package func contains(_ point: Coordinate) -> Bool {
        var isInside = false
        var previous = points.count - 1
        for index in points.indices {
            let (a, b) = (points[index], points[previous])
            if (a.latitude > point.latitude) != (b.latitude > point.latitude),
                point.longitude < (b.longitude - a.longitude) * (point.latitude - a.latitude)
                    / (b.latitude - a.latitude) + a.longitude
            {
                isInside.toggle()
            }
            previous = index
        }
        return isInside
    }
}
