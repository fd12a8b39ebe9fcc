internal import CLibpq
internal import Foundation
internal import Logging

/// One libpq connection with the statements prepared on it; made, used and closed by one thread.
final class PostgreSQLConnection {
    private let settings: PostgreSQLSettings
    private let logger: Logger
    private(set) var pointer: OpaquePointer?
    private var statements: [PostgreSQLStatement.Key: Known] = [:]
    private var clock = 0
    /// Goes to the server with the next statement.
    private var ahead: [String] = []
    /// Whether the statement that begins the transaction is among them.
    private var isOpening = false
    /// False while the answer to the end of a reading transaction has not been looked at.
    private var isSettled = true

    private struct Known {
        /// Nil while it was seen once only.
        var name: String?
        var lastUse: Int
    }

    init(settings: PostgreSQLSettings, logger: Logger) {
        self.settings = settings
        self.logger = logger
    }

    func disconnect() {
        PQfinish(pointer)
        pointer = nil
        statements = [:]
        isSettled = true
    }

    // MARK: A transaction

    /// A transaction is begun with its first statement, on a new connection when the old one was lost: nothing has
    /// run on it yet.
    func begin(_ statement: String) {
        ahead = [statement]
        isOpening = true
    }

    func commit() throws {
        ahead = []
        // It did nothing.
        guard !isOpening else { return isOpening = false }
        let result = PostgreSQLResult(PQexec(pointer, "COMMIT"))
        guard isAlive else {
            throw StoreError.unavailable("the connection was lost while committing: it may or may not be written")
        }
        try result.check(self)
        // The server answers ROLLBACK to the COMMIT of a failed transaction.
        guard result.command == "COMMIT" else { throw StoreError.defect("the transaction had failed") }
    }

    /// Ends a transaction that only read, without waiting for the answer: all it could say is known by now.
    func endReading() {
        ahead = []
        guard !isOpening else { return isOpening = false }
        if PQsendQuery(pointer, "COMMIT") == 1 { isSettled = false } else { disconnect() }
    }

    func rollback() {
        ahead = []
        guard !isOpening else { return isOpening = false }
        guard isAlive else { return disconnect() }
        let result = PostgreSQLResult(PQexec(pointer, "ROLLBACK"))
        if (try? result.check(self)) == nil { disconnect() }
    }

    var isAlive: Bool { pointer != nil && PQstatus(pointer) == CONNECTION_OK }

    // MARK: Statements

    /// Runs statements in one trip to the server and back, and gives their results. A trip costs more than most
    /// statements: two programs must be woken for it.
    func execute(_ statements: [PostgreSQLStatement]) throws -> [PostgreSQLResult] {
        try ready()
        var wasLost = false
        while true {
            let named = try statements.map { PostgreSQLStep.run($0, name: try name(of: $0)) }
            // What is to be done first may have grown by what is forgotten.
            let steps = ahead.map { PostgreSQLStep.first($0) } + named
            do {
                let results = try run(steps)
                (ahead, isOpening) = ([], false)
                return results
            } catch {
                if isOpening, !isAlive, !wasLost {
                    wasLost = true
                    try reconnect()
                    continue
                }
                // With the first statement refused, the transaction is open nevertheless, and failed.
                (ahead, isOpening) = ([], isOpening && !isAlive)
                throw error
            }
        }
    }

    /// Sends what is waiting, for what cannot go along with it.
    func sendAhead() throws {
        if !ahead.isEmpty { _ = try execute([]) }
    }

    /// Something small that is sent along with the next statement, if there is one.
    func runLater(_ text: String) { ahead.append(text) }

    private func ready() throws {
        if pointer == nil {
            try connect()
        } else if !isSettled {
            while let result = PQgetResult(pointer) { PQclear(result) }
            isSettled = true
            if !isAlive { try reconnect() }
        }
    }

    private func reconnect() throws {
        logger.warning("The connection to PostgreSQL was lost and is made again")
        disconnect()
        // What else was waiting was for the old one.
        ahead = Array(ahead.prefix(1))
        try connect()
    }

