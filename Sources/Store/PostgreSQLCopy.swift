internal import CLibpq

/// One COPY in text form.
struct PostgreSQLCopy {
    private let connection: PostgreSQLConnection
    private let columnCount: Int
    private var buffer: [UInt8] = []

    init(_ connection: PostgreSQLConnection, _ statement: String, columnCount: Int) throws {
        self.connection = connection
        self.columnCount = columnCount
        buffer.reserveCapacity(StoreLimits.copyBufferBytes + 8_192)
        let result = PostgreSQLResult(PQexec(connection.pointer, statement))
        try result.check(connection)
        guard result.isCopyIn else { throw StoreError.defect("the server does not take COPY") }
    }

    mutating func write(_ row: [Value]) throws {
        do {
            guard row.count == columnCount else {
                throw StoreError.defect("\(row.count) values for \(columnCount) columns")
            }
            for (index, value) in row.enumerated() {
                if index > 0 { buffer.append(UInt8(ascii: "\t")) }
                try append(value)
            }
        } catch {
            abandon()
            throw error
        }
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= StoreLimits.copyBufferBytes { try flush() }
    }

    mutating func finish() throws {
        try flush()
        guard PQputCopyEnd(connection.pointer, nil) == 1 else { throw lost }
        try drain()
    }

    /// Tells the server to forget what it has; the transaction is lost with it.
    private func abandon() {
        _ = PQputCopyEnd(connection.pointer, "abandoned")
        _ = try? drain()
    }

    private func drain() throws {
        var failure: (any Error)?
        while let pointer = PQgetResult(connection.pointer) {
            do { try PostgreSQLResult(pointer).check(connection) } catch { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    private mutating func flush() throws {
        let code = buffer.withUnsafeBytes { raw in
            PQputCopyData(
                connection.pointer, raw.bindMemory(to: CChar.self).baseAddress, Int32(raw.count))
        }
        guard code == 1 else {
            try drain()
            throw lost
        }
        buffer.removeAll(keepingCapacity: true)
    }

    private var lost: StoreError { .unavailable("the connection was lost during COPY") }

    private mutating func append(_ value: Value) throws {
        switch value {
        case .null: buffer.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "N")])
        case .integer(let number): buffer.append(contentsOf: String(number).utf8)
        case .real(let number): buffer.append(contentsOf: try number.checkedForStore().description.utf8)
        case .text(var text): try text.withUTF8 { try append($0) }
        case .blob(let bytes):
            buffer.append(contentsOf: "\\\\x".utf8)
            for byte in bytes {
                buffer.append(hexDigits[Int(byte >> 4)])
                buffer.append(hexDigits[Int(byte & 15)])
            }
        }
    }

    /// Copies whole stretches between the few bytes that need a backslash.
    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        var start = 0
        for (index, byte) in bytes.enumerated() where byte < 14 || byte == UInt8(ascii: "\\") {
            let escaped: UInt8
            switch byte {
            case 0: throw StoreError.holdsNUL
            case UInt8(ascii: "\\"): escaped = byte
            case 9: escaped = UInt8(ascii: "t")
            case 10: escaped = UInt8(ascii: "n")
            case 13: escaped = UInt8(ascii: "r")
            default: continue
            }
            buffer.append(contentsOf: bytes[start..<index])
            buffer.append(UInt8(ascii: "\\"))
            buffer.append(escaped)
            start = index + 1
        }
        buffer.append(contentsOf: bytes[start...])
    }
}

private let hexDigits = Array("0123456789abcdef".utf8)
