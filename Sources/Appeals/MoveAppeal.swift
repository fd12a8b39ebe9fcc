package import Casework
package import Core
internal import Organisation
package import Store
package import Web

/// Carries an appeal through its flow. Of two people who act on one state, the second is refused.
package struct MoveAppeal: Sendable {
    /// What a form says.
    package struct Order: Sendable, Equatable {
        package var event: AppealEvent
        /// The version of the case that the form showed.
        package var version: Int
        package var reason: String
        package var leadUnitCode: String?
        package var supportingUnitCodes: [String]
        /// What the call-back found, when the appeal is closed.
        package var rating: AppealRating

        package init(
            event: AppealEvent, version: Int, reason: String = "", leadUnitCode: String? = nil,
            supportingUnitCodes: [String] = [], rating: AppealRating = AppealRating()
        ) {
            self.event = event
            self.version = version
            self.reason = reason
            self.leadUnitCode = leadUnitCode
            self.supportingUnitCodes = supportingUnitCodes
            self.rating = rating
        }
    }

    private let database: any Database
    private let cases: Cases

    package init(database: any Database, cases: Cases) {
        self.database = database
        self.cases = cases
    }

    /// - Throws: `AppealError` or `CaseError`; then nothing has changed.
    package func callAsFunction(
        _ id: ID<CaseFile>, _ order: Order, by account: Visitor.Account
    ) async throws -> CaseFile {
        try await database.write { try move(id, order, account, in: $0) }
    }

    private func move(
        _ id: ID<CaseFile>, _ order: Order, _ account: Visitor.Account, in tx: any Transaction
    ) throws -> CaseFile {
        let now = cases.surroundings.now()
        guard let appeal = try AppealStore.find(id, in: tx) else { throw AppealError.notFound }
        let file = try CaseStore.find(id, now: now, in: tx)
        guard file.version == order.version else { throw CaseError.movedMeanwhile }
        let supporting = try CaseStore.supportingUnits(of: id, in: tx)
        guard AppealPermission.may(order.event, account, on: file, supporting: supporting) else {
            throw AppealError.notYours(order.event)
        }
        guard let state = AppealState(rawValue: file.state) else { throw CaseError.unknownState(file.state) }
        let next = try state.after(order.event)
        let reason = ImportText.cleaned(order.reason)
        guard !order.event.needsReason || !reason.isEmpty else { throw CaseError.reasonMissing }
        let max = order.event == .submit ? AppealLimits.resultCharactersMax : AppealLimits.reasonCharactersMax
        guard !ImportText.isLonger(reason, than: max) else { throw CaseError.textTooLong(max: max) }
        let actor = account.actor
        let moved = try cases.move(
            file, to: next.rawValue, isOpen: next.isOpen, event: AppealTimeline.name(order.event), detail: reason,
            actor: actor, in: tx)
        let done = try carryOut(order, appeal, moved, reason: reason, actor: actor, now: now, in: tx)
        var told = told(appeal, of: order.event, reason: reason, now: now)
        if order.event == .close, !order.rating.isEmpty {
            try AppealRatingStore.save(order.rating, of: id, now: now, in: tx)
            if order.rating.satisfaction == .dissatisfied { told.isDissatisfied = true }
        }
        try AppealStore.update(told, in: tx)
        try MineProblemsJob.enqueue(createdBy: account.personID, surroundings: cases.surroundings, in: tx)
        if order.event == .close {
            try TrainDispatchJob.enqueue(
                isSoon: false, createdBy: account.personID, surroundings: cases.surroundings, in: tx)
        }
        return done
    }

    /// What an event does besides changing the state: who leads, and until when.
    private func carryOut(
        _ order: Order, _ appeal: Appeal, _ file: CaseFile, reason: String, actor: Actor, now: Instant,
        in tx: any Transaction
    ) throws -> CaseFile {
        let profile = cases.profile
        switch order.event {
        case .take:
            return try cases.setDeadline(
                file, AppealDeadline.of(appeal.type, from: now, profile), reason: order.event.title.zh, actor: actor,
                in: tx)
        case .dispatch:
            guard let lead = order.leadUnitCode ?? file.leadUnitCode else { throw AppealError.unitMissing }
            return try cases.assign(
                file, lead: lead, supporting: order.supportingUnitCodes.filter { $0 != lead }, reason: reason,
                actor: actor, in: tx)
        case .extend:
            guard try CaseStore.deadline(of: file.id, in: tx) != nil else { return file }
            return try cases.extendDeadline(
                file, byWorkingDays: AppealDeadline.extensionDays(appeal.type, profile), reason: reason,
                actor: actor, in: tx)
        case .redo:
            return try cases.setDeadline(
                file, AppealDeadline.ofRedo(from: now, profile), reason: reason, actor: actor, in: tx)
        case .accept, .reject, .countersign, .contact, .handle, .submit, .callBack, .close:
            return file
        }
    }

    /// What the appeal itself keeps of an event: mining weighs transfers, dissatisfaction and duration.
    private func told(_ appeal: Appeal, of event: AppealEvent, reason: String, now: Instant) -> Appeal {
        var appeal = appeal
        appeal.updatedAt = now
        switch event {
        case .reject: appeal.transfers += 1
        case .submit: appeal.reply = reason
        case .close:
            appeal.closedAt = now
            if appeal.reply.isEmpty { appeal.reply = reason }
        case .redo: appeal.isDissatisfied = true
        case .take, .dispatch, .accept, .countersign, .contact, .handle, .extend, .callBack: break
        }
        return appeal
    }
}
