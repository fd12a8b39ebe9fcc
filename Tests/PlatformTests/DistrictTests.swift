import Core
import Foundation
import Hummingbird
import HummingbirdTesting
import Organisation
import Store
import TestKit
import Testing
import Web

@testable import Platform

@Suite("A district put together")
struct DistrictTests {
    private func settings(_ hosts: [String] = []) throws -> Settings {
        let data = URL(fileURLWithPath: try ScratchFolder.shared().path("district"))
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        var flags = SettingFlags()
        let profiles = ["putuo", "linhai-demo"]
        flags.districts = zip(hosts, profiles).map { "\($0)=\($1)" }
        return try Settings.read(
            environment: ["SHUZHI_DATA": data.path, "SHUZHI_PROFILES": root.appendingPathComponent("profiles").path],
            flags: flags)
    }

    private func open(_ settings: Settings) async throws -> [District] {
        var districts: [District] = []
        for district in settings.districts {
            let opened = try await District.open(
                district, of: settings, surroundings: .standing(), logger: quiet)
            try await opened.migrate()
            districts.append(opened)
        }
        return districts
    }

    @Test("Every page that anyone may open answers in both languages, with nothing unexpanded")
    func publicPages() async throws {
        let settings = try settings()
        let server = try Server(settings: settings, districts: try await open(settings), logger: quiet)
        let paths = server.sites[0].parts.routes.all.filter {
            $0.method == .get && $0.access == .anyone && !$0.path.contains(":")
        }.map(\.path)
        #expect(paths.contains("/") && paths.contains("/sign-in") && paths.contains("/health"))
        try await server.application().test(.router) { client in
            for path in paths {
                for language in Language.allCases {
                    try await client.execute(uri: "\(path)?lang=\(language.rawValue)", method: .get) { response in
                        #expect(response.status == .ok, "\(path)")
                        let text = String(buffer: response.body)
                        #expect(!text.contains("{{") && !text.contains("[["), "\(path)")
                    }
                }
            }
        }
    }

    @Test("Two districts are told apart by host name, and a third name is nobody's")
    func hosts() async throws {
        let settings = try settings(["a.example", "b.example"])
        let server = try Server(settings: settings, districts: try await open(settings), logger: quiet)
        #expect(server.sites.map { $0.district.settings.host } == ["a.example", "b.example"])
        for (site, slug) in zip(server.sites, ["putuo", "linhai-demo"]) {
            try await Application(responder: site.responder).test(.router) { client in
                try await client.execute(uri: "/health/live", method: .get) { response in
                    #expect(String(buffer: response.body).contains("\"\(slug)\""))
                }
            }
        }
        // The test client asks for localhost, which is neither.
        try await server.application().test(.router) { client in
            try await client.execute(uri: "/", method: .get) { response in
                #expect(response.status.code == 421)
            }
        }
    }

    @Test("A demo is loaded once, its problems are found, and a backup restores it elsewhere, sound")
    func demoAndBackup() async throws {
        let first = try settings()
        let district = try #require(try await open(first).first)
        let loaded = try await LoadDemo(district)(seed: 7, count: 800)
        #expect(loaded.written >= 800 && loaded.problems > 5)
        #expect(loaded.signIns.allSatisfy { $0.password != nil })
        let again = try await LoadDemo(district)(seed: 7, count: 800)
        #expect(again.written == 0 && again.present == loaded.present)
        #expect(again.signIns.allSatisfy { $0.password == nil })

        let file = first.dataFolder.appendingPathComponent("backup.tar")
        _ = try await BackUpDistrict(district, secretFile: first.secretFile)(to: file)
        try await district.close()

        let second = try settings()
        _ = try await RestoreDistrict(second.districts[0], of: second, logger: quiet)(from: file)
        let restored = try #require(try await open(second).first)
        let findings = await Doctor(restored, secretFile: second.secretFile).examine()
        // How full this machine's disk is, is not the backup's doing.
        let bad = findings.filter { $0.grade != .good && $0.check != "disk" }
        #expect(bad.isEmpty, "\(bad)")

        await #expect(throws: BackupError.self) {
            try await RestoreDistrict(second.districts[0], of: second, logger: quiet)(from: file)
        }
    }

    @Test("A backup of which a byte was changed restores nothing")
    func damagedBackup() async throws {
        let first = try settings()
        let district = try #require(try await open(first).first)
        let file = first.dataFolder.appendingPathComponent("backup.tar")
        _ = try await BackUpDistrict(district, secretFile: first.secretFile)(to: file)
        var bytes = try Data(contentsOf: file)
        bytes[5_000] ^= 1
        try bytes.write(to: file)
        let second = try settings()
        await #expect(throws: BackupError.damaged(entry: "database")) {
            try await RestoreDistrict(second.districts[0], of: second, logger: quiet)(from: file)
        }
        #expect(!FileManager.default.fileExists(atPath: second.secretFile.path))
    }

    @Test("Each kind of problem ends a command with its own code")
    func exitCodes() {
        #expect(ExitStatus(SettingsError.severalWithoutHost) == .configuration)
        #expect(ExitStatus(CocoaError(.fileReadNoSuchFile)) == .noInput)
        #expect(ExitStatus(StoreError.busy("")) == .tryAgain && ExitStatus(StoreError.unavailable("")) == .unavailable)
        #expect(ExitStatus(BackupError.damaged(entry: "x")) == .data)
        #expect(ExitStatus(CancellationError()) == .tryAgain)
    }
}
