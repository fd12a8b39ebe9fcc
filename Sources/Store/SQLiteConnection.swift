internal import GRDB
internal import GRDBSQLite

/// One connection of the pool with the statements prepared on it, through the C API.
///
/// GRDB keeps the pool, the transactions and the backup; rows go around it because its arguments cost twice the insert.
/// Unchecked: GRDB lets only one thread at a time into a connection, and this is reached only from there.
final class SQLiteConnection: @unchecked Sendable {
    let handle: OpaquePointer
    private var idle: [String: SQLiteStatement] = [:]
    private var clock = 0

    init(_ handle: OpaquePointer) { self.handle = handle }

    /// Takes a statement out of the cache, so that a statement inside the loop of its twin gets its own.
    func take(_ text: String) throws -> SQLiteStatement {
        if let statement = idle.removeValue(forKey: text) { return statement }
        var pointer: OpaquePointer?
        var isMore = false
        let code = text.utf8CString.withUnsafeBufferPointer { buffer -> Int32 in
            var tail: UnsafePointer<CChar>?
            let code = sqlite3_prepare_v3(
                handle, buffer.baseAddress, Int32(buffer.count), UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, &tail)
            while let at = tail, at.pointee != 0 {
                if ![32, 10, 13, 9, 59].contains(at.pointee) { isMore = true }
                tail = at + 1
            }
            return code
        }
        guard code == SQLITE_OK else { throw error() }
        guard let pointer else { throw StoreError.defect("the statement is empty") }
        let statement = SQLiteStatement(pointer)
        guard !isMore else { throw StoreError.defect("several statements in one: \(text.prefix(80))") }
        return statement
    }

    func giveBack(_ statement: SQLiteStatement, _ text: String) {
        sqlite3_reset(statement.handle)
        sqlite3_clear_bindings(statement.handle)
        clock += 1
        statement.lastUse = clock
        if idle.count >= StoreLimits.statementsPerConnectionMax,
            let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
        {
            idle[oldest] = nil
        }
        idle[text] = statement
    }

    func forgetStatements() { idle = [:] }

    /// The error the connection reported last, in our words. SQLite names tables and columns, never values.
    func error() -> any Error {
        let code = sqlite3_extended_errcode(handle)
        if code & 0xFF == SQLITE_INTERRUPT { return CancellationError() }
        return StoreError(sqlite: code, message: String(cString: sqlite3_errmsg(handle)))
    }
}

/// A prepared statement that finalises itself.
final class SQLiteStatement {
    let handle: OpaquePointer
    fileprivate var lastUse = 0
    private var names: Row.Columns?

    init(_ handle: OpaquePointer) { self.handle = handle }
    deinit { sqlite3_finalize(handle) }

    /// Valid once the statement has been stepped: a changed schema may change them.
    var columns: Row.Columns {
        let count = Int(sqlite3_column_count(handle))
        if let names, names.names.count == count { return names }
        let fresh = Row.Columns(
            (0..<count).map { sqlite3_column_name(handle, Int32($0)).map { String(cString: $0) } ?? "" })
        names = fresh
        return fresh
    }

    /// Binds from the first parameter on; returns SQLite's code.
    func bind(_ values: [Value]) throws -> Int32 {
        var index: Int32 = 0
        for value in values {
            index += 1
            let code =
                switch value {
                case .null: sqlite3_bind_null(handle, index)
                case .integer(let number): sqlite3_bind_int64(handle, index, number)
                case .real(let number): sqlite3_bind_double(handle, index, try number.checkedForStore())
                case .text(var text):
                    try text.withUTF8 { bytes in
                        try bytes.checkForStore()
                        return bytes.withMemoryRebound(to: CChar.self) { characters in
                            sqlite3_bind_text(handle, index, characters.baseAddress, Int32(bytes.count), transient)
                        }
                    }
                case .blob(let bytes):
                    bytes.withUnsafeBytes {
                        $0.isEmpty
                            ? sqlite3_bind_zeroblob(handle, index, 0)
                            : sqlite3_bind_blob(handle, index, $0.baseAddress, Int32($0.count), transient)
                    }
                }
            guard code == SQLITE_OK else { return code }
        }
        return SQLITE_OK
    }

    func row(_ columns: Row.Columns) -> Row {
        let count = columns.names.count
        let values = [Value](unsafeUninitializedCapacity: count) { buffer, filled in
            for index in 0..<count { (buffer.baseAddress! + index).initialize(to: value(Int32(index))) }
            filled = count
        }
        return Row(columns: columns, values: values)
    }

    private func value(_ index: Int32) -> Value {
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, index))
        case SQLITE_FLOAT: return .real(sqlite3_column_double(handle, index))
        case SQLITE_TEXT:
            let start = sqlite3_column_text(handle, index)
            let count = Int(sqlite3_column_bytes(handle, index))
            return .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            let start = sqlite3_column_blob(handle, index)
            let count = Int(sqlite3_column_bytes(handle, index))
            return .blob([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default: return .null
        }
    }
}

/// SQLite copies what is bound: Swift's bytes do not outlive the call.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
