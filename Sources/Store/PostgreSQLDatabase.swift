package import Core
package import Logging
package struct PostgreSQLDatabase {
    package static func open(url: String, schema: String, logger: Logger) async throws -> any Database {
        throw StoreError.unavailable("the PostgreSQL engine is not in this build")
    }
}
