/// How long the periods of a figure are.
package enum PeriodKind: String, Sendable, CaseIterable {
    case year, half, quarter, month, day

    /// Periods of this kind in a year; days have no fixed number.
    package var perYear: Int? {
        switch self {
        case .year: 1
        case .half: 2
        case .quarter: 4
        case .month: 12
        case .day: nil
        }
    }
}

/// A year, half, quarter, month or day that a figure is about.
package struct Period: Hashable, Sendable {
    package let kind: PeriodKind
    /// Counts periods of the kind, so that the next one is one more.
    package let ordinal: Int

    private init(kind: PeriodKind, ordinal: Int) {
        self.kind = kind
        self.ordinal = ordinal
    }

    /// Nil where the year is not 1900 to 2199 or has no such part. `index` counts from 1 within the year.
    package init?(_ kind: PeriodKind, year: Int, index: Int = 1) {
        guard Self.years.contains(year), let count = kind.perYear, (1...count).contains(index) else { return nil }
        self.init(kind: kind, ordinal: year * count + index - 1)
    }

    package init(day: Day) { self.init(kind: .day, ordinal: day.number) }

    /// The period of this kind that holds the day.
    package init(_ kind: PeriodKind, holding day: Day) {
        let (year, month, _) = day.parts
        switch kind {
        case .day: self.init(day: day)
        case .year: self.init(kind: kind, ordinal: year)
        case .half: self.init(kind: kind, ordinal: year * 2 + (month - 1) / 6)
        case .quarter: self.init(kind: kind, ordinal: year * 4 + (month - 1) / 3)
        case .month: self.init(kind: kind, ordinal: year * 12 + month - 1)
        }
    }

    private static let years = 1_900...2_199

    package func advanced(by count: Int) -> Period { Period(kind: kind, ordinal: ordinal + count) }
    package var next: Period { advanced(by: 1) }
    package var previous: Period { advanced(by: -1) }
    /// The same part of the year before; the day a year earlier, 28 February for 29 February.
    package var yearEarlier: Period {
        guard let count = kind.perYear else {
            let (year, month, day) = firstDay.parts
            let earlier = Day(year: year - 1, month: month, day: day) ?? Day(year: year - 1, month: month, day: 28)
            return earlier.map { Period(day: $0) } ?? self
        }
        return advanced(by: -count)
    }

    package var year: Int { kind.perYear.map { ordinal.flooringDivision(by: $0) } ?? firstDay.parts.year }
    /// From 1 within the year.
    package var index: Int {
        guard let count = kind.perYear else {
            return firstDay.number - (Day(year: year, month: 1, day: 1)?.number ?? 0) + 1
        }
        return ordinal - ordinal.flooringDivision(by: count) * count + 1
    }

    package var firstDay: Day {
        guard let count = kind.perYear else { return Day(number: ordinal) }
        let month = (index - 1) * (12 / count) + 1
        return Day(year: ordinal.flooringDivision(by: count), month: month, day: 1) ?? Day(number: 0)
    }
    package var lastDay: Day { next.firstDay.adding(days: -1) }

    package func start(in zone: TimeZoneOffset) -> Instant { firstDay.start(in: zone) }
    /// The first instant after it.
    package func end(in zone: TimeZoneOffset) -> Instant { next.firstDay.start(in: zone) }

    package var title: Bilingual {
        let (year, index) = (year, index)
        switch kind {
        case .year: return Bilingual(zh: "\(year)年", en: "\(year)")
        case .half: return Bilingual(zh: "\(year)年\(index == 1 ? "上" : "下")半年", en: "H\(index) \(year)")
        case .quarter:
            let number = ["一", "二", "三", "四"][index - 1]
            return Bilingual(zh: "\(year)年第\(number)季度", en: "Q\(index) \(year)")
        case .month: return Bilingual(zh: "\(year)年\(index)月", en: description)
        case .day:
            let (_, month, day) = firstDay.parts
            return Bilingual(zh: "\(year)年\(month)月\(day)日", en: description)
        }
    }
}

