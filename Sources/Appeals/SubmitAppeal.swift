package import Casework
package import Core
package import Store

/// Takes an appeal from the portal. As little as possible is asked: the text; all else is optional.
package struct SubmitAppeal: Sendable {
    package struct Form: Sendable, Equatable {
        package var type: AppealType
        package var subject: String
        package var text: String
        package var address: String
        package var name: String
        package var phone: String
        /// Names the form that was filled in, so that sent twice it is one appeal.
        package var ticket: String

        package init(
            type: AppealType = .help, subject: String = "", text: String = "", address: String = "",
            name: String = "", phone: String = "",
            ticket: String = Self.newTicket()
        ) {
            self.type = type
            self.subject = subject
            self.text = text
            self.address = address
            self.name = name
            self.phone = phone
            self.ticket = ticket
        }

        /// 128 random bits.
        package static func newTicket() -> String {
            var generator = SystemRandomNumberGenerator()
            return Hex.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        }

        /// Everything the form says, and which form it was.
        fileprivate var parts: [String] { [ticket, type.rawValue, subject, text, address, name, phone] }
    }

    /// What the resident gets to follow the appeal with.
    package struct Receipt: Sendable, Equatable {
        package let id: ID<CaseFile>
        package let number: String
        package let code: String
    }

    /// The source of what comes in on the portal.
    package static let source = "portal"

    private let database: any Database
    private let cases: Cases
    private let author: ImportAuthor
    private let codes: FollowCode
    private let locator: TownshipLocator
    private let topic: TopicGuess?

    package init(
        database: any Database, cases: Cases, secret: [UInt8], locator: TownshipLocator, topic: TopicGuess?
    ) {
        self.database = database
        self.cases = cases
        author = ImportAuthor(secret: secret)
        codes = FollowCode(secret: secret)
        self.locator = locator
        self.topic = topic
    }

    /// - Throws: `AppealError`; then nothing is kept but the attempt.
    package func callAsFunction(_ form: Form, from visitor: PortalVisitor) async throws -> Receipt {
        let form = try checked(form)
        let formName = codes.formName(form.parts)
        let code = codes.code(ofForm: formName)
        if let sent = try await database.read({ try receipt(formName, code, in: $0) }) { return sent }
        try await throttle(
            "submit", visitor, uses: AppealLimits.submissionsPerWindow, perAddress: AppealLimits.submissionsPerAddress,
            minutes: AppealLimits.submissionWindowMinutes)
        let now = cases.surroundings.now()
        let id = ID<CaseFile>(cases.surroundings.newID())
        var appeal = Appeal(
            id: id, source: Self.source, sourceID: formName, type: form.type, channel: Self.source,
            subject: form.subject, body: form.text, submittedAt: now,
            authorKey: author.key(author: form.name, phone: form.phone), address: form.address,
            townshipCode: locator.township(in: form.address, form.subject, form.text), updatedAt: now)
        if let guess = topic?(ImportRowReader.topicText(appeal)) {
            appeal.topic = guess.label
            appeal.topicPermille = guess.permille
        }
        appeal.rowChecksum = ImportRowReader.checksum(appeal)
        let complete = appeal
        let contact = AppealPortalStore.Contact(name: form.name, phone: form.phone)
        do {
            return try await database.write { tx in
                // Sent twice at the same moment: the second finds what the first has written.
                if let sent = try receipt(formName, code, in: tx) { return sent }
                let file = try cases.open(
                    NewCase(
                        id: id, kind: AppealKind.name, title: complete.caseTitle,
                        state: AppealState.received.rawValue, isOpen: true, townshipCode: complete.townshipCode,
                        openedAt: now, deadline: AppealDeadline.of(form.type, from: now, cases.profile),
                        searchText: complete.searchText, actor: .resident, event: AppealTimeline.submitted, detail: ""),
                    in: tx)
                try AppealStore.insert(CollectionOfOne(complete), in: tx)
                try AppealPortalStore.insertContact(
                    contact, followCodeHash: codes.hash(number: file.number, code: code), of: id, in: tx)
                try MineProblemsJob.enqueue(surroundings: cases.surroundings, in: tx)
                return Receipt(id: id, number: file.number, code: code)
            }
        } catch StoreError.duplicate {
            // PostgreSQL shows the first only once it is committed.
            guard let sent = try await database.read({ try receipt(formName, code, in: $0) }) else {
                throw AppealError.tooManyTries(minutes: 1)
            }
            return sent
        }
    }

    /// What the sender of this very form was given before.
    private func receipt(_ formName: String, _ code: String, in tx: any Transaction) throws -> Receipt? {
        guard let known = try AppealStore.find(source: Self.source, sourceID: formName, in: tx) else { return nil }
        let file = try CaseStore.find(known.id, now: cases.surroundings.now(), in: tx)
        return Receipt(id: known.id, number: file.number, code: code)
    }

    /// The case of a number and its code.
    ///
    /// - Throws: `AppealError.followCodeWrong` for a wrong number and a wrong code alike, so that neither can be tried.
    package func find(number: String, code: String, from visitor: PortalVisitor) async throws -> ID<CaseFile> {
        try await throttle(
            "find", visitor, uses: AppealLimits.findsPerWindow, perAddress: AppealLimits.findsPerAddress,
            minutes: AppealLimits.findWindowMinutes)
        let number = number.uppercased().filter { !$0.isWhitespace }
        let (now, hash) = (cases.surroundings.now(), codes.hash(number: number, code: code))
        return try await database.read { tx in
            guard let file = try CaseStore.find(number: number, now: now, in: tx), file.kind == AppealKind.name,
                try AppealPortalStore.isFollowed(file.id, by: hash, in: tx)
            else { throw AppealError.followCodeWrong }
            return file.id
        }
    }

    private func checked(_ form: Form) throws(AppealError) -> Form {
        var form = form
        form.subject = ImportText.cleaned(form.subject)
        form.text = ImportText.cleaned(form.text)
        form.address = ImportText.cleaned(form.address)
        form.name = ImportText.cleaned(form.name)
        form.phone = ImportText.cleaned(form.phone)
        guard !form.text.isEmpty else { throw .textMissing }
        guard !ImportText.isLonger(form.text, than: AppealLimits.portalTextCharactersMax) else {
            throw .textTooLong(max: AppealLimits.portalTextCharactersMax)
        }
        guard !ImportText.isLonger(form.subject, than: AppealLimits.portalSubjectCharactersMax) else {
            throw .subjectTooLong(max: AppealLimits.portalSubjectCharactersMax)
        }
        form.address = String(form.address.prefix(AppealLimits.shortTextCharactersMax))
        form.name = String(form.name.prefix(AppealLimits.contactNameCharactersMax))
        let digits = form.phone.count(where: \.isNumber)
        let isPhone = (AppealLimits.phoneDigitsMin...AppealLimits.phoneDigitsMax).contains(digits)
        guard form.phone.isEmpty || (isPhone && form.phone.allSatisfy { $0.isNumber || "+- ()".contains($0) }) else {
            throw .phoneWrong
        }
        return form
    }

    /// In a transaction of its own, so that refused attempts count.
    private func throttle(
        _ action: String, _ visitor: PortalVisitor, uses: Int, perAddress: Int, minutes: Int
    ) async throws {
        let now = cases.surroundings.now()
        let window = Int64(minutes) * 60_000
        let keys =
            [(action, visitor.key, uses)] + (visitor.address.map { [("\(action)-address", $0, perAddress)] } ?? [])
        let codes = codes
        let isTooOften = try await database.write { tx in
            try AppealPortalStore.forget(before: now.adding(days: -1), in: tx)
            return try keys.filter { action, key, most in
                try AppealPortalStore.use(
                    action, by: codes.visitorKey(key), windowMilliseconds: window, now: now, in: tx) > most
            }.isEmpty == false
        }
        guard !isTooOften else { throw AppealError.tooManyTries(minutes: minutes) }
    }
}

/// Whoever comes to the portal without an account. Of both only keyed hashes are kept, for a day.
package struct PortalVisitor: Sendable, Equatable {
    /// The browser, by its cookie; nothing hinders anybody from throwing that away.
    package let key: String
    /// The network address, which neighbours, or a whole office, may share.
    package let address: String?

    package init(key: String, address: String?) {
        self.key = key
        self.address = address
    }
}
