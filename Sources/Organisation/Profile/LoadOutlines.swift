internal import Core
package import Foundation

/// Replaces a profile's schematic outlines by those of a GeoJSON file, matched by township code, else by name.
package struct LoadOutlines {
    let profile: Profile
    let folder: URL

    package init(profile: Profile, folder: URL) {
        self.profile = profile
        self.folder = folder
    }

    /// - Parameters:
    ///   - source: who drew them; kept with the outlines and shown with the map.
    /// - Returns: the codes of the townships whose outlines were written, in the profile's order.
    /// - Throws: `ProfileError.outlinesFaulty`, with every fault, and nothing written.
    package func callAsFunction(_ file: URL, source: String) throws -> [String] {
        var log = FaultLog()
        let name = file.lastPathComponent
        let files = ProfileFiles(folder: file.deletingLastPathComponent())
        let outlines = files.json(name, &log)
            .flatMap { ProfileOutlines(ProfileNode(file: name, node: $0), isOurs: false, &log) }
        var rings: [String: [Ring]] = [:]
        for feature in outlines?.features ?? [] {
            guard let township = township(of: feature) else {
                let what = feature.code ?? feature.name ?? "?"
                log.add(
                    name, feature.line, zh: "“\(what)”不是本区的街镇。请删去，或在 properties 中写明 code。",
                    en: "“\(what)” is no township of this district. Remove it, or give its code in the properties.")
                continue
            }
            rings[township.code, default: []] += feature.rings
        }
        for township in profile.townships where rings[township.code] == nil && log.faults.isEmpty {
            log.add(
                name, 0, zh: "缺少“\(township.name.zh)”（\(township.code)）的边界。",
                en: "the outline of “\(township.name.en)” (\(township.code)) is missing.")
        }
        guard log.faults.isEmpty else { throw ProfileError.outlinesFaulty(log.faults) }
        try write(rings, source: source)
        return profile.townships.map(\.code)
    }

    private func township(of feature: ProfileOutlines.Feature) -> Township? {
        if let code = feature.code { return profile.township(code) }
        return profile.townships.first { township in
            feature.name.map { $0 == township.name.zh || $0 == township.name.en || township.aliases.contains($0) }
                ?? false
        }
    }

    /// Written beside the old file and loaded with the rest of the profile before it takes the old one's place.
    private func write(_ rings: [String: [Ring]], source: String) throws {
        // GeoJSON repeats the first point at the end of a ring; `Ring` does not.
        let features = profile.townships.map { township in
            Feature(
                properties: .init(code: township.code, name: township.name.zh),
                geometry: .init(
                    coordinates: (rings[township.code] ?? []).map { ring in
                        [(ring.points + ring.points.prefix(1)).map { [$0.longitude, $0.latitude] }]
                    }))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(Collection(features: features, source: source))
        let trial = FileManager.default.temporaryDirectory.appendingPathComponent("profile-\(UUID().uuidString)")
            .appendingPathComponent(folder.lastPathComponent)
        try FileManager.default.createDirectory(at: trial, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: trial.deletingLastPathComponent()) }
        for file in ProfileLoader.fileNames where file != Self.fileName {
            try FileManager.default.copyItem(
                at: folder.appendingPathComponent(file), to: trial.appendingPathComponent(file))
        }
        try data.write(to: trial.appendingPathComponent(Self.fileName))
        do {
            _ = try ProfileLoader.load(folder: trial)
        } catch ProfileError.faulty(let faults) {
            throw ProfileError.outlinesFaulty(faults)
        }
        try data.write(to: folder.appendingPathComponent(Self.fileName), options: .atomic)
    }

    private static let fileName = "outlines.geojson"

    private struct Collection: Encodable {
        var type = "FeatureCollection"
        var schematic = false
        var verified = false
        let features: [Feature]
        let source: String

        init(features: [Feature], source: String) {
            self.features = features
            self.source = source
        }
    }
    private struct Feature: Encodable {
        var type = "Feature"
        let properties: Properties
        let geometry: Geometry

        init(properties: Properties, geometry: Geometry) {
            self.properties = properties
            self.geometry = geometry
        }
        struct Properties: Encodable { let code: String, name: String }
        struct Geometry: Encodable {
            var type = "MultiPolygon"
            let coordinates: [[[[Double]]]]
            init(coordinates: [[[[Double]]]]) { self.coordinates = coordinates }
        }
    }
}
