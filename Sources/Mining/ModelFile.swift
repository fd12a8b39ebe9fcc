import Foundation

/// What is wrong with a model's bytes.
package enum ModelFileError: Error, Sendable, Equatable {
    /// Another kind of file.
    case notAModel
    /// Written by a newer or older program.
    case version(UInt32)
    /// Cut short, or changed since it was written.
    case damaged
}

/// Frame of every model file: kind, version, payload, and a checksum (FNV-1a, 64 bits) over all before it.
/// Little-endian.
package enum ModelFile {
    private static let frameBytes = 16

    /// Bytes of a file shipped with this room; nil where the program was moved without its resources.
    static func shipped(_ name: String) -> [UInt8]? {
        let url = Bundle.module.resourceURL?.appendingPathComponent("Models").appendingPathComponent(name)
        return url.flatMap { try? Data(contentsOf: $0) }.map { [UInt8]($0) }
    }

    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.withUnsafeBufferPointer { bytes in
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            return hash
        }
    }

    struct Writer {
        private var content: [UInt8]
        init(kind: StaticString, version: UInt32) {
            content = kind.withUTF8Buffer { Array($0.prefix(4)) }
            uint32(version)
        }
        mutating func uint32(_ value: UInt32) {
            withUnsafeBytes(of: value.littleEndian) { content.append(contentsOf: $0) }
        }
        mutating func float(_ value: Float) { uint32(value.bitPattern) }
        mutating func bytes(_ values: [UInt8]) { content.append(contentsOf: values) }
        mutating func text(_ value: String) {
            uint32(UInt32(value.utf8.count))
            content.append(contentsOf: value.utf8)
        }
        func finished() -> [UInt8] {
            content + withUnsafeBytes(of: ModelFile.checksum(content[...]).littleEndian) { Array($0) }
        }
    }

    struct Reader {
        private let content: ArraySlice<UInt8>
        private var at: Int

        init(_ bytes: [UInt8], kind: StaticString, version: UInt32) throws(ModelFileError) {
            guard bytes.count >= ModelFile.frameBytes, bytes.prefix(4).elementsEqual(kind.withUTF8Buffer { Array($0) })
            else { throw .notAModel }
            content = bytes.dropLast(8)
            at = 4
            let stored = bytes.suffix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            guard ModelFile.checksum(content) == stored else { throw .damaged }
            let found = try uint32()
            guard found == version else { throw .version(found) }
        }

        mutating func uint32() throws(ModelFileError) -> UInt32 {
            guard at + 4 <= content.endIndex else { throw .damaged }
            defer { at += 4 }
            return content.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: UInt32.self).littleEndian }
        }
        mutating func float() throws(ModelFileError) -> Float { Float(bitPattern: try uint32()) }
        mutating func bytes(count: Int) throws(ModelFileError) -> [UInt8] {
            guard count >= 0, at + count <= content.endIndex else { throw .damaged }
            defer { at += count }
            return Array(content[at..<at + count])
        }
        mutating func uint32s(count: Int) throws(ModelFileError) -> [UInt32] {
            guard count <= (content.endIndex - at) / 4 else { throw .damaged }
            defer { at += count * 4 }
            let from = at
            return content.withUnsafeBytes { content in
                (0..<count).map {
                    content.loadUnaligned(fromByteOffset: from + $0 * 4, as: UInt32.self).littleEndian
                }
            }
        }
        /// - Parameter room: zeros to add behind them.
        mutating func signedBytes(count: Int, room: Int) throws(ModelFileError) -> [Int8] {
            guard count >= 0, at + count <= content.endIndex else { throw .damaged }
            defer { at += count }
            let from = at - content.startIndex
            return content.withUnsafeBytes { content in
                [Int8](unsafeUninitializedCapacity: count + room) { buffer, initialised in
                    UnsafeMutableRawBufferPointer(buffer).copyMemory(
                        from: .init(rebasing: content[from..<from + count]))
                    for index in count..<count + room { buffer[index] = 0 }
                    initialised = count + room
                }
            }
        }
        mutating func text() throws(ModelFileError) -> String {
            String(decoding: try bytes(count: Int(try uint32())), as: UTF8.self)
        }
        func end() throws(ModelFileError) { guard at == content.endIndex else { throw .damaged } }
    }
}
