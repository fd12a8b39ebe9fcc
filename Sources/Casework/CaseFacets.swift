package import Core
internal import Organisation
package import Store
package import Web

/// Makes the facet of a case for whoever visits.
package struct CaseFacets: Sendable {
    package let cases: Cases
    let database: any Database

    package init(cases: Cases, database: any Database) {
        self.cases = cases
        self.database = database
    }

    /// - Throws: `CaseError.notFound`.
    package func facet(of id: ID<CaseFile>, for visit: Visit) async throws -> CaseFacet {
        let now = visit.now
        let content = try await database.read { try Self.content(of: id, now: now, in: $0) }
        return try facet(content, for: visit)
    }

    /// For a domain that reads its own rows in the same transaction.
    package static func content(
        of id: ID<CaseFile>, now: Instant, in tx: any Transaction
    ) throws -> CaseFacetContent {
        let (file, supporting, deadline, timeline, links, comments, earlier, attachments, exclusion) = try tx.together(
            { try CaseStore.find(id, now: now, in: $0) }, { try CaseStore.supportingUnits(of: id, in: $0) },
            { try CaseStore.deadline(of: id, in: $0) }, { try CaseTimelineStore.entries(of: id, in: $0) },
            { try CaseLinkStore.links(of: id, in: $0) }, { try CaseCommentStore.comments(of: id, in: $0) },
            { try CaseCommentStore.earlierVersions(of: id, in: $0) },
            { try CaseAttachmentStore.attachments(of: id, in: $0) },
            { try CaseExclusionStore.standing(of: id, in: $0) })
        let people =
            (timeline.map(\.actor) + comments.map(\.author) + attachments.map(\.actor)).compactMap(\.personID)
            + [exclusion?.by].compactMap { $0 }
        return CaseFacetContent(
            file: file, supporting: supporting, deadline: deadline, timeline: timeline, links: links,
            comments: comments, earlier: earlier, attachments: attachments, exclusion: exclusion,
            names: try PersonStore.names(of: people, in: tx))
    }

    package func facet(_ content: CaseFacetContent, for visit: Visit) throws -> CaseFacet {
        try facet(content, for: visit, typed: nil)
    }

    func facet(_ content: CaseFacetContent, for visit: Visit, typed: TypedForm?) throws -> CaseFacet {
        let account = try visit.account()
        let file = content.file
        let mayAct = CasePermission.mayAct(account, on: file, supporting: content.supporting)
        let mayRead = CasePermission.mayRead(account, on: file, supporting: content.supporting)
        let words = CaseWords(visit: visit, cases: cases)
        let forms = CaseForms(visit: visit, content: content, cases: cases, typed: typed)
        let isMasked = !mayAct
        let leadForm = CasePermission.mayAssign(account, on: file) && file.isOpen ? forms.lead : nil
        let deadlineForm = CasePermission.mayApprove(account) ? forms.deadline : nil
        let mayExclude = CasePermission.mayExclude(account, file, supporting: content.supporting)
        let lightForm = forms.light(mayWorsen: mayAct, mayApprove: CasePermission.mayApprove(account))
        return CaseFacet(
            facts: words.facts(content), light: words.light(file.light),
            deadlineSentence: content.deadline?.sentence(visit.language),
            timeline: Timeline(
                content.timeline.map { words.entry($0, of: file.kind, names: content.names, isMasked: isMasked) }),
            shownEntriesNote: content.timeline.first.flatMap {
                $0.sequence > 1 ? visit.word("casework.timeline.cut", String($0.sequence - 1)) : nil
            },
            links: content.links.map { link(words, $0, of: file, mayAct: mayAct) }, hasLinks: !content.links.isEmpty,
            comments: content.comments.map {
                comment(words, forms, $0, content, account: account, mayAct: mayAct)
            },
            hasComments: !content.comments.isEmpty,
            attachments: content.attachments.map {
                attachment(words, forms, $0, content, mayAct: mayAct, mayRead: mayRead)
            },
            hasAttachments: !content.attachments.isEmpty,
            attachmentsHidden: !mayRead && !content.attachments.isEmpty,
            commentForm: mayAct ? forms.comment : nil, linkForm: mayAct ? forms.link : nil,
            upload: mayAct ? forms.upload : nil, uploadPath: forms.path("attachments"), leadForm: leadForm,
            deadlineForm: deadlineForm, lightForm: lightForm,
            exclusion: content.exclusion.map { words.exclusion($0, names: content.names, isMasked: isMasked) },
            excludeForm: mayExclude && content.exclusion == nil ? forms.exclude : nil,
            readmitForm: mayExclude && content.exclusion != nil ? forms.readmit : nil,
            mayManage: leadForm != nil || deadlineForm != nil || lightForm != nil || mayExclude)
    }

    private func link(_ words: CaseWords, _ link: CaseLink, of file: CaseFile, mayAct: Bool) -> CaseFacet.Link {
        let direction = link.isOutgoing ? "out" : "in"
        return CaseFacet.Link(
            relation: words.visit.word("casework.link.\(link.kind.rawValue).\(direction)"),
            otherNumber: link.otherNumber, otherTitle: link.otherTitle,
            href: cases.path(of: link.otherID, kind: link.otherKind),
            removePath: mayAct ? "/desk/cases/\(file.id)/links/\(link.id)/remove" : nil)
    }

    private func comment(
        _ words: CaseWords, _ forms: CaseForms, _ comment: CaseComment, _ content: CaseFacetContent,
        account: Visitor.Account, mayAct: Bool
    ) -> CaseFacet.Comment {
        let visit = words.visit
        func shown(_ text: String) -> String { mayAct ? text : Masking.text(text) }
        let isOwn = mayAct && comment.author.personID == account.personID
        return CaseFacet.Comment(
            anchor: "comment-\(comment.id)", who: words.who(comment.author, names: content.names),
            at: visit.time(comment.writtenAt), body: shown(comment.body),
            editedNote: comment.editedAt.map { visit.word("casework.comment.edited", visit.time($0)) },
            earlier: (content.earlier[comment.id] ?? []).map {
                .init(earlierAt: visit.time($0.at), earlierBody: shown($0.body))
            },
            edit: isOwn && comment.version < CasesLimits.commentVersionsMax ? forms.edit(comment) : nil)
    }

    private func attachment(
        _ words: CaseWords, _ forms: CaseForms, _ attachment: CaseAttachment, _ content: CaseFacetContent,
        mayAct: Bool, mayRead: Bool
    ) -> CaseFacet.Attachment {
        let visit = words.visit
        let about = [
            words.size(attachment.bytes), words.who(attachment.actor, names: content.names),
            visit.time(attachment.at),
        ]
        return CaseFacet.Attachment(
            name: attachment.name, about: about.joined(separator: " · "),
            href: mayRead ? "/desk/attachments/\(attachment.id)" : nil,
            removal: mayAct ? forms.removal(of: attachment) : nil)
    }
}

extension Cases {
    /// The page of a case: its domain's, or the spine's own for a kind this release does not know.
    package func path(of id: ID<CaseFile>, kind: String) -> String { "\(kinds[kind]?.path ?? "/desk/cases")/\(id)" }
}

extension Actor {
    package var personID: Int64? {
        if case .person(let id, _) = self { id } else { nil }
    }
}
