package import Casework
package import Core

/// Which appeals a list shows, and in what order.
package struct AppealFilter: Sendable, Hashable {
    package enum Sort: String, Sendable, CaseIterable { case time, updated }

    package var search = ""
    package var townshipCodes: [String] = []
    package var topics: [String] = []
    package var types: [AppealType] = []
    package var sources: [String] = []
    package var states: [AppealState] = []
    package var lights: [Light] = []
    package var submittedFrom: Instant?
    /// Submitted before this instant.
    package var submittedBefore: Instant?
    package var importID: Int64?
    package var sort = Sort.time
    package var isDescending = true

    package init() {}

    /// What Casework knows of the filter.
    var cases: CaseFilter {
        var filter = CaseFilter()
        filter.kinds = [AppealKind.name]
        filter.states = states.map(\.rawValue)
        filter.lights = lights
        filter.search = search
        return filter
    }
    /// The part of it that states and lights decide.
    func statesAndLights() -> CaseFilter {
        var filter = cases
        filter.search = ""
        return filter
    }
    /// All states but those asked for, where nothing else of a case is asked.
    func otherStates() -> CaseFilter? {
        guard !states.isEmpty, lights.isEmpty else { return nil }
        var filter = CaseFilter()
        filter.kinds = [AppealKind.name]
        filter.states = AppealState.allCases.filter { !states.contains($0) }.map(\.rawValue)
        return filter.states.isEmpty ? nil : filter
    }
    /// Whether nothing but words is asked for.
    var asksWordsOnly: Bool {
        var plain = AppealFilter()
        (plain.search, plain.sort, plain.isDescending) = (search, sort, isDescending)
        return self == plain
    }
    var asksStates: Bool { !states.isEmpty || !lights.isEmpty }
}
