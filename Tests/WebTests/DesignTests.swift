import Foundation
import NIOCore
import Testing

@testable import Web

/// The style sheet's tokens, held to WCAG 2.2 by computation.
@Suite("The design keeps its own rules")
struct DesignTests {
    struct Sheet {
        let text: String
        let light: [String: String]
        let dark: [String: String]
        let chosenDark: [String: String]

        init() throws {
            let url = RoomResources.assetsFolder.appendingPathComponent("shuzhi.css")
            text = try String(contentsOf: url, encoding: .utf8)
            light = Sheet.tokens(try #require(Sheet.block(":root {", in: text)))
            dark = Sheet.tokens(try #require(Sheet.block(":root:not([data-theme=\"light\"]) {", in: text)))
            chosenDark = Sheet.tokens(try #require(Sheet.block(":root[data-theme=\"dark\"] {", in: text)))
        }

        /// What stands between a selector's braces.
        private static func block(_ selector: String, in text: String) -> Substring? {
            guard let start = text.range(of: selector),
                let end = text.range(of: "}", range: start.upperBound..<text.endIndex)
            else { return nil }
            return text[start.upperBound..<end.lowerBound]
        }

        private static func tokens(_ block: Substring) -> [String: String] {
            Dictionary(
                block.matches(of: /--([a-z0-9-]+):\s*([^;]+);/).map { (String($0.output.1), String($0.output.2)) },
                uniquingKeysWith: { _, last in last })
        }

        func colour(_ name: String, isDark: Bool) throws -> [Double] {
            let value = try #require((isDark ? dark[name] : nil) ?? light[name], "--\(name)")
            let digits = try #require(value.wholeMatch(of: /#([0-9a-f]{6})/), "--\(name) is \(value)").output.1
            return stride(from: 0, to: 6, by: 2).map { offset in
                let start = digits.index(digits.startIndex, offsetBy: offset)
                return Double(Int(digits[start..<digits.index(start, offsetBy: 2)], radix: 16) ?? 0) / 255
            }
        }
    }

    /// WCAG 2.2: relative luminance and contrast ratio.
    private func contrast(_ left: [Double], _ right: [Double]) -> Double {
        func luminance(_ colour: [Double]) -> Double {
            zip([0.2126, 0.7152, 0.0722], colour).reduce(0) { sum, part in
                sum + part.0 * (part.1 <= 0.03928 ? part.1 / 12.92 : pow((part.1 + 0.055) / 1.055, 2.4))
            }
        }
        let values = [luminance(left), luminance(right)].sorted()
        return (values[1] + 0.05) / (values[0] + 0.05)
    }

    static let pages = ["bg", "surface", "sunken", "hover"]

    /// Text on what it stands on (1.4.3): 4.5 to 1.
    static let texts: [(String, String)] =
        ["text", "muted", "faint", "accent", "accent-strong", "danger"].flatMap { text in pages.map { (text, $0) } }
        + ["good", "warning", "danger", "info", "neutral"].map { ($0, $0 + "-soft") }
        + [
            ("accent-strong", "accent-soft"), ("text", "accent-soft"), ("accent-ink", "accent"),
            ("accent-ink", "accent-strong"), ("brand-ink", "brand"), ("brand-ink", "brand-strong"),
            ("brand-muted", "brand"), ("brand-muted", "brand-strong"), ("on-mark", "brand-ink"),
        ]

    /// What is not text and must be seen (1.4.11): 3 to 1.
    static let shapes: [(String, String)] =
        [
            "focus", "control", "accent", "light-green", "light-blue", "light-yellow", "light-red", "series-1",
            "series-2", "series-3",
            "series-4", "series-5", "series-6",
        ].flatMap { shape in ["bg", "surface"].map { (shape, $0) } } + [("focus-brand", "brand")]

    @Test("Text and shapes stand out from what they stand on, light and dark", arguments: [false, true])
    func contrasts(isDark: Bool) throws {
        let sheet = try Sheet()
        for (pairs, least) in [(Self.texts, 4.5), (Self.shapes, 3.0)] {
            for (front, back) in pairs {
                let ratio = contrast(
                    try sheet.colour(front, isDark: isDark), try sheet.colour(back, isDark: isDark))
                #expect(ratio >= least, "--\(front) on --\(back) has \(ratio), dark: \(isDark)")
            }
        }
    }

    @Test("Black on white has the contrast the standard says")
    func formula() {
        #expect(abs(contrast([0, 0, 0], [1, 1, 1]) - 21) < 0.001)
        #expect(contrast([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]) == 1)
    }

    @Test("The dark a browser asks for is the dark a person chooses")
    func oneDark() throws {
        let sheet = try Sheet()
        #expect(sheet.dark == sheet.chosenDark)
        #expect(sheet.dark.keys.allSatisfy { sheet.light[$0] != nil })
    }

    @Test("Colours and sizes of type are tokens everywhere else, and every token is used and known")
    func tokensOnly() throws {
        let sheet = try Sheet()
        let body = try #require(sheet.text.components(separatedBy: "/* Elements */").last)
        for line in body.split(separator: "\n") {
            #expect(line.firstMatch(of: /#[0-9a-fA-F]{3,8}\b|rgba?\(/) == nil, "a colour outside the tokens: \(line)")
            if let size = line.firstMatch(of: /font-size: ([0-9.]+)rem/) {
                Issue.record("a size outside the scale: \(size.output.0)")
            }
        }
        let used = Set(sheet.text.matches(of: /var\(--([a-z0-9-]+)/).map { String($0.output.1) })
        let made = Set(sheet.text.matches(of: /--([a-z0-9-]+):/).map { String($0.output.1) })
        #expect(used.subtracting(made).isEmpty, "unknown: \(used.subtracting(made).sorted())")
        #expect(made.subtracting(used).isEmpty, "unused: \(made.subtracting(used).sorted())")
    }

    @Test("Style sheet and script together weigh little, compressed")
    func weight() throws {
        let assets = try Assets(folder: RoomResources.assetsFolder)
        for (name, bytesMax) in [("shuzhi.css", 16_000), ("shuzhi.js", 6_000)] {
            let file = try #require(assets.file(named: name))
            let compressed = try #require(file.compressed)
            #expect(compressed.readableBytes < bytesMax, "\(name) has \(compressed.readableBytes) bytes")
        }
    }
}
