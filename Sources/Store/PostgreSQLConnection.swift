internal import CLibpq
internal import Foundation
internal import Logging

/// One libpq connection with the statements prepared on it; made, used and closed by one thread.
final class PostgreSQLConnection {
    private let settings: PostgreSQLSettings
    private let logger: Logger
    private(set) var pointer: OpaquePointer?
    private var statements: [StatementKey: Statement] = [:]
    private var clock = 0

    private struct StatementKey: Hashable {
        let text: String
        let types: [Oid]
    }
    private struct Statement {
        /// Nil while it was seen once only: preparing pays from the second time on.
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
    }

    /// Begins a transaction, on a new connection when the old one was lost: nothing has run on it yet.
    func begin(_ statement: String) throws {
        if pointer != nil {
            do {
                try command(statement)
                return
            } catch {
                logger.warning("The connection to PostgreSQL was lost and is made again")
                disconnect()
            }
        }
        try connect()
        try command(statement)
    }

    func commit() throws {
        let result = PostgreSQLResult(PQexec(pointer, "COMMIT"))
        guard isAlive else {
            throw StoreError.unavailable("the connection was lost while committing: it may or may not be written")
        }
        try result.check(self)
        // The server answers ROLLBACK to the COMMIT of a failed transaction.
        guard result.command == "COMMIT" else { throw StoreError.defect("the transaction had failed") }
    }

    func rollback() {
        guard isAlive else { return disconnect() }
        let result = PostgreSQLResult(PQexec(pointer, "ROLLBACK"))
        if (try? result.check(self)) == nil { disconnect() }
    }

    var isAlive: Bool { pointer != nil && PQstatus(pointer) == CONNECTION_OK }

    func command(_ text: String) throws { try PostgreSQLResult(PQexec(pointer, text)).check(self) }

    /// Runs one statement and waits for its whole result.
    func execute(_ text: String, _ values: [Value]) throws -> PostgreSQLResult {
        let parameters = try PostgreSQLParameters(values)
        let name = try statementName(text, parameters)
        let result = parameters.withPointers { types, pointers, lengths, formats in
            let count = Int32(values.count)
            return PostgreSQLResult(
                name.map { PQexecPrepared(pointer, $0, count, pointers, lengths, formats, 0) }
                    ?? PQexecParams(pointer, text, count, types, pointers, lengths, formats, 0))
        }
        do {
            try result.check(self)
        } catch {
            // A statement that outlived a change of the schema, or that the server does not know, is prepared anew.
            if ["0A000", "26000"].contains(result.sqlState) { disconnect() }
            throw error
        }
        return result
    }

    private func statementName(_ text: String, _ parameters: PostgreSQLParameters) throws -> String? {
        clock += 1
        let key = StatementKey(text: text, types: parameters.types)
        guard let known = statements[key] else {
            if statements.count >= StoreLimits.statementsPerConnectionMax { try forgetOldest() }
            statements[key] = Statement(name: nil, lastUse: clock)
            return nil
        }
        if let name = known.name {
            statements[key]?.lastUse = clock
            return name
        }
        let name = "s\(clock)"
        let result = parameters.types.withUnsafeBufferPointer { types in
            PostgreSQLResult(PQprepare(pointer, name, text, Int32(types.count), types.baseAddress))
        }
        try result.check(self)
        statements[key] = Statement(name: name, lastUse: clock)
        return name
    }

    private func forgetOldest() throws {
        guard let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        statements[oldest.key] = nil
        if let name = oldest.value.name { try command("DEALLOCATE \(name)") }
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
        try command(
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
