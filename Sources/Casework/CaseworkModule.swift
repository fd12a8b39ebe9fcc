internal import Core
internal import Foundation
package import Store
package import Web

/// What the room offers to the composition root and to the domains.
package struct CaseworkModule: Sendable {
    package static let migrations = CaseworkMigrations.all
    package static let resources = RoomResources(bundle: .module)
    package static let navigation = [
        NavigationItem(
            wordKey: "casework.list.title", path: "/desk/cases", access: .desk, area: .desk, groupKey: "casework.group",
            shortcut: "c")
    ]

    package let cases: Cases
    package let facets: CaseFacets
    package let blobs: BlobFolder
    private let database: any Database

    /// - Parameter blobs: where attachments are stored; shared by all server processes of the district.
    package init(cases: Cases, database: any Database, blobs: BlobFolder) {
        self.cases = cases
        self.database = database
        self.blobs = blobs
        facets = CaseFacets(cases: cases, database: database)
    }

    package var routes: Routes {
        var routes = CaseRoutes(facets: facets, blobs: blobs).routes
        routes.add(CaseExclusionRoutes(cases: cases, database: database).routes)
        return routes
    }

    package var jobHandlers: [any JobHandler] {
        [SweepFiles(database: database, blobs: blobs, surroundings: cases.surroundings)]
    }

    /// What waits for the visitor: for each hat the `limit` most pressing cases.
    package func worklist(for visit: Visit, limit: Int = 10) async throws -> WorklistView {
        let scopes = WorklistScope.scopes(of: try visit.account())
        let now = visit.now
        let lists = try await database.read { tx in
            try scopes.map { try CaseStore.worklist($0, limit: limit, now: now, in: tx) }
        }
        return WorklistView(lists, visit: visit, cases: cases)
    }
}
