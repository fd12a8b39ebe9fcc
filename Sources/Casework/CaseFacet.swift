internal import Core
internal import Web

/// Everything the spine knows of one case, for a domain's page: `{{#facet}}{{> casework/facet}}{{/facet}}`.
package struct CaseFacet: Sendable {
    package struct Link: Sendable {
        let relation: String
        let otherNumber: String
        let otherTitle: String
        let href: String
        let removePath: String?
    }

    package struct Comment: Sendable {
        package struct Earlier: Sendable {
            let earlierAt: String
            let earlierBody: String
        }
        let anchor: String
        let who: String
        let at: String
        let body: String
        let editedNote: String?
        let earlier: [Earlier]
        let edit: SmallForm?
    }

    package struct Attachment: Sendable {
        let name: String
        let about: String
        let href: String?
        let removal: SmallForm?
    }

    let facts: KeyValues
    let light: LightBadge
    let deadlineSentence: String?
    let timeline: Timeline
    let shownEntriesNote: String?
    let links: [Link]
    let hasLinks: Bool
    let comments: [Comment]
    let hasComments: Bool
    let attachments: [Attachment]
    let hasAttachments: Bool
    let attachmentsHidden: Bool
    let commentForm: SmallForm?
    let linkForm: SmallForm?
    let upload: Upload?
    let uploadPath: String
    let leadForm: SmallForm?
    let deadlineForm: SmallForm?
    let lightForm: SmallForm?
    /// Why it does not count where units are compared; nil while it counts.
    let exclusion: String?
    let excludeForm: SmallForm?
    let readmitForm: SmallForm?
    /// Whether any of the forms that steer the case is there.
    let mayManage: Bool
}

/// What a refused form had in it, so that its page comes back as it was typed.
struct TypedForm: Sendable {
    /// The part of the facet it belongs to.
    enum Part: Sendable, Equatable {
        case comment, commentEdit(ID<CaseComment>), link, attachment, lead, deadline, light, exclusion
    }
    let part: Part
    let fields: Fields
    /// What was wrong, beside the field that can mend it.
    let message: String
}

/// All that is read for a facet, in one transaction.
package struct CaseFacetContent: Sendable {
    package let file: CaseFile
    package let supporting: [String]
    let deadline: Deadline?
    let timeline: [TimelineEntry]
    let links: [CaseLink]
    let comments: [CaseComment]
    let earlier: [ID<CaseComment>: [(at: Instant, body: String)]]
    let attachments: [CaseAttachment]
    let exclusion: CaseExclusion?
    let names: [Int64: String]
}
