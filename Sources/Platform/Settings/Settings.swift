internal import Core
package import Foundation
package import Logging

/// One district this process serves: its name here, who asks for it, what it is and where its rows are.
package struct DistrictSettings: Sendable, Equatable {
    /// The district's folder below the data folder; the profile's name unless `districts.yaml` says otherwise.
    package let name: String
    /// The host name that leads to it, in lower case; nil answers to any.
    package let host: String?
    /// The profile's short name, or the path of its folder.
    package let profile: String
    /// `sqlite:PATH` or `postgresql://…?schema=…`, as `DatabaseAddress` reads it.
    package let database: String

    package init(name: String, host: String?, profile: String, database: String) {
        self.name = name
        self.host = host
        self.profile = profile
        self.database = database
    }
}

/// Everything an operator can set, read once at the start and never again.
package struct Settings: Sendable, Equatable {
    package let dataFolder: URL
    package let secretFile: URL
    /// Where profiles are looked for before the usual places.
    package let profilesFolder: URL?
    /// At least one.
    package let districts: [DistrictSettings]
    package let host: String
    package let port: Int
    /// Job workers of each district; 0 for a process that only answers requests.
    package let workers: Int
    /// Whether a proxy in front is trusted to say who the visitor is (`X-Forwarded-For`, `-Proto`).
    package let isBehindProxy: Bool
    /// Whether visitors come by HTTPS, so that cookies are marked `Secure`.
    package let isHTTPS: Bool
    package let logLevel: Logger.Level
    /// `SHUZHI_` variables that mean nothing, for a warning: most often a misspelling.
    package let unknown: [String]

    /// The folder of one district's attachments and uploads.
    package func folder(of district: DistrictSettings) -> URL {
        dataFolder.appendingPathComponent(district.name, isDirectory: true)
    }

    /// The one district of a command that works on one, by name where there are several.
    package func district(named name: String?) throws -> DistrictSettings {
        let names = districts.map(\.name)
        guard let name else {
            guard districts.count == 1 else { throw SettingsError.chooseDistrict(names: names) }
            return districts[0]
        }
        guard let found = districts.first(where: { $0.name == name }) else {
            throw SettingsError.noSuchDistrict(name: name, names: names)
        }
        return found
    }
}

extension Settings {
    /// Reads the flags, then the environment, then `districts.yaml`, then what is usual.
    package static func read(
        environment: [String: String], flags: SettingFlags = SettingFlags()
    ) throws -> Settings {
        let reader = SettingReader(environment: environment, flags: flags)
        let data = URL(fileURLWithPath: reader.text(.data) ?? "var", isDirectory: true)
        let secret = reader.text(.secretFile).map { URL(fileURLWithPath: $0) }
        let profiles = reader.text(.profiles).map { URL(fileURLWithPath: $0, isDirectory: true) }
        return Settings(
            dataFolder: data, secretFile: secret ?? data.appendingPathComponent("secret.key"), profilesFolder: profiles,
            districts: try DistrictList.read(reader, dataFolder: data),
            host: reader.text(.host) ?? "127.0.0.1", port: try reader.number(.port, 0...65_535) ?? 8_080,
            workers: try reader.number(.workers, 0...PlatformLimits.workersMax) ?? PlatformLimits.workers,
            isBehindProxy: try reader.isOn(.proxy), isHTTPS: try reader.isOn(.https),
            logLevel: try reader.logLevel() ?? .notice, unknown: reader.unknown)
    }
}

/// Flags over environment, with the checks each kind of value needs.
struct SettingReader {
    let environment: [String: String]
    let flags: SettingFlags

    /// Nil where neither says anything; an empty variable counts as absent.
    func text(_ setting: Setting) -> String? {
        let value = flags.values[setting] ?? environment[setting.rawValue]
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    func number(_ setting: Setting, _ range: ClosedRange<Int>) throws -> Int? {
        guard let value = text(setting) else { return nil }
        guard let number = Int(value), range.contains(number) else {
            throw SettingsError.notANumber(
                name: setting.rawValue, value: value, lowest: range.lowerBound, highest: range.upperBound)
        }
        return number
    }

    func isOn(_ setting: Setting) throws -> Bool {
        switch text(setting)?.lowercased() {
        case nil, "0", "no", "false": return false
        case "1", "yes", "true": return true
        case .some(let value): throw SettingsError.notYesOrNo(name: setting.rawValue, value: value)
        }
    }

    func logLevel() throws -> Logger.Level? {
        guard let value = text(.log) else { return nil }
        guard let level = Logger.Level(rawValue: value.lowercased()) else {
            throw SettingsError.notALogLevel(value: value)
        }
        return level
    }

    var unknown: [String] {
        let known = Set(Setting.allCases.map(\.rawValue)).union(Setting.ofTheBuild)
        return environment.keys.filter { $0.hasPrefix("SHUZHI_") && !known.contains($0) }.sorted()
    }
}
