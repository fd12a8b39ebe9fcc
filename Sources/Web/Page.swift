/// A view model bound to one template; its stored fields are the template's whole vocabulary.
package protocol Page: Sendable {
    /// The template's path below `Templates`, without its ending: `appeals/show`.
    static var template: String { get }
    /// What the browser's tab and the page's heading say, in the visitor's language.
    var title: String { get }
    /// One line under the heading.
    var subtitle: String? { get }
    /// The way from the area's home to here, without the page itself.
    var breadcrumbs: [Breadcrumb] { get }
    /// Buttons beside the heading.
    var actions: [PageAction] { get }
    /// The heading stands in the template instead of above it; for home and sign-in pages.
    var hasOwnHeading: Bool { get }
    /// The whole width of the window rather than a readable measure; for maps and wide tables.
    var isWide: Bool { get }
    /// Without header, navigation and footer, and dark whatever the visitor chose: for screens on a wall. It names
    /// its style sheet and script below `Assets`.
    var screen: String? { get }
    /// Seconds after which a browser without JavaScript loads the page again; for running jobs.
    var refreshSeconds: Int? { get }
}

extension Page {
    package var subtitle: String? { nil }
    package var breadcrumbs: [Breadcrumb] { [] }
    package var actions: [PageAction] { [] }
    package var hasOwnHeading: Bool { false }
    package var isWide: Bool { false }
    package var screen: String? { nil }
    package var refreshSeconds: Int? { nil }
}

package struct Breadcrumb: Sendable, Equatable {
    package let title: String
    package let href: String

    package init(_ title: String, _ href: String) {
        self.title = title
        self.href = href
    }
}

/// A link of the page's heading that looks like a button. Anything that changes data is a form, not an action.
package struct PageAction: Sendable, Equatable {
    package let title: String
    package let href: String
    package let isPrimary: Bool

    package init(_ title: String, _ href: String, isPrimary: Bool = false) {
        self.title = title
        self.href = href
        self.isPrimary = isPrimary
    }
}