    /// One step needs no pipeline; more are sent together.
    private func run(_ steps: [PostgreSQLStep]) throws -> [PostgreSQLResult] {
        if steps.count == 1, case .run(let statement, let name) = steps[0], name.map({ !$0.isNew }) ?? true {
            let result = statement.parameters.withPointers { types, pointers, lengths, formats in
                let count = Int32(statement.parameters.types.count)
                return PostgreSQLResult(
                    name.map { PQexecPrepared(pointer, $0.name, count, pointers, lengths, formats, 0) }
                        ?? PQexecParams(pointer, statement.text, count, types, pointers, lengths, formats, 0))
            }
            try checked(result)
            return [result]
        }
        let (results, prepared) = try PostgreSQLPipeline(pointer).run(steps)
        for (key, name) in prepared { self.statements[key] = Known(name: name, lastUse: clock) }
        // Nothing ran after one that failed.
        if let last = results.last { try checked(last) }
        return results
    }

    private func checked(_ result: PostgreSQLResult) throws {
        do {
            try result.check(self)
        } catch {
            // A statement that outlived a change of the schema, or that the server does not know, is prepared anew.
            if ["0A000", "26000"].contains(result.sqlState) { disconnect() }
            throw error
        }
    }

    /// Nil for a statement that is seen for the first time: preparing pays from the second time on.
    private func name(of statement: PostgreSQLStatement) throws -> PostgreSQLStep.Name? {
        guard statement.isPreparable else { return nil }
        clock += 1
        guard let known = statements[statement.key] else {
            if statements.count >= StoreLimits.statementsPerConnectionMax { forgetOldest() }
            statements[statement.key] = Known(name: nil, lastUse: clock)
            return nil
        }
        statements[statement.key]?.lastUse = clock
        return known.name.map { PostgreSQLStep.Name(name: $0, isNew: false) }
            ?? PostgreSQLStep.Name(name: "s\(clock)", isNew: true)
    }

    private func forgetOldest() {
        guard let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        statements[oldest.key] = nil
        if let name = oldest.value.name { runLater("DEALLOCATE \(name)") }
    }

    private func connect() throws {
        // What stands before `dbname` are defaults that the URL may override.
        let options: [(String, String)] = [
            ("connect_timeout", "5"), ("application_name", "shuzhi"), ("keepalives_idle", "30"),
            ("keepalives_interval", "10"), ("keepalives_count", "3"), ("tcp_user_timeout", "60000"),
            ("dbname", settings.url), ("client_encoding", "UTF8"),
        ]
        let keywords = CStrings(options.map(\.0))
        let values = CStrings(options.map(\.1))
        pointer = PQconnectdbParams(keywords.pointers, values.pointers, 1)
        guard isAlive else {
            let reason = connectionFailure()
            disconnect()
            throw StoreError.unavailable(reason)
        }
        // Notices, such as “already exists, skipping”, would go to stderr.
        PQsetNoticeProcessor(pointer, { _, _ in }, nil)
        try PostgreSQLResult(
            PQexec(
                pointer,
                """
                SET search_path TO \(settings.quotedSchema);
                SET statement_timeout TO \(settings.statementTimeoutMilliseconds);
                SET lock_timeout TO \(settings.lockTimeoutMilliseconds);
                SET idle_in_transaction_session_timeout TO \(settings.idleInTransactionMilliseconds);
                SET synchronous_commit TO on;
                SET TIME ZONE 'UTC';
                SET bytea_output TO hex;
                SET cursor_tuple_fraction TO 1;
                SET jit TO off;
                """)
        ).check(self)
    }

    /// Libpq's own reason without the password; its complaint about a malformed URL would repeat the URL.
    private func connectionFailure() -> String {
        guard let pointer else { return "out of memory" }
        guard PQhost(pointer).map({ $0.pointee != 0 }) == true else { return "the PostgreSQL address is malformed" }
        var text = String(cString: PQerrorMessage(pointer)).trimmingCharacters(in: .whitespacesAndNewlines)
        if let password = PQpass(pointer).map({ String(cString: $0) }), !password.isEmpty {
            text = text.replacingOccurrences(of: password, with: "***")
        }
        return text.split(separator: "\n").joined(separator: " ")
    }
}

/// A null-terminated array of C strings.
private final class CStrings {
    private var storage: [UnsafeMutablePointer<CChar>?]
    private(set) var pointers: [UnsafePointer<CChar>?]

    init(_ strings: [String]) {
        storage = strings.map { strdup($0) }
        pointers = storage.map { $0.map { UnsafePointer($0) } } + [nil]
    }

    deinit { for pointer in storage { free(pointer) } }
}
