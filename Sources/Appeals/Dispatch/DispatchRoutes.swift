internal import Core
internal import Hummingbird
internal import Organisation
internal import Store
internal import Web

/// The models that propose units: what each learnt, and how it was judged.
struct DispatchModelsPage: Page {
    static let template = "appeals/dispatch"
    let title: String
    let note: String
    let trainPath: String
    let table: Table
    var isWide: Bool { true }
}

struct DispatchRoutes: Sendable {
    let database: any Database
    let surroundings: Surroundings

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/dispatch-models", .digitalOffice, list)
        routes.post("/desk/dispatch-models/train", .digitalOffice, train)
        return routes
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let query = ListQuery.read(visit, sorts: ["version"], defaultSort: "-version", filters: [])
        let (records, total) = try await database.read { tx in
            (
                try DispatchStore.list(limit: query.pageSize, offset: query.offset, in: tx),
                try DispatchStore.count(in: tx)
            )
        }
        let columns: [Table.Column] = [
            .init("version", visit.word("appeals.dispatch.version"), isNumeric: true, isFixed: true),
            .init("state", visit.word("appeals.state")),
            .init("trained", visit.word("appeals.dispatch.trained_at")),
            .init("cases", visit.word("appeals.dispatch.cases"), isNumeric: true),
            .init("units", visit.word("appeals.dispatch.units"), isNumeric: true),
            .init("held", visit.word("appeals.dispatch.held_out"), isNumeric: true),
            .init("first", visit.word("appeals.dispatch.right_first"), isNumeric: true),
            .init("three", visit.word("appeals.dispatch.right_three"), isNumeric: true),
            .init("rival", visit.word("appeals.dispatch.rival_first"), isNumeric: true),
        ]
        return try visit.render(
            DispatchModelsPage(
                title: visit.word("appeals.dispatch.title"), note: visit.word("appeals.dispatch.note"),
                trainPath: "/desk/dispatch-models/train",
                table: Table(
                    visit: visit, query: query, columns: columns, rows: records.map { row($0, visit) }, total: total,
                    emptyKey: "appeals.dispatch.empty", hasSearch: false)))
    }

    private func row(_ record: DispatchRecord, _ visit: Visit) -> Table.Row {
        Table.Row(cells: [
            .text(visit.number(record.version)),
            .badge(
                visit.word(record.isInUse ? "appeals.dispatch.in_use" : "appeals.dispatch.not_in_use"),
                record.isInUse ? .good : .neutral),
            .time(record.trainedAt), .text(visit.number(record.cases)), .text(visit.number(record.units)),
            .text(visit.number(record.heldOut)), .text(visit.number(record.rightFirst)),
            .text(visit.number(record.rightThree)),
            record.rivalFirst.map { Web.Cell.text(visit.number($0)) } ?? .none,
        ])
    }

    @Sendable private func train(_ visit: Visit) async throws -> Response {
        let account = try visit.account()
        let surroundings = surroundings
        try await database.write { tx in
            try TrainDispatchJob.enqueue(
                isSoon: true, createdBy: account.personID, surroundings: surroundings, in: tx)
        }
        return visit.redirect("/desk/dispatch-models", toast: "appeals.dispatch.queued")
    }
}
