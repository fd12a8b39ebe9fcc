internal import Core
internal import Organisation

/// One place of the demo: an estate, a stretch of road or a spot, with the ways people write it.
struct DemoPlace: Sendable, Equatable {
    let site: DemoTexts.Matter.Site
    /// The first is the plain form.
    let names: [String]
    let address: String
    let townshipCode: String
    let point: Coordinate

    var name: String { names[0] }
}

/// All places of a district, each inside the outline of its township.
struct DemoPlaces: Sendable {
    let all: [DemoPlace]

    init(profile: Profile, texts: DemoTexts, random: inout DemoRandom) {
        var all: [DemoPlace] = []
        let known = texts.places[profile.slug] ?? [:]
        for township in profile.townships {
            let places = known[township.code] ?? Self.invented(township)
            var own = random.split()
            for (index, road) in places.roads.enumerated() {
                for step in 1...2 {
                    let cross = places.roads[(index + step) % places.roads.count]
                    guard cross != road else { continue }
                    all.append(
                        DemoPlace(
                            site: .road, names: ["\(road)近\(cross)", "\(road)\(cross)路口", "\(road)靠近\(cross)"],
                            address: "\(road)（近\(cross)）", townshipCode: township.code,
                            point: Self.point(in: township, &own)))
                }
            }
            for (site, names) in [(DemoTexts.Matter.Site.estate, places.estates), (.spot, places.spots)] {
                for name in names {
                    guard let road = own.pick(places.roads) else { continue }
                    let lane = own.between(12...999)
                    all.append(
                        DemoPlace(
                            site: site, names: [name, "\(road)\(name)", "\(road)\(lane)弄\(name)"],
                            address: "\(road)\(lane)弄\(name)", townshipCode: township.code,
                            point: Self.point(in: township, &own)))
                }
            }
        }
        self.all = all
    }

    /// Roads and estates of a district nobody has written any for, from the names of its townships.
    private static func invented(_ township: Township) -> DemoTexts.Places {
        let stem = township.aliases.first ?? String(township.name.zh.prefix(2))
        return DemoTexts.Places(
            roads: ["东", "西", "南", "北"].map { "\(stem)\($0)路" }, estates: ["新苑", "家园", "公寓"].map { stem + $0 },
            spots: ["菜场", "广场"].map { stem + $0 })
    }

    private static func point(in township: Township, _ random: inout DemoRandom) -> Coordinate {
        let points = township.outlines.flatMap(\.points)
        guard let south = points.map(\.latitude).min(), let north = points.map(\.latitude).max(),
            let west = points.map(\.longitude).min(), let east = points.map(\.longitude).max()
        else { return township.centre }
        for _ in 0..<64 {
            let latitude = south + (north - south) * random.fraction()
            let longitude = west + (east - west) * random.fraction()
            // Six decimals are a tenth of a metre, and read like what a telephone reports.
            guard
                let point = Coordinate(
                    latitude: (latitude * 1e6).rounded() / 1e6, longitude: (longitude * 1e6).rounded() / 1e6)
            else { continue }
            if township.outlines.contains(where: { $0.contains(point) }) { return point }
        }
        return township.centre
    }
}
