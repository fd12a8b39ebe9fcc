internal import Core
internal import Organisation

/// A believable district, made from a seed: the same seed, profile and hour give the same appeals to the letter.
struct DemoDistrict: Sendable {
    static let seedUsual: UInt64 = 20_210_419
    static let appealsUsual = 3_000
    /// Eighteen months.
    static let spanDays = 548

    let seed: UInt64
    let plants: [DemoPlant]
    /// In the order they came in.
    let appeals: [DemoAppeal]

    init(
        seed: UInt64 = seedUsual, count: Int = appealsUsual, profile: Profile, now: Instant, texts: DemoTexts
    ) {
        self.seed = seed
        var random = DemoRandom(seed: seed)
        let places = DemoPlaces(profile: profile, texts: texts, random: &random)
        let plants = DemoPlanting.plants(texts, places, &random)
        var maker = Maker(
            writer: DemoWriter(texts: texts), places: places, profile: profile, now: now,
            people: max(3, count * 2 / 3), random: random.split())
        for plant in plants { maker.add(plant) }
        while maker.drafts.count < count { maker.addAlone(avoiding: plants) }
        self.plants = plants
        appeals = maker.numbered()
    }
}

/// Makes drafts and, at the end, numbers them by time.
private struct Maker {
    struct Draft {
        var appeal: DemoAppeal
        let order: Int
        let copyOf: Int?
    }

    let writer: DemoWriter
    let places: DemoPlaces
    let profile: Profile
    let now: Instant
    let people: Int
    var random: DemoRandom
    var drafts: [Draft] = []

    init(
        writer: DemoWriter, places: DemoPlaces, profile: Profile, now: Instant, people: Int, random: DemoRandom
    ) {
        self.writer = writer
        self.places = places
        self.profile = profile
        self.now = now
        self.people = people
        self.random = random
    }

    mutating func add(_ plant: DemoPlant) {
        let matter = writer.texts.matters[plant.matter]
        let place = places.all[plant.place]
        let details = DemoWriter.Details(matter, &random)
        let today = Day(now, in: profile.zone)
        let crowd = (0..<plant.people).map { _ in author(random.below(people)) }
        for index in 0..<plant.messages {
            var daysAgo = DemoPlanting.daysAgo(
                plant, index, span: DemoDistrict.spanDays, season: matter.season ?? [], today: today, &random)
            if plant.pattern == .growing, index == 0 { daysAgo = DemoDistrict.spanDays * 2 / 5 }
            // Sixty messages of one person, and two of others.
            let author =
                plant.pattern == .single ? crowd[index < 60 ? 0 : index - 59] : crowd[random.below(crowd.count)]
            let isOld = plant.pattern == .old
            let isUnhappy = isOld && random.isOneIn(percent: 40)
            var wording = plant.wordingSeed.map { DemoRandom(seed: $0) } ?? random.split()
            let text = writer.write(
                matter, at: place, details: details, isRepeat: isOld && random.isOneIn(percent: 60),
                isUnhappy: isUnhappy, &wording)
            append(
                matter, place, details, text, author: author, at: moment(daysAgo: daysAgo), plant: plant.name,
                isUnhappy: isUnhappy, transfersMax: isOld ? 4 : 1)
        }
    }

    mutating func addAlone(avoiding plants: [DemoPlant]) {
        let matters = writer.texts.matters
        let index = random.index(weights: matters.map(\.weight))
        let matter = matters[index]
        var daysAgo = random.below(DemoDistrict.spanDays)
        if let season = matter.season, random.isOneIn(percent: 75) {
            let today = Day(now, in: profile.zone)
            for _ in 0..<32 where !season.contains(today.adding(days: -daysAgo).parts.month) {
                daysAgo = random.below(DemoDistrict.spanDays)
            }
        }
        let planted = Set(plants.filter { $0.matter == index }.map(\.place))
        let free = places.all.indices.filter { places.all[$0].site == matter.at && !planted.contains($0) }
        guard let place = random.pick(free).map({ places.all[$0] }) else { return }
        let details = DemoWriter.Details(matter, &random)
        let isUnhappy = random.isOneIn(percent: 6)
        let text = writer.write(
            matter, at: place, details: details, isRepeat: false, isUnhappy: isUnhappy, &random)
        let writer = author(random.below(people))
        let at = moment(daysAgo: daysAgo)
        append(
            matter, place, details, text, author: writer, at: at, plant: nil, isUnhappy: isUnhappy, transfersMax: 1)
        // Some send the same again because nobody answered at once.
        guard random.isOneIn(percent: 4), now.milliseconds(since: at) > 6 * Instant.millisecondsPerDay else { return }
        append(
            matter, place, details, text, author: writer,
            at: at.adding(seconds: Int64(random.between(7_200...430_000))),
            plant: nil, isUnhappy: isUnhappy, transfersMax: 0, copyOf: drafts.count - 1)
    }

