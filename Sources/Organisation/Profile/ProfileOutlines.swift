internal import Core
internal import Yams

/// The townships' outlines as GeoJSON (RFC 7946): WGS 84, longitude first.
struct ProfileOutlines {
    struct Feature {
        let code: String?
        let name: String?
        let rings: [Ring]
        let line: Int
    }
    let file: String
    var features: [Feature] = []
    var isSchematic = false
    var provenance: Provenance?

    /// Reads a collection of polygons. Files of others carry neither `schematic` nor `source`: `isOurs` asks for both.
    init?(_ root: ProfileNode, isOurs: Bool, _ log: inout FaultLog) {
        file = root.file
        guard let parts = root.parts(&log) else { return nil }
        guard parts["type"]?.node.scalar?.string == "FeatureCollection", let list = parts["features"] else {
            log.add(
                file, root.line, zh: "应是 GeoJSON 的 FeatureCollection。", en: "a GeoJSON FeatureCollection is expected.")
            return nil
        }
        checkSystem(parts["crs"], &log)
        if isOurs { readProvenance(root, &log) }
        guard let items = list.items(&log) else { return nil }
        guard items.count <= OrganisationLimits.townshipsMax else {
            log.add(file, list.line, zh: "要素太多。", en: "there are too many features.")
            return nil
        }
        var points = 0
        for item in items {
            guard let feature = Self.feature(item, &log) else { continue }
            points += feature.rings.reduce(0) { $0 + $1.points.count }
            features.append(feature)
        }
        if points > OrganisationLimits.outlinePointsMax {
            let limit = OrganisationLimits.outlinePointsMax
            log.add(file, 0, zh: "边界点超过 \(limit) 个。", en: "there are more than \(limit) points.")
        }
    }

    /// RFC 7946 has no `crs`; older files name one, and anything but degrees of WGS 84 or CGCS2000 would misplace all.
    private func checkSystem(_ node: ProfileNode?, _ log: inout FaultLog) {
        guard let node, case .mapping(let crs) = node.node, let name = crs["properties"]?["name"]?.scalar?.string
        else { return }
        let isKnown = ["CRS84", "4326", "4490"].contains { name.hasSuffix($0) }
        if !isKnown {
            log.add(
                file, node.line, zh: "坐标系是“\(name)”。请先转换为 WGS 84 经纬度。",
                en: "the coordinate system is “\(name)”. Convert it to degrees of WGS 84 first.")
        }
    }

    private mutating func readProvenance(_ root: ProfileNode, _ log: inout FaultLog) {
        guard let record = root.record(excluding: ["features", "crs", "bbox"], &log) else { return }
        record.allow(["type", "name", "schematic", "verified", "source"], &log)
        provenance = record.provenance(&log)
        switch record.text("schematic", &log) {
        case "true": isSchematic = true
        case "false", nil: isSchematic = false
        case let word?:
            log.add(
                file, record.line(of: "schematic"), zh: "“schematic”应为 true 或 false，而不是“\(word)”。",
                en: "“schematic” must be true or false, not “\(word)”.")
        }
    }

    private static func feature(_ item: ProfileNode, _ log: inout FaultLog) -> Feature? {
        guard let parts = item.parts(&log) else { return nil }
        guard let properties = parts["properties"]?.parts(&log), let geometry = parts["geometry"]?.parts(&log),
            let coordinates = geometry["coordinates"]
        else {
            log.add(
                item.file, item.line, zh: "要素缺少 properties 或 geometry。",
                en: "the feature has no properties or no geometry.")
            return nil
        }
        let polygons: [ProfileNode]?
        switch geometry["type"]?.node.scalar?.string {
        case "Polygon": polygons = [coordinates]
        case "MultiPolygon": polygons = coordinates.items(&log)
        default:
            log.add(
                item.file, item.line, zh: "只认 Polygon 和 MultiPolygon。",
                en: "only Polygon and MultiPolygon are understood.")
            return nil
        }
        // Holes are left out: where one township lies within another, the inner one has an outline of its own.
        let rings = (polygons ?? []).compactMap { polygon -> Ring? in
            guard let outer = polygon.items(&log)?.first else {
                log.add(item.file, polygon.line, zh: "多边形没有外环。", en: "the polygon has no outer ring.")
                return nil
            }
            return ring(outer, &log)
        }
        guard !rings.isEmpty else { return nil }
        return Feature(
            code: properties["code"]?.node.scalar?.string, name: properties["name"]?.node.scalar?.string, rings: rings,
            line: item.line)
    }

    private static func ring(_ node: ProfileNode, _ log: inout FaultLog) -> Ring? {
        guard let positions = node.items(&log) else { return nil }
        var points: [Coordinate] = []
        for position in positions {
            guard case .sequence(let pair) = position.node, pair.count >= 2,
                let east = pair[0].scalar.flatMap({ Double($0.string) }),
                let north = pair[1].scalar.flatMap({ Double($0.string) }),
                let point = Coordinate(latitude: north, longitude: east)
            else {
                log.add(
                    node.file, position.line, zh: "坐标应为 [经度, 纬度]，单位度（WGS 84）。",
                    en: "a position must be [longitude, latitude] in degrees of WGS 84.")
                return nil
            }
            points.append(point)
        }
        guard points.count >= 4, points.first == points.last else {
            log.add(
                node.file, node.line, zh: "环至少要有四个点，且首尾相同。",
                en: "a ring needs four points or more, the last the same as the first.")
            return nil
        }
        guard points.squareDegrees > 1e-12 else {
            log.add(node.file, node.line, zh: "环没有面积。", en: "the ring encloses no area.")
            return nil
        }
        return Ring(Array(points.dropLast()))
    }
}

extension [Coordinate] {
    /// The area enclosed, without regard to the sphere: enough to tell a ring from a line.
    fileprivate var squareDegrees: Double {
        var sum = 0.0
        for (index, point) in enumerated() {
            let previous = self[index == 0 ? count - 1 : index - 1]
            sum += previous.longitude * point.latitude - point.longitude * previous.latitude
        }
        return abs(sum) / 2
    }
}
