internal import Core
internal import Foundation
internal import Yams

/// Finds out which districts are to be served: from flags, from `districts.yaml`, or one from the environment.
enum DistrictList {
    static func read(_ reader: SettingReader, dataFolder: URL) throws -> [DistrictSettings] {
        let list: [DistrictSettings]
        let named = reader.text(.districts).map { URL(fileURLWithPath: $0) }
        let file = named ?? dataFolder.appendingPathComponent("districts.yaml")
        if !reader.flags.districts.isEmpty {
            list = try reader.flags.districts.map { try parse($0, dataFolder: dataFolder) }
        } else if named != nil || FileManager.default.fileExists(atPath: file.path) {
            // A file that is there and a database that is named beside it cannot both be meant.
            guard reader.text(.database) == nil, reader.text(.profile) == nil else {
                throw SettingsError.databaseAndDistricts(path: file.path)
            }
            list = try parse(file: file, dataFolder: dataFolder)
        } else {
            let profile = reader.text(.profile) ?? "putuo"
            let name = name(of: profile)
            list = [
                DistrictSettings(
                    name: name, host: nil, profile: profile,
                    database: reader.text(.database) ?? usualDatabase(name, dataFolder))
            ]
        }
        try check(list)
        return list
    }

    /// `HOST=PROFILE,DATABASE`; the database may be left out for a SQLite file in the data folder.
    static func parse(_ text: String, dataFolder: URL) throws -> DistrictSettings {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw SettingsError.notADistrict(value: text)
        }
        let parts = text[text.index(after: equals)...].split(
            separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        guard let profile = parts.first.map(String.init), !profile.isEmpty else {
            throw SettingsError.notADistrict(value: text)
        }
        let name = name(of: profile)
        let database = parts.count > 1 ? String(parts[1]) : usualDatabase(name, dataFolder)
        return DistrictSettings(
            name: name, host: text[..<equals].lowercased(), profile: profile, database: database)
    }

    private struct File: Decodable {
        struct Entry: Decodable {
            let name: String?
            let host: String?
            let profile: String
            let database: String?
        }
        let districts: [Entry]
    }

    private static func parse(file: URL, dataFolder: URL) throws -> [DistrictSettings] {
        let entries: [File.Entry]
        do {
            let data = try Data(contentsOf: file)
            guard data.count <= PlatformLimits.settingsFileBytesMax else {
                throw SettingsError.districtsFile(path: file.path, reason: "> 1 MiB")
            }
            entries = try YAMLDecoder().decode(File.self, from: data).districts
        } catch let error as SettingsError {
            throw error
        } catch {
            throw SettingsError.districtsFile(path: file.path, reason: "\(error)")
        }
        guard !entries.isEmpty else { throw SettingsError.districtsFile(path: file.path, reason: "districts: []") }
        return entries.map { entry in
            let name = entry.name ?? name(of: entry.profile)
            return DistrictSettings(
                name: name, host: entry.host?.lowercased(), profile: entry.profile,
                database: entry.database ?? usualDatabase(name, dataFolder))
        }
    }

    private static func check(_ list: [DistrictSettings]) throws {
        guard list.count <= PlatformLimits.districtsMax else { throw SettingsError.tooManyDistricts(list.count) }
        var names: Set<String> = []
        var hosts: Set<String> = []
        for district in list {
            let isPlain = district.name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
            guard isPlain, !district.name.isEmpty else { throw SettingsError.notADistrict(value: district.name) }
            guard names.insert(district.name).inserted else {
                throw SettingsError.repeatedDistrict(name: district.name)
            }
            guard let host = district.host else {
                if list.count > 1 { throw SettingsError.severalWithoutHost }
                continue
            }
            guard hosts.insert(host).inserted else { throw SettingsError.repeatedHost(host: host) }
        }
    }

    /// A profile named by its folder's path is called after the folder.
    private static func name(of profile: String) -> String { URL(fileURLWithPath: profile).lastPathComponent }

    private static func usualDatabase(_ name: String, _ dataFolder: URL) -> String {
        "sqlite:" + dataFolder.appendingPathComponent(name).appendingPathComponent("district.sqlite").path
    }
}
