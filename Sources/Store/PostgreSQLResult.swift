internal import CLibpq

/// A result of libpq that frees itself.
final class PostgreSQLResult {
    private let pointer: OpaquePointer?

    init(_ pointer: OpaquePointer?) { self.pointer = pointer }
    deinit { PQclear(pointer) }

    var command: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }
    var rowsChanged: Int { PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0 }
    var rowCount: Int { Int(PQntuples(pointer)) }
    var isCopyIn: Bool { PQresultStatus(pointer) == PGRES_COPY_IN }
    var sqlState: String { field(Int32(UInt8(ascii: "C"))) ?? "" }

    var isGood: Bool { [PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_COPY_IN].contains(PQresultStatus(pointer)) }

    func check(_ connection: PostgreSQLConnection) throws {
        guard isGood else { throw error(connection) }
    }

    /// The server names rules and tables here; what holds a row's values (`DETAIL`) is left out.
    private func error(_ connection: PostgreSQLConnection) -> StoreError {
        let primary = field(Int32(UInt8(ascii: "M"))) ?? "no answer"
        guard connection.isAlive else { return .unavailable("the connection was lost: \(primary)") }
        let state = sqlState
        let parts: [(UInt8, String)] = [
            (UInt8(ascii: "t"), "table"), (UInt8(ascii: "c"), "column"), (UInt8(ascii: "n"), "constraint"),
        ]
        let subject = parts.compactMap { code, name in field(Int32(code)).map { "\(name) \($0)" } }
            .joined(separator: ", ")
        switch state.prefix(2) {
        case "23": return state == "23505" ? .duplicate(subject) : .constraint("\(subject) (\(state))")
        case "40", "55": return .busy("\(primary) (\(state))")
        case "08", "58": return .unavailable("\(primary) (\(state))")
        case "" where PQresultStatus(pointer) == PGRES_EMPTY_QUERY: return .defect("an empty statement")
        // Libpq's own words have no code: the server went away, which the connection may not know yet.
        case "": return .unavailable(primary.split(separator: "\n").joined(separator: " "))
        case "53": return state == "53100" ? .full(primary) : .busy("\(primary) (\(state))")
        case "57": return state == "57014" ? .busy("\(primary) (\(state))") : .unavailable("\(primary) (\(state))")
        // Messages of class 22 quote the value that does not fit.
        case "22": return .constraint("a value does not fit (\(state)) \(subject)")
        default: return .defect("\(primary) (\(state))")
        }
    }

    private func field(_ code: Int32) -> String? {
        PQresultErrorField(pointer, code).map { String(cString: $0) }
    }

    // MARK: Rows

    struct Shape {
        let columns: Row.Columns
        fileprivate let types: [Oid]
    }

    var shape: Shape {
        let indices = 0..<PQnfields(pointer)
        return Shape(
            columns: Row.Columns(indices.map { PQfname(pointer, $0).map { String(cString: $0) } ?? "" }),
            types: indices.map { PQftype(pointer, $0) })
    }

    func row(_ number: Int, _ shape: Shape) throws -> Row {
        var values: [Value] = []
        values.reserveCapacity(shape.types.count)
        for (column, type) in shape.types.enumerated() {
            values.append(try value(Int32(number), Int32(column), type))
        }
        return Row(columns: shape.columns, values: values)
    }

    private func value(_ row: Int32, _ column: Int32, _ type: Oid) throws -> Value {
        guard PQgetisnull(pointer, row, column) == 0, let start = PQgetvalue(pointer, row, column) else { return .null }
        let count = Int(PQgetlength(pointer, row, column))
        let bytes = UnsafeRawBufferPointer(start: start, count: count).bindMemory(to: UInt8.self)
        switch type {
        case PostgreSQLType.int8, PostgreSQLType.int4, PostgreSQLType.int2, PostgreSQLType.oid:
            return .integer(bytes.decimal)
        case PostgreSQLType.bool: return .integer(bytes.first == UInt8(ascii: "t") ? 1 : 0)
        case PostgreSQLType.float8, PostgreSQLType.float4: return .real(try real(bytes))
        // SUM of integers is a numeric without a point, AVG one with.
        case PostgreSQLType.numeric:
            return bytes.contains(UInt8(ascii: ".")) || count > 18 ? .real(try real(bytes)) : .integer(bytes.decimal)
        case PostgreSQLType.bytea: return .blob(bytes.hexDecoded)
        default: return .text(String(decoding: bytes, as: UTF8.self))
        }
    }

    private func real(_ bytes: UnsafeBufferPointer<UInt8>) throws -> Double {
        guard let number = Double(String(decoding: bytes, as: UTF8.self)) else {
            throw StoreError.defect("the server sent a number that is none")
        }
        return number
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Digits with an optional sign, as the server writes integers.
    fileprivate var decimal: Int64 {
        var value: Int64 = 0
        let isNegative = first == UInt8(ascii: "-")
        // Downwards, because the least integer has no positive twin.
        for index in (isNegative ? 1 : 0)..<count { value = value &* 10 &- Int64(self[index] &- 48) }
        return isNegative ? value : 0 &- value
    }

    /// The server's `\x00ff` form.
    fileprivate var hexDecoded: [UInt8] {
        func digit(_ byte: UInt8) -> UInt8 { byte < 58 ? byte - 48 : byte - 87 }
        return stride(from: 2, to: count - 1, by: 2).map { digit(self[$0]) << 4 | digit(self[$0 + 1]) }
    }
}
