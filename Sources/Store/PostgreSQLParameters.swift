internal import CLibpq

/// Values in PostgreSQL's binary form, with their types declared, so that a bound integer is never taken for text.
///
/// NULL has no type of its own: PostgreSQL infers it from where it stands.
struct PostgreSQLParameters {
    let types: [Oid]
    private var bytes: [UInt8] = []
    /// Where each value lies in `bytes`; nil for NULL.
    private var ranges: [Range<Int>?] = []

    init(_ values: [Value]) throws {
        types = values.map(\.postgreSQLType)
        ranges.reserveCapacity(values.count)
        for value in values {
            let start = bytes.count
            switch value {
            case .null:
                ranges.append(nil)
                continue
            case .integer(let number): append(UInt64(bitPattern: number))
            case .real(let number): append(try number.checkedForStore().bitPattern)
            case .text(var text):
                try text.withUTF8 { utf8 in
                    try utf8.checkForStore()
                    bytes.append(contentsOf: utf8)
                }
            case .blob(let blob): bytes.append(contentsOf: blob)
            }
            ranges.append(start..<bytes.count)
        }
    }

    func withPointers<T>(
        _ body: (
            UnsafePointer<Oid>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> T
    ) -> T {
        // One byte more, so that an empty value at the end has an address too.
        (bytes + [0]).withUnsafeBytes { raw in
            let base = raw.bindMemory(to: CChar.self).baseAddress
            let pointers = ranges.map { range in range.flatMap { base?.advanced(by: $0.lowerBound) } }
            let lengths = ranges.map { Int32($0?.count ?? 0) }
            let formats = [Int32](repeating: 1, count: ranges.count)
            return body(types, pointers, lengths, formats)
        }
    }

    private mutating func append(_ number: UInt64) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}

/// Object identifiers of the built-in types, from the server's `pg_type.dat`; they never change.
enum PostgreSQLType {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let oid: Oid = 26
    static let float4: Oid = 700
    static let float8: Oid = 701
    static let numeric: Oid = 1700
}

extension Value {
    fileprivate var postgreSQLType: Oid {
        switch self {
        case .null: 0
        case .integer: PostgreSQLType.int8
        case .real: PostgreSQLType.float8
        case .text: PostgreSQLType.text
        case .blob: PostgreSQLType.bytea
        }
    }
}
