package import Core
package import Store

extension Cases {
    @discardableResult
    package func comment(
        _ file: CaseFile, _ text: String, author: Int64, unitCode: String?, in tx: any Transaction
    ) throws -> ID<CaseComment> {
        let body = try CaseText.comment(text)
        guard try CaseCommentStore.count(of: file.id, in: tx) < CasesLimits.commentsMax else {
            throw CaseError.tooManyComments(max: CasesLimits.commentsMax)
        }
        let id = ID<CaseComment>(surroundings.newID())
        try note(file.id, .commented, [], actor: .person(id: author, unitCode: unitCode), in: tx)
        try CaseCommentStore.insert(
            id, version: 1, of: file.id, body, author: author, unitCode: unitCode, at: surroundings.now(), in: tx)
        return id
    }

    /// Adds a version to one's own comment; the versions before stay readable.
    ///
    /// - Parameter version: the version the author saw.
    package func editComment(
        _ id: ID<CaseComment>, of file: CaseFile, version: Int, _ text: String, author: Int64, unitCode: String?,
        in tx: any Transaction
    ) throws {
        let body = try CaseText.comment(text)
        // The timeline first: its row locks the case, so that two edits come one after the other.
        try note(file.id, .commentEdited, [], actor: .person(id: author, unitCode: unitCode), in: tx)
        guard let comment = try CaseCommentStore.find(id, in: tx), comment.caseID == file.id else {
            throw CaseError.commentUnknown
        }
        guard case .person(author, _) = comment.author else { throw CaseError.commentNotYours }
        guard comment.version == version else { throw CaseError.commentChangedMeanwhile }
        guard version < CasesLimits.commentVersionsMax else {
            throw CaseError.tooManyComments(max: CasesLimits.commentVersionsMax)
        }
        try CaseCommentStore.insert(
            id, version: version + 1, of: file.id, body, author: author, unitCode: unitCode, at: surroundings.now(),
            in: tx)
    }
}
