package import Core
package import Mining
package import Organisation

/// Finds the township of an appeal: by its point, else by the names it uses.
package struct TownshipLocator: Sendable {
    private let regions: RegionIndex
    private let outlines: [(code: String, rings: [Ring])]
    private let names: [(name: String, code: String)]
    private let places: PlaceFinder
    private let centres: [Coordinate]

    /// - Parameter gazetteer: more names than the profile has: roads and estates.
    package init(_ profile: Profile, gazetteer: Gazetteer? = nil) {
        outlines = profile.townships.filter { !$0.outlines.isEmpty }.map { ($0.code, $0.outlines) }
        regions = RegionIndex(outlines.map { .init(code: $0.code, rings: $0.rings) })
        centres = profile.townships.map(\.centre)
        names = profile.townships.flatMap { township in
            ([township.name.zh, township.name.en] + township.aliases)
                .map { (ImportText.normalised($0), township.code) }
        }.filter { $0.0.count >= 2 }.sorted { $0.0.count > $1.0.count }
        places = PlaceFinder(gazetteer ?? Gazetteer(profile))
    }

    package func township(of point: Coordinate) -> String? { regions.region(of: point) }

    /// Whether a point lies in the district or not far from it: work orders cross its border.
    package func isNear(_ point: Coordinate) -> Bool {
        centres.contains { point.metres(to: $0) <= Double(ImportLimits.nearDistrictMetres) }
    }

    /// In what system numbers are most likely written, by which the points fall into the townships that go with them.
    ///
    /// - Parameter rows: x (east, or longitude), y (north, or latitude), and the code of the township a row names.
    func datum(of rows: [(x: Double, y: Double, township: String?)]) -> DatumGuess {
        DatumGuess(
            rows.map { row in
                .init(x: row.x, y: row.y, township: outlines.firstIndex { $0.code == row.township })
            }, townships: outlines.map(\.rings))
    }

    package func isInside(_ point: Coordinate) -> Bool { township(of: point) != nil }

    /// The township a cell names, by its code or a name of the profile; the longest name wins.
    package func township(named text: String) -> String? {
        let name = ImportText.normalised(text)
        guard name.count >= 2 else { return nil }
        return names.first { name == $0.name || name.contains($0.name) }?.code
    }

    /// The township of the first known place that the texts name.
    package func township(in texts: String...) -> String? {
        for text in texts where !text.isEmpty {
            if let code = places.places(in: text).lazy.compactMap(\.townshipCode).first { return code }
        }
        return nil
    }
}
