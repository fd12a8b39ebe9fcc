package import Store

/// What the room exports to the composition root.
package struct AppealsModule: Sendable {
    package static let migrations: [Migration] = AppealMigrations.all
}
