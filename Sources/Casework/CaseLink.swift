package import Core

/// One case's tie to another, so that a reader walks from a figure to the appeals behind it and back.
package struct CaseLink: Sendable, Equatable {
    /// Read from the case that was linked: `a raises b`.
    package enum Kind: String, Sendable, CaseIterable {
        case raises, answers, delivers, duplicates, causes
    }

    package let id: ID<CaseLink>
    package let kind: Kind
    /// True when the case at hand is the one the link starts from.
    package let isOutgoing: Bool
    package let otherID: ID<CaseFile>
    package let otherKind: String
    package let otherNumber: String
    package let otherTitle: String
    package let at: Instant
}

/// What somebody of the desk said about a case. An edit adds a version and takes none away.
package struct CaseComment: Sendable, Equatable {
    package let id: ID<CaseComment>
    package let caseID: ID<CaseFile>
    /// The newest version's number, from 1.
    package let version: Int
    package let body: String
    package let author: Actor
    package let writtenAt: Instant
    package let editedAt: Instant?
}
