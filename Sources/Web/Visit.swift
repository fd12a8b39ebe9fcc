package import Core
import Foundation
package import Hummingbird

/// One request to one route: everything a handler needs, and nothing it could forget to check.
package struct Visit: Sendable {
    package let request: Request
    package let context: WebContext
    package let site: Site

    package init(request: Request, context: WebContext, site: Site) {
        self.request = request
        self.context = context
        self.site = site
    }

    package var language: Language { context.language }
    package var visitor: Visitor { context.visitor }
    package var now: Instant { site.surroundings.now() }
    package var path: String { request.uri.path }
    /// The sender's network address, for throttling and the audit trail.
    package var address: String? { context.address }
    package var area: Area { Area(path: path) }

    /// The signed-in account; a route that declares more than `anyone` always has one.
    package func account() throws -> Visitor.Account {
        guard let account = visitor.account else { throw WebError.signInNeeded }
        return account
    }

    /// An identifier from the path; a path that holds none is a page that does not exist.
    package func id<Owner>(_ name: String = "id") throws -> ID<Owner> {
        guard let text = context.parameters.get(name), let id = ID<Owner>(text: text) else { throw WebError.noSuchPage }
        return id
    }
    package func parameter(_ name: String) throws -> String {
        guard let text = context.parameters.get(name) else { throw WebError.noSuchPage }
        return text.removingPercentEncoding ?? text
    }
    /// The first value of a query parameter; empty counts as absent.
    package func query(_ name: String) -> String? { queryFields[name] }

    /// All query parameters, read as forms send them.
    package var queryFields: Fields {
        guard let query = request.uri.query, query.utf8.count <= WebLimits.queryBytesMax else { return Fields() }
        return (try? Fields(urlEncoded: Array(query.utf8))) ?? Fields()
    }

    /// A word or sentence of the site in the visitor's language.
    package func word(_ key: String, _ arguments: String...) -> String {
        site.words.text(key, in: language, arguments)
    }
    package func text(_ text: Bilingual) -> String { text(language) }
}
