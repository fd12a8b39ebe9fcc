import Core
import Hummingbird

/// What stands between a request and its handler: who may use the route, how much it may send, and whether the
/// form was ours.
struct RouteGuard: Sendable {
    let site: Site
    let seal: Seal

    func respond(to request: Request, context: WebContext, by route: Routes.Route) async throws -> Response {
        do {
            guard route.access.admits(context.visitor) else {
                if context.visitor.account == nil { throw WebError.signInNeeded }
                throw AccessDenied(needed: route.access)
            }
            var context = context
            if route.method != .get, route.method != .head {
                try checkLength(of: request, route)
                if !route.isMachine { try await readForm(request, &context, route) }
            }
            return try await route.handler(Visit(request: request, context: context, site: site))
        } catch  where route.isMachine {
            throw MachineFailure(underlying: error)
        }
    }

    private func checkLength(of request: Request, _ route: Routes.Route) throws {
        guard let length = request.headers[.contentLength].flatMap({ Int($0) }) else { return }
        guard length <= route.bodyBytesMax else { throw WebError.bodyTooLarge(bytesMax: route.bodyBytesMax) }
    }

    /// Reads the body as far as the CSRF token, and refuses it there when the token is not this visitor's.
    private func readForm(_ request: Request, _ context: inout WebContext, _ route: Routes.Route) async throws {
        let contentType = request.headers[.contentType] ?? ""
        let token: String?
        if let parser = MultipartParser(contentType: contentType) {
            let reader = MultipartReader(body: request.body, parser: parser, bytesMax: route.bodyBytesMax)
            token = try await reader.csrfToken()
            context.multipart = reader
        } else {
            var bytes: [UInt8] = []
            for try await buffer in request.body {
                bytes += buffer.readableBytesView
                guard bytes.count <= route.bodyBytesMax else {
                    throw WebError.bodyTooLarge(bytesMax: route.bodyBytesMax)
                }
            }
            if contentType.lowercased().hasPrefix("application/x-www-form-urlencoded") {
                context.fields = try Fields(urlEncoded: bytes)
            }
            token = context.fields["csrf"]
        }
        guard seal.isCSRFToken(token ?? "", sessionKey: context.visitor.sessionKey) else { throw WebError.formExpired }
    }
}

/// A failure of a machine face, which answers in JSON.
struct MachineFailure: Error {
    let underlying: any Error
}
