internal import Core

/// Decides which problems to hide where: one matter at one place each, none twice.
enum DemoPlanting {
    private static let shares: [(DemoPlant.Pattern, count: Int, messages: ClosedRange<Int>)] = [
        (.growing, 10, 14...34), (.old, 8, 12...26), (.burst, 6, 10...22), (.seasonal, 7, 10...24),
        (.single, 1, 60...60),
        (.copied, 8, 4...6),
    ]

    static func plants(_ texts: DemoTexts, _ places: DemoPlaces, _ random: inout DemoRandom) -> [DemoPlant] {
        var plants: [DemoPlant] = []
        var taken: Set<Int> = []
        for (pattern, count, messages) in shares {
            var family = (matter: 0, seed: UInt64(0))
            for index in 0..<count {
                // Copied texts come in families of four places with one wording.
                if pattern != .copied || index.isMultiple(of: 4) {
                    family = (matter(for: pattern, texts, &random), random.next())
                }
                let site = texts.matters[family.matter].at
                let free = places.all.indices.filter { places.all[$0].site == site && !taken.contains($0) }
                guard let place = random.pick(free) else { continue }
                taken.insert(place)
                let size = random.between(messages)
                plants.append(
                    DemoPlant(
                        name: "\(pattern.rawValue)-\(index + 1)", pattern: pattern, matter: family.matter, place: place,
                        messages: pattern == .single ? size + 2 : size,
                        people: pattern == .single ? 3 : max(3, size * random.between(60...90) / 100),
                        wordingSeed: pattern == .copied ? family.seed : nil))
            }
        }
        return plants
    }

    private static func matter(
        for pattern: DemoPlant.Pattern, _ texts: DemoTexts, _ random: inout DemoRandom
    ) -> Int {
        let fitting = texts.matters.indices.filter { index in
            let matter = texts.matters[index]
            if matter.type == "praise" || matter.type == "consult" { return false }
            return pattern != .seasonal || matter.season != nil
        }
        return fitting[random.index(weights: fitting.map { texts.matters[$0].weight })]
    }

    /// When a plant's message came, in days before now.
    static func daysAgo(
        _ plant: DemoPlant, _ index: Int, span: Int, season: [Int], today: Day, _ random: inout DemoRandom
    ) -> Int {
        switch plant.pattern {
        case .growing:
            // The cube of a uniform share crowds towards now.
            let share = random.fraction()
            return Int(share * share * share * Double(span * 2 / 5))
        case .old, .copied: return random.between(0...span - 1)
        case .single: return random.between(0...span / 3)
        case .burst:
            let start = Int(DemoRandom.hash(plant.name) % UInt64(max(1, span - 60))) + 20
            return max(0, start - random.between(0...9))
        case .seasonal:
            for _ in 0..<64 {
                let days = random.between(0...span - 1)
                if season.isEmpty || season.contains(today.adding(days: -days).parts.month) { return days }
            }
            return random.between(0...span - 1)
        }
    }
}

extension DemoRandom {
    /// FNV-1a, which is the same in every process, unlike Swift's own hash.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
