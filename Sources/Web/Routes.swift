package import Hummingbird

/// The routes of one room. A route cannot be added without saying who may use it, and a test walks them all.
package struct Routes: Sendable {
    package typealias Handler = @Sendable (Visit) async throws -> Response

    package struct Route: Sendable {
        package let method: HTTPRequest.Method
        /// Hummingbird's path syntax: `/desk/appeals/:id`.
        package let path: String
        package let access: Access
        /// Other callers than our own forms may post, so no CSRF token is asked. Only for machine faces.
        package let isMachine: Bool
        /// Larger than this is refused before it is read.
        package let bodyBytesMax: Int
        package let handler: Handler
    }

    package private(set) var all: [Route] = []

    package init() {}

    package mutating func get(_ path: String, _ access: Access, isMachine: Bool = false, _ handler: @escaping Handler) {
        all.append(
            Route(method: .get, path: path, access: access, isMachine: isMachine, bodyBytesMax: 0, handler: handler))
    }

    package mutating func post(
        _ path: String, _ access: Access, isMachine: Bool = false, bodyBytesMax: Int = WebLimits.formBytesMax,
        _ handler: @escaping Handler
    ) {
        all.append(
            Route(
                method: .post, path: path, access: access, isMachine: isMachine, bodyBytesMax: bodyBytesMax,
                handler: handler))
    }

    package mutating func add(_ other: Routes) { all += other.all }
}
