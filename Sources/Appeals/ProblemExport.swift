internal import Core
internal import Hummingbird
internal import Mining
internal import Organisation
internal import Sheets
internal import Web

/// The ranked list as a sheet, each score with what made it.
struct ProblemExport {
    let visit: Visit
    let profile: Profile

    func response(_ problems: [ProblemRecord]) throws -> Response {
        let keys = [
            "rank", "id", "title", "stage", "place", "township", "topic", "size", "people", "first", "last", "score",
            "frequency",
            "urgency", "pain", "reasons",
        ]
        return try SheetDownload(
            header: keys.map { visit.word("problems.\($0)") },
            rows: problems.enumerated().map { row($0.element, rank: $0.offset + 1) }
        ).response(visit, name: visit.word("problems.list.title"))
    }

    private func row(_ problem: ProblemRecord, rank: Int) -> [Sheets.Cell] {
        let township = problem.townshipCode.flatMap(profile.township)
        let (scores, wording) = (problem.scores, ProblemWording(visit: visit))
        let reasons = [scores.frequency, scores.urgency, scores.pain].flatMap(\.reasons).map {
            "\(wording.reason($0)) +\($0.points)"
        }
        return [
            whole(rank), .text(problem.id.description), .text(ProblemText.masked(problem.title)),
            .text(visit.text(problem.handling.state.title)), .text(problem.place),
            .text(township.map { visit.text($0.name) } ?? ""), .text(problem.topic.map(visit.topic) ?? ""),
            whole(problem.size),
            whole(problem.people), time(problem.firstAt), time(problem.lastAt), whole(scores.total),
            whole(scores.frequency.points), whole(scores.urgency.points), whole(scores.pain.points),
            .text(reasons.joined(separator: visit.word("problems.list_separator"))),
        ]
    }

    private func whole(_ value: Int) -> Sheets.Cell { .number(String(value)) }

    /// The clock on the district's wall.
    private func time(_ instant: Instant?) -> Sheets.Cell {
        guard let instant else { return .empty }
        return .date(milliseconds: instant.millisecondsSince1970 + Int64(visit.site.zone.minutes) * 60_000)
    }
}
