import Core
import Synchronization

/// The answer of `work`, or `WebError.takesTooLong` when it takes longer, even if it does not notice that it was
/// cancelled: the visitor does not wait for it. For requests that change nothing.
///
/// The time is the surroundings': where the clock stands still, as in tests, nothing is given up however busy the
/// machine is; one that is set forward gives up no sooner than the limit.
func answer<Value: Sendable>(
    within limit: Duration, by surroundings: Surroundings, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let begun = surroundings.now()
    let once = Once<Value>()
    return try await withCheckedThrowingContinuation { continuation in
        once.start(continuation)
        let running = Task {
            let result: Result<Value, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            once.finish(result)
        }
        let timer = Task {
            repeat {
                try await Task.sleep(for: limit)
            } while .milliseconds(surroundings.now().milliseconds(since: begun)) < limit
            once.finish(.failure(WebError.takesTooLong))
            running.cancel()
        }
        once.afterwards { timer.cancel() }
    }
}

/// A continuation that the faster of two tasks resumes.
private final class Once<Value: Sendable>: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Value, any Error>?
        var isFinished = false
        var cleanUp: (@Sendable () -> Void)?
    }
    private let state = Mutex(State())

    func start(_ continuation: CheckedContinuation<Value, any Error>) {
        state.withLock { $0.continuation = continuation }
    }

    /// Runs when the first result is there; at once when it is there already.
    func afterwards(_ cleanUp: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            if !state.isFinished { state.cleanUp = cleanUp }
            return state.isFinished
        }
        if isLate { cleanUp() }
    }

    func finish(_ result: Result<Value, any Error>) {
        let (continuation, cleanUp) = state.withLock { state in
            defer { state = State(continuation: nil, isFinished: true, cleanUp: nil) }
            return (state.continuation, state.cleanUp)
        }
        continuation?.resume(with: result)
        cleanUp?()
    }
}
