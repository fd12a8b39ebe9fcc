internal import Hummingbird
internal import Organisation
internal import Store
internal import Web

/// A list that is read whole because a district has few of its kind: a page of it, or all of it as a file.
struct ShortList {
    let query: ListQuery
    let columns: [Table.Column]
    /// All that match, in order.
    let rows: [Table.Row]

    func table(_ visit: Visit, filters: [Table.Filter], path: String, emptyKey: String) -> Table {
        Table(
            visit: visit, query: query, columns: columns,
            rows: Array(rows.dropFirst(query.offset).prefix(query.pageSize)), total: rows.count, filters: filters,
            exportPath: path + "/export", emptyKey: emptyKey)
    }

    func download(
        _ visit: Visit, name: String, subject: String, in database: any Database
    ) async throws -> Response {
        try await SheetDownload(visit, columns: columns, rows: rows)
            .recorded(visit, name: name, subject: subject, in: database)
    }
}
