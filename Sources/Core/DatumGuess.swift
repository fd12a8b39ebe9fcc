/// What the numbers of an unlabelled file most likely mean, and why.
package struct DatumGuess: Sendable, Equatable {
    package struct Candidate: Sendable, Equatable {
        package let datum: Datum
        /// x and y stand in each other's column.
        package let isSwapped: Bool
        /// Points that would fall within the district.
        package let inside: Int
        /// Points that would fall into the township that the same row names, of those that name one.
        package let agreeing: Int
    }

    /// What fits best, then the others that fit at all.
    package let candidates: [Candidate]
    package let points: Int
    /// Rows that name a township as well.
    package let named: Int
    /// Whether the best fits clearly better than any other; datums that coincide (WGS 84 and CGCS2000) count as one.
    package let isClear: Bool

    package var best: Candidate? { candidates.first }

    /// One row: two numbers as written, and the position of its township among the outlines where it names one.
    package struct Row: Sendable {
        package let x: Double
        package let y: Double
        package let township: Int?
        package init(x: Double, y: Double, township: Int?) {
            self.x = x
            self.y = y
            self.township = township
        }
    }

    /// Rows that are looked at: more tell no more.
    package static let rowsMax = 2_000
    /// Least difference in points, in thousandths of all, between what fits best and what fits next for it to be clear.
    private static let clearPermille = 20

    /// Tries every datum, both ways round, against the district's outlines.
    /// - Parameter townships: outlines by township, each of one or more rings.
    package init(_ rows: [Row], townships: [[Ring]]) {
        let rows = rows.prefix(Self.rowsMax).filter { $0.x.isFinite && $0.y.isFinite && ($0.x != 0 || $0.y != 0) }
        points = rows.count
        named = rows.count { $0.township != nil }
        // WGS 84 stands for CGCS2000 too.
        let tried = [Datum.wgs84, .gcj02, .bd09, .shanghai].flatMap { datum in
            [false, true].map { isSwapped -> Candidate in
                var (inside, agreeing) = (0, 0)
                for row in rows {
                    let (x, y) = isSwapped ? (row.y, row.x) : (row.x, row.y)
                    guard let point = datum.point(x: x, y: y),
                        let found = townships.firstIndex(where: { Self.contains($0, point) })
                    else { continue }
                    inside += 1
                    if row.township == found { agreeing += 1 }
                }
                return Candidate(datum: datum, isSwapped: isSwapped, inside: inside, agreeing: agreeing)
            }
        }
        candidates = tried.enumerated().filter { $0.element.inside > 0 }.sorted { first, second in
            let (a, b) = (first.element, second.element)
            return (a.agreeing + a.inside, second.offset) > (b.agreeing + b.inside, first.offset)
        }.map(\.element)
        let scores = candidates.map { $0.agreeing + $0.inside }
        let lead = (scores.first ?? 0) - (scores.dropFirst().first ?? 0)
        isClear =
            !candidates.isEmpty && (scores[0] * 1_000 >= 800 * points)
            && lead * 1_000 >= Self.clearPermille * max(1, points + named)
    }

    /// Even-odd over all rings: a hole within an outline is outside.
    private static func contains(_ rings: [Ring], _ point: Coordinate) -> Bool {
        rings.count { $0.contains(point) } % 2 == 1
    }
}
