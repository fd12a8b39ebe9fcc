package import Casework
package import Core
import Foundation
package import Indicators
internal import Organisation
package import Store
package import Web

/// What another room adds to a bulletin: what to name, and where its figures stand.
package struct BulletinMatter: Sendable, Equatable {
    package let text: String
    package let href: String
    package init(text: String, href: String) {
        self.text = text
        self.href = href
    }
}

/// Writes the draft of a month at once, and freezes what is issued.
package struct Bulletins: Sendable {
    package typealias Matters = @Sendable (Period, any Transaction) throws -> [BulletinMatter]

    package let cases: Cases
    package let registry: FactRegistry
    let matters: Matters

    package init(cases: Cases, registry: FactRegistry, matters: @escaping Matters) {
        self.cases = cases
        self.registry = registry
        self.matters = matters
    }

    /// The facts a unit is compared by, beside its peers.
    static let unitFigures: [TaskFigure] = [.open, .progress, .red, .yellow, .overdue]

    package func draft(_ period: Period, by account: Visitor.Account, in tx: any Transaction) throws -> ID<Bulletin> {
        let id = ID<Bulletin>(cases.surroundings.newID())
        let profile = cases.profile
        try BulletinStore.insert(
            id, period, title: "\(profile.name.zh)数字化转型工作通报（\(period.title.zh)）", text: try text(period, in: tx),
            by: account.personID, at: cases.surroundings.now(), in: tx)
        return id
    }

    /// Every sentence's figures are tokens; a figure that is blank this month is left out.
    private func text(_ period: Period, in tx: any Transaction) throws -> String {
        var lines: [String] = []
        let numerals = ["一", "二", "三", "四", "五", "六", "七", "八"]
        var section = 0
        func heading(_ title: String) {
            lines.append("# \(numerals[min(section, numerals.count - 1)])、\(title)")
            section += 1
        }
        for source in registry.sources {
            let now = cases.surroundings.now()
            let known = source.definitions.filter {
                $0.periods.contains(period.kind) && $0.scopes.contains(.district)
            }
            let told = try known.prefix(MechanismLimits.bulletinFactsPerDomain).filter { definition in
                try registry.measure(definition.name, period, now: now, in: tx).value != .blank
            }
            guard !told.isEmpty else { continue }
            heading(source.title.zh)
            let parts = told.map { definition in
                // A share prints its own sign.
                let unit = definition.unit.zh == "%" ? "" : definition.unit.zh
                return "\(definition.title.zh) {\(definition.name)} \(unit)".trimmingCharacters(in: .whitespaces)
            }
            lines.append(parts.joined(separator: "，") + "。")
        }
        let matters = try matters(period, tx)
        if !matters.isEmpty {
            heading("突出问题")
            lines += matters.enumerated().map { "\($0.offset + 1)、\($0.element.text)" }
        }
        heading("各单位任务情况")
        lines.append(Self.tableMark)
        heading("工作要求")
        lines.append("请红灯、黄灯任务的牵头单位逐项查明原因，倒排工期，按期报送赶工情况；请各配合单位主动对接，及时解决跨部门问题。")
        return lines.joined(separator: "\n")
    }

    /// Stands where the comparison of units goes.
    package static let tableMark = "[[各单位对比表]]"

    package func save(
        _ id: ID<Bulletin>, version: Int, title: String, text: String, in tx: any Transaction
    ) throws {
        let title = try MechanismText.title(title)
        let text = try MechanismText.clean(text, max: MechanismLimits.minutesCharactersMax)
        for name in BulletinText.names(in: text) { _ = try registry.definition(name) }
        guard try BulletinStore.update(id, version: version, title: title, text: text, in: tx) else {
            throw MechanismError.bulletinChanged
        }
    }

    /// Freezes every figure with its value and time, in the transaction that issues it.
    package func issue(
        _ id: ID<Bulletin>, version: Int, isTypedAccepted: Bool, by account: Visitor.Account, in tx: any Transaction
    ) throws {
        let bulletin = try BulletinStore.find(id, in: tx)
        let typed = BulletinText.typedNumbers(in: bulletin.text)
        guard typed.isEmpty || isTypedAccepted else { throw MechanismError.typedNumbers(typed) }
        let facts = try measured(bulletin, in: tx)
        guard
            try BulletinStore.issue(
                id, version: version, by: account.personID, at: cases.surroundings.now(), in: tx)
        else { throw MechanismError.bulletinChanged }
        try registry.freeze(
            facts.map(\.fact), for: Self.holder(id), by: account.personID, surroundings: cases.surroundings, in: tx)
    }

    static func holder(_ id: ID<Bulletin>) -> String { "bulletin:\(id)" }

    /// A figure of a bulletin, and the page that opens what is behind it.
    struct Figure: Sendable, Equatable {
        let fact: Fact
        let path: String
    }

    /// The figures as they were issued, or as they are now.
    func figures(_ bulletin: Bulletin, in tx: any Transaction) throws -> [Figure] {
        guard bulletin.isIssued else { return try measured(bulletin, in: tx) }
        return try FactStore.list(holder: Self.holder(bulletin.id), in: tx).map { Figure(fact: $0.fact, path: $0.path) }
    }

    private func measured(_ bulletin: Bulletin, in tx: any Transaction) throws -> [Figure] {
        let now = cases.surroundings.now()
        var facts = try BulletinText.names(in: bulletin.text).map {
            try registry.measure($0, bulletin.period, now: now, in: tx)
        }
        if bulletin.text.contains(Self.tableMark) {
            let units = try TaskListStore.figuresByUnit(now: now, in: tx).map { FigureScope.unit($0.unit) }
            for figure in Self.unitFigures where !units.isEmpty {
                facts += try registry.measure(figure.rawValue, bulletin.period, scopes: units, now: now, in: tx)
            }
        }
        return facts.map { Figure(fact: $0, path: $0.path) }
    }
}
