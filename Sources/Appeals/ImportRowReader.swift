internal import Casework
internal import Core
internal import Crypto
internal import Foundation
internal import Sheets

/// Says what a text is about, with how sure that is in thousandths.
package typealias TopicGuess = @Sendable (_ text: String) -> (label: String, permille: Int)?

/// Makes appeals of rows: cleans, checks, and derives what the row does not say itself.
struct ImportRowReader {
    /// A row as read: an appeal without its identifier, or why there is none.
    struct Reading {
        let rowNumber: Int
        let appeal: Appeal?
        /// Refusal first, then warnings.
        let remarks: [ImportRemark]
        /// The row as it stands in the file; only where there is a remark.
        let cells: [String]
    }

    private let layout: ImportLayout
    private let source: String
    private let zone: TimeZoneOffset
    private let earliest: Instant
    private let latest: Instant
    private let author: ImportAuthor
    private let locator: TownshipLocator
    private let points: ImportPoint
    private let topic: TopicGuess?
    /// Few names fill a township column, so each is looked up once.
    private var townships: [String: String?] = [:]
    private var remarks: [ImportRemark] = []

    init(
        layout: ImportLayout, source: String, datum: Datum?, now: Instant, zone: TimeZoneOffset, author: ImportAuthor,
        locator: TownshipLocator, topic: TopicGuess?
    ) {
        self.layout = layout
        self.source = source
        self.zone = zone
        self.author = author
        self.locator = locator
        func header(_ field: ImportField) -> String { layout.columns[field].map { layout.headers[$0] } ?? "" }
        points = ImportPoint(
            datum: datum, latitudeHeader: header(.latitude), longitudeHeader: header(.longitude), locator: locator)
        self.topic = topic
        earliest = (Day(year: ImportLimits.yearMin, month: 1, day: 1) ?? Day(number: 0)).start(in: zone)
        latest = now.adding(days: Int64(ImportLimits.futureDaysMax))
    }

    mutating func read(_ row: SheetRow) -> Reading {
        remarks.removeAll(keepingCapacity: true)
        let appeal = appeal(row)
        guard !remarks.isEmpty else { return Reading(rowNumber: row.number, appeal: appeal, remarks: [], cells: []) }
        let refusals = remarks.filter { !$0.reason.isWarning }
        return Reading(
            rowNumber: row.number, appeal: refusals.isEmpty ? appeal : nil,
            remarks: refusals + remarks.filter(\.reason.isWarning),
            cells: layout.headers.indices.map { String(row[$0].string.prefix(ImportLimits.rejectCellCharactersMax)) })
    }

    // MARK: - One row

    private mutating func appeal(_ row: SheetRow) -> Appeal? {
        let subject = text(.subject, row)
        let body = text(.text, row)
        if subject.isEmpty, body.isEmpty { remark(layout.columns[.text] == nil ? .subject : .text, .textMissing) }
        if ImportText.isLonger(subject, than: AppealLimits.subjectCharactersMax) { remark(.subject, .subjectTooLong) }
        if ImportText.isLonger(body, than: AppealLimits.bodyCharactersMax) { remark(.text, .textTooLong) }
        let reply = text(.reply, row)
        if ImportText.isLonger(reply, than: AppealLimits.replyCharactersMax) { remark(.reply, .replyTooLong) }
        let submittedAt = time(row)
        let closedAt = closed(row, after: submittedAt)
        let address = shortText(.address, row)
        let point = point(row)
        let phone = text(.phone, row)
        let authorKey = author.key(author: text(.author, row), phone: phone)
        var appeal = Appeal(
            id: ID(0), source: source, sourceID: text(.id, row), type: type(row, subject: subject),
            channel: shortText(.channel, row), subject: subject, body: body, submittedAt: submittedAt,
            authorKey: authorKey, address: address, point: point, topic: nonEmpty(shortText(.topic, row)),
            unitText: shortText(.unit, row), likes: whole(.likes, row), dislikes: whole(.dislikes, row),
            transfers: whole(.transfers, row),
            isDissatisfied: AppealRating.Satisfaction(said: text(.satisfaction, row)) == .dissatisfied,
            closedAt: closedAt, reply: reply, duplicateOf: nonEmpty(shortText(.duplicate, row)),
            updatedAt: Instant(millisecondsSince1970: 0))
        if ImportText.isLonger(appeal.sourceID, than: AppealLimits.sourceIDCharactersMax) { remark(.id, .idTooLong) }
        guard remarks.allSatisfy(\.reason.isWarning) else { return nil }
        if appeal.sourceID.isEmpty { appeal.sourceID = "row-" + Self.identity(appeal) }
        appeal.rating = AppealRating(
            contacted: text(.contacted, row), verdict: text(.verdict, row), satisfaction: text(.satisfaction, row))
        appeal.townshipCode = township(row, appeal)
        appeal.rowChecksum = Self.checksum(appeal)
        if appeal.topic == nil, let guess = topic?(Self.topicText(appeal)) {
            appeal.topic = guess.label
            appeal.topicPermille = guess.permille
        }
        return appeal
    }

    private mutating func remark(_ field: ImportField, _ reason: ImportReason) {
        remarks.append(ImportRemark(field: field, reason: reason))
    }

    private func text(_ field: ImportField, _ row: SheetRow) -> String {
        guard let column = layout.columns[field] else { return "" }
        return ImportText.cleaned(row[column].string)
    }

    private mutating func shortText(_ field: ImportField, _ row: SheetRow) -> String {
        let text = text(field, row)
        guard ImportText.isLonger(text, than: AppealLimits.shortTextCharactersMax) else {
            return Self.isNothing(text) ? "" : text
        }
        remark(field, .shortTextCut)
        return String(text.prefix(AppealLimits.shortTextCharactersMax))
    }

