internal import Core
package import Store

/// What the room offers to the composition root.
package struct CaseworkModule: Sendable {
    package static let migrations = CaseworkMigrations.all

    package let cases: Cases
    let database: any Database

    package init(cases: Cases, database: any Database) {
        self.cases = cases
        self.database = database
    }
}
