internal import Casework
internal import Core
package import Foundation
internal import Organisation
internal import Store

/// Checks that a district is sound, from the disk to the last link of its chains. Changes nothing.
package struct Doctor: Sendable {
    let district: District
    let secretFile: URL

    package init(_ district: District, secretFile: URL) {
        self.district = district
        self.secretFile = secretFile
    }

    /// Findings in the order of the checks; a check that cannot be done is itself a fault.
    package func examine(report: @Sendable (_ check: String) -> Void = { _ in }) async -> [Finding] {
        let checks: [(String, @Sendable () async throws -> Finding)] = [
            ("profile", profile), ("secret", secret), ("disk", disk), ("migrations", migrations),
            ("database", database), ("timelines", timelines), ("audit", audit), ("attachments", attachments),
            ("search", search), ("problems", problems), ("jobs", jobs),
        ]
        var findings: [Finding] = []
        for (name, check) in checks {
            report(name)
            do {
                findings.append(try await check())
            } catch {
                let reason = (error as? any Problem)?.report.explanation
                findings.append(
                    Finding(
                        name, .fault, zh: "无法检查：\(reason?.zh ?? "\(error)")",
                        en: "cannot be checked: \(reason?.en ?? "\(error)")"))
            }
        }
        return findings
    }

    // MARK: - The place

    @Sendable private func profile() async throws -> Finding {
        let profile = district.profile
        let open = profile.units.filter { !$0.provenance.isVerified }.count
        return Finding(
            "profile", .good,
            zh: "区档案“\(profile.slug)”完整，\(profile.units.count) 个单位中 \(open) 个待核实。",
            en: "profile “\(profile.slug)” is whole; of \(profile.units.count) units \(open) wait to be verified.")
    }

    @Sendable private func secret() async throws -> Finding {
        let key = try SecretKey.load(from: secretFile)
        guard !key.isExposed else {
            return Finding(
                "secret", .warning, zh: "密钥文件其他账户可读，请执行 chmod 600 \(secretFile.path)。",
                en: "other accounts may read the key file; run chmod 600 \(secretFile.path).")
        }
        return Finding("secret", .good, zh: "密钥文件只有本账户可读。", en: "the key file is readable by its owner only.")
    }

    @Sendable private func disk() async throws -> Finding {
        guard let free = DiskSpace.freeBytes(at: district.folder) else {
            return Finding("disk", .warning, zh: "系统没有给出剩余空间。", en: "the system does not tell the free space.")
        }
        let mebibytes = free >> 20
        guard free >= PlatformLimits.freeBytesMin else {
            return Finding(
                "disk", .warning, zh: "磁盘只剩 \(mebibytes) MiB，请尽快扩容。",
                en: "only \(mebibytes) MiB are free; make room soon.")
        }
        return Finding("disk", .good, zh: "磁盘剩余 \(mebibytes) MiB。", en: "\(mebibytes) MiB are free.")
    }

    // MARK: - The database

    @Sendable private func migrations() async throws -> Finding {
        let missing = try await Migrator(District.migrations).plan(district.database).map(\.name)
        guard missing.isEmpty else {
            return Finding(
                "migrations", .fault, zh: "缺 \(missing.count) 步结构更新，请运行 shuzhi migrate。",
                en: "\(missing.count) migrations are missing; run shuzhi migrate.", places: missing)
        }
        return Finding(
            "migrations", .good, zh: "\(District.migrations.count) 步结构更新齐全，未被改动。",
            en: "all \(District.migrations.count) migrations are applied, and none was changed.")
    }

    @Sendable private func database() async throws -> Finding {
        guard let sqlite = district.database as? SQLiteDatabase else {
            return Finding(
                "database", .good, zh: "PostgreSQL 应答正常；数据页请用 pg_amcheck 检查。",
                en: "PostgreSQL answers; its pages are pg_amcheck's to check.")
        }
        let faults = try await sqlite.integrityProblems()
        guard faults.isEmpty else {
            return Finding(
                "database", .fault, zh: "数据库文件损坏，请从备份恢复。", en: "the database file is damaged; restore a backup.",
                places: faults)
        }
        return Finding("database", .good, zh: "数据库文件完整。", en: "the database file is whole.")
    }

    @Sendable private func timelines() async throws -> Finding {
        let report = try await district.database.read { try ChainReport.verify(in: $0) }
        guard report.isSound else {
            let places = report.faults.map { fault in
                "case \(fault.caseID)\(fault.sequence.map { " entry \($0)" } ?? ""): \(fault.kind.rawValue)"
            }
            return Finding(
                "timelines", .fault, zh: "\(report.faultCount) 处时间线被改动或缺失。",
                en: "timelines were changed or are incomplete in \(report.faultCount) places.", places: places)
        }
        return Finding(
            "timelines", .good, zh: "\(report.cases) 件的 \(report.entries) 条时间线前后相接，锚值 \(report.anchor)。",
            en: "\(report.entries) entries of \(report.cases) cases follow on each other; anchor \(report.anchor).")
    }

    @Sendable private func audit() async throws -> Finding {
        let result = try await district.database.read { try Audit.verify(in: $0) }
        guard let fault = result.fault else {
            return Finding(
                "audit", .good, zh: "审计记录 \(result.entries) 条前后相接，末值 \(result.headHash)。",
                en: "\(result.entries) entries of the audit trail follow on each other; head \(result.headHash).")
        }
        return Finding(
            "audit", .fault, zh: "审计记录被改动或缺失。", en: "the audit trail was changed or is incomplete.",
            places: ["entry \(result.faultySequence.map(String.init) ?? "?"): \(fault.rawValue)"])
    }

    // MARK: - What stands beside it

    @Sendable private func attachments() async throws -> Finding {
        let digests = try await district.database.read { tx in
            var digests: [String] = []
            try CaseAttachmentStore.forEachDigest(in: tx) {
                digests.append($0); return true
            }
            return digests
        }
        let blobs = BlobFolder(district.attachmentsFolder)
        let broken = digests.filter { !blobs.isIntact($0) }
        guard broken.isEmpty else {
            return Finding(
                "attachments", .fault, zh: "\(broken.count) 个附件缺失或内容被改动，请从备份恢复。",
                en: "\(broken.count) attachments are missing or were changed; restore them from a backup.",
                places: broken)
        }
        return Finding(
            "attachments", .good, zh: "\(digests.count) 个附件都在，内容与校验值相符。",
            en: "\(digests.count) attachments are there and match their digests.")
    }

    /// Looks for a sample of cases by their own titles.
    @Sendable private func search() async throws -> Finding {
        let now = district.surroundings.now()
        let (missed, tried) = try await district.database.read { tx in
            let sample = try DoctorStore.sampleTitles(limit: PlatformLimits.searchSample, in: tx)
            let missed = try sample.filter { id, title in
                var filter = CaseFilter()
                filter.search = String(title.prefix(PlatformLimits.searchSampleCharacters))
                let found = try CaseStore.list(filter, limit: CasesLimits.listMax, now: now, in: tx)
                // A common title may stand behind more than one page of others.
                return found.count < CasesLimits.listMax && !found.contains { $0.id.rawValue == id }
            }
            return (missed.map { "case \($0.0)" }, sample.count)
        }
        guard missed.isEmpty else {
            return Finding(
                "search", .fault, zh: "抽查 \(tried) 件，\(missed.count) 件搜不到。",
                en: "of \(tried) cases tried, \(missed.count) are not found by their titles.",
                places: missed)
        }
        return Finding(
            "search", .good, zh: "抽查 \(tried) 件，都能搜到。", en: "\(tried) cases tried; all are found by their titles.")
    }

    @Sendable private func problems() async throws -> Finding {
        let wrong = try await district.database.read { try DoctorStore.problemsOutOfStep(in: $0) }
        guard wrong.isEmpty else {
            return Finding(
                "problems", .warning, zh: "\(wrong.count) 个问题的件数与成员不符，重新找一次问题即可改正。",
                en: "\(wrong.count) problems count other appeals than they have; the next mining puts that right.",
                places: wrong.map { "problem \($0)" })
        }
        return Finding("problems", .good, zh: "问题与诉求对得上。", en: "problems agree with their appeals.")
    }

    @Sendable private func jobs() async throws -> Finding {
        let counts = try await district.database.read { try JobStore.countsByState(in: $0) }
        let parked = counts[.parked] ?? 0
        guard parked == 0 else {
            return Finding(
                "jobs", .warning, zh: "\(parked) 项后台任务被搁置，请在 /admin/jobs 查看。",
                en: "\(parked) jobs are parked; look at them at /admin/jobs.")
        }
        let waiting = (counts[.queued] ?? 0) + (counts[.running] ?? 0)
        return Finding(
            "jobs", .good, zh: "没有搁置的任务，\(waiting) 项在排队或运行。", en: "no job is parked; \(waiting) wait or run.")
    }
}
