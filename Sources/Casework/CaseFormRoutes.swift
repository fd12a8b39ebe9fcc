import Core
import Foundation
import Hummingbird
import Organisation
import Store
import Web

/// Acting: what the small forms of a facet send.
extension CaseRoutes {
    /// A case as of now, and that the visitor may act on it.
    private func actable(
        _ id: ID<CaseFile>, _ account: Visitor.Account, _ now: Instant, in tx: any Transaction
    ) throws -> CaseFile {
        let file = try CaseStore.find(id, now: now, in: tx)
        let supporting = try CaseStore.supportingUnits(of: id, in: tx)
        guard CasePermission.mayAct(account, on: file, supporting: supporting) else { throw CaseError.notYours }
        return file
    }

    /// Does `deed`, goes back to the case, or shows the form again with what was wrong.
    private func act(
        _ visit: Visit, _ part: TypedForm.Part, _ fields: Fields, anchor: String, toast: String,
        _ deed: @escaping @Sendable (any Transaction, ID<CaseFile>) throws -> CaseFile
    ) async throws -> Response {
        let id: ID<CaseFile> = try visit.id()
        do {
            let file = try await database.write { try deed($0, id) }
            return visit.redirect("\(cases.path(of: id, kind: file.kind))#\(anchor)", toast: toast)
        } catch let error as CaseError where error.report.kind == .invalid {
            let message = error.report.explanation(visit.language)
            return try await show(id, visit, typed: TypedForm(part: part, fields: fields, message: message))
        }
    }

    @Sendable func comment(_ visit: Visit) async throws -> Response {
        let (fields, account, now, cases) = (try await visit.fields(), try visit.account(), visit.now, cases)
        return try await act(visit, .comment, fields, anchor: "comments", toast: "casework.toast.commented") { tx, id in
            let file = try actable(id, account, now, in: tx)
            try cases.comment(
                file, fields.text("comment"), author: account.personID, unitCode: account.unitCode, in: tx)
            return file
        }
    }

    @Sendable func editComment(_ visit: Visit) async throws -> Response {
        let (fields, account, now, cases) = (try await visit.fields(), try visit.account(), visit.now, cases)
        let comment: ID<CaseComment> = try visit.id("comment")
        let part = TypedForm.Part.commentEdit(comment)
        return try await act(visit, part, fields, anchor: "comment-\(comment)", toast: "casework.toast.edited") {
            tx, id in
            let file = try actable(id, account, now, in: tx)
            guard let version = Int(fields.text("version")) else { throw CaseError.commentChangedMeanwhile }
            try cases.editComment(
                comment, of: file, version: version, fields.text("comment-\(comment)"), author: account.personID,
                unitCode: account.unitCode, in: tx)
            return file
        }
    }

    @Sendable func link(_ visit: Visit) async throws -> Response {
        let (fields, account, now, cases) = (try await visit.fields(), try visit.account(), visit.now, cases)
        return try await act(visit, .link, fields, anchor: "links", toast: "casework.toast.linked") { tx, id in
            let file = try actable(id, account, now, in: tx)
            let number = fields.text("link-number").uppercased()
            guard let kind = CaseLink.Kind(rawValue: fields.text("link-kind")),
                let other = try CaseStore.find(number: number, now: now, in: tx)
            else { throw CaseError.linkTargetUnknown(number) }
            try cases.link(file, kind, to: other, actor: account.actor, in: tx)
            return file
        }
    }

    @Sendable func unlink(_ visit: Visit) async throws -> Response {
        let (fields, account, now, cases) = (try await visit.fields(), try visit.account(), visit.now, cases)
        let link: ID<CaseLink> = try visit.id("link")
        return try await act(visit, .link, fields, anchor: "links", toast: "casework.toast.unlinked") { tx, id in
            let file = try actable(id, account, now, in: tx)
            try cases.unlink(link, of: file, actor: account.actor, in: tx)
            return file
        }
    }

    @Sendable func attach(_ visit: Visit) async throws -> Response {
        let (account, now, cases, blobs) = (try visit.account(), visit.now, cases, blobs)
        let id: ID<CaseFile> = try visit.id()
        // Before the body is read: whoever may not act sends no file.
        _ = try await database.read { try actable(id, account, now, in: $0) }
        try blobs.makeIncoming()
        let upload = try await visit.upload(to: blobs.incoming, bytesMax: CasesLimits.attachmentBytesMax)
        let stored: StoredFile
        do {
            guard let file = upload.file else { throw CaseError.fileMissing }
            stored = try blobs.receive(file.path, name: file.name)
        } catch let error as CaseError where error.report.kind == .invalid {
            let message = error.report.explanation(visit.language)
            return try await show(
                id, visit, typed: TypedForm(part: .attachment, fields: upload.fields, message: message))
        }
        return try await act(
            visit, .attachment, upload.fields, anchor: "attachments", toast: "casework.toast.attached"
        ) { tx, id in
            let file = try actable(id, account, now, in: tx)
            try cases.attach(stored, to: file, actor: account.actor, in: tx)
            return file
        }
    }

