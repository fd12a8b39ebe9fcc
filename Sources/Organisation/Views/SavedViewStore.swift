package import Core
package import Store
package import Web

/// The SQL of people's views of lists.
package enum SavedViewStore {
    /// Views of one list, the default first, then by name.
    package static func list(
        of personID: Int64, at path: String, in tx: any Transaction
    ) throws -> [SavedView] {
        try tx.all(
            """
            SELECT id, name, query, is_default FROM saved_view WHERE person_id = \(personID) AND path = \(path)
            ORDER BY is_default DESC, name, id LIMIT \(WebLimits.viewsPerListMax)
            """
        ).map(view)
    }

    /// Keeps a view under its name; a view of that name is replaced, and keeps its identifier.
    package static func save(
        _ view: SavedView, of personID: Int64, at path: String, now: Instant, in tx: any Transaction
    ) throws {
        if view.isDefault {
            try tx.run("UPDATE saved_view SET is_default = 0 WHERE person_id = \(personID) AND path = \(path)")
        }
        try tx.run(
            """
            INSERT INTO saved_view (id, person_id, path, name, query, is_default, created_at_ms)
            VALUES (\(view.id), \(personID), \(path), \(view.name), \(view.query), \(view.isDefault), \(now))
            ON CONFLICT (person_id, path, name)
            DO UPDATE SET query = excluded.query, is_default = excluded.is_default
            """)
    }

    /// Nil when the person has no view of that identifier.
    package static func remove(
        _ id: Int64, of personID: Int64, in tx: any Transaction
    ) throws -> (path: String, view: SavedView)? {
        let row = try tx.first(
            """
            DELETE FROM saved_view WHERE id = \(id) AND person_id = \(personID)
            RETURNING id, path, name, query, is_default
            """)
        return try row.map { (path: try $0.get("path"), view: try view($0)) }
    }

    private static func view(_ row: Row) throws -> SavedView {
        SavedView(
            id: try row.get("id"), name: try row.get("name"), query: try row.get("query"),
            isDefault: try row.get("is_default"))
    }
}

/// The page kit's views, kept beside the people they belong to.
struct KeptViews: SavedViews {
    let context: OrganisationContext

    init(_ context: OrganisationContext) { self.context = context }

    func list(of personID: Int64, at path: String) async throws -> [SavedView] {
        try await context.database.read { try SavedViewStore.list(of: personID, at: path, in: $0) }
    }

    func save(name: String, query: String, isDefault: Bool, of personID: Int64, at path: String) async throws {
        let view = SavedView(id: context.surroundings.newID(), name: name, query: query, isDefault: isDefault)
        let now = context.surroundings.now()
        try await context.database.write { try SavedViewStore.save(view, of: personID, at: path, now: now, in: $0) }
    }

    func remove(_ id: Int64, of personID: Int64) async throws -> (path: String, view: SavedView)? {
        try await context.database.write { try SavedViewStore.remove(id, of: personID, in: $0) }
    }
}
