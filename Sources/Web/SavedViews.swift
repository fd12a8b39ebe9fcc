import Hummingbird

/// A list as somebody wants to see it again: its search, filters, order and columns under a name.
package struct SavedView: Sendable, Equatable {
    package let id: Int64
    package let name: String
    /// The query of the list's address, as `ListQuery.encoded` writes it.
    package let query: String
    /// What the list shows when it is opened without asking for anything.
    package let isDefault: Bool

    package init(id: Int64, name: String, query: String, isDefault: Bool) {
        self.id = id
        self.name = name
        self.query = query
        self.isDefault = isDefault
    }
}

/// Where people's views are kept. A view belongs to one person and one list.
package protocol SavedViews: Sendable {
    func list(of personID: Int64, at path: String) async throws -> [SavedView]
    /// A view of the same name is replaced; a new default takes the place of the old one.
    func save(name: String, query: String, isDefault: Bool, of personID: Int64, at path: String) async throws
    /// Nil when the person has no such view.
    func remove(_ id: Int64, of personID: Int64) async throws -> (path: String, view: SavedView)?
}

/// Keeping and forgetting views, posted from the menu of a table.
struct SavedViewRoutes: Sendable {
    static let path = "/account/views"
    let keeper: any SavedViews

    var routes: Routes {
        var routes = Routes()
        routes.post(Self.path, .signedIn, save)
        routes.post(Self.path + "/:id/remove", .signedIn, remove)
        return routes
    }

    @Sendable private func save(_ visit: Visit) async throws -> Response {
        let fields = try await visit.fields()
        let (path, name) = (fields.text("path"), fields.text("name"))
        let query = fields["query"] ?? ""
        guard Self.isList(path), query.utf8.count <= WebLimits.viewQueryBytesMax else { throw WebError.formMalformed }
        guard !name.isEmpty, name.count <= WebLimits.viewNameCharactersMax else { throw WebError.viewNameMalformed }
        let account = try visit.account()
        let known = try await keeper.list(of: account.personID, at: path)
        guard known.count < WebLimits.viewsPerListMax || known.contains(where: { $0.name == name }) else {
            throw WebError.tooManyViews
        }
        try await keeper.save(
            name: name, query: query, isDefault: fields["default"] == "1", of: account.personID, at: path)
        return visit.redirect(Self.address(path, query), toast: "web.views.saved", arguments: [name])
    }

    @Sendable private func remove(_ visit: Visit) async throws -> Response {
        guard let id = Int64(try visit.parameter("id")) else { throw WebError.noSuchPage }
        guard let (path, view) = try await keeper.remove(id, of: try visit.account().personID) else {
            throw WebError.noSuchPage
        }
        return visit.redirect(
            Self.address(path, "view=none"), toast: "web.views.removed", arguments: [view.name],
            undo: Undo(
                Self.path,
                fields: [
                    "path": path, "name": view.name, "query": view.query, "default": view.isDefault ? "1" : "0",
                ]))
    }

    private static func address(_ path: String, _ query: String) -> String { query.isEmpty ? path : "\(path)?\(query)" }

    /// A page of this site that may hold a list.
    private static func isList(_ path: String) -> Bool {
        Area(path: path) != .public && path.utf8.count <= WebLimits.viewPathBytesMax
            && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && !path.contains("?") && !path.contains("#")
    }
}
