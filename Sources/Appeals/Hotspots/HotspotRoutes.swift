internal import Core
internal import Hummingbird
internal import Organisation
internal import Sheets
internal import Store
internal import Web

/// The pages of hot spots: the list, one of them, the export; asking for a new scan and stopping it.
struct HotspotRoutes: Sendable {
    let profile: Profile
    let database: any Database
    let surroundings: Surroundings

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/hotspots", .desk, list)
        routes.get("/desk/hotspots/export", .desk, export)
        routes.get("/desk/hotspots/progress", .desk, progress)
        routes.get("/desk/hotspots/:id", .desk, show)
        routes.post("/desk/hotspots/run", .digitalOffice, run)
        routes.post("/desk/hotspots/cancel", .digitalOffice, cancel)
        return routes
    }

    private func query(_ visit: Visit) -> ListQuery {
        ListQuery.read(visit, sorts: HotspotListPage.sorts, defaultSort: "rank", filters: ["township", "sure"])
    }

    @Sendable private func list(_ visit: Visit) async throws -> Response {
        let loaded = try await database.read { try HotspotListPage.Loaded(in: $0) }
        return try visit.render(
            HotspotListPage(
                visit, profile: profile, query: query(visit), loaded: loaded,
                canRun: Access.digitalOffice.admits(visit.visitor)))
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let id: ID<Hotspot> = try visit.id()
        let query = ListQuery.read(visit, sorts: ["time"], defaultSort: "-time", filters: [])
        let (spot, members, total) = try await database.read { tx in
            (
                try HotspotStore.find(id, in: tx),
                try HotspotStore.members(of: id, limit: query.pageSize, offset: query.offset, in: tx),
                try HotspotStore.memberCount(of: id, in: tx)
            )
        }
        // A new scan gives new hot spots; the list has them.
        guard let spot else { return visit.redirect("/desk/hotspots", toast: "hotspots.replaced") }
        return try visit.render(
            HotspotPage(visit, profile: profile, query: query, spot: spot, members: members, total: total))
    }

    @Sendable private func export(_ visit: Visit) async throws -> Response {
        let wording = HotspotWording(visit: visit, profile: profile)
        let all = try await database.read { try HotspotStore.list(in: $0) }
        let keys = ["rank", "place", "days", "observed", "expected", "risk", "llr", "chance", "latitude", "longitude"]
        return try SheetDownload(
            header: keys.map { visit.word("hotspots.\($0)") },
            rows: HotspotListPage.chosen(all, query(visit), wording).map { spot in
                [
                    .number(String(spot.rank)), .text(wording.place(spot)), .text(wording.days(spot)),
                    .number(String(spot.observed)), .number(Self.decimal(spot.expectedMilli)),
                    .number(Self.decimal(spot.riskMilli)), .number(Self.decimal(spot.llrMilli)),
                    .number(Self.decimal(spot.pPpm / 1_000)), .number(String(spot.centre.latitude)),
                    .number(String(spot.centre.longitude)),
                ]
            }
        ).response(visit, name: visit.word("hotspots.title"))
    }

    private static func decimal(_ milli: Int) -> String { "\(milli / 1_000).\(Day.padded(milli % 1_000, 3))" }

    @Sendable private func progress(_ visit: Visit) async throws -> Response {
        let loaded = try await database.read { try HotspotListPage.Loaded(in: $0) }
        return try visit.json(HotspotListPage.status(visit, loaded.job))
    }

    @Sendable private func run(_ visit: Visit) async throws -> Response {
        let account = try visit.account()
        _ = try await visit.fields()
        try await database.write { tx in
            try FindHotspotsJob.enqueue(createdBy: account.personID, surroundings: surroundings, in: tx)
        }
        return visit.redirect("/desk/hotspots", toast: "hotspots.started")
    }

    @Sendable private func cancel(_ visit: Visit) async throws -> Response {
        _ = try await visit.fields()
        try await database.write { tx in
            if let job = try HotspotStore.run(in: tx).jobID {
                try JobStore.requestCancel(ID(job), now: surroundings.now(), in: tx)
            }
        }
        return visit.redirect("/desk/hotspots", toast: "hotspots.cancelled")
    }
}
