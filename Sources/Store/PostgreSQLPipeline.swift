internal import CLibpq

/// A statement with its values.
struct PostgreSQLStatement {
    struct Key: Hashable {
        let text: String
        let types: [Oid]
    }

    let text: String
    let parameters: PostgreSQLParameters
    /// What opens or reads a cursor is planned each time anyway.
    let isPreparable: Bool

    init(_ text: String, _ values: [Value], isPreparable: Bool = true) throws {
        self.text = text
        parameters = try PostgreSQLParameters(values)
        self.isPreparable = isPreparable
    }

    var key: Key { Key(text: text, types: parameters.types) }
}

/// One step of what is sent together.
enum PostgreSQLStep {
    struct Name {
        let name: String
        /// It has to be prepared first.
        let isNew: Bool
    }

    /// Whose result nobody asks for.
    case first(String)
    case run(PostgreSQLStatement, name: Name?)
}

/// Several statements in one trip, by libpq's pipeline mode: the first that fails keeps the rest from running.
struct PostgreSQLPipeline {
    private let pointer: OpaquePointer?

    init(_ pointer: OpaquePointer?) { self.pointer = pointer }

    /// - Returns: The results of what was run, up to the first failure, which may be of a step before; and the names
    ///   that the server knows from now on.
    func run(_ steps: [PostgreSQLStep]) throws -> ([PostgreSQLResult], [PostgreSQLStatement.Key: String]) {
        guard PQenterPipelineMode(pointer) == 1 else { throw StoreError.unavailable("the connection was lost") }
        // Fails only while results are left, which `collect` does not leave unless the connection is gone.
        defer { _ = PQexitPipelineMode(pointer) }
        var sent: [Sent] = []
        for step in steps {
            switch step {
            case .first(let text):
                _ = PQsendQueryParams(pointer, text, 0, nil, nil, nil, nil, 0)
                sent.append(.first)
            case .run(let statement, let name):
                if let name, name.isNew {
                    prepare(statement, name.name)
                    sent.append(.preparation(statement.key, name.name))
                }
                send(statement, name?.name)
                sent.append(.statement)
            }
        }
        guard PQpipelineSync(pointer) == 1 else { throw StoreError.unavailable("the connection was lost") }
        return try collect(sent)
    }

    private func prepare(_ statement: PostgreSQLStatement, _ name: String) {
        let types = statement.parameters.types
        _ = types.withUnsafeBufferPointer {
            PQsendPrepare(pointer, name, statement.text, Int32(types.count), $0.baseAddress)
        }
    }

    private func send(_ statement: PostgreSQLStatement, _ name: String?) {
        statement.parameters.withPointers { types, values, lengths, formats in
            let count = Int32(statement.parameters.types.count)
            if let name {
                _ = PQsendQueryPrepared(pointer, name, count, values, lengths, formats, 0)
            } else {
                _ = PQsendQueryParams(pointer, statement.text, count, types, values, lengths, formats, 0)
            }
        }
    }

    private enum Sent {
        case first, statement
        case preparation(PostgreSQLStatement.Key, String)
    }

    /// What was sent and could not be is seen here: the connection has no answer to it.
    private func collect(_ sent: [Sent]) throws -> ([PostgreSQLResult], [PostgreSQLStatement.Key: String]) {
        var results: [PostgreSQLResult] = []
        var prepared: [PostgreSQLStatement.Key: String] = [:]
        var hasFailed = false
        for sent in sent {
            guard let result = next() else { throw StoreError.unavailable("the connection was lost") }
            if hasFailed { continue }
            hasFailed = !result.isGood
            switch sent {
            case _ where hasFailed: results.append(result)
            case .preparation(let key, let name): prepared[key] = name
            case .statement: results.append(result)
            case .first: break
            }
        }
        // The end of the pipeline, which has no end of its own.
        PQclear(PQgetResult(pointer))
        return (results, prepared)
    }

    private func next() -> PostgreSQLResult? {
        guard let raw = PQgetResult(pointer) else { return nil }
        let result = PostgreSQLResult(raw)
        while PQstatus(pointer) == CONNECTION_OK, let more = PQgetResult(pointer) { PQclear(more) }
        return result
    }
}
