package import Casework
internal import Core
package import Foundation
package import Mining
package import Organisation
package import Store
package import Web

/// What the room exports to the composition root.
package struct AppealsModule: Sendable {
    package static let migrations: [Migration] = AppealMigrations.all
    package static let kind = AppealKind.kind
    package static let resources = RoomResources(bundle: .module)
    package static let navigation = [
        NavigationItem(
            wordKey: "appeals.list.title", path: "/desk/appeals", access: .desk, area: .desk,
            groupKey: "appeals.group", shortcut: "a"),
        NavigationItem(
            wordKey: "appeals.import.title", path: "/desk/import", access: .digitalOffice, area: .desk,
            groupKey: "appeals.group", shortcut: "i", also: ["/desk/imports"]),
        NavigationItem(
            wordKey: "appeals.dispatch.title", path: "/desk/dispatch-models", access: .digitalOffice, area: .desk,
            groupKey: "appeals.group"),
        NavigationItem(wordKey: "appeals.new.title", path: "/appeals/new", access: .anyone, area: .public),
        NavigationItem(wordKey: "appeals.find.title", path: "/appeals/find", access: .anyone, area: .public),
    ]

    package let importAppeals: ImportAppeals
    package let undoImport: UndoImport
    package let submitAppeal: SubmitAppeal
    package let moveAppeal: MoveAppeal
    private let database: any Database
    private let facets: CaseFacets
    private let files: UploadedFiles
    private let advice: DispatchAdvice

    /// - Parameters:
    ///   - dataFolder: the district's; uploads wait in `imports` below it.
    ///   - secret: the district's key, under which authors and follow codes are hashed.
    ///   - topic: guesses the topic of a text; nil for none.
    package init(
        database: any Database, cases: Cases, profile: Profile, dataFolder: URL, secret: [UInt8], topic: TopicGuess?,
        gazetteer: Gazetteer? = nil
    ) {
        self.database = database
        facets = CaseFacets(cases: cases, database: database)
        advice = DispatchAdvice(database: database)
        files = UploadedFiles(folder: dataFolder.appendingPathComponent("imports"))
        let locator = TownshipLocator(profile, gazetteer: gazetteer)
        importAppeals = ImportAppeals(
            database: database, cases: cases, profile: profile, secret: secret, locator: locator, topic: topic,
            surroundings: cases.surroundings)
        undoImport = UndoImport(database: database, cases: cases, surroundings: cases.surroundings)
        submitAppeal = SubmitAppeal(
            database: database, cases: cases, secret: secret, locator: locator, topic: topic)
        moveAppeal = MoveAppeal(database: database, cases: cases)
    }

    package var routes: Routes {
        var routes = Routes()
        routes.add(
            AppealRoutes(
                database: database, facets: facets, moveAppeal: moveAppeal, advice: advice,
                answers: AppealListAnswers(database: database)
            ).routes)
        routes.add(DispatchRoutes(database: database, surroundings: facets.cases.surroundings).routes)
        routes.add(
            ImportRoutes(database: database, importAppeals: importAppeals, undoImport: undoImport, files: files).routes)
        routes.add(PortalRoutes(database: database, cases: facets.cases, submitAppeal: submitAppeal).routes)
        return routes
    }

    package var jobHandlers: [any JobHandler] {
        [
            ImportAppealsJob(importAppeals: importAppeals, folder: files.folder), UndoImportJob(undo: undoImport),
            TrainDispatchJob(
                train: TrainDispatch(database: database, surroundings: facets.cases.surroundings)),
        ]
    }
}
