package import Core
package import Store

extension Cases {
    /// Ties `file` to another case; both timelines say so.
    @discardableResult
    package func link(
        _ file: CaseFile, _ kind: CaseLink.Kind, to other: CaseFile, actor: Actor, in tx: any Transaction
    ) throws -> ID<CaseLink> {
        guard file.id != other.id else { throw CaseError.linkToItself }
        for one in [file, other] where try CaseLinkStore.count(of: one.id, in: tx) >= CasesLimits.linksMax {
            throw CaseError.tooManyLinks(max: CasesLimits.linksMax)
        }
        // The timelines first: their rows lock the cases, so that two links cannot pass the check below together.
        try noteBoth(.linked, kind, from: file, to: other, actor: actor, in: tx)
        guard try !CaseLinkStore.exists(kind, from: file.id, to: other.id, in: tx) else { throw CaseError.linkExists }
        // Of a and b each the duplicate of the other nobody could say which one counts.
        if kind == .duplicates, try CaseLinkStore.exists(kind, from: other.id, to: file.id, in: tx) {
            throw CaseError.linkExists
        }
        let id = ID<CaseLink>(surroundings.newID())
        try CaseLinkStore.insert(id, kind, from: file.id, to: other.id, at: surroundings.now(), in: tx)
        return id
    }

    /// - Throws: `CaseError.linkUnknown` when the case has no such link.
    package func unlink(_ id: ID<CaseLink>, of file: CaseFile, actor: Actor, in tx: any Transaction) throws {
        guard let link = try CaseLinkStore.links(of: file.id, in: tx).first(where: { $0.id == id }) else {
            throw CaseError.linkUnknown
        }
        let other = try CaseStore.find(link.otherID, now: surroundings.now(), in: tx)
        let (from, to) = link.isOutgoing ? (file, other) : (other, file)
        try noteBoth(.unlinked, link.kind, from: from, to: to, actor: actor, in: tx)
        guard try CaseLinkStore.delete(id, in: tx) else { throw CaseError.linkUnknown }
    }

    /// In the order of the identifiers, so that two writers cannot wait for each other.
    private func noteBoth(
        _ event: CaseEvent, _ kind: CaseLink.Kind, from: CaseFile, to: CaseFile, actor: Actor, in tx: any Transaction
    ) throws {
        let sides = [(from, "out", to), (to, "in", from)].sorted { $0.0.id < $1.0.id }
        for (file, direction, other) in sides {
            try note(
                file.id, event, ["\(kind.rawValue).\(direction)", other.number, other.title], actor: actor, in: tx)
        }
    }
}
