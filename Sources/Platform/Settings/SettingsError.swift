package import Core

/// What an operator can get wrong in flags, variables and settings files.
package enum SettingsError: Problem, Equatable {
    case notANumber(name: String, value: String, lowest: Int, highest: Int)
    case notYesOrNo(name: String, value: String)
    case notALogLevel(value: String)
    case notADistrict(value: String)
    case districtsFile(path: String, reason: String)
    case tooManyDistricts(Int)
    case repeatedDistrict(name: String)
    case repeatedHost(host: String)
    case severalWithoutHost
    case databaseAndDistricts(path: String)
    case chooseDistrict(names: [String])
    case noSuchDistrict(name: String, names: [String])
    case secretUnreadable(path: String)
    case dataFolder(path: String)

    package var report: ProblemReport {
        switch self {
        case .notANumber(let name, let value, let lowest, let highest):
            .init(
                .invalid, "settings.number", zh: "\(name) 应为 \(lowest)–\(highest) 的整数，现为“\(value)”。请改正后再启动。",
                en:
                    "\(name) must be a whole number from \(lowest) to \(highest), not “\(value)”.."
            )
        case .notYesOrNo(let name, let value):
            .init(
                .invalid, "settings.yes_no", zh: "\(name) 只能是 1 或 0，现为“\(value)”。",
                en: "\(name) must be 1 or 0, not “\(value)”.")
        case .notALogLevel(let value):
            .init(
                .invalid, "settings.log_level",
                zh: "SHUZHI_LOG 应为 debug、info、notice、warning 或 error，现为“\(value)”。",
                en: "SHUZHI_LOG must be debug, info, notice, warning or error, not “\(value)”.")
        case .notADistrict(let value):
            .init(
                .invalid, "settings.district", zh: "“\(value)”不是一个区。请写成 主机名=档案,数据库。",
                en: "“\(value)” is not a district. Write HOST=PROFILE,DATABASE.")
        case .districtsFile(let path, let reason):
            .init(
                .invalid, "settings.districts_file", zh: "读不懂 \(path)：\(reason)。格式见 docs/operations.md。",
                en: "\(path) cannot be read: \(reason). Its form is in docs/operations.md.")
        case .tooManyDistricts(let count):
            .init(
                .tooMany, "settings.districts_many",
                zh: "一个进程最多服务 \(PlatformLimits.districtsMax) 个区，现有 \(count) 个。请分成几个进程。",
                en: "One process serves at most \(PlatformLimits.districtsMax) districts, not \(count). Run several.")
        case .repeatedDistrict(let name):
            .init(
                .invalid, "settings.district_repeated", zh: "有两个区都叫“\(name)”。请在 districts.yaml 中给其中一个另取 name。",
                en: "Two districts are called “\(name)”. Give one of them another `name` in districts.yaml.")
        case .repeatedHost(let host):
            .init(
                .invalid, "settings.host_repeated", zh: "主机名“\(host)”对应了两个区。一个主机名只能对应一个区。",
                en: "The host name “\(host)” leads to two districts. It can lead to one only.")
        case .severalWithoutHost:
            .init(
                .invalid, "settings.host_missing", zh: "服务多个区时，每个区都要有主机名。",
                en: "Where several districts are served, each needs a host name.")
        default: moreReports
        }
    }

    private var moreReports: ProblemReport {
        switch self {
        case .databaseAndDistricts(let path):
            .init(
                .invalid, "settings.database_and_districts",
                zh: "既指定了数据库，又有 \(path)。请只保留一种：去掉数据库或档案的设置，或改名该文件。",
                en:
                    "Both a database and \(path) are given. Keep one: drop the setting, or rename the file."
            )
        case .chooseDistrict(let names):
            .init(
                .invalid, "settings.choose_district", zh: "这里有几个区：\(names.joined(separator: "、"))。请用 --only 选一个。",
                en: "There are several districts: \(names.joined(separator: ", ")). Choose one with --only.")
        case .noSuchDistrict(let name, let names):
            .init(
                .missing, "settings.no_such_district", zh: "没有叫“\(name)”的区。现有：\(names.joined(separator: "、"))。",
                en: "There is no district called “\(name)”. There are: \(names.joined(separator: ", ")).")
        case .secretUnreadable(let path):
            .init(
                .invalid, "settings.secret",
                zh: "\(path) 不是本系统的密钥文件，或不可读。请从备份恢复它；换新密钥会使所有人退出登录。",
                en: "\(path) is not a key file of this system, or cannot be read. Restore it from a backup; "
                    + "a new key signs everybody out.")
        case .dataFolder(let path):
            .init(
                .unavailable, "settings.data_folder", zh: "不能在 \(path) 写文件。请检查该文件夹的权限和磁盘空间。",
                en: "Files cannot be written in \(path). Check the folder's permissions and the disk's free space.")
        default:
            .init(.invalid, "settings.invalid", zh: "设置有误。", en: "A setting is wrong.")
        }
    }
}
