internal import Core
package import Foundation

/// Reads a profile's folder. Every fault of all files is reported at once, each with file, line and reason.
package enum ProfileLoader {
    package static let fileNames = [
        "district.yaml", "units.csv", "townships.csv", "outlines.geojson", "calendar.csv", "hotline.yaml",
    ]

    /// - Throws: `ProfileError`.
    package static func load(folder: URL) throws -> Profile {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw ProfileError.notAFolder(folder.path)
        }
        var log = FaultLog()
        let draft = ProfileDraft(files: ProfileFiles(folder: folder), slug: folder.lastPathComponent, &log)
        ProfileCheck(draft).run(&log)
        guard log.faults.isEmpty, let profile = draft.profile else { throw ProfileError.faulty(log.faults) }
        return profile
    }

    /// The folder of a profile by its short name: in `SHUZHI_PROFILES`, in `profiles` under the working directory, or
    /// beside the program and above it.
    package static func folder(
        slug: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> URL {
        guard !slug.isEmpty, !slug.contains("/"), slug != ".." else { throw ProfileError.noSuchProfile(slug) }
        let candidates = homes(environment).map { $0.appendingPathComponent(slug) }
        let found = candidates.first {
            FileManager.default.fileExists(atPath: $0.appendingPathComponent("district.yaml").path)
        }
        guard let found else { throw ProfileError.noSuchProfile(slug) }
        return found
    }

    private static func homes(_ environment: [String: String]) -> [URL] {
        if let home = environment["SHUZHI_PROFILES"], !home.isEmpty { return [URL(fileURLWithPath: home)] }
        var homes = [URL(fileURLWithPath: FileManager.default.currentDirectoryPath).appendingPathComponent("profiles")]
        var above = Bundle.main.bundleURL.resolvingSymlinksInPath()
        for _ in 0..<5 {
            homes.append(above.appendingPathComponent("profiles"))
            homes.append(above.appendingPathComponent("share/shuzhi/profiles"))
            above.deleteLastPathComponent()
        }
        return homes
    }
}
