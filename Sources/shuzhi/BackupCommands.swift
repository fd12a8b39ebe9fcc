import ArgumentParser
import Core
import Foundation
import Platform

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: here("把一个区备份成一个文件，可在运行时进行。", "Copy a district to one file, while it is in use."),
        discussion: """
            \(here("""
                文件为 tar：数据库某一时刻的副本、附件、密钥和 SHA-256 清单。里面有群众写的内容和密钥，请加密保存。
                PostgreSQL 需要 pg_dump（postgresql-client）。
                """, """
                The file is a tar: the database of one moment, the attachments, the key, and a manifest with SHA-256
                digests. It holds what people wrote and the key: keep it encrypted. PostgreSQL needs pg_dump.
                """))

            \(here("示例", "Examples")):
              shuzhi backup putuo-2026-11-24.tar
              shuzhi backup --only putuo putuo.tar --data /var/lib/shuzhi
            """)

    @OptionGroup var options: SettingOptions
    @Option(help: .init(here("有几个区时，备份哪一个。", "Which district, where there are several."), valueName: "name"))
    var only: String?
    @Argument(help: .init(here("要写的文件，不能已存在。", "File to write; it must not be there yet."), valueName: "file"))
    var file: String

    func run() async throws {
        let settings = try options.settings()
        let district = try settings.district(named: only)
        let outcome = try await Commands.with(district, of: settings, isMigrated: false) { district in
            try await BackUpDistrict(district, secretFile: settings.secretFile)(to: URL(fileURLWithPath: file)) {
                Terminal.progress($0)
            }
        }
        Terminal.endProgress()
        Terminal.say(
            "已备份 \(outcome.files) 个文件，\(outcome.bytes) 字节。", "\(outcome.files) files, \(outcome.bytes) bytes backed up."
        )
        print(file)
    }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: here("把备份恢复到空的数据库和文件夹。", "Bring a backup back, to an empty database and folder."),
        discussion: """
            \(here("""
                先按清单核对每个文件，全部相符才恢复；目标已有数据时拒绝。恢复后请运行 shuzhi doctor。
                """, """
                Every file is compared with the manifest first; nothing is restored unless all match, and nothing that
                is there is overwritten. Run shuzhi doctor afterwards.
                """))

            \(here("示例", "Examples")):
              shuzhi restore putuo-2026-11-24.tar --data /var/lib/shuzhi
              shuzhi restore putuo.tar --data new --database 'postgresql://shuzhi@db2.example/city?schema=putuo'
            """)

    @OptionGroup var options: SettingOptions
    @Option(help: .init(here("有几个区时，恢复哪一个。", "Which district, where there are several."), valueName: "name"))
    var only: String?
    @Argument(help: .init(here("备份文件。", "The backup."), valueName: "file"))
    var file: String

    func run() async throws {
        let settings = try options.settings()
        let district = try settings.district(named: only)
        let outcome = try await RestoreDistrict(district, of: settings, logger: .program(settings))(
            from: URL(fileURLWithPath: file)
        ) { Terminal.progress($0) }
        Terminal.endProgress()
        Terminal.say(
            "已恢复 \(outcome.createdAt) 的备份，\(outcome.files) 个文件。请运行 shuzhi doctor 检查。",
            "Restored the backup of \(outcome.createdAt), \(outcome.files) files. Run shuzhi doctor now.")
    }
}
