import ArgumentParser
import Core
import Platform

/// The command line of a district: every command, and how its failures are told.
@main struct Shuzhi: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shuzhi",
        abstract: here("区级数字化转型系统：从群众诉求中找出高频、急难、痛点问题。", "The system a district runs its digital transformation on."),
        discussion: """
            \(here("示例", "Examples")):
              shuzhi demo                                # \(here("写入演示数据", "write a demo district"))
              shuzhi serve                               # http://127.0.0.1:8080
              shuzhi import appeals hotline.xlsx --database sqlite:var/putuo/district.sqlite
              shuzhi mine problems --input messages.csv --output assignments.csv --ranking ranking.csv
              shuzhi doctor                              # \(here("检查数据是否完好", "check that everything is sound"))

            \(here("退出码", "Exit codes")):
              0 \(here("成功", "done")) · 64 \(here("用法", "usage")) · 65 \(here("数据", "data")) · \
            66 \(here("没有输入", "no input")) · 69 \(here("不可用", "unavailable")) · 70 \(here("内部错误", "defect")) · \
            73 \(here("不能创建", "cannot create")) · 74 \(here("读写", "input/output")) · \
            75 \(here("稍后再试", "try again")) · 77 \(here("无权限", "no permission")) · 78 \(here("设置", "settings"))
            """,
        version: Version.current,
        subcommands: [
            ServeCommand.self, DemoCommand.self, ImportCommand.self, MigrateCommand.self, DoctorCommand.self,
            BackupCommand.self, RestoreCommand.self, ProfileCommand.self, Mine.self, IndicatorsCommand.self,
            VersionCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Failure.exit(with: error)
        }
    }
}

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: here("显示版本号。", "Print the version."))

    func run() { print(Version.current) }
}
