extension Transaction {
    /// Reads that need nothing of each other. An engine at the end of a wire answers the first statement of each in one
    /// trip: a trip costs more than most statements.
    ///
    /// Each may be called twice, and the first time finds nothing: a read does nothing but read.
    package func together<each Answer>(
        _ reads: repeat (any Transaction) throws -> each Answer
    ) throws -> (repeat each Answer) {
        if engine == .postgresql {
            var asked: [SQL] = []
            repeat note(each reads, &asked)
            try readAhead(asked)
        }
        return (repeat try (each reads)(self))
    }

    private func note<Answer>(_ read: (any Transaction) throws -> Answer, _ asked: inout [SQL]) {
        let listener = StatementListener(engine: engine)
        _ = try? read(listener)
        if let sql = listener.asked { asked.append(sql) }
    }
}

/// Hears which statement a read begins with, and answers none.
private final class StatementListener: Transaction {
    private struct Heard: Error {}

    let engine: EngineKind
    private(set) var asked: SQL?

    init(engine: EngineKind) { self.engine = engine }

    func all(_ sql: SQL) throws -> [Row] { throw hear(sql) }
    func first(_ sql: SQL) throws -> Row? { throw hear(sql) }
    // A cursor is opened with its first rows, which nobody may need.
    func forEach(_ sql: SQL, _ body: (Row) throws -> Bool) throws { throw Heard() }
    func run(_ sql: SQL) throws -> Int { throw Heard() }
    func readAhead(_ statements: [SQL]) throws { throw Heard() }

    func insert(into table: StaticString, columns: [StaticString], rows: some Sequence<[Value]>) throws {
        throw Heard()
    }

    private func hear(_ sql: SQL) -> Heard {
        asked = asked ?? sql
        return Heard()
    }
}
