package import Core

/// What a reply lacks before it goes out: a hint to the clerk who wrote it, never a verdict.
///
/// A reply is read in clauses. Courtesies, dates and lines that only pass the matter on carry no substance; the rest is
/// looked through for what it answers, what it says was done or decided, and on what it rests.
package struct ReplyReview: Sendable, Equatable {
    /// It speaks of the matter, beyond having received it.
    package let isTopical: Bool
    /// It says what was or will be done, or decided, about it.
    package let isComplete: Bool
    /// Words that give a rule or document it rests on; empty where none is given.
    package let rules: [String]
    /// Words that tell of something looked into or counted; empty where none do.
    package let facts: [String]
    /// Numbered points of the message beyond those that the reply takes up.
    package let pointsMissed: Int
    /// Whole days from message to reply; nil where a time is unknown.
    package let daysTaken: Int?

    package var hasBasis: Bool { !rules.isEmpty || !facts.isEmpty }

    /// What is worth telling the clerk, the gravest first.
    package enum Hint: String, Sendable, CaseIterable {
        case onlyReceived, offTopic, noOutcome, noBasis, pointsMissed, late
    }

    package var hints: [Hint] {
        var hints: [Hint] = []
        if !isTopical { hints.append(sharesWords ? .onlyReceived : .offTopic) }
        if isTopical, !isComplete { hints.append(.noOutcome) }
        if isTopical, !hasBasis { hints.append(.noBasis) }
        if isTopical, pointsMissed > 0 { hints.append(.pointsMissed) }
        if let daysTaken, daysTaken > Self.daysMax { hints.append(.late) }
        return hints
    }

    /// The reply has words of the message, though it may say nothing of its own.
    private let sharesWords: Bool

    /// From here on a reply took long: the 15 working days a complex appeal may take, as days.
    private static let daysMax = 21
    /// Characters of substance: below the first a reply says nothing; from the second on it stands by itself, even
    /// when it uses none of the message's words.
    private static let (substanceMin, substanceOwn, outcomeMin) = (16, 28, 30)
    /// Pairs of characters shared with the message.
    private static let sharedMin = 2
    /// Characters of a text that count.
    private static let charactersMax = 4_000

    package init(subject: String, message: String, reply: String, askedAt: Instant?, repliedAt: Instant?) {
        let asked = String((subject + "\n" + message).prefix(Self.charactersMax))
        let reply = String(reply.prefix(Self.charactersMax))
        let clauses = ReplyClauses(reply)
        let shared = Set(Grams.pairs(NormalText(asked).codes)).intersection(Set(Grams.pairs(clauses.substance)))
        let size = clauses.substance.count { $0 != NormalText.gap }
        sharesWords = !shared.isEmpty || size < Self.substanceMin
        isTopical =
            !clauses.isClosed
            && (size >= Self.substanceOwn || (size >= Self.substanceMin && shared.count >= Self.sharedMin))
        isComplete = isTopical && size >= Self.outcomeMin && clauses.hasOutcome
        rules = clauses.rules
        facts = clauses.facts
        pointsMissed = max(0, ReplyClauses.points(asked) - max(1, ReplyClauses.points(reply)))
        daysTaken = askedAt.flatMap { asked in
            repliedAt.map { max(0, Int($0.milliseconds(since: asked) / Instant.millisecondsPerDay)) }
        }
    }
}
