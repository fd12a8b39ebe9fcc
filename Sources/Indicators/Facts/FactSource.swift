package import Core
package import Store

/// What a domain measures. `Platform` registers one or more for each room.
package protocol FactSource: Sendable {
    /// The names' first part: `appeals` for `appeals.received`.
    var domain: String { get }
    var title: Bilingual { get }
    var definitions: [FactDefinition] { get }

    /// The figure for each scope, which the definition admits; a scope that is left out is blank.
    func values(
        of name: String, _ period: Period, scopes: [FigureScope], in tx: any Transaction
    ) throws -> [FigureScope: FactValue]

    /// The same of several figures, by their names: for a source that can answer for all with few statements.
    func values(
        of names: [String], _ period: Period, scopes: [FigureScope], in tx: any Transaction
    ) throws -> [String: [FigureScope: FactValue]]

    /// The rows behind the figure, in an order that does not change between pages.
    func rows(
        of name: String, _ period: Period, _ scope: FigureScope, limit: Int, offset: Int, in tx: any Transaction
    ) throws -> FactRows

    /// A figure that is defined by data rather than by the program; nil where there is none of that name.
    func definition(_ name: String, in tx: any Transaction) throws -> FactDefinition?
    /// All figures now, those defined by data among them.
    func listed(in tx: any Transaction) throws -> [FactDefinition]
}

extension FactSource {
    package func definition(_ name: String, in tx: any Transaction) throws -> FactDefinition? {
        definitions.first { $0.name == name }
    }
    package func listed(in tx: any Transaction) throws -> [FactDefinition] { definitions }

    package func values(
        of names: [String], _ period: Period, scopes: [FigureScope], in tx: any Transaction
    ) throws -> [String: [FigureScope: FactValue]] {
        var values: [String: [FigureScope: FactValue]] = [:]
        for name in names { values[name] = try self.values(of: name, period, scopes: scopes, in: tx) }
        return values
    }
}

/// All figures of a district that can be cited, by name.
package struct FactRegistry: Sendable {
    package let sources: [any FactSource]
    private let byName: [String: (definition: FactDefinition, source: any FactSource)]

    /// - Throws: `FactError.twice` where two definitions share a name, or a name does not begin with its domain.
    package init(_ sources: [any FactSource]) throws(FactError) {
        var byName: [String: (definition: FactDefinition, source: any FactSource)] = [:]
        for source in sources {
            for definition in source.definitions {
                guard definition.domain == source.domain, byName[definition.name] == nil else {
                    throw .twice(definition.name)
                }
                byName[definition.name] = (definition, source)
            }
        }
        self.sources = sources
        self.byName = byName
    }

    package var definitions: [FactDefinition] { sources.flatMap(\.definitions) }

    package func definition(_ name: String) throws(FactError) -> FactDefinition {
        guard let found = byName[name] else { throw .unknown(name) }
        return found.definition
    }

    package func definition(_ name: String, in tx: any Transaction) throws -> FactDefinition {
        try found(name, in: tx).definition
    }

    /// All figures now, those defined by data among them.
    package func listed(in tx: any Transaction) throws -> [FactDefinition] {
        try sources.flatMap { try $0.listed(in: tx) }
    }

    private func found(
        _ name: String, in tx: any Transaction
    ) throws -> (definition: FactDefinition, source: any FactSource) {
        if let found = byName[name] { return found }
        let domain = name.prefix { $0 != "." }
        guard let source = sources.first(where: { $0.domain == domain }),
            let definition = try source.definition(name, in: tx)
        else { throw FactError.unknown(name) }
        return (definition, source)
    }

    /// Measures one figure now.
    package func measure(
        _ name: String, _ period: Period, _ scope: FigureScope = .district, now: Instant, in tx: any Transaction
    ) throws -> Fact {
        try measure([name], period, scopes: [scope], now: now, in: tx)[0][0]
    }

    /// Measures several figures for several scopes at once, both in the order asked for: units beside their peers.
    package func measure(
        _ names: [String], _ period: Period, scopes: [FigureScope] = [.district], now: Instant, in tx: any Transaction
    ) throws -> [[Fact]] {
        let known = try names.map { try found($0, in: tx) }
        for (definition, _) in known {
            guard definition.periods.contains(period.kind) else {
                throw FactError.periodNotMeasured(definition.name, period.kind)
            }
            for scope in scopes where !definition.scopes.contains(scope.kind) {
                throw FactError.scopeNotMeasured(definition.name, scope.kind)
            }
        }
        var values: [String: [FigureScope: FactValue]] = [:]
        for source in sources {
            let own = known.filter { $0.source.domain == source.domain }.map(\.definition.name)
            guard !own.isEmpty else { continue }
            values.merge(try source.values(of: own, period, scopes: scopes, in: tx)) { $1 }
        }
        return known.map { definition, _ in
            scopes.map {
                Fact(
                    definition, period: period, scope: $0, value: values[definition.name]?[$0] ?? .blank,
                    measuredAt: now)
            }
        }
    }

    package func rows(
        of name: String, _ period: Period, _ scope: FigureScope, limit: Int, offset: Int, in tx: any Transaction
    ) throws -> FactRows {
        let (definition, source) = try found(name, in: tx)
        guard definition.periods.contains(period.kind) else { throw FactError.periodNotMeasured(name, period.kind) }
        guard definition.scopes.contains(scope.kind) else { throw FactError.scopeNotMeasured(name, scope.kind) }
        return try source.rows(of: name, period, scope, limit: limit, offset: offset, in: tx)
    }
}

/// What a person can do wrong with facts.
package enum FactError: Problem, Equatable {
    case unknown(String)
    /// A defect of the composition: found when the district is put together.
    case twice(String)
    case periodNotMeasured(String, PeriodKind)
    case scopeNotMeasured(String, FigureScope.Kind)
    case periodWrong(String)
    case frozenNotFound

    package var report: ProblemReport {
        switch self {
        case .unknown(let name):
            .init(
                .missing, "facts.unknown", zh: "没有名为“\(name)”的数据。请从数据目录中选择。",
                en: "There is no fact called “\(name)”. Choose one from the list of facts.")
        case .twice(let name):
            .init(
                .conflict, "facts.twice", zh: "数据名称“\(name)”重复，或与所属领域不符。请改名。",
                en: "The fact “\(name)” is defined twice, or outside its domain. Rename it.")
        case .periodNotMeasured(let name, let kind):
            .init(
                .invalid, "facts.period_not_measured", zh: "“\(name)”不按这种周期统计（\(kind.rawValue)）。请换一个周期。",
                en: "“\(name)” is not measured by \(kind.rawValue). Choose another period.")
        case .scopeNotMeasured(let name, let kind):
            .init(
                .invalid, "facts.scope_not_measured", zh: "“\(name)”不按\(kind.title.zh)统计。请换一个范围。",
                en: "“\(name)” is not measured by \(kind.rawValue). Choose another scope.")
        case .periodWrong(let text):
            .init(
                .invalid, "facts.period_wrong", zh: "“\(text)”不是周期。可写 2021、2021-H1、2021-Q1、2021-04 或 2021-04-19。",
                en: "“\(text)” is no period. Write 2021, 2021-H1, 2021-Q1, 2021-04 or 2021-04-19.")
        case .frozenNotFound:
            .init(
                .missing, "facts.frozen_not_found", zh: "没有这条已固定的数据。请从引用它的文件重新进入。",
                en: "There is no such frozen fact. Open it again from the document that cites it.")
        }
    }
}
