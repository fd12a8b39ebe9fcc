import Foundation
import TestKit

/// Many leaders' screens over server-sent events: each has a stream, and is sent the tiles that changed.
final class Screens {
    struct Times {
        /// Milliseconds until a screen held the new tiles, sorted.
        let values: [Double]
        func percentile(_ share: Double) -> Double {
            values.isEmpty ? .nan : values[min(values.count - 1, Int(Double(values.count) * share))]
        }
    }

    private let port: Int
    private let session: String
    private var streams: [Int32] = []

    init(count: Int, port: Int, session: String) throws {
        (self.port, self.session) = (port, session)
        for _ in 0..<count {
            let stream = try Self.connect(port)
            try Self.ask(stream, "/cockpit/events", session)
            streams.append(stream)
        }
    }

    func close() {
        for stream in streams { Foundation.close(stream) }
        streams = []
    }

    /// Reads away what has come in, for so long.
    func settle(seconds: Double) throws {
        let end = Self.now + seconds
        while Self.now < end {
            for index in ready(milliseconds: 50) {
                var buffer = [UInt8](repeating: 0, count: 4_096)
                guard recv(streams[index], &buffer, buffer.count, 0) > 0 else { throw HTTPClient.Failure.closed }
            }
        }
    }

    /// From the moment the event is written until each screen has the whole event with the tiles that changed.
    func update(_ event: () async throws -> Void) async throws -> Times {
        try await event()
        let begun = Self.now
        var heard = [[UInt8]](repeating: [], count: streams.count)
        var times: [Int: Double] = [:]
        while times.count < streams.count, Self.now - begun < 20 {
            for index in ready(milliseconds: 5) {
                var buffer = [UInt8](repeating: 0, count: 131_072)
                let count = recv(streams[index], &buffer, buffer.count, 0)
                guard count > 0 else { throw HTTPClient.Failure.closed }
                heard[index] += buffer[..<count]
                let text = String(decoding: heard[index], as: UTF8.self)
                if times[index] == nil, text.contains("event: tiles\n"), text.hasSuffix("\n\n\r\n") {
                    times[index] = (Self.now - begun) * 1_000
                }
            }
        }
        guard times.count == streams.count else {
            throw ShuzhiProcess.Failure(description: "\(times.count) of \(streams.count) screens heard of the event")
        }
        return Times(values: times.values.sorted())
    }

    private func ready(milliseconds: Int32) -> [Int] {
        var polled = streams.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return [] }
        return polled.indices.filter { polled[$0].revents != 0 }
    }

    private static func connect(_ port: Int) throws -> Int32 {
        let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(made, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard made >= 0, result == 0 else { throw HTTPClient.Failure.notConnected(errno) }
        return made
    }

    private static func ask(_ socket: Int32, _ path: String, _ session: String) throws {
        let head = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: shuzhi_session=\(session)\r\n\r\n"
        let bytes = Array(head.utf8)
        guard send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw HTTPClient.Failure.closed
        }
    }

    private static var now: Double { ProcessInfo.processInfo.systemUptime }
}
