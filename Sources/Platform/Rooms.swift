internal import Appeals
internal import Casework
internal import Core
internal import Mining
internal import Organisation
internal import Store
internal import Web

/// The rooms of a district and the adapters between them.
struct Rooms: Sendable {
    let parts: RoomParts
    let kinds: [CaseKind]
    let sessions: any SessionResolver

    init(_ district: District) {
        var parts = RoomParts()
        let update = UpdateProblems(
            database: district.database, gazetteer: Gazetteer(district.profile), surroundings: district.surroundings)
        parts.jobHandlers.append(MineProblemsJob(update: update))
        self.parts = parts
        kinds = []
        sessions = NoSessions()
    }
}
