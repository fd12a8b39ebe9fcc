import Appeals
import ArgumentParser
import Casework
import Core
import Foundation
import Mining
import Organisation

struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: here("检查、查看区域配置，载入街镇边界。", "Check and show a district's profile, load real outlines."),
        subcommands: [Check.self, Show.self, Outlines.self])

    /// The profile's folder: a path, or a short name looked up as the server does.
    static func folder(_ name: String) throws -> URL {
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder), isFolder.boolValue {
            return URL(fileURLWithPath: name)
        }
        return try ProfileLoader.folder(slug: name)
    }

    /// Loads a profile and asks Casework, which reads the number patterns, whether it can.
    static func load(_ folder: URL) throws -> Profile {
        let profile = try ProfileLoader.load(folder: folder)
        var faults: [ProfileFault] = []
        for (kind, text) in profile.numberPatterns.sorted(by: { $0.key < $1.key }) {
            do {
                _ = try NumberPattern(text)
            } catch {
                faults.append(
                    ProfileFault(
                        file: "district.yaml", line: 0,
                        reason: Bilingual(
                            zh: "“\(kind)”的编号格式“\(text)”不能用：\(error.rawValue)。正确的例子：PT-{yyyyMMdd}-{n:5}。",
                            en: "the number pattern “\(text)” of “\(kind)” cannot be used: \(error.rawValue). "
                                + "A right one: PT-{yyyyMMdd}-{n:5}.")))
            }
        }
        faults += misread(profile)
        guard faults.isEmpty else { throw ProfileError.faulty(faults) }
        return profile
    }

    /// Sentences of the profile that its own words read otherwise.
    private static func misread(_ profile: Profile) -> [ProfileFault] {
        guard let words = profile.severity else { return [] }
        return SeverityLexicon(words).misread(words).map { example, found in
            ProfileFault(
                file: SeverityWords.examplesFile, line: example.line,
                reason: Bilingual(
                    zh: "“\(example.sentence)”的 \(example.kind) 应读作 \(example.level)，读成了 \(found)。",
                    en: "“\(example.sentence)” should be read as \(example.kind) \(example.level), not \(found)."))
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: here("检查区域配置；有错时逐条列出文件、行和原因。", "Check a profile; say file, line and reason of every fault."),
            discussion: """
                \(here("示例", "Examples")):
                  shuzhi profile check
                  shuzhi profile check profiles/putuo

                \(here("退出码：0 无误，65 有错，66 找不到。", "Exit codes: 0 sound, 65 faulty, 66 not found."))
                """)

        @Argument(help: .init(here("文件夹或名称。", "A folder or a name.")))
        var profile = "putuo"

        func run() throws {
            let profile = try ProfileCommand.load(ProfileCommand.folder(profile))
            let open = ProfileCommand.unverified(profile)
            print(
                here(
                    "\(profile.name.zh)：无误。\(profile.units.count) 个单位，\(profile.townships.count) 个街镇，\(open) 项待核实。",
                    "\(profile.name.en): sound. \(profile.units.count) units, \(profile.townships.count) townships, "
                        + "\(open) values not verified yet."))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: here("列出区域配置的内容和来源。", "List what a profile holds, and where it comes from."),
            discussion: "\(here("示例", "Example")):\n  shuzhi profile show putuo | column -t -s $'\\t'")

        @Argument(help: .init(here("文件夹或名称。", "A folder or a name.")))
        var profile = "putuo"

        func run() throws {
            let profile = try ProfileCommand.load(ProfileCommand.folder(profile))
            print("district\t\(profile.code)\t\(profile.name(Terminal.language))\t\t")
            for unit in profile.units {
                print(ProfileCommand.row(unit.kind.rawValue, unit.code, unit.name, unit.provenance))
            }
            for industry in profile.keyIndustries {
                print(ProfileCommand.row("key-industry", industry.code, industry.name, industry.provenance))
            }
            for limit in profile.hotline.limits {
                let title = Bilingual(
                    zh: "\(limit.title.zh)：\(limit.workingDays) 个工作日",
                    en: "\(limit.title.en): \(limit.workingDays) working days")
                print(ProfileCommand.row("limit", limit.name, title, limit.provenance))
            }
            for (kind, pattern) in profile.numberPatterns.sorted(by: { $0.key < $1.key }) {
                print("number\t\(kind)\t\(pattern)\t\t")
            }
        }
    }

    struct Outlines: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: here("载入真实的街镇边界。", "Load real outlines of the townships."),
            discussion: """
                \(here(
                    "GeoJSON，WGS 84 经纬度，按 properties 中的 code 对应，没有 code 的按 name 对应。有一处错误就不写入。",
                    "GeoJSON in degrees of WGS 84, matched by code, else by name. One fault, and nothing is written."))

                \(here("示例", "Example")):
                  shuzhi profile outlines townships.geojson --profile putuo --source "规划资源局 2026"
                """)

        @Argument(help: .init(here("GeoJSON 文件。", "The GeoJSON file.")))
        var file: String

        @Option(help: .init(here("文件夹或名称。", "A folder or a name.")))
        var profile = "putuo"

        @Option(help: .init(here("边界的来源，与地图一起显示。", "Where the outlines come from; shown with the map.")))
        var source: String?

        func run() throws {
            let folder = try ProfileCommand.folder(profile)
            let profile = try ProfileCommand.load(folder)
            let url = URL(fileURLWithPath: file)
            let codes = try LoadOutlines(profile: profile, folder: folder)(
                url, source: source ?? url.lastPathComponent)
            for code in codes { print(code) }
            Terminal.say("已写入 \(codes.count) 个街镇的边界。", "Wrote the outlines of \(codes.count) townships.")
        }
    }

    static func unverified(_ profile: Profile) -> Int {
        (profile.units.map(\.provenance) + profile.townships.map(\.provenance)
            + profile.keyIndustries.map(\.provenance) + profile.hotline.limits.map(\.provenance)
            + [profile.severity?.provenance].compactMap { $0 }
            + [profile.leadingGroup.provenance]).count { !$0.isVerified }
    }

    private static func row(_ kind: String, _ code: String, _ name: Bilingual, _ provenance: Provenance) -> String {
        let mark = provenance.isVerified ? here("已核实", "verified") : here("待核实", "not verified")
        return "\(kind)\t\(code)\t\(name(Terminal.language))\t\(mark)\t\(provenance.source)"
    }
}
