import ArgumentParser
import Core
import Foundation
import Platform

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: here("检查数据是否完好。", "Check that a district is sound."),
        discussion: """
            \(here("检查档案、密钥、磁盘、结构、数据库、时间线和审计链、附件、搜索、问题、任务。只读，不改动。", """
                Looks at profile, key, disk, migrations, database, timelines, audit trail, attachments, search, \
                problems and jobs, and changes nothing. One line a check on stdout: name, grade, sentence.
                """))
            \(here("退出码：0 完好或只有提醒，65 有损坏。", "Exit code: 0 sound, perhaps with warnings; 65 something is damaged."))

            \(here("示例", "Examples")):
              shuzhi doctor
              shuzhi doctor --database 'postgresql://shuzhi@db.example/city?schema=putuo'
            """)

    @OptionGroup var options: SettingOptions

    func run() async throws {
        let settings = try options.settings()
        var worst = Finding.Grade.good
        for district in settings.districts {
            try await Commands.with(district, of: settings, isMigrated: false) { district in
                let doctor = Doctor(district, secretFile: settings.secretFile)
                let findings = await doctor.examine { Terminal.progress($0) }
                Terminal.endProgress()
                for finding in findings {
                    let name =
                        settings.districts.count > 1 ? "\(district.settings.name)/\(finding.check)" : finding.check
                    print("\(name)\t\(Self.word(finding.grade))\t\(finding.sentence(Terminal.language))")
                    for place in finding.places { print("\(name)\t\t\(place)") }
                    worst = max(worst, finding.grade)
                }
            }
        }
        if worst == .fault { throw ExitCode(ExitStatus.data.rawValue) }
    }

    private static func word(_ grade: Finding.Grade) -> String {
        switch grade {
        case .good: here("正常", "ok")
        case .warning: here("提醒", "warning")
        case .fault: here("损坏", "FAULT")
        }
    }
}
