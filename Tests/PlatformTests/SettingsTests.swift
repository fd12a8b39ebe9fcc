import Core
import Foundation
import Testing

@testable import Platform

@Suite("Settings")
struct SettingsTests {
    private func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "shuzhi-settings-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    @Test("Without settings one district is served on this machine only")
    func usual() throws {
        let settings = try Settings.read(environment: ["SHUZHI_DATA": try folder().path])
        #expect(settings.host == "127.0.0.1" && settings.port == 8_080 && settings.workers == PlatformLimits.workers)
        #expect(settings.districts.map(\.profile) == ["putuo"] && settings.districts[0].host == nil)
        #expect(settings.districts[0].database.hasPrefix("sqlite:"))
    }

    @Test("A flag beats a variable, and a variable that means nothing is named")
    func order() throws {
        var flags = SettingFlags()
        flags.values[.port] = "9000"
        let environment = ["SHUZHI_DATA": try folder().path, "SHUZHI_PORT": "8000", "SHUZHI_PROT": "1"]
        let settings = try Settings.read(environment: environment, flags: flags)
        #expect(settings.port == 9_000)
        #expect(settings.unknown == ["SHUZHI_PROT"])
    }

    @Test(
        "A wrong value is refused by name",
        arguments: [("SHUZHI_PORT", "x"), ("SHUZHI_WORKERS", "99"), ("SHUZHI_HTTPS", "maybe"), ("SHUZHI_LOG", "loud")])
    func wrong(name: String, value: String) throws {
        let environment = ["SHUZHI_DATA": try folder().path, name: value]
        #expect(throws: SettingsError.self) { try Settings.read(environment: environment) }
    }

    @Test("districts.yaml gives several districts, each with a host of its own")
    func several() throws {
        let data = try folder()
        let yaml = "districts:\n  - {host: A.example, profile: putuo}\n  - {host: b.example, profile: linhai-demo}\n"
        try yaml.write(to: data.appendingPathComponent("districts.yaml"), atomically: true, encoding: .utf8)
        let settings = try Settings.read(environment: ["SHUZHI_DATA": data.path])
        #expect(settings.districts.map(\.host) == ["a.example", "b.example"])
        #expect(throws: SettingsError.chooseDistrict(names: ["putuo", "linhai-demo"])) {
            try settings.district(named: nil)
        }
        #expect(throws: SettingsError.self) {
            try Settings.read(environment: ["SHUZHI_DATA": data.path, "SHUZHI_DATABASE": "sqlite:x"])
        }
    }

    @Test("The key is made once, and only its owner may read it")
    func secret() throws {
        let file = try folder().appendingPathComponent("secret.key")
        let first = try SecretKey.load(from: file)
        #expect(first.bytes.count == 32 && !first.isExposed)
        #expect(try SecretKey.load(from: file).bytes == first.bytes)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
        #expect(try SecretKey.load(from: file).isExposed)
        try "short".write(to: file, atomically: true, encoding: .utf8)
        #expect(throws: SettingsError.self) { try SecretKey.load(from: file) }
    }

    @Test("Every setting is explained in docs/operations.md", arguments: Setting.allCases)
    func documented(setting: Setting) throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("docs/operations.md"), encoding: .utf8)
        #expect(text.contains("`\(setting.rawValue)`"))
    }

    @Test("Connections leave handles for all else, and there is always one")
    func connections() {
        let expected = [(0, 1), (3, 1), (64, 16), (256, 64), (512, 256), (1_024, 768), (16_384, 16_128)]
        for (handles, connections) in expected {
            #expect(ConnectionLimit.connections(handles: handles) == connections, "\(handles)")
        }
    }
}
