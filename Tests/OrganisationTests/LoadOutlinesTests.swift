import Core
import Foundation
import Testing

@testable import Organisation

@Suite("Real outlines take the place of schematic ones")
struct LoadOutlinesTests {
    /// A copy of the invented profile in a folder of its own.
    private func copy() throws -> URL {
        let home = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        let folder = home.appendingPathComponent("linhai-demo")
        try FileManager.default.copyItem(at: try ProfileLoader.folder(slug: "linhai-demo"), to: folder)
        return folder
    }

    /// Squares around each township's centre, by name or by code.
    private func collection(_ profile: Profile, count: Int, byName: Bool) -> String {
        let features = profile.townships.prefix(count).map { township -> String in
            let (x, y) = (township.centre.longitude, township.centre.latitude)
            let ring = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
                .map { "[\(x + Double($0.0) * 0.004), \(y + Double($0.1) * 0.004)]" }.joined(separator: ", ")
            let name = byName ? "\"name\": \"\(township.name.zh)\"" : "\"code\": \"\(township.code)\""
            return """
                {"type": "Feature", "properties": {\(name)},
                 "geometry": {"type": "Polygon", "coordinates": [[\(ring)]]}}
                """
        }
        return "{\"type\": \"FeatureCollection\", \"features\": [\(features.joined(separator: ",\n"))]}"
    }

    private func write(_ text: String, beside folder: URL) throws -> URL {
        let file = folder.deletingLastPathComponent().appendingPathComponent("real.geojson")
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file
    }

    @Test("Matched by code or by name, they are loaded with the profile from then on", arguments: [true, false])
    func loads(byName: Bool) throws {
        let folder = try copy()
        let profile = try ProfileLoader.load(folder: folder)
        let file = try write(collection(profile, count: profile.townships.count, byName: byName), beside: folder)
        let codes = try LoadOutlines(profile: profile, folder: folder)(file, source: "规划资源局")
        #expect(codes == profile.townships.map(\.code))
        let after = try ProfileLoader.load(folder: folder)
        #expect(after.townships.allSatisfy { !$0.isSchematic && $0.outlines.map(\.points.count) == [4] })
        #expect(after.townships.allSatisfy { $0.outlines[0].contains($0.centre) })
    }

    @Test("With one township missing nothing is written, and it is named")
    func missing() throws {
        let folder = try copy()
        let profile = try ProfileLoader.load(folder: folder)
        let outlines = folder.appendingPathComponent("outlines.geojson")
        let before = try Data(contentsOf: outlines)
        let file = try write(collection(profile, count: profile.townships.count - 1, byName: false), beside: folder)
        #expect {
            try LoadOutlines(profile: profile, folder: folder)(file, source: "")
        } throws: { error in
            guard case ProfileError.outlinesFaulty(let faults) = error else { return false }
            return faults.contains { $0.reason.zh.contains(profile.townships.last?.name.zh ?? "?") }
        }
        #expect(try Data(contentsOf: outlines) == before)
    }
}
