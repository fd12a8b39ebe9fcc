internal import Core
internal import Hummingbird
internal import Web

/// The index of the administration: what this person may administer.
struct AdminRoutes: Sendable {
    let navigation: [NavigationItem]

    static let access: Access = .roles([
        .digitalOffice, .systemAdministrator, .securityAdministrator, .auditAdministrator,
    ])

    var routes: Routes {
        var routes = Routes()
        routes.get("/admin", Self.access, home)
        return routes
    }

    @Sendable private func home(_ visit: Visit) async throws -> Response {
        let items = navigation.filter { $0.area == .admin && $0.path != "/admin" && $0.access.admits(visit.visitor) }
        return try visit.render(
            AdminHomePage(
                title: visit.word("platform.admin"), subtitle: visit.word("platform.admin.subtitle"),
                items: items.map { item in
                    let key = "platform.admin.about" + item.path.replacing("/", with: ".")
                    return AdminHomePage.Item(
                        title: visit.word(item.wordKey), href: item.path,
                        about: visit.site.words.contains(key) ? visit.word(key) : nil)
                },
                isEmpty: items.isEmpty))
    }
}

struct AdminHomePage: Page {
    static let template = "platform/admin"

    struct Item: Sendable {
        let title: String
        let href: String
        let about: String?
    }

    let title: String
    let subtitle: String?
    let items: [Item]
    let isEmpty: Bool
}
