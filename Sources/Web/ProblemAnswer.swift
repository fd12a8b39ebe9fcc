import Core
import Foundation
import Hummingbird
import Logging

/// Turns what was thrown into a page, a redirect to the sign-in, or a machine's answer (RFC 9457).
struct ProblemAnswer {
    let site: Site
    let logger: Logger

    func response(to error: any Error, _ visit: Visit) -> Response {
        let machine = error as? MachineFailure
        let cause = machine?.underlying ?? error
        let (status, report) = read(cause, visit)
        var response: Response
        if machine != nil || wantsJSON(visit) {
            response = json(status, report, visit)
        } else if status == .unauthorized, visit.request.method == .get || visit.request.method == .head {
            response = visit.redirect("/sign-in?next=" + urlEncoded(visit.request.uri.string))
        } else {
            response = page(status, report, (cause as? AccessDenied)?.needed, visit)
        }
        if let wrong = cause as? WrongMethod { response.headers[.allow] = wrong.allowed }
        if status == .tooManyRequests || status == .serviceUnavailable { response.headers[.retryAfter] = "60" }
        return response
    }

    private func read(_ error: any Error, _ visit: Visit) -> (HTTPResponse.Status, ProblemReport?) {
        switch error {
        case is WrongMethod: return (.methodNotAllowed, WebError.methodNotAllowed.report)
        case WebError.unknownHost: return (.misdirectedRequest, WebError.unknownHost.report)
        case let problem as any Problem: return (status(of: problem.report.kind), problem.report)
        case let failure as RouterFailure where failure.underlying.status == .notFound:
            return (.notFound, WebError.noSuchPage.report)
        case let failure as RouterFailure where (400..<500).contains(failure.underlying.status.code):
            return (failure.underlying.status, WebError.formMalformed.report)
        case let outage as any Outage where outage.isTemporary:
            logger.error(
                "outage", metadata: ["reference": .string(visit.context.reference), "error": .string("\(error)")])
            return (.serviceUnavailable, WebError.notNow.report)
        default:
            // The one place where an unexpected error is written down; the visitor gets its number only.
            logger.error(
                "unexpected", metadata: ["reference": .string(visit.context.reference), "error": .string("\(error)")])
            return (.internalServerError, nil)
        }
    }

    private func status(of kind: ProblemReport.Kind) -> HTTPResponse.Status {
        switch kind {
        case .invalid: .unprocessableContent
        case .unauthenticated: .unauthorized
        case .forbidden: .forbidden
        case .missing: .notFound
        case .conflict: .conflict
        case .tooLarge: .contentTooLarge
        case .tooMany: .tooManyRequests
        case .unavailable: .serviceUnavailable
        }
    }

    private func wantsJSON(_ visit: Visit) -> Bool {
        let accept = visit.request.headers[.accept] ?? ""
        return accept.contains("json") && !accept.contains("text/html")
    }

    private struct Document: Encodable {
        let type: String
        let title: String
        let status: Int
        let detail: String
        let code: String
        let reference: String
    }

    private func json(_ status: HTTPResponse.Status, _ report: ProblemReport?, _ visit: Visit) -> Response {
        let document = Document(
            type: "about:blank", title: status.reasonPhrase, status: status.code,
            detail: report?.explanation(visit.language) ?? visit.word("web.problem.500.detail"),
            code: report?.code ?? "web.unexpected", reference: visit.context.reference)
        guard var response = try? visit.json(document, status: status) else { return Response(status: status) }
        response.headers[.contentType] = "application/problem+json; charset=utf-8"
        return response
    }

    /// The home of the face the visitor is in, unless it is closed to them.
    private func home(_ visit: Visit) -> String {
        let isOpen = visit.site.navigation.contains { $0.area == visit.area && $0.access.admits(visit.visitor) }
        return isOpen ? visit.area.home : Area.public.home
    }

    private func page(
        _ status: HTTPResponse.Status, _ report: ProblemReport?, _ needed: Access?, _ visit: Visit
    ) -> Response {
        let code = visit.site.words.contains("web.problem.\(status.code).title") ? status.code : 500
        let isReading = visit.request.method == .get || visit.request.method == .head
        let help = "web.problem.\(code).help"
        // A cause with a name of its own is not called after its status.
        let own = report.map { "web.problem.title.\($0.code)" }.flatMap { visit.site.words.contains($0) ? $0 : nil }
        let page = ProblemPage(
            title: visit.word(own ?? "web.problem.\(code).title"),
            status: status.code,
            detail: report?.explanation(visit.language) ?? visit.word("web.problem.500.detail"),
            help: own == nil && visit.site.words.contains(help) ? visit.word(help) : nil,
            needed: needed.flatMap { $0.names(visit) }.map { visit.word("web.problem.403.needed", $0) },
            held: needed == nil ? nil : held(visit),
            reference: visit.context.reference, code: report?.code,
            at: visit.time(visit.now),
            homeHref: home(visit),
            backHref: back(visit),
            retryHref: isReading && Self.passing.contains(status) ? visit.request.uri.string : nil,
            signInHref: status == .unauthorized ? "/sign-in?next=" + urlEncoded(visit.path) : nil)
        do { return try visit.render(page, status: status) } catch {
            logger.error("problem page", metadata: ["error": .string("\(error)")])
            return Response(status: status)
        }
    }

    /// What may be gone when it is asked again.
    private static let passing: Set<HTTPResponse.Status> = [
        .internalServerError, .serviceUnavailable, .tooManyRequests,
    ]

    private func held(_ visit: Visit) -> String? {
        guard let roles = visit.visitor.account?.roles, !roles.isEmpty else { return nil }
        return Access.roles(roles).names(visit).map { visit.word("web.problem.403.held", $0) }
    }

    /// The page of this site that the visitor came from: where what they typed still stands.
    private func back(_ visit: Visit) -> String? {
        guard let referer = visit.request.headers[.referer].flatMap(URLComponents.init(string:)),
            let authority = visit.request.head.authority, let host = referer.host,
            authority == host || authority == "\(host):\(referer.port ?? 0)",
            referer.path.hasPrefix("/"), !referer.path.hasPrefix("//"), referer.path != visit.path
        else { return nil }
        return referer.percentEncodedPath + (referer.percentEncodedQuery.map { "?" + $0 } ?? "")
    }
}

struct ProblemPage: Page {
    static let template = "web/problem"
    let title: String
    let status: Int
    let detail: String
    /// What the visitor can do about a failure of this kind.
    let help: String?
    let needed: String?
    let held: String?
    let reference: String
    let code: String?
    let at: String
    let homeHref: String
    let backHref: String?
    let retryHref: String?
    let signInHref: String?
    var hasOwnHeading: Bool { true }
}
