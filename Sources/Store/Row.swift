package import Core

/// A column that is absent, or holds another type than was asked for: a defect, not a visitor's mistake.
package struct RowError: Error, Sendable, Equatable {
    package let column: String
    package let found: Value?

    package init(column: String, found: Value?) {
        self.column = column
        self.found = found
    }
}

/// One result row. Rows of one result share their column names.
package struct Row: Sendable {
    package let columns: Columns
    package let values: [Value]

    package init(columns: Columns, values: [Value]) {
        self.columns = columns
        self.values = values
    }

    /// The column names of a result, looked up once.
    package final class Columns: Sendable {
        package let names: [String]
        private let positions: [String: Int]

        package init(_ names: [String]) {
            self.names = names
            positions = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        }

        func position(of name: String) -> Int? { positions[name] }
    }

    package func value(_ column: String) throws -> Value {
        guard let position = columns.position(of: column) else { throw RowError(column: column, found: nil) }
        return values[position]
    }

    package func get(_ column: String) throws -> String {
        guard case .text(let text) = try value(column) else { throw mistyped(column) }
        return text
    }
    package func get(_ column: String) throws -> Int64 {
        guard case .integer(let number) = try value(column) else { throw mistyped(column) }
        return number
    }
    package func get(_ column: String) throws -> Int { Int(try get(column) as Int64) }
    package func get(_ column: String) throws -> Bool { try get(column) as Int64 != 0 }
    package func get(_ column: String) throws -> Double {
        switch try value(column) {
        case .real(let number): number
        case .integer(let number): Double(number)
        default: throw mistyped(column)
        }
    }
    package func get(_ column: String) throws -> [UInt8] {
        guard case .blob(let bytes) = try value(column) else { throw mistyped(column) }
        return bytes
    }
    package func get<Owner>(_ column: String) throws -> ID<Owner> { ID(try get(column) as Int64) }
    package func get(_ column: String) throws -> Instant { Instant(millisecondsSince1970: try get(column)) }
    package func get(_ column: String) throws -> Day {
        guard let day = Day(iso: try get(column) as String) else { throw mistyped(column) }
        return day
    }
    package func get<Named: RawRepresentable<String>>(_ column: String) throws -> Named {
        guard let named = Named(rawValue: try get(column)) else { throw mistyped(column) }
        return named
    }

    // `getOptional` is nil where the column is NULL.

    package func getOptional(_ column: String) throws -> String? { try isNull(column) ? nil : get(column) }
    package func getOptional(_ column: String) throws -> Int64? { try isNull(column) ? nil : get(column) }
    package func getOptional(_ column: String) throws -> Int? { try isNull(column) ? nil : get(column) }
    package func getOptional(_ column: String) throws -> Bool? { try isNull(column) ? nil : get(column) }
    package func getOptional(_ column: String) throws -> Double? { try isNull(column) ? nil : get(column) }
    package func getOptional<Owner>(_ column: String) throws -> ID<Owner>? { try isNull(column) ? nil : get(column) }
    package func getOptional(_ column: String) throws -> Instant? { try isNull(column) ? nil : get(column) }
    package func getOptional(_ column: String) throws -> Day? { try isNull(column) ? nil : get(column) }
    package func getOptional<Named: RawRepresentable<String>>(_ column: String) throws -> Named? {
        try isNull(column) ? nil : get(column)
    }

    private func isNull(_ column: String) throws -> Bool { try value(column) == .null }
    private func mistyped(_ column: String) -> RowError { RowError(column: column, found: try? value(column)) }
}
