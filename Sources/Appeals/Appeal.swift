package import Casework
package import Core

/// 诉求: what a resident or enterprise reported, beside the case file of the same id that carries its handling.
package struct Appeal: Sendable, Equatable {
    package var id: ID<CaseFile>
    /// The system it came from, and its number there; together unique, so that an import can be repeated.
    package var source: String
    package var sourceID: String
    /// The import that brought it; nil when it was submitted on the portal.
    package var importID: Int64?
    package var type: AppealType
    /// 电话, 网站, 微信 …, as the source writes it.
    package var channel: String
    package var subject: String
    package var body: String
    package var submittedAt: Instant?
    /// Keyed hash of whoever wrote it: equal keys are one person. No name or telephone number is kept here.
    package var authorKey: String?
    package var address: String
    package var point: Coordinate?
    package var townshipCode: String?
    package var topic: String?
    /// How sure the topic is, in thousandths; nil when the source gave it.
    package var topicPermille: Int?
    /// The unit as the source writes it; the case file has the unit of the profile.
    package var unitText: String
    package var likes: Int
    package var dislikes: Int
    package var transfers: Int
    package var isDissatisfied: Bool
    package var closedAt: Instant?
    package var reply: String
    /// The source's number of the appeal this one repeats.
    package var duplicateOf: String?
    /// What the source's call-back found; it stands in a table of its own and is not read with the appeal.
    package var rating = AppealRating()
    package var rowChecksum: String
    package var updatedAt: Instant
    package var isDemo: Bool

    package init(
        id: ID<CaseFile>, source: String, sourceID: String, importID: Int64? = nil, type: AppealType,
        channel: String = "", subject: String, body: String, submittedAt: Instant?, authorKey: String? = nil,
        address: String = "", point: Coordinate? = nil, townshipCode: String? = nil, topic: String? = nil,
        topicPermille: Int? = nil, unitText: String = "", likes: Int = 0, dislikes: Int = 0, transfers: Int = 0,
        isDissatisfied: Bool = false, closedAt: Instant? = nil, reply: String = "", duplicateOf: String? = nil,
        rowChecksum: String = "", updatedAt: Instant, isDemo: Bool = false
    ) {
        self.id = id
        self.source = source
        self.sourceID = sourceID
        self.importID = importID
        self.type = type
        self.channel = channel
        self.subject = subject
        self.body = body
        self.submittedAt = submittedAt
        self.authorKey = authorKey
        self.address = address
        self.point = point
        self.townshipCode = townshipCode
        self.topic = topic
        self.topicPermille = topicPermille
        self.unitText = unitText
        self.likes = likes
        self.dislikes = dislikes
        self.transfers = transfers
        self.isDissatisfied = isDissatisfied
        self.closedAt = closedAt
        self.reply = reply
        self.duplicateOf = duplicateOf
        self.rowChecksum = rowChecksum
        self.updatedAt = updatedAt
        self.isDemo = isDemo
    }

    /// The appeal with what became of it here, as `other` knows it: what a source says does not take that away.
    func keepingHandling(of other: Appeal) -> Appeal {
        var appeal = self
        if !other.reply.isEmpty { appeal.reply = other.reply }
        appeal.closedAt = other.closedAt ?? closedAt
        appeal.transfers = max(transfers, other.transfers)
        appeal.isDissatisfied = isDissatisfied || other.isDissatisfied
        return appeal
    }

    /// The subject, or the beginning of the body where the source gives none.
    package var title: String {
        if !subject.isEmpty { return subject }
        let flat = body.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard flat.count > AppealLimits.titleFromBodyCharacters else { return flat }
        return flat.prefix(AppealLimits.titleFromBodyCharacters) + "…"
    }

    /// What full-text search finds it by, besides the case's title.
    package var searchText: String {
        [subject == caseTitle ? "" : subject, body, address, sourceID].filter { !$0.isEmpty }.joined(separator: "\n")
    }
}

/// 工单类型: what the resident wants. It decides the time limit.
package enum AppealType: String, Sendable, CaseIterable {
    case consult, help, complaint, suggestion, praise

    package var title: Bilingual {
        switch self {
        case .consult: Bilingual(zh: "咨询", en: "Enquiry")
        case .help: Bilingual(zh: "求助", en: "Request for help")
        case .complaint: Bilingual(zh: "投诉", en: "Complaint")
        case .suggestion: Bilingual(zh: "建议", en: "Suggestion")
        case .praise: Bilingual(zh: "表扬", en: "Praise")
        }
    }

    /// Reads what a source writes in its type column; nil when it is none of the five.
    package init?(label: String) {
        guard let found = Self.named(in: label[...]) else { return nil }
        self = found
    }

    /// The type a subject announces; help where it announces none.
    package init(subject: String) {
        self = Self.named(in: subject.prefix(AppealLimits.typeOpeningCharacters)) ?? .help
    }

    /// The first type one of whose words the text has. In bytes: an import asks this of every row.
    private static func named(in text: Substring) -> AppealType? {
        var text = text
        return text.withUTF8 { bytes in
            words.first { pair in pair.words.contains { ImportText.holds(bytes, lowercase: $0) } }?.type
        }
    }

    private static let words: [(type: AppealType, words: [[UInt8]])] = labels.map { label in
        (label.type, label.words.map { Array($0.utf8) })
    }

    private static let labels: [(type: AppealType, words: [String])] = [
        (.complaint, ["投诉", "举报", "反映", "complain", "report of"]),
        (.praise, ["表扬", "感谢", "点赞", "praise", "thank"]),
        (.suggestion, ["建议", "意见", "suggest"]),
        (.consult, ["咨询", "请问", "询问", "enquir", "inquir", "question", "information"]),
        (.help, ["求助", "请求", "诉求", "help", "request"]),
    ]
}
