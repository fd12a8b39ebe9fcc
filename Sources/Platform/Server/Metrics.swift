internal import Core
internal import Synchronization

/// Counts requests and their times for `/metrics`, in Prometheus' text form 0.0.4.
package final class Metrics: Sendable {
    /// The parts of the site requests are counted by: few, so that labels stay few.
    package enum Face: String, Sendable, CaseIterable, Hashable {
        case desk, admin, `public`, assets, machine

        init(path: some StringProtocol) {
            if path.hasPrefix("/desk") || path.hasPrefix("/account") {
                self = .desk
            } else if path.hasPrefix("/admin") {
                self = .admin
            } else if path.hasPrefix("/assets") || path.hasPrefix("/favicon") {
                self = .assets
            } else if path.hasPrefix("/health") || path.hasPrefix("/metrics") {
                self = .machine
            } else {
                self = .public
            }
        }
    }

    struct Key: Hashable, Comparable {
        let face: String
        let method: String
        let status: Int
        static func < (left: Key, right: Key) -> Bool {
            (left.face, left.method, left.status) < (right.face, right.method, right.status)
        }
    }

    private struct State {
        var requests: [Key: Int] = [:]
        var buckets: [Face: [Int]] = [:]
        var microseconds: [Face: Int64] = [:]
        var inFlight = 0
    }

    /// Upper bounds in milliseconds.
    static let bounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000]
    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    private let state = Mutex(State())

    package init() {}

    package func began() { state.withLock { $0.inFlight += 1 } }

    package func ended(path: some StringProtocol, method: String, status: Int, microseconds: Int64) {
        let face = Face(path: path)
        // A made-up method must not make a label of its own.
        let key = Key(face: face.rawValue, method: Self.methods.contains(method) ? method : "OTHER", status: status)
        let slot = Self.bounds.firstIndex { microseconds <= Int64($0) * 1_000 } ?? Self.bounds.count
        state.withLock { state in
            state.inFlight -= 1
            state.requests[key, default: 0] += 1
            state.buckets[face, default: Array(repeating: 0, count: Self.bounds.count + 1)][slot] += 1
            state.microseconds[face, default: 0] += microseconds
        }
    }

    /// Requests answered so far with a status of 500 or more.
    package var failures: Int {
        state.withLock { state in state.requests.reduce(0) { $0 + ($1.key.status >= 500 ? $1.value : 0) } }
    }

    package func write(to text: inout MetricsText) {
        let state = state.withLock { $0 }
        text.family("shuzhi_http_requests_total", "counter", "Requests answered.")
        for (key, count) in state.requests.sorted(by: { $0.key < $1.key }) {
            text.sample(
                "shuzhi_http_requests_total",
                [("face", key.face), ("method", key.method), ("status", String(key.status))], String(count))
        }
        text.family("shuzhi_http_requests_in_flight", "gauge", "Requests being answered.")
        text.sample("shuzhi_http_requests_in_flight", [], String(state.inFlight))
        text.family("shuzhi_http_request_seconds", "histogram", "Time from request to the head of its answer.")
        for face in Face.allCases {
            guard let slots = state.buckets[face] else { continue }
            var sum = 0
            for (bound, count) in zip(Self.bounds, slots) {
                sum += count
                text.sample(
                    "shuzhi_http_request_seconds_bucket",
                    [("face", face.rawValue), ("le", MetricsText.seconds(microseconds: Int64(bound) * 1_000))],
                    String(sum))
            }
            sum += slots[Self.bounds.count]
            text.sample(
                "shuzhi_http_request_seconds_bucket", [("face", face.rawValue), ("le", "+Inf")], String(sum))
            text.sample(
                "shuzhi_http_request_seconds_sum", [("face", face.rawValue)],
                MetricsText.seconds(microseconds: state.microseconds[face] ?? 0))
            text.sample("shuzhi_http_request_seconds_count", [("face", face.rawValue)], String(sum))
        }
    }
}

/// Prometheus' text form, written line by line.
package struct MetricsText: Sendable {
    package private(set) var text = ""

    package init() {}

    package mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    package mutating func sample(_ name: String, _ labels: [(String, String)], _ value: String) {
        text += name
        if !labels.isEmpty {
            text += "{" + labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",") + "}"
        }
        text += " \(value)\n"
    }

    /// Whole microseconds as seconds with six decimals at most, without floating point.
    static func seconds(microseconds: Int64) -> String {
        let fraction = String(microseconds % 1_000_000)
        let padded = String(repeating: "0", count: 6 - fraction.count) + fraction
        let trimmed = String(padded.reversed().drop { $0 == "0" }.reversed())
        return "\(microseconds / 1_000_000)" + (trimmed.isEmpty ? "" : ".\(trimmed)")
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