    private func nonEmpty(_ text: String) -> String? { text.isEmpty ? nil : text }

    private mutating func whole(_ field: ImportField, _ row: SheetRow) -> Int {
        let text = text(field, row)
        guard !text.isEmpty else { return 0 }
        guard let number = Int(text), (0...1_000_000_000).contains(number) else {
            remark(field, .numberUnreadable)
            return 0
        }
        return number
    }

    // MARK: - Times and places

    private func instant(_ field: ImportField, _ row: SheetRow) -> (isFilled: Bool, instant: Instant?) {
        guard let column = layout.columns[field] else { return (false, nil) }
        if case .date(let milliseconds) = row[column] {
            return (true, DateReader.instant(wallClockMilliseconds: milliseconds, zone: zone))
        }
        let text = ImportText.cleaned(row[column].string)
        return text.isEmpty ? (false, nil) : (true, DateReader.read(text, zone: zone))
    }

    private mutating func time(_ row: SheetRow) -> Instant? {
        let (isFilled, instant) = instant(.time, row)
        guard isFilled else {
            if layout.columns[.time] != nil { remark(.time, .timeMissing) }
            return nil
        }
        guard let instant else {
            remark(.time, .timeUnreadable)
            return nil
        }
        guard instant >= earliest, instant <= latest else {
            remark(.time, .timeImpossible)
            return nil
        }
        return instant
    }

    private mutating func closed(_ row: SheetRow, after submittedAt: Instant?) -> Instant? {
        let (isFilled, instant) = instant(.closed, row)
        guard isFilled else { return nil }
        guard let instant, instant >= earliest, instant <= latest else {
            remark(.closed, .closedUnreadable)
            return nil
        }
        if let submittedAt, instant < submittedAt {
            remark(.closed, .closedBeforeTime)
            return nil
        }
        return instant
    }

    /// A point of 0, 0 lies in the sea off Africa and means that nobody filled it in.
    private mutating func point(_ row: SheetRow) -> Coordinate? {
        let (latitude, longitude) = (text(.latitude, row), text(.longitude, row))
        guard !latitude.isEmpty || !longitude.isEmpty else { return nil }
        let (point, reason) = points.read(latitude: latitude, longitude: longitude)
        if let reason { remark(.latitude, reason) }
        return point
    }

    private mutating func township(_ row: SheetRow, _ appeal: Appeal) -> String? {
        if let point = appeal.point, let code = locator.township(of: point) { return code }
        let named = text(.township, row)
        if !named.isEmpty {
            if let known = townships[named] {
                if let known { return known }
            } else {
                let code = locator.township(named: named)
                if townships.count < ImportLimits.townshipNamesKept { townships[named] = .some(code) }
                if let code { return code }
            }
        }
        return locator.township(in: appeal.address, appeal.subject, appeal.body)
    }

    private func type(_ row: SheetRow, subject: String) -> AppealType {
        let label = text(.type, row)
        return (label.isEmpty ? nil : AppealType(label: label)) ?? AppealType(subject: subject)
    }

    // MARK: - Words

    /// What people write into a cell that has nothing to say.
    private static func isNothing(_ text: String) -> Bool {
        text.utf8.count <= 6 && ["无", "-", "—", "/", "\\", "不详", "未知", "空", "null", "NULL", "N/A"].contains(text)
    }

    static func topicText(_ appeal: Appeal) -> String {
        appeal.subject.isEmpty
            ? appeal.body : appeal.body.isEmpty ? appeal.subject : appeal.subject + "\n" + appeal.body
    }

    // MARK: - Hashes

    /// What stands for the number of an appeal whose source has none: two rows that say the same at the same time from
    /// the same person are one.
    static func identity(_ appeal: Appeal) -> String {
        var hasher = SHA256()
        add(appeal.subject, to: &hasher)
        add(appeal.body, to: &hasher)
        add(appeal.address, to: &hasher)
        add(appeal.authorKey ?? "", to: &hasher)
        add(appeal.submittedAt.map { String($0.millisecondsSince1970) } ?? "", to: &hasher)
        return Hex.text(hasher.finalize().prefix(12))
    }

    /// Of everything the row says, so that a row that says nothing new is known as such.
    static func checksum(_ appeal: Appeal) -> String {
        var hasher = SHA256()
        for text in [
            appeal.type.rawValue, appeal.channel, appeal.subject, appeal.body, appeal.authorKey ?? "", appeal.address,
            appeal.topic ?? "", appeal.unitText, appeal.reply, appeal.duplicateOf ?? "", appeal.townshipCode ?? "",
        ] {
            add(text, to: &hasher)
        }
        let numbers: [Int64] = [
            appeal.submittedAt?.millisecondsSince1970 ?? .min, appeal.closedAt?.millisecondsSince1970 ?? .min,
            Int64(appeal.likes), Int64(appeal.dislikes), Int64(appeal.transfers), appeal.isDissatisfied ? 1 : 0,
            appeal.point.map { Int64($0.latitude * 10_000_000) } ?? .min,
            appeal.point.map { Int64($0.longitude * 10_000_000) } ?? .min,
        ]
        numbers.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        // Only where there is one: what was imported before ratings were read is still known as the same.
        let rating = appeal.rating
        if !rating.isEmpty {
            add(rating.isContactedFirst.map { $0 ? "1" : "0" } ?? "", to: &hasher)
            add(rating.verdict?.rawValue ?? "", to: &hasher)
            add(rating.satisfaction?.rawValue ?? "", to: &hasher)
        }
        return Hex.text(hasher.finalize().prefix(16))
    }

    private static func add(_ text: String, to hasher: inout SHA256) {
        var text = text
        text.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        hasher.update(data: separator)
    }

    private static let separator = Data([0])
}
