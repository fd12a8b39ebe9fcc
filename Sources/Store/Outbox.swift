package import Core
internal import Foundation

/// Something that happened, told to whoever must act because of it.
package struct OutboxMessage: Sendable, Equatable {
    package let id: Int64
    package let topic: String
    /// JSON.
    package let payload: String
    package let createdAt: Instant
}

/// Acts on messages of its topics, each at least once and in no order that it may rely on.
package protocol OutboxSubscriber: Sendable {
    /// Stable and unique: undelivered messages wait under this name.
    var name: String { get }
    var topics: Set<String> { get }
    func receive(_ message: OutboxMessage) async throws
}

/// What must happen because of something, written in the transaction in which it happened.
///
/// Forwarding turns each message into one job per subscriber, in the transaction that removes it. So each subscriber
/// has its own retries, back-off and parking, and a broken one holds up no other.
package enum Outbox {
    package static func append(
        topic: String, payload: String, surroundings: Surroundings, in tx: any Transaction
    ) throws {
        try tx.run(
            """
            INSERT INTO outbox (id, topic, payload, created_at_ms)
            VALUES (\(surroundings.newID()), \(topic), \(payload), \(surroundings.now()))
            """)
    }

    /// Messages nobody has forwarded yet.
    package static func count(in tx: any Transaction) throws -> Int {
        try tx.first("SELECT COUNT(*) AS n FROM outbox")?.get("n") ?? 0
    }

    /// Hands over one batch, oldest first; returns how many messages. Several processes may do so at once.
    ///
    /// Only topics somebody subscribed to are taken: the rest waits for a program that knows them.
    @discardableResult
    package static func forward(
        to subscribers: [any OutboxSubscriber], database: any Database, surroundings: Surroundings
    ) async throws -> Int {
        let topics = Set(subscribers.flatMap(\.topics)).sorted()
        guard !topics.isEmpty else { return 0 }
        let isAny = try await database.read { tx in
            try tx.first("SELECT id FROM outbox WHERE topic IN (\(list: topics)) LIMIT 1") != nil
        }
        guard isAny else { return 0 }
        return try await database.write { tx in
            let messages = try take(topics, in: tx)
            for message in messages {
                for subscriber in subscribers where subscriber.topics.contains(message.topic) {
                    try JobQueue.enqueue(
                        kind: OutboxDelivery.kind(of: subscriber), payload: try OutboxDelivery.encode(message),
                        surroundings: surroundings, in: tx)
                }
            }
            return messages.count
        }
    }

    private static func take(_ topics: [String], in tx: any Transaction) throws -> [OutboxMessage] {
        let skip: SQL = tx.engine == .postgresql ? "FOR UPDATE SKIP LOCKED" : ""
        let rows = try tx.all(
            """
            DELETE FROM outbox WHERE id IN (
                SELECT id FROM outbox WHERE topic IN (\(list: topics)) ORDER BY id
                LIMIT \(StoreLimits.outboxBatch) \(skip))
            RETURNING *
            """)
        return try rows.map { row in
            OutboxMessage(
                id: try row.get("id"), topic: try row.get("topic"), payload: try row.get("payload"),
                createdAt: try row.get("created_at_ms"))
        }.sorted { $0.id < $1.id }
    }
}

/// The job that brings one message to one subscriber.
struct OutboxDelivery: JobHandler {
    let subscriber: any OutboxSubscriber

    var kind: String { Self.kind(of: subscriber) }

    func run(_ job: Job, progress: JobProgress) async throws {
        try await subscriber.receive(try Self.decode(job.payload))
    }

    static func kind(of subscriber: any OutboxSubscriber) -> String { "outbox-\(subscriber.name)" }

    private struct Envelope: Codable {
        let id: Int64
        let topic: String
        let payload: String
        let createdAtMs: Int64
    }

    static func encode(_ message: OutboxMessage) throws -> String {
        let envelope = Envelope(
            id: message.id, topic: message.topic, payload: message.payload,
            createdAtMs: message.createdAt.millisecondsSince1970)
        return String(decoding: try JSONEncoder().encode(envelope), as: UTF8.self)
    }

    static func decode(_ payload: String) throws -> OutboxMessage {
        let envelope = try JSONDecoder().decode(Envelope.self, from: Data(payload.utf8))
        return OutboxMessage(
            id: envelope.id, topic: envelope.topic, payload: envelope.payload,
            createdAt: Instant(millisecondsSince1970: envelope.createdAtMs))
    }
}
