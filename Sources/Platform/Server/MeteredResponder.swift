internal import Core
package import Hummingbird

/// Counts and times whatever the responder behind it answers.
package struct MeteredResponder<Inner: HTTPResponder>: HTTPResponder {
    package typealias Context = Inner.Context
    let inner: Inner
    let metrics: Metrics

    package func respond(to request: Request, context: Inner.Context) async throws -> Response {
        metrics.began()
        let start = ContinuousClock.now
        func end(_ status: Int) {
            let (seconds, attoseconds) = start.duration(to: .now).components
            metrics.ended(
                path: request.uri.path, method: request.method.rawValue, status: status,
                microseconds: seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
        }
        do {
            let response = try await inner.respond(to: request, context: context)
            end(response.status.code)
            return response
        } catch {
            end((error as? any HTTPResponseError)?.status.code ?? 500)
            throw error
        }
    }
}
