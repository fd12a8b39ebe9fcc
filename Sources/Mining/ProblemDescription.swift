internal import Core

/// What a group of messages is called, where it is, and how it scores.
struct ProblemDescription {
    let problem: MinedProblem

    /// - Parameters:
    ///   - members: ascending by identifier.
    ///   - likeness: for each how alike it is to the others.
    init(_ members: [MessageDigest], likeness: [Int], digester: Digester) {
        let times = members.compactMap(\.at)
        let words = ProblemTitle(members, likeness: likeness, digester: digester)
        let shared = words.sharedName()
        let named = shared == nil ? Self.named(members) : [:]
        let name = shared ?? Self.place(named, of: members.count)?.name ?? ""
        let most = shared ?? Self.place(named, of: members.count, sharePercentMin: 50)?.name ?? ""
        let place = words.whole(name)
        let title = words.text(place: most == name ? place : words.whole(most))
        problem = MinedProblem(
            members: members.map(\.id), title: title.isEmpty ? Self.subject(members, likeness) : title, place: place,
            townshipCode: Self.township(members), people: Self.people(members), firstAt: times.min(),
            lastAt: times.max(), scores: ProblemScoring(members, lexicon: digester.lexicon).scores)
    }

    static let titleCharactersMax = 60

    /// The subject most like all others; of equals the earliest identifier.
    private static func subject(_ members: [MessageDigest], _ likeness: [Int]) -> String {
        var best: (text: String, likeness: Int) = ("", -1)
        for (member, sum) in zip(members, likeness) where sum > best.likeness {
            let text = tidy(member.subject)
            if !text.isEmpty { best = (text, sum) }
        }
        return best.text
    }

    private static func tidy(_ subject: String) -> String {
        let scalars = subject.unicodeScalars.map { $0.properties.isWhitespace ? " " : $0 }
            .filter { $0.value >= 32 && !(0x200B...0x200F).contains($0.value) && $0.value != 0xFEFF }
        let words = String(String.UnicodeScalarView(scalars)).split(separator: " ").joined(separator: " ")
        return words.count <= titleCharactersMax ? words : words.prefix(titleCharactersMax - 1) + "…"
    }

    /// The name written by the most members; one that narrows down more needs fewer of them.
    /// - Parameter sharePercentMin: where given, of members that write it; names of districts are left out then.
    private static func place(
        _ named: [FoundPlace: Int], of members: Int, sharePercentMin: Int? = nil
    ) -> FoundPlace? {
        let eligible = named.filter { place, count in
            guard let share = sharePercentMin else { return count >= min(2, members) }
            return count * 100 >= share * members && place.rank > .district
        }
        return eligible.max { left, right in
            let (a, b) = (left.value * weight(left.key.rank), right.value * weight(right.key.rank))
            // Of equals the longer name, then the first in code order.
            if a != b { return a < b }
            let (x, y) = (left.key.name, right.key.name)
            return x.count != y.count ? x.count < y.count : x > y
        }?.key
    }

    /// The places members name, and how many do.
    private static func named(_ members: [MessageDigest]) -> [FoundPlace: Int] {
        var counts: [FoundPlace: Int] = [:]
        for member in members { for place in member.places { counts[place, default: 0] += 1 } }
        return counts
    }

    private static func weight(_ rank: FoundPlace.Rank) -> Int {
        switch rank {
        case .district: 2
        case .township: 4
        case .road: 5
        case .site: 6
        }
    }

    private static func township(_ members: [MessageDigest]) -> String? {
        let counts = Dictionary(members.compactMap { $0.townshipCode.map { ($0, 1) } }, uniquingKeysWith: +)
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    /// One person posting sixty times is one; each unknown author counts as one.
    static func people(_ members: [MessageDigest]) -> Int {
        Set(members.map(\.author).filter { $0 != 0 }).count + members.count { $0.author == 0 }
    }
}
