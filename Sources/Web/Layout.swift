import Core
import Hummingbird

/// The frame around every page, a view model of `web/layout`.
struct Layout {
    struct Entry {
        let title: String
        let href: String
        let isCurrent: Bool
        /// Pressed after `g`, opens it.
        var shortcut: String?
    }
    struct Toast {
        let text: String
        /// Where the page stands without the message, for browsers without JavaScript.
        let closeHref: String
        let undoPath: String?
        let undoFields: [UndoField]
    }
    struct UndoField {
        let name: String
        let value: String
    }
    struct Action {
        let title: String
        let href: String
        let isPrimary: Bool
    }
    struct Crumb {
        let title: String
        let href: String
    }

    let language: String
    let theme: String?
    let title: String
    let tabTitle: String
    let subtitle: String?
    let hasHeading: Bool
    let isWide: Bool
    let refreshSeconds: Int?
    let screenStyleHref: String
    let screenScriptHref: String
    let content: Markup
    let area: String
    let isDesk: Bool
    let areaHome: String
    let districtName: String
    let navigation: SideNavigation
    let hasNavigation: Bool
    let faces: [Entry]
    let breadcrumbs: [Crumb]
    let hasBreadcrumbs: Bool
    let actions: [Action]
    let hasActions: Bool
    let accountName: String?
    let accountInitial: String?
    let otherLanguageHref: String
    let otherLanguageCode: String
    let toast: Toast?
    let searchHref: String?
    let searched: String?
    let shortcuts: ShortcutList
    let csrf: String
    let signInHref: String
    let styleHref: String
    let scriptHref: String
    let iconHref: String
    let reference: String

    init(page: some Page, content: Markup, visit: Visit) {
        let site = visit.site
        let area = visit.area
        let district = site.districtName(visit.language)
        language = visit.language.rawValue
        theme = visit.request.cookies[CookieName.theme].map(\.value).flatMap {
            ["light", "dark"].contains($0) ? $0 : nil
        }
        title = page.title
        tabTitle = "\(page.title) · \(visit.word("web.product", district))"
        subtitle = page.subtitle
        hasHeading = !page.hasOwnHeading
        isWide = page.isWide
        refreshSeconds = page.refreshSeconds
        screenStyleHref = page.screen.map { site.assets.path($0 + ".css") } ?? ""
        screenScriptHref = page.screen.map { site.assets.path($0 + ".js") } ?? ""
        self.content = content
        self.area = area.rawValue
        isDesk = area != .public
        areaHome = area.home
        districtName = district
        let groups = Layout.groups(area, visit)
        navigation = SideNavigation(groups: groups)
        hasNavigation = !groups.isEmpty
        shortcuts = ShortcutList(entries: groups.flatMap(\.entries))
        faces = Layout.faces(visit)
        breadcrumbs = page.breadcrumbs.map { Crumb(title: $0.title, href: $0.href) }
        hasBreadcrumbs = !breadcrumbs.isEmpty
        actions = page.actions.map { Action(title: $0.title, href: $0.href, isPrimary: $0.isPrimary) }
        hasActions = !actions.isEmpty
        accountName = visit.visitor.account?.name
        accountInitial = visit.visitor.account?.name.first.map(String.init)
        let other: Language = visit.language == .chinese ? .english : .chinese
        otherLanguageCode = other.rawValue
        otherLanguageHref = Layout.href(visit, language: other)
        toast = visit.context.toast.map { Layout.toast($0, visit) }
        searchHref = Access.desk.admits(visit.visitor) && area != .public ? site.searchPath : nil
        searched = visit.path == site.searchPath ? visit.query("q") : nil
        csrf = visit.context.csrfToken
        signInHref = "/sign-in?next=" + urlEncoded(visit.path)
        styleHref = site.assets.path("shuzhi.css")
        scriptHref = site.assets.path("shuzhi.js")
        iconHref = site.assets.path("icon.svg")
        reference = visit.context.reference
    }

    private static func toast(_ message: ToastMessage, _ visit: Visit) -> Toast {
        Toast(
            text: visit.site.words.text(message.key, in: visit.language, message.arguments),
            closeHref: visit.request.method == .get ? visit.request.uri.string : visit.path,
            undoPath: message.undo?.path,
            undoFields: message.undo?.fields.map { UndoField(name: $0.name, value: $0.value) } ?? [])
    }

    /// The same page in another language; a page that answers a POST has only its path.
    private static func href(_ visit: Visit, language: Language) -> String {
        let kept = visit.queryFields.pairs.filter { $0.name != "lang" }
        let pairs = kept + [(name: "lang", value: language.rawValue)]
        return visit.path + "?" + pairs.map { "\(urlEncoded($0.name))=\(urlEncoded($0.value))" }.joined(separator: "&")
    }

    private static func groups(_ area: Area, _ visit: Visit) -> [SideNavigation.Group] {
        let items = visit.site.navigation.filter { $0.area == area && $0.access.admits(visit.visitor) }
        let current = NavigationItem.current(of: items, at: visit.path)
        var order: [String?] = []
        for item in items where !order.contains(item.groupKey) { order.append(item.groupKey) }
        return order.map { key in
            SideNavigation.Group(
                title: key.map { visit.word($0) },
                entries: items.filter { $0.groupKey == key }.map {
                    Entry(
                        title: visit.word($0.wordKey), href: $0.path, isCurrent: $0.path == current,
                        shortcut: $0.shortcut.map(String.init))
                })
        }
    }

    /// The areas the visitor may enter, for the bar at the top.
    private static func faces(_ visit: Visit) -> [Entry] {
        Area.allCases.compactMap { area in
            let isOpen = visit.site.navigation.contains { $0.area == area && $0.access.admits(visit.visitor) }
            guard area == .public || (visit.visitor.account != nil && isOpen) else { return nil }
            return Entry(
                title: visit.word("web.area.\(area.rawValue)"), href: area.home, isCurrent: area == visit.area)
        }
    }
}
