import Foundation

/// A blocking HTTP/1.1 client over one kept connection: for tests that must see a server die, and for loads.
///
/// Blocks its thread; from an async test call it inside `onThread`.
package final class HTTPClient {
    package struct Answer: Sendable {
        package let status: Int
        package let headers: [(name: String, value: String)]
        package let bytes: [UInt8]
        package var body: String { String(decoding: bytes, as: UTF8.self) }

        /// The first header of that name, in lower case.
        package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    }

    package enum Failure: Error {
        case notConnected(Int32)
        /// The other side went away before the answer was whole.
        case closed
        case malformed
    }

    private let port: Int
    private let timeoutSeconds: Int
    private let host: String
    private var descriptor: Int32 = -1
    private var unread: [UInt8] = []

    /// - Parameter host: the name it asks for, where that is not the address.
    package init(port: Int, host: String? = nil, timeoutSeconds: Int = 60) {
        self.port = port
        self.host = host ?? "127.0.0.1:\(port)"
        self.timeoutSeconds = timeoutSeconds
    }

    deinit { close() }

    package func close() {
        if descriptor >= 0 { Foundation.close(descriptor) }
        descriptor = -1
        unread = []
    }

    /// Sends one request and reads its whole answer. Nothing is sent twice.
    package func send(
        _ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8]? = nil
    ) throws -> Answer {
        if descriptor < 0 { try connect() }
        var head = "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        do {
            try write(Array((head + "\r\n").utf8) + (body ?? []))
            return try read(hasBody: method != "HEAD")
        } catch {
            close()
            throw error
        }
    }

    private func connect() throws {
        let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard made >= 0 else { throw Failure.notConnected(errno) }
        var time = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var yes: Int32 = 1
        setsockopt(made, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(made, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            Foundation.close(made)
            throw Failure.notConnected(code)
        }
        descriptor = made
    }

    private func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure.closed }
            sent += count
        }
    }

    private func more() throws {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { throw Failure.closed }
        unread += buffer[..<count]
    }

    private func line() throws -> String {
        var searched = 0
        while true {
            if let end = unread[searched...].firstIndex(of: 10) {
                let line = String(decoding: unread[..<end], as: UTF8.self)
                unread.removeFirst(end + 1)
                return line.hasSuffix("\r") ? String(line.dropLast()) : line
            }
            searched = unread.count
            try more()
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while unread.count < count { try more() }
        defer { unread.removeFirst(count) }
        return Array(unread[..<count])
    }

    private func read(hasBody: Bool) throws -> Answer {
        guard let status = Int(try line().split(separator: " ").dropFirst().first ?? "") else {
            throw Failure.malformed
        }
        var headers: [(name: String, value: String)] = []
        while true {
            let line = try line()
            if line.isEmpty { break }
            guard let colon = line.firstIndex(of: ":") else { throw Failure.malformed }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers.append((line[..<colon].lowercased(), String(value)))
        }
        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
        var body: [UInt8] = []
        if !hasBody || status == 204 || status == 304 {
        } else if header("transfer-encoding")?.lowercased() == "chunked" {
            while true {
                guard let size = Int(try line().prefix { $0 != ";" }, radix: 16) else { throw Failure.malformed }
                body += try take(size)
                _ = try line()
                if size == 0 { break }
            }
        } else if let length = header("content-length").flatMap({ Int($0) }) {
            body = try take(length)
        }
        if header("connection")?.lowercased() == "close" { close() }
        return Answer(status: status, headers: headers, bytes: body)
    }
}

/// Runs blocking work on a thread of its own, so that Swift's few threads stay free for other tests.
package func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Result { try body() }) }
        thread.stackSize = 1 << 20
        thread.start()
    }
}

/// Somebody at a browser without scripts: keeps cookies, sends forms with their tokens.
package final class PlainBrowser {
    private let client: HTTPClient
    private var cookies: [String: String] = [:]
    /// Nil while nobody is signed in.
    package var session: String? { cookies["shuzhi_session"] }
    /// Sent with every request.
    package var headers: [(String, String)] = []

    package init(port: Int, host: String? = nil, session: String? = nil) {
        client = HTTPClient(port: port, host: host)
        if let session { cookies["shuzhi_session"] = session }
    }

    package func get(_ path: String) throws -> HTTPClient.Answer { try send("GET", path, nil) }

    /// Opens the page a form is on, and sends the form with its hidden fields and what is typed.
    package func submit(_ fields: [String: String], to path: String, from page: String) throws -> HTTPClient.Answer {
        let form = try get(page).body
        var all = hidden(of: path, in: form)
        all.merge(fields) { $1 }
        return try post(path, all)
    }

    package func post(_ path: String, _ fields: [String: String]) throws -> HTTPClient.Answer {
        let body = fields.map { "\(Self.encoded($0))=\(Self.encoded($1))" }.joined(separator: "&")
        return try send("POST", path, body)
    }

    private func send(_ method: String, _ path: String, _ body: String?) throws -> HTTPClient.Answer {
        var all = headers
        if !cookies.isEmpty {
            all.append(("Cookie", cookies.map { "\($0)=\($1)" }.joined(separator: "; ")))
        }
        if body != nil { all.append(("Content-Type", "application/x-www-form-urlencoded")) }
        let answer = try client.send(method, path, headers: all, body: body.map { Array($0.utf8) })
        for (name, value) in answer.headers where name == "set-cookie" {
            let pair = value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map(String.init)
            if pair.count == 2 { cookies[pair[0]] = pair[1] }
        }
        return answer
    }

    /// The hidden fields of the form that goes to `path`.
    package func hidden(of path: String, in html: String) -> [String: String] {
        guard let start = html.range(of: "action=\"\(path)\"") else { return [:] }
        let form = html[start.upperBound...].prefix(
            upTo: html.range(of: "</form>", range: start.upperBound..<html.endIndex)?.lowerBound ?? html.endIndex)
        var fields: [String: String] = [:]
        for match in form.matches(of: /<input[^>]*type="hidden"[^>]*>/) {
            let tag = match.output
            guard let name = tag.firstMatch(of: /name="([^"]*)"/)?.output.1 else { continue }
            fields[String(name)] = tag.firstMatch(of: /value="([^"]*)"/).map { String($0.output.1) } ?? ""
        }
        return fields
    }

    private static func encoded(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }
}
