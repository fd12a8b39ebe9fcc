package import Core

/// What can go wrong with a backup or a restore that an operator can do something about.
package enum BackupError: Problem, Equatable {
    case targetExists(path: String)
    case notABackup(path: String, reason: String)
    case damaged(entry: String)
    case databaseNotEmpty(address: String)
    case otherEngine(backup: String, target: String)
    case otherProfile(backup: String, target: String)
    case otherSecret(path: String)
    case toolMissing(name: String)
    case toolFailed(name: String, detail: String)
    case cannotWrite(path: String)

    package var report: ProblemReport {
        switch self {
        case .targetExists(let path):
            .init(
                .conflict, "backup.target_exists", zh: "\(path) 已存在，没有覆盖。请换一个文件名。",
                en: "\(path) is there already and was not overwritten. Choose another name.")
        case .notABackup(let path, let reason):
            .init(
                .invalid, "backup.not_a_backup", zh: "\(path) 不是完整的备份文件（\(reason)）。请换一份备份。",
                en: "\(path) is not a whole backup (\(reason)). Take another one.")
        case .damaged(let entry):
            .init(
                .invalid, "backup.damaged", zh: "备份中的 \(entry) 与清单的校验值不符，没有恢复任何内容。请换一份备份。",
                en: "\(entry) in the backup does not match its digest. Nothing was restored; take another backup.")
        case .databaseNotEmpty(let address):
            .init(
                .conflict, "backup.database_not_empty", zh: "\(address) 中已有数据，没有覆盖。请恢复到空的数据库。",
                en: "\(address) holds data already and was not overwritten. Restore to an empty database.")
        case .otherEngine(let backup, let target):
            .init(
                .invalid, "backup.other_engine", zh: "备份来自 \(backup)，不能恢复到 \(target)。请换一个 --database。",
                en: "The backup is of \(backup) and cannot be restored to \(target). Give another --database.")
        case .otherProfile(let backup, let target):
            .init(
                .invalid, "backup.other_profile", zh: "备份是“\(backup)”的，设置的档案是“\(target)”。请用 --profile \(backup)。",
                en: "The backup is of “\(backup)”, the profile set is “\(target)”. Give --profile \(backup).")
        case .otherSecret(let path):
            .init(
                .conflict, "backup.other_secret",
                zh: "\(path) 与备份中的密钥不同。请用新的 --data 文件夹恢复；混用会使同一个人的诉求认不出来。",
                en: "\(path) is another key than the backup's. Restore with a new --data folder: under a mixed key, "
                    + "appeals of one person would no longer be known as theirs.")
        default: moreReports
        }
    }

    private var moreReports: ProblemReport {
        switch self {
        case .toolMissing(let name):
            .init(
                .unavailable, "backup.tool_missing", zh: "没有找到 \(name)。请安装 postgresql-client（版本不低于服务器）。",
                en: "\(name) was not found. Install postgresql-client, of the server's version or newer.")
        case .toolFailed(let name, let detail):
            .init(
                .unavailable, "backup.tool_failed", zh: "\(name) 没有完成：\(detail)",
                en: "\(name) did not finish: \(detail)")
        case .cannotWrite(let path):
            .init(
                .unavailable, "backup.cannot_write", zh: "不能写 \(path)。请检查权限和磁盘空间。",
                en: "\(path) cannot be written. Check permissions and free space.")
        default:
            .init(.invalid, "backup.invalid", zh: "备份有误。", en: "The backup is wrong.")
        }
    }
}
