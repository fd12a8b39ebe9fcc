import Core

/// Content for the gallery: invented, and of the length and shape that real content has.
enum GallerySamples {
    typealias Word = (String) -> String

    static func tiles(_ visit: Visit, _ word: Word) -> StatTiles {
        StatTiles([
            .init(
                word("tile.open"), "2,918", unit: word("unit.cases"), note: word("tile.open.note"), href: "?",
                tone: .info, trend: Sparkline(values: [31, 36, 34, 42, 40, 47, 52, 49, 58], label: word("tile.open"))),
            .init(word("tile.rate"), "96.4%", note: word("tile.rate.note"), tone: .good),
            .init(word("tile.soon"), "37", unit: word("unit.cases"), note: word("tile.soon.note"), tone: .warning),
            .init(word("tile.late"), "5", unit: word("unit.cases"), note: word("tile.late.note"), tone: .danger),
        ])
    }

    static func table(_ visit: Visit, _ word: Word) -> Table {
        let query = ListQuery.read(
            visit, sorts: ["number", "at", "count"], defaultSort: "-at", filters: ["town", "state"])
        let tones: [Tone] = [.info, .warning, .good, .danger, .neutral]
        let lights = LightBadge.Colour.allCases
        let rows = (0..<8).map { (index: Int) -> Table.Row in
            let subject = word("row.\(index % 4)")
            let town = word("town.\(index % 5)")
            let state = Cell.badge(word("state.\(index % 5)"), tones[index % 5])
            let light = Cell.light(lights[index * 2 % 3])
            let received = Cell.time(visit.now.adding(seconds: Int64(index) * -9_137))
            return Table.Row(
                href: "?row=\(index)",
                cells: [
                    .text("PT-20210419-0000\(index + 1)"), .long(subject), .text(town), state, light,
                    .number(1_840 / (index + 1)), .percent(964 - index * 57), received,
                ])
        }
        return Table(
            visit: visit, query: query,
            columns: [
                .init("number", word("col.number"), isSortable: true, isFixed: true),
                .init("subject", word("col.subject"), isFixed: true), .init("town", word("col.town")),
                .init("state", word("col.state")), .init("light", word("col.light")),
                .init("count", word("col.count"), isSortable: true, isNumeric: true),
                .init("rate", word("col.rate"), isNumeric: true), .init("at", word("col.at"), isSortable: true),
            ],
            rows: rows, total: 2_918,
            filters: [
                .init(
                    "town", word("col.town"),
                    options: (0..<5).map { .init("\($0)", word("town.\($0)"), count: 400 - $0 * 53) }),
                .init("state", word("col.state"), options: (0..<5).map { .init("\($0)", word("state.\($0)")) }),
            ],
            exportPath: "/desk/components")
    }

    static func timeline(_ visit: Visit, _ word: Word) -> Timeline {
        let tones: [Tone] = [.neutral, .info, .warning, .good]
        return Timeline(
            (0..<4).map { index in
                .init(
                    at: visit.time(visit.now.adding(seconds: Int64(index - 4) * 30_211)),
                    title: word("event.\(index)"), detail: word("event.\(index).detail"),
                    who: word("event.\(index).who"),
                    tone: tones[index])
            })
    }

    static func scores(_ word: Word) -> [ScoreView] {
        [
            ScoreView(
                points: 86, title: word("score.frequent"),
                reasons: [
                    .init(word("score.frequent.0"), points: 52, href: "?"), .init(word("score.frequent.1"), points: 21),
                    .init(word("score.frequent.2"), points: 13),
                ], isOpen: true),
            ScoreView(points: 61, title: word("score.urgent"), reasons: [.init(word("score.urgent.0"), points: 61)]),
            ScoreView(points: 34, title: word("score.painful"), reasons: [.init(word("score.painful.0"), points: 34)]),
        ]
    }

    static func charts(_ word: Word) -> [Chart] {
        let months = (1...12).map { "2020-" + ($0 < 10 ? "0" : "") + String($0) }
        let rise: [Double] = [212, 180, 254, 301, 288, 342, 410, 455, 391, 362, 330, 298]
        return [
            Chart(
                title: word("chart.line"), kind: .line, labels: months,
                series: [
                    .init(word("chart.received"), rise), .init(word("chart.closed"), rise.map { $0 * 0.94 - 12 }),
                ],
                unit: word("unit.cases")),
            Chart(
                title: word("chart.stacked"), kind: .stacked, labels: months,
                series: (0..<3).map { index in
                    .init(word("state.\(index)"), rise.map { ($0 / Double(index + 2)).rounded() })
                }, unit: word("unit.cases")),
            Chart(
                title: word("chart.bar"), kind: .bar, labels: (0..<5).map { word("town.\($0)") },
                series: [.init(word("chart.received"), [1_204, 981, 760, 655, 402])], unit: word("unit.cases")),
        ]
    }

    /// Five invented townships around a centre that is nobody's.
    static func map(_ word: Word) -> MapView {
        let values = [812, 455, 310, 128, 64]
        let townships = outlines.enumerated().map { index, corners in
            MapView.Township(
                code: String(index), name: word("town.\(index)"), outline: [outline(corners)], value: values[index],
                href: "?town=\(index)")
        }
        let points = [(31.251, 121.391, 80), (31.272, 121.421, 36), (31.229, 121.412, 9), (31.266, 121.39, 20)]
        return MapView(
            title: word("map.title"), townships: townships,
            points: points.enumerated().compactMap { index, point in
                Coordinate(latitude: point.0, longitude: point.1).map {
                    .init(
                        at: $0, title: word("row.\(index)"), href: "?point=\(index)", weight: point.2,
                        tone: index == 0 ? .danger : .warning)
                }
            }, legend: word("map.legend"))
    }

    /// Corners as hundredths of a minute east and north of 121.38°, 31.22°; neighbours share theirs.
    private static let outlines: [[(Double, Double)]] = [
        [(4, 30), (22, 24), (40, 27), (44, 44), (38, 58), (18, 62), (2, 54)],
        [(40, 27), (62, 22), (84, 30), (88, 48), (70, 60), (38, 58), (44, 44)],
        [(2, 54), (18, 62), (38, 58), (42, 74), (34, 92), (12, 88), (0, 72)],
        [(38, 58), (70, 60), (88, 48), (94, 66), (80, 86), (58, 94), (34, 92), (42, 74)],
        [(22, 24), (30, 8), (56, 4), (74, 12), (62, 22), (40, 27)],
    ]

    private static func outline(_ corners: [(Double, Double)]) -> Ring {
        Ring(corners.compactMap { Coordinate(latitude: 31.22 + $0.1 / 1_500, longitude: 121.38 + $0.0 / 1_500) })
    }

    static func facts(_ visit: Visit, _ word: Word) -> KeyValues {
        KeyValues([
            (word("col.number"), .text("PT-20210419-00001")), (word("fact.lead"), .text(word("fact.lead.value"))),
            (word("col.town"), .link(word("town.0"), "?")), (word("col.light"), .light(.yellow)),
            (word("fact.due"), .text(word("fact.due.value"))), (word("col.at"), .time(visit.now)),
            (word("fact.tags"), .badges([Badge(word("state.0"), .info), Badge(word("state.3"), .danger)])),
            (word("fact.none"), .none),
        ])
    }
}
