/// Runs statements on one connection between BEGIN and COMMIT.
final class PostgreSQLTransaction: Transaction {
    private let connection: PostgreSQLConnection
    private var cursors = 0
    /// Read ahead, and taken by who asks for it.
    private var answers: [(sql: SQL, result: PostgreSQLResult)] = []
    /// Why the transaction cannot be committed.
    private(set) var failure: (any Error)?

    init(_ connection: PostgreSQLConnection) { self.connection = connection }

    var engine: EngineKind { .postgresql }

    func all(_ sql: SQL) throws -> [Row] {
        let result = try answer(to: sql)
        let shape = result.shape
        return try (0..<result.rowCount).map { try result.row($0, shape) }
    }

    func first(_ sql: SQL) throws -> Row? {
        let result = try answer(to: sql)
        return result.rowCount == 0 ? nil : try result.row(0, result.shape)
    }

    func run(_ sql: SQL) throws -> Int {
        answers = []
        return try execute(sql).rowsChanged
    }

    func readAhead(_ statements: [SQL]) throws {
        // One alone gains nothing.
        guard statements.count > 1 else { return }
        let results = try execute(statements.map { try PostgreSQLStatement($0.text, $0.bindings) })
        answers += zip(statements, results).map { (sql: $0, result: $1) }
    }

    /// Through a cursor: memory stays bounded, stopping costs nothing, and `body` may run other statements.
    func forEach(_ sql: SQL, _ body: (Row) throws -> Bool) throws {
        let text = sql.text
        let verb = text.drop { $0.isWhitespace }.prefix { $0.isLetter }.uppercased()
        guard verb == "SELECT" || verb == "WITH" else {
            for row in try all(sql) { guard try body(row) else { return } }
            return
        }
        cursors += 1
        let name = "c\(cursors)"
        let fetch = try PostgreSQLStatement(
            "FETCH \(StoreLimits.rowsPerFetch) FROM \(name)", [], isPreparable: false)
        let declare = try PostgreSQLStatement(
            "DECLARE \(name) NO SCROLL CURSOR FOR \(text)", sql.bindings, isPreparable: false)
        defer { connection.runLater("CLOSE \(name)") }
        var steps = [declare, fetch]
        while true {
            guard let result = try execute(steps).last else { throw StoreError.defect("nothing was sent") }
            steps = [fetch]
            let shape = result.shape
            for number in 0..<result.rowCount {
                guard try body(result.row(number, shape)) else { return }
            }
            guard result.rowCount == StoreLimits.rowsPerFetch else { return }
        }
    }

    func insert(into table: StaticString, columns: [StaticString], rows: some Sequence<[Value]>) throws {
        if let failure { throw failure }
        answers = []
        let names = columns.map(\.description).joined(separator: ", ")
        let statement = "COPY \(table) (\(names)) FROM STDIN"
        var rows = rows.makeIterator()
        var next = rows.next()
        do {
            try connection.sendAhead()
            while next != nil {
                var copy = try PostgreSQLCopy(connection, statement, columnCount: columns.count)
                var count = 0
                while let row = next, count < StoreLimits.rowsPerCopy {
                    try copy.write(row)
                    count += 1
                    next = rows.next()
                }
                try copy.finish()
            }
        } catch {
            throw failed(error)
        }
    }

    /// After the body has returned, nothing may use this again.
    func end() { failure = failure ?? StoreError.defect("the transaction is over") }

    private func answer(to sql: SQL) throws -> PostgreSQLResult {
        guard let index = answers.firstIndex(where: { $0.sql == sql }) else { return try execute(sql) }
        if let failure { throw failure }
        return answers.remove(at: index).result
    }

    private func execute(_ sql: SQL) throws -> PostgreSQLResult {
        guard let result = try execute([PostgreSQLStatement(sql.text, sql.bindings)]).last else {
            throw StoreError.defect("nothing was sent")
        }
        return result
    }

    private func execute(_ statements: [PostgreSQLStatement]) throws -> [PostgreSQLResult] {
        if let failure { throw failure }
        do { return try connection.execute(statements) } catch { throw failed(error) }
    }

    private func failed(_ error: any Error) -> any Error {
        failure = failure ?? error
        return error
    }
}
