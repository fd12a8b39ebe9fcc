internal import Core
internal import Mining
internal import Web

/// What a reply lacks, as the page tells whoever closes the case.
struct ReplyHints: Sendable {
    let hints: [String]

    /// Nil without a reply, and where nothing is lacking.
    init?(_ appeal: Appeal, _ visit: Visit) {
        guard !appeal.reply.isEmpty else { return nil }
        let review = ReplyReview(
            subject: appeal.subject, message: appeal.body, reply: appeal.reply, askedAt: appeal.submittedAt,
            repliedAt: visit.now)
        hints = review.hints.map { hint in
            let count: Int? =
                switch hint {
                case .pointsMissed: review.pointsMissed
                case .late: review.daysTaken
                case .onlyReceived, .offTopic, .noOutcome, .noBasis: nil
                }
            let key = "appeals.reply_hint.\(hint.rawValue)"
            return count.map { visit.word(key, visit.number($0)) } ?? visit.word(key)
        }
        if hints.isEmpty { return nil }
    }
}
