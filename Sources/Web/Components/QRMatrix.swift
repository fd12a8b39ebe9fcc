/// The modules of a QR code while it is being drawn.
struct QRMatrix: Sendable {
    private let layout: QRLayout
    private(set) var dark: [[Bool]]
    /// Finders, timing, alignment, format and version: nothing else is written there, and no mask changes it.
    private var isFixed: [[Bool]]

    private var size: Int { layout.size }

    init(layout: QRLayout) {
        self.layout = layout
        let empty = [[Bool]](repeating: [Bool](repeating: false, count: layout.size), count: layout.size)
        dark = empty
        isFixed = empty
        drawPatterns()
    }

    /// Writes data under a mask, and the format that names the mask.
    mutating func place(_ codewords: [UInt8], mask: Int) {
        var bit = 0
        var right = size - 1
        while right >= 1 {
            if right == 6 { right = 5 }
            for step in 0..<size {
                for x in [right, right - 1] {
                    let isUpward = (right + 1) & 2 == 0
                    let y = isUpward ? size - 1 - step : step
                    guard !isFixed[y][x] else { continue }
                    let isOne = bit < codewords.count * 8 && codewords[bit >> 3] >> UInt8(7 - bit & 7) & 1 == 1
                    dark[y][x] = isOne != Self.flips(mask, x, y)
                    bit += 1
                }
            }
            right -= 2
        }
        drawFormat(mask)
    }

    private static func flips(_ mask: Int, _ x: Int, _ y: Int) -> Bool {
        switch mask {
        case 0: (x + y) % 2 == 0
        case 1: y % 2 == 0
        case 2: x % 3 == 0
        case 3: (x + y) % 3 == 0
        case 4: (x / 3 + y / 2) % 2 == 0
        case 5: x * y % 2 + x * y % 3 == 0
        case 6: (x * y % 2 + x * y % 3) % 2 == 0
        default: ((x + y) % 2 + x * y % 3) % 2 == 0
        }
    }

    // MARK: - Fixed patterns

    private mutating func set(_ x: Int, _ y: Int, _ isDark: Bool) {
        dark[y][x] = isDark
        isFixed[y][x] = true
    }

    private mutating func drawPatterns() {
        for index in 0..<size {
            set(6, index, index % 2 == 0)
            set(index, 6, index % 2 == 0)
        }
        for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] { drawFinder(x, y) }
        let centres = layout.alignment
        for (column, x) in centres.enumerated() {
            for (row, y) in centres.enumerated() {
                let last = centres.count - 1
                let isAtFinder = (column, row) == (0, 0) || (column, row) == (0, last) || (column, row) == (last, 0)
                if !isAtFinder { drawAlignment(x, y) }
            }
        }
        drawFormat(0)
        drawVersion()
    }

    private mutating func drawFinder(_ centreX: Int, _ centreY: Int) {
        for dy in -4...4 {
            for dx in -4...4 {
                let (x, y, ring) = (centreX + dx, centreY + dy, max(abs(dx), abs(dy)))
                if (0..<size).contains(x), (0..<size).contains(y) { set(x, y, ring != 2 && ring != 4) }
            }
        }
    }

    private mutating func drawAlignment(_ centreX: Int, _ centreY: Int) {
        for dy in -2...2 {
            for dx in -2...2 { set(centreX + dx, centreY + dy, max(abs(dx), abs(dy)) != 1) }
        }
    }

    /// Level M has the bits 00; five bits and ten of BCH, twice.
    private mutating func drawFormat(_ mask: Int) {
        var rest = mask
        for _ in 0..<10 { rest = rest << 1 ^ (rest >> 9) * 0x537 }
        let bits = (mask << 10 | rest) ^ 0x5412
        func bit(_ index: Int) -> Bool { bits >> index & 1 == 1 }
        for index in 0...5 { set(8, index, bit(index)) }
        set(8, 7, bit(6))
        set(8, 8, bit(7))
        set(7, 8, bit(8))
        for index in 9..<15 { set(14 - index, 8, bit(index)) }
        for index in 0..<8 { set(size - 1 - index, 8, bit(index)) }
        for index in 8..<15 { set(8, size - 15 + index, bit(index)) }
        set(8, size - 8, true)
    }

    private mutating func drawVersion() {
        guard layout.version >= 7 else { return }
        var rest = layout.version
        for _ in 0..<12 { rest = rest << 1 ^ (rest >> 11) * 0x1F25 }
        let bits = layout.version << 12 | rest
        for index in 0..<18 {
            let isDark = bits >> index & 1 == 1
            set(size - 11 + index % 3, index / 3, isDark)
            set(index / 3, size - 11 + index % 3, isDark)
        }
    }

    // MARK: - Penalty

    /// How hard a scanner finds it (ISO/IEC 18004, 7.8.3): runs, blocks, patterns like finders, uneven shares.
    var penalty: Int {
        let columns = (0..<size).map { x in (0..<size).map { dark[$0][x] } }
        var points = 0
        for line in dark + columns { points += Self.runs(line) + Self.finders(line) }
        for y in 0..<size - 1 {
            for x in 0..<size - 1 {
                let colour = dark[y][x]
                if dark[y][x + 1] == colour, dark[y + 1][x] == colour, dark[y + 1][x + 1] == colour { points += 3 }
            }
        }
        let share = dark.reduce(0) { $0 + $1.count { $0 } } * 20
        let whole = size * size
        // Every full five per cent away from a half.
        return points + abs(share - whole * 10) / whole * 10
    }

    private static func runs(_ line: [Bool]) -> Int {
        var (points, length) = (0, 1)
        for index in 1...line.count {
            if index < line.count, line[index] == line[index - 1] {
                length += 1
            } else {
                if length >= 5 { points += length - 2 }
                length = 1
            }
        }
        return points
    }

    /// Dark and light as 1 : 1 : 3 : 1 : 1 at any scale, with four times as much light on a side; all beyond is light.
    private static func finders(_ line: [Bool]) -> Int {
        let margin = [Bool](repeating: false, count: line.count)
        var runs: [(isDark: Bool, length: Int)] = []
        for isDark in margin + line + margin {
            if runs.last?.isDark == isDark { runs[runs.count - 1].length += 1 } else { runs.append((isDark, 1)) }
        }
        var points = 0
        for start in runs.indices.dropFirst() where runs[start].isDark && start + 5 < runs.count {
            let unit = runs[start].length
            guard runs[start..<start + 5].map(\.length) == [unit, unit, 3 * unit, unit, unit] else { continue }
            points += [runs[start - 1], runs[start + 5]].count { $0.length >= 4 * unit } * 40
        }
        return points
    }
}
