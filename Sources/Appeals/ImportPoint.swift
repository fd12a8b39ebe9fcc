internal import Core

/// Reads the two cells of a place, in whatever system and order the file has them.
///
/// A person or the header (`高德经度`, `bd_lng`) says which system; large numbers are metres of the city's grid.
/// Latitude and longitude in each other's column are put right where only so they lie near the district.
struct ImportPoint: Sendable {
    private let datum: Datum
    private let locator: TownshipLocator

    /// - Parameter datum: as chosen for this import; nil for what the headers say.
    init(datum: Datum?, latitudeHeader: String, longitudeHeader: String, locator: TownshipLocator) {
        self.datum = datum ?? Self.datum(named: latitudeHeader, longitudeHeader) ?? .wgs84
        self.locator = locator
    }

    /// The system that one of the headers names; nil when none names any.
    static func datum(named headers: String...) -> Datum? { headers.lazy.compactMap(datum(of:)).first }

    private static func datum(of header: String) -> Datum? {
        let name = ImportText.normalised(header)
        if ["bd", "百度"].contains(where: name.contains) { return .bd09 }
        if ["gcj", "火星", "国测", "高德", "腾讯"].contains(where: name.contains) { return .gcj02 }
        return name.contains("城市坐标") ? .shanghai : nil
    }

    /// The point, and what is worth a word about it; without a point, why there is none.
    func read(latitude: String, longitude: String) -> (point: Coordinate?, reason: ImportReason?) {
        guard let north = Double(latitude), let east = Double(longitude), north.isFinite, east.isFinite,
            north != 0 || east != 0
        else { return (nil, .pointOutside) }
        let datum = max(abs(north), abs(east)) > 180 ? .shanghai : datum
        let written = Coordinate(datum, north: north, east: east)
        let swapped = Coordinate(datum, north: east, east: north)
        for isPlausible in [locator.isInside, locator.isNear] {
            if let written, isPlausible(written) { return (written, nil) }
            if let swapped, isPlausible(swapped) { return (swapped, .pointSwapped) }
        }
        // Metres are of this city or of nowhere we know.
        guard let written, datum != .shanghai else { return (nil, .pointOutside) }
        return (written, .pointFarAway)
    }
}
