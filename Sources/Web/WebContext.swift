package import Core
package import Hummingbird
import NIOCore

/// What the page kit has found out about a request by the time its handler runs.
package struct WebContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package var language: Language
    package var visitor: Visitor
    /// The number an error page shows and the log knows.
    package var reference: String
    /// Where the request came from; nil when unknown. Personal data: for throttling and the audit trail, never the log.
    package var address: String?
    /// Goes into every form of the page; made from the visitor's session key.
    package var csrfToken: String
    /// A submitted urlencoded body, read and checked before the handler runs.
    package var fields: Fields
    /// What the previous request asked to show once.
    var toast: ToastMessage?
    /// The visitor's saved views of this page's list; nil where none can be kept.
    package internal(set) var savedViews: [SavedView]?
    /// Signs what a redirect leaves for the next page.
    var seal: Seal?
    /// A multipart body, its CSRF field read and checked, the rest still to come.
    var multipart: MultipartReader?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        language = .chinese
        visitor = Visitor(account: nil, sessionKey: "")
        reference = ""
        address = source.channel.remoteAddress?.ipAddress
        csrfToken = ""
        fields = Fields()
    }
}