    private mutating func append(
        _ matter: DemoTexts.Matter, _ place: DemoPlace, _ details: DemoWriter.Details, _ text: DemoWriter.Text,
        author: String, at: Instant, plant: String?, isUnhappy: Bool, transfersMax: Int, copyOf: Int? = nil
    ) {
        let at = text.isInspector ? workingHours(at) : at
        let isLiked = random.isOneIn(percent: plant == nil ? 12 : 35)
        let fate = fate(matter, place, details, at: at, isUnhappy: isUnhappy, transfersMax: transfersMax)
        let appeal = DemoAppeal(
            number: 0, plant: plant, author: text.isInspector ? inspector(place) : author,
            type: matter.type, channel: channel(text), subject: text.subject, body: text.body, at: at, place: place,
            unit: matter.unit, likes: isLiked ? random.between(1...28) : 0,
            dislikes: isLiked && random.isOneIn(percent: 20) ? random.between(1...3) : 0, duplicateOf: nil, fate: fate)
        drafts.append(Draft(appeal: appeal, order: drafts.count, copyOf: copyOf))
    }

    private func author(_ number: Int) -> String { "demo-person-\(number)" }
    /// Each township has its inspector: rounds are one person's work, not a crowd's.
    private func inspector(_ place: DemoPlace) -> String { "demo-inspector-\(place.townshipCode)" }

    private mutating func channel(_ text: DemoWriter.Text) -> String {
        if text.isInspector { return "网格巡查" }
        return ["12345热线", "随申办", "微信", "网站", "来信"][random.index(weights: [60, 20, 12, 6, 2])]
    }

    /// Days and hours before now; most people write between eight and ten in the evening.
    private mutating func moment(daysAgo: Int) -> Instant {
        let midnight = Day(now, in: profile.zone).adding(days: -daysAgo).start(in: profile.zone)
        let hour = random.index(weights: [1, 1, 1, 0, 0, 1, 2, 5, 10, 12, 11, 8, 6, 7, 9, 9, 9, 8, 8, 9, 9, 7, 4, 2])
        let second = Int64(hour * 3_600 + random.below(3_600))
        let at = midnight.adding(seconds: second)
        return at < now ? at : at.adding(days: -1)
    }

    /// Rounds end with the working day; what was found by then is entered in the afternoon.
    private mutating func workingHours(_ at: Instant) -> Instant {
        let day = Day(at, in: profile.zone)
        let entered = day.start(in: profile.zone).adding(seconds: Int64(random.between(64_800...66_600)))
        return entered < now ? entered : entered.adding(days: -1)
    }

    private mutating func fate(
        _ matter: DemoTexts.Matter, _ place: DemoPlace, _ details: DemoWriter.Details, at: Instant, isUnhappy: Bool,
        transfersMax: Int
    ) -> DemoFate {
        let age = Int(now.milliseconds(since: at) / Instant.millisecondsPerDay)
        let ends = DemoFate.End.allCases
        // In the order of `End`: received, dispatched, handling, rejected, callback, closed, redone, redo.
        let weights =
            switch age {
            case ..<2: [45, 30, 25, 0, 0, 0, 0, 0]
            case ..<6: [4, 18, 46, 4, 10, 18, 0, 0]
            case ..<30: [0, 2, 14, 3, 6, 68, 3, 4]
            default: [0, 0, 2, 3, 0, 88, 6, 1]
            }
        var end = ends[random.index(weights: weights)]
        if isUnhappy, end == .closed { end = random.isOneIn(percent: 50) ? .redone : .closed }
        let isAnswered = [.callback, .closed, .redone, .redo].contains(end)
        let hours = min(random.between(4...150), max(1, age * 24 - 4))
        let answeredAt = at.adding(seconds: Int64(hours) * 3_600 + Int64(random.below(3_600)))
        let unit = profile.units.first { $0.shortName.zh == matter.unit }?.name.zh ?? matter.unit
        return DemoFate(
            end: end, isDissatisfied: isUnhappy || end == .redo || end == .redone,
            transfers: random.isOneIn(percent: 18) ? random.between(0...transfersMax) : max(0, transfersMax - 1),
            answeredAt: isAnswered ? min(answeredAt, now) : nil,
            reply: isAnswered ? writer.reply(matter, at: place, details: details, unit: unit, &random) : "",
            note: random.pick(end == .rejected ? writer.texts.voices.rejections : writer.texts.voices.notes) ?? "")
    }

    func numbered() -> [DemoAppeal] {
        let sorted = drafts.sorted { ($0.appeal.at, $0.order) < ($1.appeal.at, $1.order) }
        let numbers = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.order, $0 + 1) })
        return sorted.enumerated().map { index, draft in
            draft.appeal.numbered(index + 1, duplicateOf: draft.copyOf.flatMap { numbers[$0] })
        }
    }
}

extension DemoAppeal {
    fileprivate func numbered(_ number: Int, duplicateOf: Int?) -> DemoAppeal {
        DemoAppeal(
            number: number, plant: plant, author: author, type: type, channel: channel, subject: subject, body: body,
            at: at, place: place, unit: unit, likes: likes, dislikes: dislikes, duplicateOf: duplicateOf, fate: fate)
    }
}
