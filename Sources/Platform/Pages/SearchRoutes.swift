internal import Appeals
internal import Casework
internal import Core
internal import Hummingbird
internal import Organisation
internal import Store
internal import Web

/// One box for everything on the desk: cases of every kind, problems, units, and pages.
struct SearchRoutes: Sendable {
    static let path = "/desk/search"

    let database: any Database
    let profile: Profile
    let casework: CaseworkModule
    let navigation: [NavigationItem]
    let paths: Set<String>

    var routes: Routes {
        var routes = Routes()
        routes.get(Self.path, .desk, search)
        return routes
    }

    private struct Found: Sendable {
        var files: [CaseFile] = []
        var fileTotal = 0
        var problems: [ProblemRecord] = []
        var problemTotal = 0
    }

    @Sendable private func search(_ visit: Visit) async throws -> Response {
        let text = String(
            (visit.queryFields["q"] ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
                .prefix(PlatformLimits.searchCharactersMax))
        guard !text.isEmpty else { return try visit.render(page(visit, text, nil)) }
        let now = visit.now
        if let file = try await database.read({ try CaseStore.find(number: text.uppercased(), now: now, in: $0) }) {
            return visit.redirect(casework.cases.path(of: file.id, kind: file.kind))
        }
        let found = try await database.read { tx in
            var found = Found()
            var filter = CaseFilter()
            filter.search = text
            found.files = try CaseStore.list(
                filter, sort: .opened, isDescending: true, limit: PlatformLimits.searchRows, now: now, in: tx)
            found.fileTotal =
                found.files.count < PlatformLimits.searchRows
                ? found.files.count : try CaseStore.count(filter, now: now, in: tx)
            let problems = ProblemFilter(search: text)
            found.problems = try ProblemStore.list(problems, limit: PlatformLimits.searchRows, in: tx)
            found.problemTotal =
                found.problems.count < PlatformLimits.searchRows
                ? found.problems.count : try ProblemStore.count(problems, in: tx)
            return found
        }
        return try visit.render(page(visit, text, found))
    }

    private func page(_ visit: Visit, _ text: String, _ found: Found?) -> SearchPage {
        var groups: [SearchPage.Group] = []
        if let found {
            groups = [problems(found, text, visit), cases(found, text, visit), units(text, visit), pages(text, visit)]
                .filter { !$0.lines.isEmpty }
        }
        return SearchPage(
            title: visit.word("platform.search"), searchText: text, groups: groups,
            nothing: found != nil && groups.isEmpty
                ? EmptyState(
                    title: visit.word("platform.search.nothing", text),
                    detail: visit.word("platform.search.nothing_hint"))
                : nil,
            hint: found == nil ? visit.word("platform.search.hint") : nil)
    }

    private func problems(_ found: Found, _ text: String, _ visit: Visit) -> SearchPage.Group {
        SearchPage.Group(
            heading: visit.word("platform.search.problems", visit.number(found.problemTotal)),
            moreHref: found.problemTotal > found.problems.count ? "/desk/problems?q=" + urlEncoded(text) : nil,
            lines: found.problems.map { problem in
                SearchPage.Line(
                    name: Masking.text(problem.title), href: "/desk/problems/\(problem.id)",
                    about: [
                        problem.townshipCode.flatMap { profile.township($0) }?.name(visit.language),
                        visit.word(
                            "platform.home.people", visit.number(problem.people), visit.number(problem.size)),
                    ].compactMap(\.self).joined(separator: " · "), light: nil)
            })
    }

    private func cases(_ found: Found, _ text: String, _ visit: Visit) -> SearchPage.Group {
        SearchPage.Group(
            heading: visit.word("platform.search.cases", visit.number(found.fileTotal)),
            moreHref: found.fileTotal > found.files.count ? "/desk/cases?q=" + urlEncoded(text) : nil,
            lines: found.files.map { file in
                let kind = casework.cases.kinds[file.kind]
                let state = kind?.states.first { $0.name == file.state }?.title(visit.language) ?? file.state
                return SearchPage.Line(
                    name: Masking.text(file.title), href: casework.cases.path(of: file.id, kind: file.kind),
                    about: [
                        file.number, kind?.title(visit.language), state,
                        file.leadUnitCode.flatMap { profile.unit($0) }?.shortName(visit.language),
                        visit.day(file.openedAt),
                    ].compactMap(\.self).joined(separator: " · "),
                    light: file.isOpen ? LightBadge(LightBadge.Colour(rawValue: file.light.rawValue) ?? .green) : nil)
            })
    }

    private func units(_ text: String, _ visit: Visit) -> SearchPage.Group {
        let matching = profile.units.filter { unit in
            [unit.name.zh, unit.name.en, unit.shortName.zh, unit.shortName.en, unit.code].contains {
                $0.lowercased().contains(text.lowercased())
            }
        }.prefix(PlatformLimits.searchRows)
        return SearchPage.Group(
            heading: visit.word("platform.search.units"), moreHref: nil,
            lines: matching.map { unit in
                SearchPage.Line(
                    name: unit.name(visit.language), href: "/desk/cases?open=yes&unit=\(urlEncoded(unit.code))",
                    about: visit.word("platform.search.unit_cases"), light: nil)
            })
    }

    private func pages(_ text: String, _ visit: Visit) -> SearchPage.Group {
        let matching = navigation.filter {
            $0.access.admits(visit.visitor) && visit.word($0.wordKey).lowercased().contains(text.lowercased())
        }
        return SearchPage.Group(
            heading: visit.word("platform.search.pages"), moreHref: nil,
            lines: matching.map {
                SearchPage.Line(
                    name: visit.word($0.wordKey), href: $0.path, about: visit.word("web.area.\($0.area.rawValue)"),
                    light: nil)
            })
    }
}

struct SearchPage: Page {
    static let template = "platform/search"

    struct Group: Sendable {
        let heading: String
        /// The list that goes on where this one stops.
        let moreHref: String?
        let lines: [Line]
    }

    struct Line: Sendable {
        let name: String
        let href: String
        let about: String
        let light: LightBadge?
    }

    let title: String
    let searchText: String
    let groups: [Group]
    let nothing: EmptyState?
    let hint: String?
}
