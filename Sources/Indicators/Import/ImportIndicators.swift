package import Core
package import Foundation
internal import Organisation
internal import Sheets
package import Store
package import Web

/// An import from upload to confirmation: a draft is previewed as often as one likes, and written once.
package struct ImportIndicators: Sendable {
    let manage: ManageIndicators
    let database: any Database
    /// Uploaded files wait here.
    let folder: URL

    package init(manage: ManageIndicators, database: any Database, folder: URL) {
        self.manage = manage
        self.database = database
        self.folder = folder
    }

    private var surroundings: Surroundings { manage.surroundings }

    /// Notes an uploaded file as a draft, unless it cannot be read at all.
    package func draft(
        path: String, name: String, kind: ImportPreview.Kind, basis: String, by account: Visitor.Account
    ) async throws -> IndicatorImport {
        guard IndicatorPermission.mayDefine(account) else { throw IndicatorError.notYours }
        let now = surroundings.now()
        try await forgetOld(now: now)
        return try await database.write { tx in
            let draft = IndicatorImport(
                id: ID(surroundings.newID()), kind: kind, basis: kind == .enterprises ? basis : "",
                fileName: String(name.prefix(200)), filePath: path, state: .draft, added: 0, changed: 0, same: 0,
                refused: 0, createdBy: account.personID, createdAt: now)
            _ = try preview(draft, in: tx)
            try IndicatorImportStore.insert(draft, in: tx)
            return draft
        }
    }

    /// Files of drafts that nobody confirmed in a week are removed.
    private func forgetOld(now: Instant) async throws {
        let old = try await database.write { tx in
            let old = try IndicatorImportStore.stale(before: now.adding(days: -IndicatorLimits.draftDaysMax), in: tx)
            for one in old { _ = try IndicatorImportStore.finish(one.id, as: .discarded, nil, now: now, in: tx) }
            return old
        }
        for one in old { try? FileManager.default.removeItem(atPath: one.filePath) }
    }

    private func sheet(_ one: IndicatorImport) throws -> HeadedSheet {
        guard FileManager.default.fileExists(atPath: one.filePath) else { throw IndicatorError.importDone }
        return try HeadedSheet(
            SheetFile.open(path: one.filePath, name: one.fileName), isKnown: SheetColumns.isKnown)
    }

    package func preview(_ one: IndicatorImport, in tx: any Transaction) throws -> ImportPreview {
        switch one.kind {
        case .values:
            try PreviewValues(profile: manage.profile, surroundings: surroundings)(
                sheet(one), by: nil, importID: nil, in: tx
            ).preview
        case .enterprises:
            try PreviewEnterprises(profile: manage.profile, surroundings: surroundings)(
                sheet(one), basis: one.basis, in: tx
            ).preview
        }
    }

    /// Writes what the file changes now, in one transaction; refused rows are left out and can be had as a file.
    package func confirm(_ id: ID<IndicatorImport>, by account: Visitor.Account) async throws -> ImportPreview {
        guard IndicatorPermission.mayDefine(account) else { throw IndicatorError.notYours }
        return try await database.write { tx in
            let one = try IndicatorImportStore.find(id, in: tx)
            guard one.state == .draft else { throw IndicatorError.importDone }
            let preview =
                one.kind == .values
                ? try writeValues(one, by: account, in: tx) : try writeEnterprises(one, by: account, in: tx)
            guard try IndicatorImportStore.finish(id, as: .done, preview, now: surroundings.now(), in: tx) else {
                throw IndicatorError.importDone
            }
            try Audit.append(
                AuditEvent(
                    kind: .importChanged, personID: account.personID, subject: "indicator import \(id)",
                    detail: "added=\(preview.added.count) changed=\(preview.changed.count) "
                        + "refused=\(preview.refused.count)"),
                surroundings, in: tx)
            return preview
        }
    }

    private func writeValues(
        _ one: IndicatorImport, by account: Visitor.Account, in tx: any Transaction
    ) throws -> ImportPreview {
        let outcome = try PreviewValues(profile: manage.profile, surroundings: surroundings)(
            sheet(one), by: account.personID, importID: one.id.rawValue, in: tx)
        for before in outcome.writes.compactMap(\.before) {
            guard try IndicatorValueStore.supersede(before, in: tx) else { throw IndicatorError.changedMeanwhile }
        }
        try IndicatorValueStore.insert(outcome.writes.map(\.value), in: tx)
        for id in Set(outcome.writes.map(\.value.indicatorID)).sorted() {
            try IndicatorStore.touch(id, now: surroundings.now(), in: tx)
        }
        return outcome.preview
    }

    private func writeEnterprises(
        _ one: IndicatorImport, by account: Visitor.Account, in tx: any Transaction
    ) throws -> ImportPreview {
        let outcome = try PreviewEnterprises(profile: manage.profile, surroundings: surroundings)(
            sheet(one), basis: one.basis, in: tx)
        for before in outcome.writes.compactMap(\.before) {
            guard try EnterpriseTaxStore.supersede(before.id, in: tx) else { throw IndicatorError.changedMeanwhile }
        }
        try EnterpriseTaxStore.insert(
            outcome.writes.map(\.tax), importID: one.id.rawValue, by: account.personID, now: surroundings.now(), in: tx)
        return outcome.preview
    }

    package func discard(_ id: ID<IndicatorImport>) async throws {
        let now = surroundings.now()
        let one = try await database.write { tx in
            let one = try IndicatorImportStore.find(id, in: tx)
            guard try IndicatorImportStore.finish(id, as: .discarded, nil, now: now, in: tx) else {
                throw IndicatorError.importDone
            }
            return one
        }
        try? FileManager.default.removeItem(atPath: one.filePath)
    }
}
