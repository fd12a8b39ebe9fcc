/// The three faces with a navigation of their own.
package enum Area: String, Sendable, CaseIterable {
    case desk, admin, `public`

    /// The face a path belongs to.
    package init(path: String) {
        if path == "/desk" || path.hasPrefix("/desk/") || path == "/account"
            || path.hasPrefix("/account/")
        {
            self = .desk
        } else if path == "/admin" || path.hasPrefix("/admin/") {
            self = .admin
        } else {
            self = .public
        }
    }

    package var home: String {
        switch self {
        case .desk: "/desk"
        case .admin: "/admin"
        case .public: "/"
        }
    }
}

/// One entry of a face's navigation; shown to whoever may use it.
package struct NavigationItem: Sendable, Equatable {
    package let wordKey: String
    package let path: String
    package let access: Access
    package let area: Area
    /// The heading it stands under on the desk, a word key; nil for the first group.
    package let groupKey: String?
    /// Pressed after `g`, opens the entry from anywhere in its face; a small letter other than `h`.
    package let shortcut: Character?
    /// Where its further pages lie: below `path`, and beside it.
    package let folders: [String]

    package init(
        wordKey: String, path: String, access: Access, area: Area, groupKey: String? = nil,
        shortcut: Character? = nil, also folders: [String] = []
    ) {
        self.wordKey = wordKey
        self.shortcut = shortcut
        self.path = path
        self.folders = [path] + folders
        self.access = access
        self.area = area
        self.groupKey = groupKey
    }

    /// The entry that stands out on the page at `path`: the longest that is a prefix of it. A face's home has all pages
    /// below it and stands out only on its own.
    static func current(of items: [NavigationItem], at path: String) -> String? {
        items.filter { item in
            path == item.path
                || (item.path != item.area.home
                    && item.folders.contains { path == $0 || path.hasPrefix($0 + "/") })
        }.max { $0.path.utf8.count < $1.path.utf8.count }?.path
    }
}
