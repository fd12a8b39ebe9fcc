import ArgumentParser
import Core
import Foundation
import Logging
import Organisation
import Platform

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: here("启动网站和后台任务。", "Serve the pages and do the background work."),
        discussion: """
            \(here("首次启动会建库，并在终端显示一次性的管理员链接。SIGTERM 或 Ctrl-C 平稳停止。", """
                The first start makes the database and prints a link, good once, for the first administrator. \
                SIGTERM or Ctrl-C stops it gracefully.
                """))

            \(here("示例", "Examples")):
              shuzhi serve
              shuzhi serve --port 8090 --data /var/lib/shuzhi
              shuzhi serve --database 'postgresql://shuzhi@db.example/city?schema=putuo'
              shuzhi serve --district a.example=putuo,sqlite:a.sqlite --district b.example=linhai-demo,sqlite:b.sqlite
            """)

    @OptionGroup var options: SettingOptions

    @Option(
        help: .init(
            here("监听地址（SHUZHI_HOST，默认 127.0.0.1）。", "Address to listen on (SHUZHI_HOST, usually 127.0.0.1)."),
            valueName: "address"))
    var host: String?

    @Option(help: .init(here("端口（SHUZHI_PORT，默认 8080）。", "Port (SHUZHI_PORT, usually 8080)."), valueName: "number"))
    var port: String?

    @Option(
        help: .init(
            here(
                "每个区的后台任务数（SHUZHI_WORKERS，默认 1；0 表示只答请求）。",
                "Job workers of each district (SHUZHI_WORKERS, usually 2; 0 only answers requests)."),
            valueName: "number"))
    var workers: String?

    func run() async throws {
        let settings = try options.settings([.host: host, .port: port, .workers: workers])
        let logger = Logger.program(settings)
        var districts: [District] = []
        for district in settings.districts {
            let opened = try await District.open(district, of: settings, logger: logger)
            try await Commands.migrate(opened)
            districts.append(opened)
        }
        let server = try Server(settings: settings, districts: districts, logger: logger)
        try await server.run { port in
            for site in server.sites {
                let host = site.district.settings.host ?? (settings.host == "0.0.0.0" ? "127.0.0.1" : settings.host)
                let name = site.district.profile.name
                Terminal.say("\(name.zh)：http://\(host):\(port)", "\(name.en): http://\(host):\(port)")
                if let path = try? await site.firstStartLink() {
                    Terminal.say(
                        "首次启动，请打开此链接建立管理员（只能用一次）：http://\(host):\(port)\(path)",
                        "First start: open this link, once, to make the administrator: http://\(host):\(port)\(path)"
                    )
                }
            }
            Terminal.say("按 Ctrl-C 停止。", "Stop with Ctrl-C.")
        }
        Terminal.say("已停止。", "Stopped.")
    }
}
