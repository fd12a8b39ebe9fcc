package import Core

/// What a file would change, before anything is changed.
package struct ImportPreview: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case values, enterprises }

    /// One value that is new or differs from what is there.
    package struct Change: Sendable, Equatable {
        package let row: Int
        /// What it is about, in both languages: indicator and scope, or enterprise.
        package let subject: Bilingual
        package let period: Period
        /// Nil where nothing is there yet.
        package let before: String?
        package let after: String
    }

    /// A row that is not taken: with its cells, so that it can come back as a file.
    package struct Refusal: Sendable, Equatable {
        package let row: Int
        package let column: String
        package let reason: Bilingual
        package let cells: [String]
    }

    package var titles: [String] = []
    package var added: [Change] = []
    package var changed: [Change] = []
    package var same = 0
    package var refused: [Refusal] = []

    package init() {}
}

/// A file of indicators' values or of enterprises' tax on its way in.
package struct IndicatorImport: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable { case draft, done, discarded }

    package let id: ID<IndicatorImport>
    package let kind: ImportPreview.Kind
    /// Of enterprises' tax; empty for values, whose indicators say it.
    package let basis: String
    package let fileName: String
    package let filePath: String
    package let state: State
    package let added: Int
    package let changed: Int
    package let same: Int
    package let refused: Int
    package let createdBy: Int64?
    package let createdAt: Instant

    package init(
        id: ID<IndicatorImport>, kind: ImportPreview.Kind, basis: String, fileName: String, filePath: String,
        state: State, added: Int, changed: Int, same: Int, refused: Int, createdBy: Int64?, createdAt: Instant
    ) {
        self.id = id
        self.kind = kind
        self.basis = basis
        self.fileName = fileName
        self.filePath = filePath
        self.state = state
        self.added = added
        self.changed = changed
        self.same = same
        self.refused = refused
        self.createdBy = createdBy
        self.createdAt = createdAt
    }
}
