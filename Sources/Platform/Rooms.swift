internal import Appeals
internal import Casework
internal import Core
internal import Organisation
internal import Store
internal import Web

/// The rooms of a district and the adapters between them.
struct Rooms: Sendable {
    let parts: RoomParts
    let casework: CaseworkModule
    let sessions: any SessionResolver

    static let kinds: [CaseKind] = [AppealKind.kind]

    init(_ district: District) throws {
        let (database, profile, surroundings) = (district.database, district.profile, district.surroundings)
        var parts = RoomParts()

        let cases = try Cases(profile: profile, kinds: Self.kinds, surroundings: surroundings)
        casework = CaseworkModule(cases: cases, database: database, blobs: BlobFolder(district.attachmentsFolder))
        parts.add(
            RoomParts(
                resources: [CaseworkModule.resources], routes: casework.routes, navigation: CaseworkModule.navigation,
                jobHandlers: casework.jobHandlers))

        let problems = ProblemsModule(profile: profile, database: database, surroundings: surroundings)
        parts.add(
            RoomParts(
                resources: [ProblemsModule.resources], routes: problems.routes, navigation: ProblemsModule.navigation,
                jobHandlers: problems.jobHandlers))
        self.parts = parts
        sessions = NoSessions()
    }
}
