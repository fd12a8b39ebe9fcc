internal import Core
internal import Sheets

/// In what system a file has its places: what its headers say, else what its rows speak for, else WGS 84.
struct ImportDatum: Sendable {
    /// What a header names; nil when none names any.
    let named: Datum?
    /// By the first rows; nil for a file without places.
    let guess: DatumGuess?

    init(_ sample: [SheetRow], columns: [ImportField: Int], headers: [String], locator: TownshipLocator) {
        guard let latitude = columns[.latitude], let longitude = columns[.longitude] else {
            (named, guess) = (nil, nil)
            return
        }
        named = ImportPoint.datum(named: headers[latitude], headers[longitude])
        let rows = sample.compactMap { row -> (x: Double, y: Double, township: String?)? in
            guard let x = Double(row[longitude].string), let y = Double(row[latitude].string) else { return nil }
            return (x, y, columns[.township].flatMap { locator.township(named: row[$0].string) })
        }
        guess = rows.isEmpty ? nil : locator.datum(of: rows)
    }

    /// Taken unless a person says otherwise; nil for WGS 84.
    var taken: Datum? { named ?? (isSure ? guess?.best?.datum : nil) }

    /// A few rows, or a small lead, are for a person to judge: half a kilometre is soon right by chance.
    var isSure: Bool {
        guard let guess, guess.isClear, guess.points >= ImportLimits.datumPointsMin else { return false }
        let scores = guess.candidates.map { $0.agreeing + $0.inside }
        return (scores[0] - (scores.dropFirst().first ?? 0)) * 1_000
            >= ImportLimits.datumLeadPermille * (guess.points + guess.named)
    }

    /// What a person may choose; CGCS2000 is the same as WGS 84.
    static let choices: [Datum] = [.wgs84, .gcj02, .bd09, .shanghai]

    static func title(_ datum: Datum) -> Bilingual {
        switch datum {
        case .wgs84, .cgcs2000: Bilingual(zh: "WGS 84（GPS、CGCS2000）", en: "WGS 84 (GPS, CGCS2000)")
        case .gcj02: Bilingual(zh: "GCJ-02（高德、腾讯）", en: "GCJ-02 (Amap, Tencent)")
        case .bd09: Bilingual(zh: "BD-09（百度）", en: "BD-09 (Baidu)")
        case .shanghai: Bilingual(zh: "城市坐标（米）", en: "The city's grid (metres)")
        }
    }
}
