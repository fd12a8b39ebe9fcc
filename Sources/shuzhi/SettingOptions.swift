import ArgumentParser
import Core
import Foundation
import Logging
import Platform

/// The flags that say which district, database and folder a command works on.
struct SettingOptions: ParsableArguments {
    @Option(
        help: .init(here("数据文件夹（SHUZHI_DATA，默认 var）。", "Data folder (SHUZHI_DATA, usually var)."), valueName: "folder"))
    var data: String?

    @Option(
        help: .init(
            here(
                "数据库（SHUZHI_DATABASE）：sqlite:路径 或 postgresql://…?schema=…",
                "Database (SHUZHI_DATABASE): sqlite:PATH or postgresql://…?schema=…"),
            valueName: "address"))
    var database: String?

    @Option(
        help: .init(
            here("区档案（SHUZHI_PROFILE，默认 putuo）。", "District profile (SHUZHI_PROFILE, usually putuo)."),
            valueName: "name"))
    var profile: String?

    @Option(
        name: .customLong("district"),
        help: .init(
            here("一个进程服务几个区时，每区一个。", "One for each district, where one process serves several."),
            valueName: "host=profile,database"))
    var districts: [String] = []

    /// The settings, with a warning for each variable that means nothing.
    func settings(_ more: [Setting: String?] = [:]) throws -> Settings {
        var flags = SettingFlags()
        flags.districts = districts
        flags.values = more.compactMapValues { $0 }
        flags.values[.data] = data
        flags.values[.database] = database
        flags.values[.profile] = profile
        let settings = try Settings.read(environment: ProcessInfo.processInfo.environment, flags: flags)
        for name in settings.unknown {
            Terminal.say("提醒：不认识环境变量 \(name)，已忽略。", "Warning: no setting is called \(name); it is ignored.")
        }
        return settings
    }
}

extension Logger {
    /// The program's log, on stderr. It holds no personal data: nothing passes text of appeals or names to it.
    static func program(_ settings: Settings) -> Logger {
        var logger = Logger(label: "shuzhi") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = settings.logLevel
        return logger
    }
}
