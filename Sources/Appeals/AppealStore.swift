package import Casework
package import Core
package import Store

/// The SQL of the table `appeal`.
package enum AppealStore {
    package static let columns: [StaticString] = [
        "id", "source", "source_id", "import_id", "appeal_type", "channel", "subject", "body", "submitted_at_ms",
        "author_key", "address", "latitude", "longitude", "township_code", "topic", "topic_permille", "unit_text",
        "likes", "dislikes", "transfers", "is_dissatisfied", "closed_at_ms", "reply", "duplicate_of",
        "row_checksum", "updated_at_ms", "is_demo",
    ]

    package static func find(_ id: ID<CaseFile>, in tx: any Transaction) throws -> Appeal? {
        try tx.first("SELECT * FROM appeal WHERE id = \(id)").map(Appeal.init)
    }

    package static func find(source: String, sourceID: String, in tx: any Transaction) throws -> Appeal? {
        try tx.first("SELECT * FROM appeal WHERE source = \(source) AND source_id = \(sourceID)").map(Appeal.init)
    }

    package static func find(_ ids: [ID<CaseFile>], in tx: any Transaction) throws -> [Appeal] {
        try ids.parts(of: AppealLimits.identifiersPerStatement).flatMap { part in
            try tx.all("SELECT * FROM appeal WHERE id IN (\(list: part))").map(Appeal.init)
        }
    }

    package static func insert(_ appeals: some Sequence<Appeal>, in tx: any Transaction) throws {
        try tx.insert(into: "appeal", columns: columns, rows: appeals.map(\.values))
    }

    /// Writes everything a source may change; id, source and the import that first brought it stay.
    package static func update(_ appeal: Appeal, in tx: any Transaction) throws {
        try tx.run(
            """
            UPDATE appeal SET appeal_type = \(appeal.type.rawValue), channel = \(appeal.channel),
                subject = \(appeal.subject), body = \(appeal.body), submitted_at_ms = \(appeal.submittedAt),
                author_key = \(appeal.authorKey), address = \(appeal.address),
                latitude = \(appeal.point?.latitude), longitude = \(appeal.point?.longitude),
                township_code = \(appeal.townshipCode), topic = \(appeal.topic),
                topic_permille = \(appeal.topicPermille), unit_text = \(appeal.unitText), likes = \(appeal.likes),
                dislikes = \(appeal.dislikes), transfers = \(appeal.transfers),
                is_dissatisfied = \(appeal.isDissatisfied), closed_at_ms = \(appeal.closedAt),
                reply = \(appeal.reply), duplicate_of = \(appeal.duplicateOf),
                row_checksum = \(appeal.rowChecksum), updated_at_ms = \(appeal.updatedAt)
            WHERE id = \(appeal.id)
            """)
    }
}

extension Appeal {
    init(_ row: Row) throws {
        self.init(
            id: try row.get("id"), source: try row.get("source"), sourceID: try row.get("source_id"),
            importID: try row.getOptional("import_id"), type: try row.get("appeal_type"),
            channel: try row.get("channel"), subject: try row.get("subject"), body: try row.get("body"),
            submittedAt: try row.getOptional("submitted_at_ms"), authorKey: try row.getOptional("author_key"),
            address: try row.get("address"), point: try row.point(),
            townshipCode: try row.getOptional("township_code"), topic: try row.getOptional("topic"),
            topicPermille: try row.getOptional("topic_permille"), unitText: try row.get("unit_text"),
            likes: try row.get("likes"), dislikes: try row.get("dislikes"), transfers: try row.get("transfers"),
            isDissatisfied: try row.get("is_dissatisfied"), closedAt: try row.getOptional("closed_at_ms"),
            reply: try row.get("reply"), duplicateOf: try row.getOptional("duplicate_of"),
            rowChecksum: try row.get("row_checksum"), updatedAt: try row.get("updated_at_ms"),
            isDemo: try row.get("is_demo"))
    }

    /// In the order of `AppealStore.columns`.
    var values: [Value] {
        func text(_ text: String?) -> Value { text.map(Value.text) ?? .null }
        func whole(_ number: Int?) -> Value { number.map { .integer(Int64($0)) } ?? .null }
        return [
            id.value, .text(source), .text(sourceID), importID.map(Value.integer) ?? .null, .text(type.rawValue),
            .text(channel), .text(subject), .text(body), submittedAt?.value ?? .null, text(authorKey),
            .text(address), point.map { .real($0.latitude) } ?? .null, point.map { .real($0.longitude) } ?? .null,
            text(townshipCode), text(topic), whole(topicPermille), .text(unitText), likes.value, dislikes.value,
            transfers.value, isDissatisfied.value, closedAt?.value ?? .null, .text(reply), text(duplicateOf),
            .text(rowChecksum), updatedAt.value, isDemo.value,
        ]
    }
}

extension Row {
    /// The point of `latitude` and `longitude`; nil where either is NULL.
    func point() throws -> Coordinate? {
        guard let latitude: Double = try getOptional("latitude"),
            let longitude: Double = try getOptional("longitude")
        else { return nil }
        return Coordinate(latitude: latitude, longitude: longitude)
    }
}
