package import Core
package import Hummingbird

/// What middleware has found out about a request by the time its handler runs.
package struct WebContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package var language: Language
    package var visitor: Visitor
    /// The number an error page shows and the log knows.
    package var reference: String

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        language = .chinese
        visitor = Visitor(account: nil, sessionKey: "")
        reference = ""
    }
}