extension Period: Comparable {
    /// By first day; of two that begin together the longer comes first.
    package static func < (left: Period, right: Period) -> Bool {
        if left.kind == right.kind { return left.ordinal < right.ordinal }
        let (a, b) = (left.firstDay, right.firstDay)
        return a == b ? left.lastDay > right.lastDay : a < b
    }
}

extension Period: CustomStringConvertible {
    /// `2021`, `2021-H1`, `2021-Q1`, `2021-04`, `2021-04-19`: sorts within its kind, and is read back.
    package var description: String {
        switch kind {
        case .year: Day.padded(year, 4)
        case .half: "\(Day.padded(year, 4))-H\(index)"
        case .quarter: "\(Day.padded(year, 4))-Q\(index)"
        case .month: "\(Day.padded(year, 4))-\(Day.padded(index, 2))"
        case .day: firstDay.description
        }
    }

    /// Reads its own form and what sheets hold: `2021年`, `2021年度`, `2021年上半年`, `2021年第一季度`, `2021Q1`, `2021年4月`,
    /// `202104`, `2021/4`. Nil for anything else, and for what does not exist, such as 2021-13.
    package init?(reading text: some StringProtocol) {
        let scalars = text.unicodeScalars.compactMap { scalar -> Character? in
            let value = (0xFF01...0xFF5E).contains(scalar.value) ? scalar.value - 0xFEE0 : scalar.value
            guard !scalar.properties.isWhitespace, let narrow = Unicode.Scalar(value) else { return nil }
            return Character(narrow)
        }
        guard scalars.count <= 16 else { return nil }
        let plain = String(scalars).uppercased()
        if let day = Day(iso: plain) {
            guard Self.years.contains(day.parts.year) else { return nil }
            self.init(day: day)
            return
        }
        guard plain.utf8.prefix(4).count == 4, plain.utf8.prefix(4).allSatisfy({ (0x30...0x39).contains($0) }),
            let year = Int(plain.prefix(4))
        else { return nil }
        var rest = plain.dropFirst(4)
        guard rest.first.map({ $0 != "年" }) ?? true || rest.count <= 8 else { return nil }
        let isMarked = rest.first.map { "年-/.".contains($0) } ?? false
        if isMarked { rest = rest.dropFirst() }
        guard let part = Self.part(rest, isMarked: isMarked, isYear: plain.dropFirst(4).first == "年") else {
            return nil
        }
        self.init(part.kind, year: year, index: part.index)
    }

    private static func part(
        _ rest: Substring, isMarked: Bool, isYear: Bool
    ) -> (kind: PeriodKind, index: Int)? {
        if rest.isEmpty { return !isMarked || isYear ? (.year, 1) : nil }
        switch rest {
        case "度", "全年": return isYear ? (.year, 1) : nil
        case "H1", "上半年": return (.half, 1)
        case "H2", "下半年": return (.half, 2)
        default: break
        }
        if let quarter = quarter(rest) { return (.quarter, quarter) }
        let digits = rest.last == "月" ? rest.dropLast() : rest
        guard (isMarked ? 1...2 : 2...2).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let month = Int(digits)
        else { return nil }
        return (.month, month)
    }

    private static func quarter(_ rest: Substring) -> Int? {
        if rest.first == "Q", rest.count == 2 {
            return rest.last?.wholeNumberValue.flatMap { (1...4).contains($0) ? $0 : nil }
        }
        var name = rest
        if name.first == "第" { name = name.dropFirst() }
        for ending in ["季度", "季"] where name.hasSuffix(ending) {
            let number = String(name.dropLast(ending.count))
            return ["一", "二", "三", "四"].firstIndex(of: number).map { $0 + 1 }
                ?? Int(number).flatMap { (1...4).contains($0) ? $0 : nil }
        }
        return nil
    }
}