    @Sendable func detach(_ visit: Visit) async throws -> Response {
        let (fields, account, now, cases) = (try await visit.fields(), try visit.account(), visit.now, cases)
        let attachment: ID<CaseAttachment> = try visit.id("attachment")
        return try await act(
            visit, .attachment, fields, anchor: "attachments", toast: "casework.toast.detached"
        ) { tx, id in
            let file = try actable(id, account, now, in: tx)
            try cases.detach(
                attachment, of: file, reason: fields.text("removal-reason-\(attachment)"), actor: account.actor,
                in: tx)
            return file
        }
    }

    // MARK: - Steering: these forms carry the version of the case that the visitor saw

    private func seen(
        _ id: ID<CaseFile>, _ fields: Fields, _ now: Instant, in tx: any Transaction
    ) throws -> CaseFile {
        let file = try CaseStore.find(id, now: now, in: tx)
        guard Int(fields.text("version")) == file.version else { throw CaseError.movedMeanwhile }
        return file
    }

    @Sendable func assign(_ visit: Visit) async throws -> Response {
        let (fields, account, now, cases) = (try await visit.fields(), try visit.account(), visit.now, cases)
        return try await act(visit, .lead, fields, anchor: "case", toast: "casework.toast.assigned") { tx, id in
            let file = try seen(id, fields, now, in: tx)
            guard CasePermission.mayAssign(account, on: file) else { throw CaseError.notYours }
            guard file.isOpen else { throw CaseError.closed }
            let reason = try CaseText.reason(fields.text("lead-reason"))
            return try cases.assign(
                file, lead: fields.text("lead"), supporting: fields.all("supporting"), reason: reason,
                actor: account.actor, in: tx)
        }
    }

    @Sendable func extend(_ visit: Visit) async throws -> Response {
        let (fields, account, now, cases) = (try await visit.fields(), try visit.account(), visit.now, cases)
        return try await act(visit, .deadline, fields, anchor: "case", toast: "casework.toast.extended") { tx, id in
            let file = try seen(id, fields, now, in: tx)
            guard CasePermission.mayApprove(account), cases.kinds[file.kind]?.hasOwnDeadlines != true else {
                throw CaseError.notYours
            }
            return try cases.extendDeadline(
                file, byWorkingDays: Int(fields.text("days")) ?? 0, reason: fields.text("deadline-reason"),
                actor: account.actor, in: tx)
        }
    }

    @Sendable func exclude(_ visit: Visit) async throws -> Response {
        let (fields, account, now, cases) = (try await visit.fields(), try visit.account(), visit.now, cases)
        return try await act(visit, .exclusion, fields, anchor: "case", toast: "casework.toast.excluded") { tx, id in
            let file = try CaseStore.find(id, now: now, in: tx)
            let supporting = try CaseStore.supportingUnits(of: id, in: tx)
            guard CasePermission.mayExclude(account, file, supporting: supporting) else {
                throw CaseError.exclusionNotYours
            }
            guard let ground = CaseExclusion.Ground(rawValue: fields.text("ground")) else {
                throw WebError.formMalformed
            }
            try cases.exclude(file, ground, reason: fields.text("exclusion-reason"), by: account, in: tx)
            return file
        }
    }

    @Sendable func readmit(_ visit: Visit) async throws -> Response {
        let (fields, account, now, cases) = (try await visit.fields(), try visit.account(), visit.now, cases)
        return try await act(visit, .exclusion, fields, anchor: "case", toast: "casework.toast.readmitted") { tx, id in
            let file = try CaseStore.find(id, now: now, in: tx)
            try cases.readmit(file, reason: fields.text("exclusion-reason"), by: account, in: tx)
            return file
        }
    }

    @Sendable func changeLight(_ visit: Visit) async throws -> Response {
        let (fields, account, now, cases) = (try await visit.fields(), try visit.account(), visit.now, cases)
        let zone = cases.profile.zone
        return try await act(visit, .light, fields, anchor: "case", toast: "casework.toast.light") { tx, id in
            let file = try seen(id, fields, now, in: tx)
            let reason = fields.text("light-reason")
            guard let light = Light(rawValue: fields.text("light")) else { throw CaseError.lightNotWorse }
            if light < file.light, CasePermission.mayApprove(account) {
                guard let day = Day(iso: fields.text("until")) else {
                    throw CaseError.approvalTooLong(daysMax: CasesLimits.approvalDaysMax)
                }
                let until = day.adding(days: 1).start(in: zone).adding(milliseconds: -1)
                return try cases.approveLight(file, light, until: until, reason: reason, actor: account.actor, in: tx)
            }
            let acted = try actable(id, account, now, in: tx)
            return try cases.worsenLight(acted, to: light, reason: reason, actor: account.actor, in: tx)
        }
    }
}
