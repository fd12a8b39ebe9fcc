/// A QR code (ISO/IEC 18004) of a short text, drawn on the server as SVG: bytes, correction level M, versions 1 to 15.
package struct QRCode: Component, Equatable {
    /// Dark modules, row by row, without the quiet zone.
    let rows: [[Bool]]
    let label: String

    /// Nil for a text longer than a version 15 code holds (412 bytes). `label` says what the picture is.
    package init?(_ text: String, label: String) { self.init(text, label: label, mask: nil) }

    /// - Parameter mask: 0 to 7; nil takes the one that scanners read best.
    init?(_ text: String, label: String, mask: Int?) {
        let bytes = Array(text.utf8)
        guard let version = (1...QRLayout.versionMax).first(where: { QRLayout(version: $0).holds(bytes.count) }) else {
            return nil
        }
        let layout = QRLayout(version: version)
        let codewords = layout.interleaved(layout.data(bytes))
        var best: (rows: [[Bool]], penalty: Int)?
        for candidate in mask.map({ $0...$0 }) ?? 0...7 {
            var matrix = QRMatrix(layout: layout)
            matrix.place(codewords, mask: candidate)
            let penalty = matrix.penalty
            if best.map({ penalty < $0.penalty }) ?? true { best = (matrix.dark, penalty) }
        }
        rows = best?.rows ?? []
        self.label = label
    }

    package func write(to html: inout HTML, for visit: Visit) {
        // A quiet zone of four modules, as the standard asks; white even on a dark page.
        let size = rows.count + 8
        html.tag(
            "svg",
            [
                "class": "qr", "viewBox": "0 0 \(size) \(size)", "role": "img", "aria-label": label,
                "shape-rendering": "crispEdges",
            ]
        ) { html in
            html.void("rect", ["class": "qr-light", "width": String(size), "height": String(size)])
            html.void("path", ["class": "qr-dark", "d": path])
        }
    }

    private var path: String {
        var path = ""
        for (y, row) in rows.enumerated() {
            var x = 0
            while x < row.count {
                guard row[x] else {
                    x += 1
                    continue
                }
                let end = row[x...].firstIndex(of: false) ?? row.count
                path += "M\(x + 4) \(y + 4)h\(end - x)v1h-\(end - x)z"
                x = end
            }
        }
        return path
    }
}

/// How a version divides its codewords (ISO/IEC 18004, table 9, level M).
struct QRLayout: Sendable {
    static let versionMax = 15
    private static let checks = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24]
    private static let blocks = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10]
    private static let totals = [26, 44, 70, 100, 134, 172, 196, 242, 292, 346, 404, 466, 532, 581, 655]

    let version: Int

    var size: Int { version * 4 + 17 }
    private var checkCount: Int { Self.checks[version - 1] }
    private var blockCount: Int { Self.blocks[version - 1] }
    private var total: Int { Self.totals[version - 1] }
    private var dataCount: Int { total - checkCount * blockCount }
    private var lengthBits: Int { version < 10 ? 8 : 16 }

    func holds(_ count: Int) -> Bool { 4 + lengthBits + count * 8 <= dataCount * 8 }

    /// Mode, length, bytes, terminator and padding.
    func data(_ bytes: [UInt8]) -> [UInt8] {
        var bits: [Bool] = []
        func append(_ value: Int, _ count: Int) {
            for shift in stride(from: count - 1, through: 0, by: -1) { bits.append(value >> shift & 1 == 1) }
        }
        append(0b0100, 4)
        append(bytes.count, lengthBits)
        for byte in bytes { append(Int(byte), 8) }
        append(0, min(4, dataCount * 8 - bits.count))
        while bits.count % 8 != 0 { bits.append(false) }
        var words = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
        }
        for index in 0..<dataCount - words.count { words.append(index % 2 == 0 ? 0xEC : 0x11) }
        return words
    }

    /// The data in blocks, each with its checks, taken in turns.
    func interleaved(_ data: [UInt8]) -> [UInt8] {
        let short = dataCount / blockCount
        let longBlocks = dataCount % blockCount
        let generator = ReedSolomon.generator(checkCount)
        var parts: [[UInt8]] = []
        var start = 0
        for block in 0..<blockCount {
            let length = short + (block >= blockCount - longBlocks ? 1 : 0)
            parts.append(Array(data[start..<start + length]))
            start += length
        }
        let checks = parts.map { ReedSolomon.checks(of: $0, generator) }
        var out: [UInt8] = []
        for index in 0...short { out += parts.compactMap { index < $0.count ? $0[index] : nil } }
        for index in 0..<checkCount { out += checks.map { $0[index] } }
        return out
    }

    /// Centres of alignment patterns along one side.
    var alignment: [Int] {
        guard version > 1 else { return [] }
        let count = version / 7 + 2
        let step = (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2
        return [6] + (0..<count - 1).map { size - 7 - $0 * step }.reversed()
    }
}

/// Error correction over GF(2⁸) with the polynomial 0x11D.
enum ReedSolomon {
    static func multiply(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var product = 0
        for shift in stride(from: 7, through: 0, by: -1) {
            product = product << 1 ^ (product >> 7) * 0x11D
            if right >> UInt8(shift) & 1 == 1 { product ^= Int(left) }
        }
        return UInt8(product & 0xFF)
    }

    /// The divisor's coefficients below its highest power.
    static func generator(_ degree: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: degree - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<degree {
            for index in 0..<degree {
                result[index] = multiply(result[index], root)
                if index + 1 < degree { result[index] ^= result[index + 1] }
            }
            root = multiply(root, 2)
        }
        return result
    }

    static func checks(of data: [UInt8], _ generator: [UInt8]) -> [UInt8] {
        var rest = [UInt8](repeating: 0, count: generator.count)
        for byte in data {
            let factor = byte ^ rest.removeFirst()
            rest.append(0)
            for index in rest.indices { rest[index] ^= multiply(generator[index], factor) }
        }
        return rest
    }
}
