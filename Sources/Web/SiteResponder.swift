import Core
package import Hummingbird
import Logging

/// Answers every request of one district: finds out who asks and in which language, lets the router work, turns
/// failures into pages, and sets the headers all answers share.
package struct SiteResponder: HTTPResponder {
    package typealias Context = WebContext

    package let site: Site
    let sessions: any SessionResolver
    let savedViews: (any SavedViews)?
    let seal: Seal
    let logger: Logger
    let router: RouterResponder<WebContext>

    package func respond(to request: Request, context: WebContext) async throws -> Response {
        if let response = asset(request) { return response }
        let start = ContinuousClock.now
        var context = context
        context.reference = reference()
        context.language = LanguageChoice.of(request)
        if site.isBehindProxy { context.address = forwardedAddress(request) ?? context.address }
        context.logger[metadataKey: "reference"] = .string(context.reference)
        var newCookie: String?
        var response: Response
        do {
            newCookie = try await identify(request, &context)
            response = try await route(request, context)
        } catch {
            response = ProblemAnswer(site: site, logger: logger).response(
                to: error, Visit(request: request, context: context, site: site))
        }
        let visit = Visit(request: request, context: context, site: site)
        if let newCookie, response.headers[.contentType]?.hasPrefix("text/html") == true {
            response.setCookie(
                visit.cookie(CookieName.visitor, newCookie, maxAgeSeconds: WebLimits.visitorCookieSeconds))
        }
        if let chosen = LanguageChoice.asked(in: request) {
            response.setCookie(
                visit.cookie(CookieName.language, chosen.rawValue, maxAgeSeconds: WebLimits.languageCookieSeconds))
        }
        SecurityHeaders.add(to: &response, isSecure: site.isSecure)
        response = await Compression.compress(response, for: request)
        log(request, context, response, since: start)
        // The router leaves out the bodies of its own answers only.
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// Sets visitor, CSRF token and toast; returns the cookie of a visitor seen for the first time.
    private func identify(_ request: Request, _ context: inout WebContext) async throws -> String? {
        let cookies = request.cookies
        let token = cookies[CookieName.session]?.value
        var visitor = try await sessions.visitor(sessionToken: token, now: site.surroundings.now())
        var newCookie: String?
        if visitor.account == nil {
            let known = cookies[CookieName.visitor].flatMap { seal.visitorName(cookie: $0.value) }
            if let known {
                visitor = Visitor(account: nil, sessionKey: "anonymous:" + known)
            } else {
                let cookie = seal.newVisitorCookie()
                newCookie = cookie
                visitor = Visitor(account: nil, sessionKey: "anonymous:" + (seal.visitorName(cookie: cookie) ?? ""))
            }
        }
        context.visitor = visitor
        context.csrfToken = seal.csrfToken(sessionKey: visitor.sessionKey)
        context.seal = seal
        context.toast = cookies[CookieName.toast].flatMap {
            ToastMessage(cookie: $0.value, seal, sessionKey: visitor.sessionKey, words: site.words)
        }
        context.savedViews = try await views(request, visitor)
        return newCookie
    }

    /// Only what draws a list needs them: pages that somebody signed in opens outside the public face, save those of a
    /// single thing, which is opened by its number.
    private func views(_ request: Request, _ visitor: Visitor) async throws -> [SavedView]? {
        guard let keeper = savedViews, let account = visitor.account, request.method == .get,
            Area(path: request.uri.path) != .public,
            request.uri.path.split(separator: "/").last?.allSatisfy(\.isNumber) != true,
            request.headers[.accept]?.contains("json") != true
        else { return nil }
        return try await keeper.list(of: account.personID, at: request.uri.path)
    }

    /// Reading is given up after its time. Changing is not: half of it may be done, and its time is the database's.
    private func route(_ request: Request, _ context: WebContext) async throws -> Response {
        guard request.method == .get || request.method == .head else {
            return try await router.respond(to: request, context: context)
        }
        return try await answer(within: .seconds(WebLimits.requestSecondsMax), by: site.surroundings) { [router] in
            try await router.respond(to: request, context: context)
        }
    }

    /// What the nearest proxy wrote, which comes last; what stands before it anybody may have made up.
    private func forwardedAddress(_ request: Request) -> String? {
        HTTPFields.Element.Name("X-Forwarded-For").flatMap { request.headers[values: $0].last }
            .flatMap { $0.split(separator: ",").last }
            .map { $0.filter { !$0.isWhitespace } }
            .flatMap { $0.isEmpty || $0.utf8.count > WebLimits.addressBytesMax ? nil : $0 }
    }

    private func asset(_ request: Request) -> Response? {
        guard request.method == .get || request.method == .head else { return nil }
        let path = request.uri.path
        let file = path == "/favicon.ico" ? site.assets.file(named: "icon.svg") : site.assets.file(at: path)
        guard let file else { return nil }
        let caching = path == "/favicon.ico" ? "public, max-age=86400" : "public, max-age=31536000, immutable"
        var response = Response(
            status: .ok, headers: [.contentType: file.contentType, .cacheControl: caching],
            body: .init(byteBuffer: file.bytes))
        if let compressed = file.compressed {
            response.headers[.vary] = "Accept-Encoding"
            if Compression.isAccepted(by: request) {
                response.headers[.contentEncoding] = "gzip"
                response.body = .init(byteBuffer: compressed)
            }
        }
        SecurityHeaders.add(to: &response, isSecure: site.isSecure)
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// Eight characters without look-alikes, to be read out over the telephone.
    private func reference() -> String {
        let alphabet = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ")
        return String((0..<8).compactMap { _ in alphabet.randomElement() })
    }

    /// No address, name, query or cookie: the path's pattern and what became of it.
    private func log(
        _ request: Request, _ context: WebContext, _ response: Response, since start: ContinuousClock.Instant
    ) {
        let took = ContinuousClock.now - start
        logger.info(
            "request",
            metadata: [
                "reference": .string(context.reference),
                "method": .string(request.method.rawValue),
                "route": .string(context.coreContext.endpointPath.value ?? "-"),
                "status": .stringConvertible(response.status.code),
                "ms": .stringConvertible(
                    took.components.seconds * 1_000 + took.components.attoseconds / 1_000_000_000_000_000),
            ])
    }
}

/// Which language a visitor reads: what they asked for just now, chose before, or their browser says. Chinese first.
enum LanguageChoice {
    static func of(_ request: Request) -> Language {
        asked(in: request)
            ?? request.cookies[CookieName.language].flatMap { Language(rawValue: $0.value) }
            ?? accepted(request.headers[.acceptLanguage] ?? "")
    }

    static func asked(in request: Request) -> Language? {
        request.uri.queryParameters["lang"].flatMap { Language(rawValue: String($0)) }
    }

    /// English only for a browser that ranks it above every kind of Chinese.
    static func accepted(_ header: String) -> Language {
        var best: [Language: Double] = [:]
        for part in header.split(separator: ",") {
            let pieces = part.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            guard let tag = pieces.first else { continue }
            let quality = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            let language: Language? =
                tag.hasPrefix("zh") ? .chinese : tag.hasPrefix("en") ? .english : nil
            if let language { best[language] = max(best[language] ?? 0, quality) }
        }
        return (best[.english] ?? 0) > (best[.chinese] ?? 0) ? .english : .chinese
    }
}
