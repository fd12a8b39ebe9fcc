package import Core

/// What mining needs to know of one appeal. Text is as received; mining normalises it.
package struct MiningMessage: Sendable, Equatable {
    package let id: Int64
    /// Whoever sent it, opaque; equal authors are one person. Nil when unknown.
    package let author: String?
    package let subject: String
    package let text: String
    package let at: Instant?
    package let point: Coordinate?
    package let likes: Int
    package let dislikes: Int
    package let handling: Handling

    /// What happened to it, for the pain score; all unknown in a bare export.
    package struct Handling: Sendable, Equatable {
        package var closedAt: Instant?
        package var isDissatisfied: Bool
        package var transfers: Int
        package init(closedAt: Instant? = nil, isDissatisfied: Bool = false, transfers: Int = 0) {
            self.closedAt = closedAt
            self.isDissatisfied = isDissatisfied
            self.transfers = transfers
        }
    }

    package init(
        id: Int64, author: String?, subject: String, text: String, at: Instant?, point: Coordinate? = nil,
        likes: Int = 0, dislikes: Int = 0, handling: Handling = Handling()
    ) {
        self.id = id
        self.author = author
        self.subject = subject
        self.text = text
        self.at = at
        self.point = point
        self.likes = likes
        self.dislikes = dislikes
        self.handling = handling
    }
}
