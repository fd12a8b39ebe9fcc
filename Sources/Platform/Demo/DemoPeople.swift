internal import Core
internal import Organisation
internal import Store
internal import Web

/// The people of the demo: one for each role and for the departments with most to do.
struct DemoPeople: Sendable {
    let context: OrganisationContext

    struct Made: Sendable {
        let clerks: WriteDemo.Clerks
        /// Nil where a password was set before and is not to be changed.
        let signIns: [DemoSignIn]
    }

    private struct Figure {
        let signInName: String
        let name: String
        let unit: String?
        let role: Role
        let task: Bilingual
    }

    /// Makes who is missing, and gives new passwords to those, or to all when asked.
    func callAsFunction(withNewPasswords: Bool) async throws -> Made {
        var signIns: [DemoSignIn] = []
        var office: Int64?
        var leader: Int64?
        var staff: [String: Int64] = [:]
        for figure in figures {
            let found = try await context.database.read { try PersonStore.find(signInName: figure.signInName, in: $0) }
            var password: String?
            let id: ID<Person>
            if let found, found.hasPassword, !withNewPasswords {
                id = found.id
            } else {
                let (person, link) = try await link(for: figure, found)
                id = person
                let random = Self.password()
                let token = link.split(separator: "/").last.map(String.init) ?? ""
                _ = try await OneTimeLinks(context).follow(
                    token, password: random, replacing: nil, from: Origin(address: nil, device: "shuzhi demo"))
                password = random
            }
            if figure.role == .digitalOffice { office = id.rawValue }
            if figure.role == .leader { leader = id.rawValue }
            if let unit = figure.unit, figure.role == .unitStaff { staff[unit] = id.rawValue }
            signIns.append(DemoSignIn(signInName: figure.signInName, task: figure.task, password: password))
        }
        return Made(clerks: WriteDemo.Clerks(office: office, leader: leader, staff: staff), signIns: signIns)
    }

    private func link(for figure: Figure, _ found: Person?) async throws -> (ID<Person>, String) {
        if let found {
            let path = try await context.database.write { try ManagePeople(context).linkBySystem(for: found, in: $0) }
            return (found.id, path)
        }
        let draft = PersonDraft(
            signInName: figure.signInName, name: figure.name, unitCode: figure.unit, roles: [figure.role])
        return try await context.database.write { try ManagePeople(context).inviteBySystem(draft, in: $0) }
    }

    /// Six groups of letters nobody confuses: about 100 bits.
    private static func password() -> String {
        let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
        let groups = (0..<5).map { _ in String((0..<4).compactMap { _ in letters.randomElement() }) }
        return groups.joined(separator: "-")
    }

    private var figures: [Figure] {
        let units = context.profile.units
        let busy = ["房管局", "建管委", "绿化市容局", "公安分局", "生态环境局"].compactMap { name in
            units.first { $0.shortName.zh == name }
        }
        let departments = busy.isEmpty ? Array(units.filter { $0.kind == .department }.prefix(3)) : busy
        var figures = [
            Figure(
                signInName: "demo-office", name: "演示·数字化办", unit: nil, role: .digitalOffice,
                task: Bilingual(zh: "数字化办：导入、派单、看问题", en: "digital office: imports, dispatches, sees problems")),
            Figure(
                signInName: "demo-leader", name: "演示·领导", unit: nil, role: .leader,
                task: Bilingual(zh: "领导：看全区", en: "leader: sees the whole district")),
            Figure(
                signInName: "demo-system", name: "演示·系统管理员", unit: nil, role: .systemAdministrator,
                task: Bilingual(zh: "系统管理员：后台任务", en: "system administrator: jobs")),
            Figure(
                signInName: "demo-security", name: "演示·安全管理员", unit: nil, role: .securityAdministrator,
                task: Bilingual(zh: "安全管理员：人员和角色", en: "security administrator: people and roles")),
            Figure(
                signInName: "demo-audit", name: "演示·审计管理员", unit: nil, role: .auditAdministrator,
                task: Bilingual(zh: "审计管理员：审计记录", en: "audit administrator: the audit trail")),
        ]
        for (index, unit) in departments.enumerated() {
            figures.append(
                Figure(
                    signInName: "demo-staff-\(index + 1)", name: "演示·\(unit.shortName.zh)经办人", unit: unit.code,
                    role: .unitStaff,
                    task: Bilingual(zh: "\(unit.shortName.zh)经办人", en: "clerk of \(unit.shortName.en)")))
        }
        if let first = departments.first {
            figures.append(
                Figure(
                    signInName: "demo-head", name: "演示·\(first.shortName.zh)负责人", unit: first.code, role: .unitHead,
                    task: Bilingual(zh: "\(first.shortName.zh)负责人", en: "head of \(first.shortName.en)")))
        }
        return figures
    }
}
