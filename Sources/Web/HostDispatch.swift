import Core
package import Hummingbird

/// Several districts in one process, told apart by the host name of the request.
package struct HostDispatch: HTTPResponder {
    package typealias Context = WebContext

    private let sites: [String: SiteResponder]
    private let fallback: SiteResponder?

    /// `sites` by lower-case host name without port; `fallback` answers any other host, for a single district.
    package init(sites: [String: SiteResponder], fallback: SiteResponder? = nil) {
        self.sites = sites
        self.fallback = fallback
    }

    package func respond(to request: Request, context: WebContext) async throws -> Response {
        let site = sites[HostDispatch.host(of: request)] ?? fallback
        if let site { return try await site.respond(to: request, context: context) }
        return HostDispatch.unknownHost()
    }

    static func host(of request: Request) -> String {
        let authority = (request.head.authority ?? "").lowercased()
        if authority.hasPrefix("[") { return String(authority.prefix { $0 != "]" }) + "]" }
        return String(authority.prefix { $0 != ":" })
    }

    /// No site's language or layout applies, so both languages and no layout.
    private static func unknownHost() -> Response {
        let text = WebError.unknownHost.report.explanation
        var response = Response(
            status: .misdirectedRequest, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: "\(text.zh)\n\(text.en)\n")))
        SecurityHeaders.add(to: &response, isSecure: false)
        return response
    }
}
