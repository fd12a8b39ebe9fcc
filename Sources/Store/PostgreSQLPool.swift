internal import Foundation
internal import Logging
internal import Synchronization

/// At most so many connections; who finds none free waits in line, for a bounded time.
final class PostgreSQLPool: Sendable {
    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<ConnectionThread, any Error>
    }
    private struct State {
        var idle: [ConnectionThread] = []
        /// Idle and in use together.
        var made = 0
        var waiters: [Waiter] = []
        var lastWaiter = 0
        var isClosed = false
        var closing: [CheckedContinuation<Void, Never>] = []
    }

    private let settings: PostgreSQLSettings
    private let logger: Logger
    private let state = Mutex(State())

    init(settings: PostgreSQLSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    func withConnection<T: Sendable>(
        _ work: @escaping @Sendable (PostgreSQLConnection) throws -> T
    ) async throws -> T {
        let thread = try await acquire()
        // Given back by the connection's own thread: the caller may have to wait for one of Swift's to go on.
        return try await thread.perform(work) { self.release(thread) }
    }

    /// Refuses new work, and returns when the work in hand is done and every connection closed.
    func close() async {
        await withCheckedContinuation { continuation in
            let (refused, isDone) = state.withLock { state in
                state.isClosed = true
                state.made -= state.idle.count
                state.idle = []
                defer { state.waiters = [] }
                if state.made > 0 { state.closing.append(continuation) }
                return (state.waiters, state.made == 0)
            }
            for waiter in refused { waiter.continuation.resume(throwing: Self.closed) }
            if isDone { continuation.resume() }
        }
    }

    private static let closed = StoreError.unavailable("the database is closed")

    private func acquire() async throws -> ConnectionThread {
        if let thread = try state.withLock({ try Self.takeFree(&$0, settings, logger) }) { return thread }
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        let timer = Task { [settings] in
            try await Task.sleep(for: .milliseconds(settings.poolTimeoutMilliseconds))
            fail(id, with: StoreError.busy("all \(settings.connectionsMax) connections are in use"))
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in wait(id, continuation) }
        } onCancel: {
            fail(id, with: CancellationError())
        }
    }

    private func wait(_ id: Int, _ continuation: CheckedContinuation<ConnectionThread, any Error>) {
        // Between looking and lining up, a connection may have come free or the task may have been cancelled.
        let answer = state.withLock { state -> Result<ConnectionThread, any Error>? in
            if Task.isCancelled { return .failure(CancellationError()) }
            do {
                if let thread = try Self.takeFree(&state, settings, logger) { return .success(thread) }
            } catch {
                return .failure(error)
            }
            state.waiters.append(Waiter(id: id, continuation: continuation))
            return nil
        }
        if let answer { continuation.resume(with: answer) }
    }

    private static func takeFree(
        _ state: inout State, _ settings: PostgreSQLSettings, _ logger: Logger
    ) throws -> ConnectionThread? {
        guard !state.isClosed else { throw closed }
        if let thread = state.idle.popLast() { return thread }
        guard state.made < settings.connectionsMax else { return nil }
        state.made += 1
        return ConnectionThread(settings: settings, logger: logger)
    }

    private func fail(_ id: Int, with error: any Error) {
        let waiter = state.withLock { state in
            state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume(throwing: error)
    }

    private func release(_ thread: ConnectionThread) {
        let (next, closing) = state.withLock { state -> (Waiter?, [CheckedContinuation<Void, Never>]) in
            if state.isClosed {
                state.made -= 1
                guard state.made == 0 else { return (nil, []) }
                defer { state.closing = [] }
                return (nil, state.closing)
            }
            if !state.waiters.isEmpty { return (state.waiters.removeFirst(), []) }
            state.idle.append(thread)
            return (nil, [])
        }
        next?.continuation.resume(returning: thread)
        for continuation in closing { continuation.resume() }
    }
}

/// A connection and the one thread that may touch it: libpq blocks, and Swift's own threads must not.
final class ConnectionThread: Sendable {
    private let mailbox = Mailbox()

    init(settings: PostgreSQLSettings, logger: Logger) {
        let mailbox = mailbox
        let thread = Thread {
            let connection = PostgreSQLConnection(settings: settings, logger: logger)
            while let work = mailbox.next() { work(connection) }
            connection.disconnect()
        }
        thread.name = "postgresql"
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// Nobody holds the thread any more: it closes its connection and ends.
    deinit { mailbox.post(nil) }

    func perform<T: Sendable>(
        _ work: @escaping @Sendable (PostgreSQLConnection) throws -> T, afterwards: @escaping @Sendable () -> Void
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            mailbox.post { connection in
                let result = Result { try work(connection) }
                afterwards()
                continuation.resume(with: result)
            }
        }
    }

    private final class Mailbox: Sendable {
        typealias Work = @Sendable (PostgreSQLConnection) -> Void
        private let inbox = Mutex<[Work?]>([])
        private let signal = DispatchSemaphore(value: 0)

        func post(_ work: Work?) {
            inbox.withLock { $0.append(work) }
            signal.signal()
        }

        func next() -> Work? {
            signal.wait()
            return inbox.withLock { $0.removeFirst() }
        }
    }
}
