import Core
import Foundation
import Hummingbird
import Organisation
import Store
import Web

/// Looking: the list of all cases, a case, an attachment.
struct CaseRoutes: Sendable {
    let facets: CaseFacets
    let blobs: BlobFolder

    var cases: Cases { facets.cases }
    var database: any Database { facets.database }

    var routes: Routes {
        var routes = Routes()
        routes.get("/desk/cases", .desk, list)
        routes.get("/desk/cases/:id", .desk, show)
        routes.get("/desk/attachments/:id", .desk, download)
        routes.post("/desk/cases/:id/comments", .desk, comment)
        routes.post("/desk/cases/:id/comments/:comment", .desk, editComment)
        routes.post("/desk/cases/:id/links", .desk, link)
        routes.post("/desk/cases/:id/links/:link/remove", .desk, unlink)
        routes.post(
            "/desk/cases/:id/attachments", .desk,
            bodyBytesMax: CasesLimits.attachmentBytesMax + WebLimits.formBytesMax, attach)
        routes.post("/desk/cases/:id/attachments/:attachment/remove", .desk, detach)
        routes.post("/desk/cases/:id/lead", .desk, assign)
        routes.post("/desk/cases/:id/deadline", .desk, extend)
        routes.post("/desk/cases/:id/light", .desk, changeLight)
        routes.post("/desk/cases/:id/exclusion", .desk, exclude)
        routes.post("/desk/cases/:id/readmission", .desk, readmit)
        return routes
    }

    @Sendable func list(_ visit: Visit) async throws -> Response {
        let list = CaseList(visit: visit, cases: cases)
        let now = visit.now
        let page = try await database.read { tx in
            var undispatched = CaseFilter.open
            undispatched.isUndispatched = true
            return (
                files: try CaseStore.list(
                    list.filter, sort: list.sort, isDescending: list.query.isDescending, limit: list.query.pageSize,
                    offset: list.query.offset, now: now, in: tx),
                total: try CaseStore.count(list.filter, now: now, in: tx),
                open: try CaseStore.counts(by: .light, .open, now: now, in: tx),
                undispatched: try CaseStore.count(undispatched, now: now, in: tx)
            )
        }
        return try visit.render(
            CaseListPage(
                title: visit.word("casework.list.title"), subtitle: visit.word("casework.list.subtitle"),
                tiles: list.tiles(open: page.open, undispatched: page.undispatched),
                table: list.table(page.files, total: page.total)))
    }

    @Sendable func show(_ visit: Visit) async throws -> Response {
        try await show(try visit.id(), visit, typed: nil)
    }

    /// The page of a case; with a refused form in it, as it was typed.
    func show(_ id: ID<CaseFile>, _ visit: Visit, typed: TypedForm?) async throws -> Response {
        let now = visit.now
        let content = try await database.read { try CaseFacets.content(of: id, now: now, in: $0) }
        let file = content.file
        let path = cases.path(of: file.id, kind: file.kind)
        let words = CaseWords(visit: visit, cases: cases)
        let page = CasePage(
            title: file.title, subtitle: "\(file.number) · \(words.kind(file.kind))",
            breadcrumbs: [Breadcrumb(visit.word("casework.list.title"), "/desk/cases")],
            actions: path.hasPrefix("/desk/cases/") ? [] : [PageAction(words.kind(file.kind), path)],
            errors: FormErrors(typed.map { [(name: $0.field, message: $0.message)] } ?? []),
            facet: try facets.facet(content, for: visit, typed: typed))
        return try visit.render(page, status: typed == nil ? .ok : .unprocessableContent)
    }

    /// Sends an attachment as a file to be saved, and records who opened it.
    @Sendable func download(_ visit: Visit) async throws -> Response {
        let id: ID<CaseAttachment> = try visit.id()
        let account = try visit.account()
        let (now, surroundings, blobs) = (visit.now, cases.surroundings, blobs)
        let attachment = try await database.write { tx in
            guard let attachment = try CaseAttachmentStore.find(id, in: tx) else { throw CaseError.attachmentUnknown }
            let file = try CaseStore.find(attachment.caseID, now: now, in: tx)
            let supporting = try CaseStore.supportingUnits(of: file.id, in: tx)
            guard CasePermission.mayRead(account, on: file, supporting: supporting) else { throw CaseError.notYours }
            guard blobs.isIntact(attachment.digest) else { throw CaseError.attachmentLost }
            try Audit.append(
                AuditEvent(
                    kind: .personalDataRead, personID: account.personID, subject: "case \(file.number)",
                    detail: "attachment=\(attachment.id) sha256=\(attachment.digest)"),
                surroundings, in: tx)
            return attachment
        }
        let body = try await FileIO().loadFile(path: blobs.path(of: attachment.digest).path, context: visit.context)
        return visit.download(name: attachment.name, contentType: attachment.contentType, body: body)
    }
}

extension TypedForm {
    /// The field that the message belongs to.
    var field: String {
        switch part {
        case .comment: "comment"
        case .commentEdit(let id): "comment-\(id)"
        case .link: "link-number"
        case .attachment: "file"
        case .lead: "lead"
        case .deadline: "days"
        case .light: "light"
        case .exclusion: "exclusion-reason"
        }
    }
}
