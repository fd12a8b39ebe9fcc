import ArgumentParser
import Core
import Platform
import Store

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: here("更新数据库结构。", "Bring the schema of each district up to date."),
        discussion: """
            \(here("每一步在各自的事务中完成；改动过的旧步骤会被拒绝。stdout 每行一步。", """
                Each migration runs in a transaction of its own; one that was changed after it shipped is refused. \
                One migration a line on stdout.
                """))

            \(here("示例", "Examples")):
              shuzhi migrate --dry-run
              shuzhi migrate --database 'postgresql://shuzhi@db.example/city?schema=putuo'
            """)

    @OptionGroup var options: SettingOptions

    @Flag(
        help: .init(
            here("只列出要做的步骤和语句，不改动。", "List the migrations and statements that are missing, and change nothing.")))
    var dryRun = false

    func run() async throws {
        let settings = try options.settings()
        for district in settings.districts {
            try await Commands.with(district, of: settings, isMigrated: false) { district in
                let prefix = settings.districts.count > 1 ? "\(district.settings.name)\t" : ""
                if dryRun {
                    for step in try await Migrator(District.migrations).plan(district.database) {
                        print(prefix + step.name)
                        for statement in step.statements {
                            print(statement.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
                        }
                    }
                } else {
                    let applied = try await district.migrate()
                    for name in applied { print(prefix + name) }
                    if applied.isEmpty { Terminal.say("已是最新。", "Up to date already.") }
                }
            }
        }
    }
}
