package import Appeals
internal import Core
internal import Foundation

/// Imports one file of appeals from the command line, through the same use case as the page.
package struct ImportFile: Sendable {
    let rooms: Rooms
    let district: District

    package init(_ district: District) throws {
        self.district = district
        rooms = try Rooms(district)
    }

    /// - Parameter names: field → header, for columns that are not recognised by their headers.
    package func callAsFunction(
        path: String, sheet: String? = nil, source: String? = nil, names: [String: String] = [:],
        report: @Sendable (ImportProgress) async throws -> Void
    ) async throws -> ImportRecord {
        let importing = rooms.appeals.importAppeals
        let name = URL(fileURLWithPath: path).lastPathComponent
        let full = URL(fileURLWithPath: path).path
        let draft = try await importing.draft(path: full, name: name, sheet: sheet, source: source, names: names)
        if let unfinished = try await importing.unfinished(path: full, source: draft.source) {
            try await importing.discard(draft.id)
            return try await importing.run(unfinished.id, report: report)
        }
        let confirmed = try await importing.confirm(draft.id, source: draft.source, names: draft.names)
        return try await importing.run(confirmed.id, report: report)
    }
}
