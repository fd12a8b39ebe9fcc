/// A view model bound to one template; its fields are the template's whole vocabulary.
package protocol Page: Sendable {
    /// The template's path below `Templates`, without its ending: `appeals/show`.
    static var template: String { get }
    /// What the browser's tab and the page's heading say, in the visitor's language.
    var title: String { get }
}
