package import Core
package import Foundation
package import Store

/// A file that belongs to a case.
package struct CaseAttachment: Sendable, Equatable {
    package let id: ID<CaseAttachment>
    package let caseID: ID<CaseFile>
    /// SHA-256 of the content, in hexadecimal.
    package let digest: String
    package let name: String
    package let contentType: String
    package let bytes: Int
    package let at: Instant
    package let actor: Actor
}

/// A file that has been taken into the folder and may be attached to cases.
package struct StoredFile: Sendable, Equatable {
    package let digest: String
    package let name: String
    package let contentType: String
    package let bytes: Int
}

extension BlobFolder {
    /// Checks an uploaded file by its content and takes it in. The upload is gone afterwards, whatever came of it.
    ///
    /// - Throws: `CaseError` for a file that is empty, too large, of a refused type, or named as another type.
    package func receive(_ upload: URL, name: String) throws -> StoredFile {
        defer { try? FileManager.default.removeItem(at: upload) }
        let bytes = try Data(contentsOf: upload, options: .mappedIfSafe)
        guard !bytes.isEmpty else { throw CaseError.fileEmpty }
        guard bytes.count <= CasesLimits.attachmentBytesMax else {
            throw CaseError.fileTooLarge(bytesMax: CasesLimits.attachmentBytesMax)
        }
        guard let type = FileType(of: bytes) else { throw CaseError.fileTypeRefused }
        let name = FileName.clean(name)
        guard type.endings.contains(FileName.ending(name)) else { throw CaseError.fileTypeDiffers(found: type.title) }
        let digest = try take(upload)
        return StoredFile(digest: digest, name: name, contentType: type.contentType, bytes: bytes.count)
    }
}

extension Cases {
    @discardableResult
    package func attach(
        _ stored: StoredFile, to file: CaseFile, actor: Actor, in tx: any Transaction
    ) throws -> ID<CaseAttachment> {
        let details = [stored.name, String(stored.bytes), stored.digest]
        // The timeline first: its row locks the case while the attachments are counted.
        try note(file.id, .attached, details, actor: actor, in: tx)
        let present = try CaseAttachmentStore.attachments(of: file.id, in: tx)
        guard present.count < CasesLimits.attachmentsMax else {
            throw CaseError.tooManyFiles(max: CasesLimits.attachmentsMax)
        }
        guard !present.contains(where: { $0.digest == stored.digest && $0.name == stored.name }) else {
            throw CaseError.fileAlreadyAttached
        }
        let attachment = CaseAttachment(
            id: ID(surroundings.newID()), caseID: file.id, digest: stored.digest, name: stored.name,
            contentType: stored.contentType, bytes: stored.bytes, at: surroundings.now(), actor: actor)
        try CaseAttachmentStore.insert(attachment, in: tx)
        return attachment.id
    }

    /// Takes an attachment off its case. Its content goes a day later, unless another attachment has the same.
    package func detach(
        _ id: ID<CaseAttachment>, of file: CaseFile, reason: String, actor: Actor, in tx: any Transaction
    ) throws {
        let reason = try CaseText.reason(reason)
        guard let attachment = try CaseAttachmentStore.find(id, in: tx), attachment.caseID == file.id else {
            throw CaseError.attachmentUnknown
        }
        try note(file.id, .detached, [attachment.name, attachment.digest, reason], actor: actor, in: tx)
        guard try CaseAttachmentStore.markRemoved(id, at: surroundings.now(), in: tx) else {
            throw CaseError.attachmentUnknown
        }
        try SweepFiles.enqueue(surroundings, in: tx)
    }
}
