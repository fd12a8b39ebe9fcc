package import Casework
package import Core
import Foundation
package import Indicators
internal import Organisation
package import Store
package import Web

/// What another room adds to a bulletin: a heading, and what to name below it with the page where its figures stand.
package struct BulletinSection: Sendable, Equatable {
    package struct Matter: Sendable, Equatable {
        package let text: String
        package let href: String
        package init(text: String, href: String) {
            self.text = text
            self.href = href
        }
    }
    package let title: String
    package let matters: [Matter]
    package init(title: String, matters: [Matter]) {
        self.title = title
        self.matters = matters
    }
}

/// Writes the draft of a month at once, and freezes what is issued.
package struct Bulletins: Sendable {
    package typealias Sections = @Sendable (Period, any Transaction) throws -> [BulletinSection]

    package let cases: Cases
    package let registry: FactRegistry
    let sections: Sections

    package init(cases: Cases, registry: FactRegistry, sections: @escaping Sections) {
        self.cases = cases
        self.registry = registry
        self.sections = sections
    }

    package func draft(
        _ period: Period, isDemo: Bool = false, by account: Visitor.Account, in tx: any Transaction
    ) throws -> ID<Bulletin> {
        let id = ID<Bulletin>(cases.surroundings.newID())
        let profile = cases.profile
        let title = "\(profile.name.zh)数字化转型工作通报（\(period.title.zh)）"
        try BulletinStore.insert(
            id, period, title: isDemo ? title + "（演示）" : title, text: try text(period, in: tx), isDemo: isDemo,
            by: account.personID, at: cases.surroundings.now(), in: tx)
        return id
    }

    /// Every sentence's figures are tokens; a figure that is blank this month is left out.
    private func text(_ period: Period, in tx: any Transaction) throws -> String {
        var lines: [String] = []
        let numerals = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]
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
            let asked = known.prefix(MechanismLimits.bulletinFactsPerDomain).map(\.name)
            let told = try registry.measure(asked, period, now: now, in: tx).compactMap { facts in
                facts.first.flatMap { $0.value == .blank ? nil : $0.definition }
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
        for one in try sections(period, tx) + [try delays(in: tx)] where !one.matters.isEmpty {
            heading(one.title)
            lines += one.matters.enumerated().map {
                "\($0.offset + 1)、\(BulletinText.link($0.element.text, $0.element.href))"
            }
        }
        heading("各单位情况（见表）")
        lines += tables(of: period).map(\.mark)
        heading("工作要求")
        lines.append("请红灯、黄灯任务的牵头单位逐项查明原因，倒排工期，按期报送赶工情况；请各配合单位主动对接，及时解决跨部门问题。")
        return lines.joined(separator: "\n")
    }

    /// The red tasks that are due first.
    private func delays(in tx: any Transaction) throws -> BulletinSection {
        var filter = TaskFilter()
        filter.cases.isOpen = true
        filter.cases.lights = [.red]
        let now = cases.surroundings.now()
        let reds = try TaskListStore.list(
            filter, limit: MechanismLimits.bulletinDelays, on: Day(now, in: cases.profile.zone), now: now, in: tx)
        return BulletinSection(
            title: "滞后较多的任务",
            matters: reds.map { entry in
                let unit = entry.file.leadUnitCode.map { cases.profile.name(of: .unit($0)).zh } ?? ""
                return .init(
                    text: "\(entry.file.title)（\(unit)，时限\(entry.task.due.chinese)）",
                    href: "/desk/tasks/\(entry.file.id)")
            })
    }

    /// Units beside their peers, by the figures of one domain.
    struct Comparison: Sendable {
        /// Stands in the text where the table goes.
        let mark: String
        let title: String
        let figures: [FactDefinition]
    }

    /// One for each domain that measures units.
    func tables(of period: Period) -> [Comparison] {
        registry.sources.compactMap { source in
            let figures = source.definitions.filter {
                $0.periods.contains(period.kind) && $0.scopes.contains(.unit)
            }
            guard !figures.isEmpty else { return nil }
            return Comparison(
                mark: "[[各单位\(source.title.zh)对比表]]", title: source.title.zh, figures: figures)
        }
    }

    package func save(
        _ id: ID<Bulletin>, version: Int, title: String, text: String, in tx: any Transaction
    ) throws {
        let title = try MechanismText.title(title)
        let text = try MechanismText.clean(text, max: MechanismLimits.minutesCharactersMax)
        for name in BulletinText.names(in: text) { _ = try registry.definition(name, in: tx) }
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
            facts, for: Self.holder(id), by: account.personID, surroundings: cases.surroundings, in: tx)
    }

    static func holder(_ id: ID<Bulletin>) -> String { "bulletin:\(id)" }

    /// A figure of a bulletin, and the page that opens what is behind it.
    struct Figure: Sendable, Equatable {
        let fact: Fact
        let path: String
    }

    /// The figures of a draft as they are now, a few seconds old at most.
    func shown(_ bulletin: Bulletin, _ facts: RememberedFacts, now: Instant) async throws -> [Figure] {
        let (period, units) = (bulletin.period, units)
        let compared = tables(of: period).filter { bulletin.text.contains($0.mark) }.map { $0.figures.map(\.name) }
        // Side by side: whoever is the first to look for a while waits for the slowest, not for all of them.
        async let cited = facts.facts(BulletinText.names(in: bulletin.text), period, now: now)
        let tables = try await withThrowingTaskGroup(of: (Int, [[Fact]]).self) { group in
            for (number, names) in compared.enumerated() {
                group.addTask { (number, try await facts.facts(names, period, scopes: units, now: now)) }
            }
            return try await group.reduce(into: [Int: [[Fact]]]()) { $0[$1.0] = $1.1 }
        }
        let found = try await cited.flatMap { $0 } + compared.indices.flatMap { Self.busy(tables[$0] ?? []) }
        return found.map { Figure(fact: $0, path: $0.path) }
    }

    /// The figures as they were issued.
    func issued(_ bulletin: Bulletin, in tx: any Transaction) throws -> [Figure] {
        try FactStore.list(holder: Self.holder(bulletin.id), in: tx).map { Figure(fact: $0.fact, path: $0.path) }
    }

    private var units: [FigureScope] { cases.profile.units.map { .unit($0.code) } }

    /// A unit that has nothing of the kind is no peer.
    private static func busy(_ measured: [[Fact]]) -> [Fact] {
        let busy = Set(measured.joined().filter { $0.value.isSomething }.map(\.scope))
        return measured.joined().filter { busy.contains($0.scope) }
    }

    /// Everything measured anew, to be frozen.
    private func measured(_ bulletin: Bulletin, in tx: any Transaction) throws -> [Fact] {
        let now = cases.surroundings.now()
        var facts = try registry.measure(
            BulletinText.names(in: bulletin.text), bulletin.period, now: now, in: tx
        ).flatMap { $0 }
        for table in tables(of: bulletin.period) where bulletin.text.contains(table.mark) {
            facts += Self.busy(
                try registry.measure(
                    table.figures.map(\.name), bulletin.period, scopes: units, now: now, in: tx))
        }
        return facts
    }
}

extension FactValue {
    /// Neither blank nor a count of nothing.
    var isSomething: Bool {
        switch self {
        case .blank: false
        case .decimal(let number): number != .zero
        case .share: true
        }
    }
}

extension Day {
    /// `2021年4月19日`, as papers write it.
    package var chinese: String { "\(parts.year)年\(parts.month)月\(parts.day)日" }
}
