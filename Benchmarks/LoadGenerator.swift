import Foundation
import TestKit

/// Asks at a constant rate, whatever the answers do: each request has its time, and its latency counts from then on,
/// so that a server which stalls is charged for everybody who waited (no coordinated omission).
struct LoadGenerator: Sendable {
    struct Outcome: Sendable {
        /// Milliseconds from the time a request was due to its last byte, sorted.
        let latencies: [Double]
        let failures: [String]
        let seconds: Double

        func percentile(_ share: Double) -> Double {
            guard !latencies.isEmpty else { return .nan }
            return latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))]
        }
    }

    let port: Int
    let session: String
    let perSecond: Double
    var visitors = 24
    var hopelessSeconds = 20.0

    /// The path of the request with a number; called on many threads.
    func run(seconds: Double, _ path: @escaping @Sendable (Int) -> String) -> Outcome {
        let total = Int(seconds * perSecond)
        let state = Lock<(next: Int, latencies: [Double], failures: [String])>((0, [], []))
        let begun = Self.now + 0.05
        let group = DispatchGroup()
        for _ in 0..<visitors {
            group.enter()
            let thread = Thread {
                visit(total, begun, state, path)
                group.leave()
            }
            thread.stackSize = 1 << 20
            thread.start()
        }
        group.wait()
        let (latencies, failures) = state.withLock { ($0.latencies.sorted(), $0.failures) }
        return Outcome(latencies: latencies, failures: failures, seconds: Self.now - begun)
    }

    private func visit(
        _ total: Int, _ begun: Double, _ state: Lock<(next: Int, latencies: [Double], failures: [String])>,
        _ path: @Sendable (Int) -> String
    ) {
        let client = HTTPClient(port: port, timeoutSeconds: 30)
        let headers = [("Cookie", "shuzhi_session=\(session)"), ("Accept-Encoding", "identity")]
        while true {
            let number = state.withLock { state in
                state.next += 1
                return state.next - 1
            }
            guard number < total else { return }
            let due = begun + Double(number) / perSecond
            let wait = due - Self.now
            // A server that is so far behind will not catch up: what is left would only be waited for.
            guard wait > -hopelessSeconds else {
                state.withLock { state in
                    if state.next < total { state.failures.append("given up \(Int(-wait)) s behind") }
                    state.next = total
                }
                return
            }
            if wait > 0 { usleep(UInt32(wait * 1_000_000)) }
            let asked = path(number)
            let answer = try? client.send("GET", asked, headers: headers)
            let took = (Self.now - due) * 1_000
            state.withLock { state in
                state.latencies.append(took)
                if answer?.status != 200 { state.failures.append("\(asked): \(answer?.status ?? 0)") }
            }
        }
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
