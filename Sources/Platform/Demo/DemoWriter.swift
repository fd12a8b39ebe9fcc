internal import Core

/// Writes like the people of a district: politely, in anger, in three words, or as an inspector on a round.
struct DemoWriter: Sendable {
    enum Voice: String, CaseIterable { case polite, plain, angry, elder, brief, inspector }

    let texts: DemoTexts

    /// The details of one case, so that everybody who speaks of it means the same house and shop.
    struct Details: Sendable {
        let building: Int
        let house: String
        let shop: String

        init(_ matter: DemoTexts.Matter, _ random: inout DemoRandom) {
            building = random.between(1...40)
            house = "\(building)号\(random.between(1...6))0\(random.between(1...4))"
            shop = random.pick(matter.shops ?? ["某店"]) ?? "某店"
        }
    }

    struct Text: Sendable, Equatable {
        let subject: String
        let body: String
        let isInspector: Bool
    }

    func write(
        _ matter: DemoTexts.Matter, at place: DemoPlace, details: Details, isRepeat: Bool, isUnhappy: Bool,
        _ random: inout DemoRandom
    ) -> Text {
        let canBeInspected = matter.at == .road || matter.type == "complaint"
        let weights = [22, 34, 14, 10, 12, canBeInspected ? 12 : 0]
        let voice = Voice.allCases[random.index(weights: weights)]
        // Two sentences of one appeal name the place the same way.
        let name = place.names[random.index(weights: [7, 2, 1])]
        let slots = Slots(place: name, details: details)
        func fill(_ template: String?) -> String { slots.fill(template ?? "", &random) }

        if voice == .inspector {
            let thing = fill(random.pick(matter.things))
            let line = (random.pick(texts.voices.inspector) ?? "{place}{thing}")
                .replacing("{thing}", with: thing)
            return Text(subject: "\(place.name)\(thing)", body: fill(line), isInspector: true)
        }
        let subject = fill(random.pick(matter.titles))
        var sentences: [String] = []
        var facts = matter.facts
        for _ in 0..<(voice == .brief ? 1 : random.between(1...3)) where !facts.isEmpty {
            sentences.append(fill(facts.remove(at: random.below(facts.count))))
        }
        if voice != .brief || random.isOneIn(percent: 30) { sentences.append(fill(random.pick(matter.effects))) }
        if isRepeat || random.isOneIn(percent: 12) { sentences.append(fill(random.pick(texts.voices.history))) }
        if isUnhappy { sentences.append(fill(random.pick(texts.voices.dissatisfied))) }
        if voice != .brief { sentences.append(fill(random.pick(matter.asks))) }
        let opening = fill(random.pick(texts.voices.openings[voice.rawValue] ?? [""]))
        let closing = fill(random.pick(texts.voices.closings[voice.rawValue] ?? [""]))
        let mentionsPlace = (sentences.joined() + opening).contains(name)
        let lead = mentionsPlace ? "" : name + (random.isOneIn(percent: 50) ? "，" : "这里，")
        var written = opening + lead + join(sentences, voice, &random) + closing
        if written.hasSuffix("，") { written = written.dropLast() + "。" }
        let body = noise(written, &random)
        return Text(subject: voice == .brief ? shortened(subject) : subject, body: body, isInspector: false)
    }

    func reply(
        _ matter: DemoTexts.Matter, at place: DemoPlace, details: Details, unit: String, _ random: inout DemoRandom
    ) -> String {
        let slots = Slots(place: place.name, details: details)
        let parts = [texts.voices.replies.openings, matter.replies, texts.voices.replies.closings]
        return parts.map { slots.fill(random.pick($0) ?? "", &random) }.joined()
            .replacing("{unit}", with: unit)
    }

    private func join(_ sentences: [String], _ voice: Voice, _ random: inout DemoRandom) -> String {
        var text = ""
        for sentence in sentences {
            text += sentence
            if sentence.last.map({ "，。！？".contains($0) }) ?? true { continue }
            switch voice {
            case .angry: text += random.isOneIn(percent: 60) ? "！" : "！！"
            case .brief: text += random.isOneIn(percent: 50) ? " " : "，"
            case .elder: text += "。"
            default: text += random.isOneIn(percent: 75) ? "。" : "，"
            }
        }
        return text
    }

    private func shortened(_ subject: String) -> String { String(subject.prefix(16)) }

    /// Slips of the hand: a wrong character now and then, spaces, a line break.
    private func noise(_ text: String, _ random: inout DemoRandom) -> String {
        var text = text
        if random.isOneIn(percent: 14), let typo = random.pick(texts.voices.typos), typo.count == 2 {
            text = text.replacing(typo[0], with: typo[1], maxReplacements: 1)
        }
        if random.isOneIn(percent: 4) { text = text.replacing("，", with: " ") }
        if random.isOneIn(percent: 5) { text = text.replacing("。", with: "。\n", maxReplacements: 1) }
        if random.isOneIn(percent: 3) { text = "  " + text }
        return text
    }
}

/// Fills `{…}` with the case's own details and with figures in a believable range.
private struct Slots {
    let place: String
    let details: DemoWriter.Details

    func fill(_ template: String, _ random: inout DemoRandom) -> String {
        var out = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            out += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            out += value(name, before: out, &random) ?? "{\(name)}"
            rest = rest[rest.index(after: close)...]
        }
        return out + rest
    }

    private func value(_ name: String, before: String, _ random: inout DemoRandom) -> String? {
        switch name {
        case "place": return place
        case "building": return String(details.building)
        case "house": return details.house
        case "shop": return details.shop
        case "hour": return String(random.between(hours(after: before)))
        case "clock": return "\(Day.padded(random.between(7...17), 2)):\(Day.padded(random.between(0...59), 2))"
        case "money": return String(random.between(2...80) * 100)
        default:
            return Self.ranges[name].map { String(random.between($0)) }
        }
    }

    private func hours(after text: String) -> ClosedRange<Int> {
        if text.hasSuffix("凌晨") { return 1...4 }
        if text.hasSuffix("早上") { return 5...7 }
        if text.hasSuffix("下午") { return 3...5 }
        return 7...11
    }

    private static let ranges: [String: ClosedRange<Int>] = [
        "times": 2...9, "days": 3...30, "months": 2...11, "minutes": 10...60, "floor": 5...18, "count": 6...60,
        "depth": 5...30, "price": 15...25, "decibel": 68...85, "age": 62...88,
    ]
}
