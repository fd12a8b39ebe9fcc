internal import Casework
internal import Core
internal import Indicators
internal import Organisation
internal import Store

/// Figures as evidence of a report: cited by name and period, frozen with their value when the report is handed in.
enum FactEvidence {
    /// What the form offers: every domain's figures, and the indicators that the unit answers for.
    static func offered(
        _ registry: FactRegistry, unit: String, in tx: any Transaction
    ) throws -> [(value: String, title: Bilingual)] {
        var filter = IndicatorFilter()
        filter.owners = [unit]
        let own = try IndicatorStore.list(filter, limit: MechanismLimits.indicatorsOffered, offset: 0, in: tx)
        let indicators = try own.map { try registry.definition("indicators.\($0.code)", in: tx) }
        return (registry.definitions + indicators).flatMap { definition in
            var offered: [(value: String, title: Bilingual)] = []
            if definition.scopes.contains(.district) { offered.append((definition.name, definition.title)) }
            if definition.scopes.contains(.unit) {
                let title = Bilingual(
                    zh: definition.title.zh + "（本单位）", en: definition.title.en + " (this unit)")
                offered.append(("\(definition.name) \(FigureScope.unit(unit))", title))
            }
            return offered
        }
    }

    /// - Parameter text: a figure's name, and its scope where that is not the district.
    /// - Throws: `MechanismError.factBlank`, `FactError`.
    static func freeze(
        _ text: String, period periodText: String, for report: ID<TaskReport>, _ registry: FactRegistry,
        by person: Int64,
        tasks: Tasks, in tx: any Transaction
    ) throws -> Evidence {
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        guard let name = parts.first else { throw FactError.unknown(text) }
        let scope = parts.count > 1 ? FigureScope(text: parts[1]) : .district
        guard let scope else { throw FactError.unknown(text) }
        guard let period = Period(reading: periodText) else { throw FactError.periodWrong(periodText) }
        let surroundings = tasks.cases.surroundings
        let fact = try registry.measure(name, period, scope, now: surroundings.now(), in: tx)
        let title = "\(fact.definition.title.zh)（\(tasks.profile.name(of: scope).zh)，\(period.title.zh)）"
        guard fact.value != .blank else { throw MechanismError.factBlank(title) }
        let frozen = try registry.freeze(
            [fact], for: "report:\(report)", by: person, surroundings: surroundings, in: tx)[0]
        let unit = fact.text.hasSuffix("%") ? "" : fact.definition.unit.zh
        return Evidence(kind: .fact, reference: frozen.path, title: "\(title)：\(fact.text)\(unit)")
    }
}
