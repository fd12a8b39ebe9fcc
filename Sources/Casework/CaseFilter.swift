package import Core

/// Which cases to list or count. Everything given must hold; an empty list asks for nothing.
package struct CaseFilter: Sendable, Equatable {
    package var kinds: [String] = []
    package var states: [String] = []
    package var isOpen: Bool?
    package var lights: [Light] = []
    /// The unit leads or supports.
    package var unitCode: String?
    package var leadUnitCodes: [String] = []
    /// No unit leads yet.
    package var isUndispatched = false
    package var townshipCodes: [String] = []
    package var openedFrom: Instant?
    /// Opened before this instant.
    package var openedBefore: Instant?
    /// Words, a phrase or a number.
    package var search = ""

    package init() {}

    /// Open cases, as worklists want them.
    package static var open: CaseFilter {
        var filter = CaseFilter()
        filter.isOpen = true
        return filter
    }
}

package enum CaseSort: String, Sendable, CaseIterable {
    case opened, due, light, number
}

/// What a list of cases can be counted by.
package enum CaseGrouping: String, Sendable, CaseIterable {
    case kind, state, light, leadUnit, township
}

package struct CaseCount: Sendable, Equatable {
    /// A kind's, state's, light's or unit's name; empty where the case has none.
    package let key: String
    package let count: Int
}
