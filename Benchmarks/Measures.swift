/// Every measure, in the order of docs/benchmarks.md. To add one: write `<Name>Bench.swift` with a static function that
/// measures and tells `Report`, add a line here, and put a peer, if it has one, into `bench/peers/` (see its README).
extension Bench {
    static let all: [Measure] = [
        Measure(
            "import-csv", "Import, CSV",
            about: "60,000 short appeals with number, deadline, timeline and search index, beside the bare insert.",
            ImportBench.csv),
        Measure(
            "import-xlsx", "Import, XLSX",
            about: "40,000 short appeals with number, deadline, timeline and search index, beside the bare insert.",
            ImportBench.xlsx),
        Measure("import-long", "Import of long letters", about: "4,326 real letters, XLSX.", ImportBench.long),
        Measure("sheets-csv", "Reading CSV", about: "A million rows in constant memory.", SheetsBench.csv),
        Measure("sheets-xlsx", "Reading XLSX", about: "A million rows in constant memory.", SheetsBench.xlsx),
        Measure(
            "mine-problems", "Grouping real letters",
            about: "`shuzhi mine problems`, the whole process, and its quality on the development annotation.",
            MiningBench.problems),
        Measure("mine-scale", "Grouping many letters", about: "Real letters, re-cast.", ScaleBench.scale),
        Measure(
            "points", "Points in townships",
            about: "A million points against the outlines of ten townships, one core, beside the test of every edge.",
            GeoBench.points),
        Measure(
            "scan", "Space-time scan",
            about: "58,251 real requests on at most 200 squares × 184 days, windows to half the cases and 30 days, "
                + "permutation model, 999 replicates, all cores; beside the same statistic in numpy, per replicate.",
            ScanBench.scan),
        Measure(
            "load-sqlite", "Two hundred requests a second on a million appeals, SQLite",
            about: "Signed in; problems, appeals searched, filtered and paged deep, single ones, homes. Constant rate; "
                + "latency from the time a request was due. Client and server share the cores.", LoadBench.sqlite),
        Measure(
            "load-postgresql", "The same on PostgreSQL", about: "One server beside it, as Debian ships it.",
            LoadBench.postgresql),
        Measure(
            "mechanism-sqlite", "Pages of plans, reporting and indicators, SQLite",
            about:
                "37 units, 5,000 tasks, 13 rounds of reports, 2,000 indicators of 120 months, a million appeals; each "
                + "page by itself at 50 requests a second, latency from the time a request was due.",
            MechanismBench.sqlite),
        Measure(
            "mechanism-postgresql", "The same on PostgreSQL", about: "One server beside it, as Debian ships it.",
            MechanismBench.postgresql),
        Measure(
            "cockpit-screens", "Five hundred screens of leaders",
            about:
                "Server-sent events over 500 connections; from an event written by another process until each screen "
                + "has the tiles that show it.", MechanismBench.screens),
        Measure(
            "first-paint", "First words in a browser", about: "Chromium, processor slowed down four times.",
            LoadBench.firstPaint),
        Measure(
            "topics", "Topics",
            about:
                "Five-fold cross-validation on the labelled texts; CPU seconds on one core beside TF-IDF of character "
                + "1–3-grams with a linear support vector machine, which trains on the same four fifths.",
            TopicsBench.topics),
        Measure(
            "dispatch", "Units", about: "Five-fold cross-validation on letters with the unit each was assigned to.",
            TopicsBench.dispatch),
        Measure(
            "places", "Places",
            about: "Ten-fold cross-validation, three times, on located addresses of one district: which township.",
            PlacesBench.places),
    ]
}
