import Foundation
import Testing

@testable import Web

@Suite("QR codes")
struct QRCodeTests {
    /// Drawn by another program (qrcodegen 1.8.0 for Python, level M, bytes): text, mask, rows in hexadecimal.
    static let vectors: [(text: String, mask: Int, rows: [[Bool]])] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Snapshots/Web/qr-vectors.txt")
        let lines = ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n")
        return lines.map { line in
            let parts = line.split(separator: "\t")
            let rows = parts[2].split(separator: ",")
            return (String(parts[0]), Int(parts[1]) ?? -1, rows.map { bits($0, rows.count) })
        }
    }()

    private static func bits(_ hex: Substring, _ count: Int) -> [Bool] {
        let all = hex.flatMap { digit in
            [8, 4, 2, 1].map { (digit.hexDigitValue ?? 0) & $0 != 0 }
        }
        return [Bool](repeating: false, count: max(0, count - all.count)) + all.suffix(count)
    }

    @Test("Module for module what another program draws, of five versions", arguments: 0..<5)
    func same(index: Int) throws {
        try #require(Self.vectors.count == 5)
        let vector = Self.vectors[index]
        let code = try #require(QRCode(vector.text, label: "", mask: vector.mask))
        #expect(code.rows == vector.rows)
    }

    @Test("The mask is the one the standard's penalty prefers", arguments: 0..<5)
    func mask(index: Int) throws {
        let vector = Self.vectors[index]
        #expect(try #require(QRCode(vector.text, label: "")).rows == vector.rows)
    }

    @Test("A code grows with its text, and a text that fits no version has none")
    func sizes() throws {
        var last = 0
        for bytes in [1, 14, 15, 26, 27, 106, 107, 213, 214, 412] {
            let code = try #require(QRCode(String(repeating: "a", count: bytes), label: ""), "\(bytes) bytes")
            #expect(code.rows.count >= last && code.rows.allSatisfy { $0.count == code.rows.count })
            last = code.rows.count
        }
        #expect(last == 77)
        #expect(QRCode(String(repeating: "a", count: 413), label: "") == nil)
    }

    @Test("Every block is divisible by its generator: the checks are those of Reed and Solomon")
    func checks() {
        for degree in [10, 16, 18, 22, 24, 26, 30] {
            let generator = ReedSolomon.generator(degree)
            let data = (0..<40).map { UInt8($0 * 37 & 0xFF) }
            let word = data + ReedSolomon.checks(of: data, generator)
            var root: UInt8 = 1
            for _ in 0..<degree {
                let value = word.reduce(UInt8(0)) { ReedSolomon.multiply($0, root) ^ $1 }
                #expect(value == 0)
                root = ReedSolomon.multiply(root, 2)
            }
        }
    }
}
