package import Core
internal import Crypto

/// One thing that happened to a case. Written once, never changed.
package struct TimelineEntry: Sendable, Equatable {
    package let caseID: ID<CaseFile>
    /// Counts from 1 within the case, without a gap.
    package let sequence: Int64
    package let at: Instant
    /// The event's name: a domain's own, or one of `CaseEvent`.
    package let event: String
    /// A domain's text, or for a `CaseEvent` its arguments as `EventArguments` writes them.
    package let detail: String
    package let fromState: String?
    package let toState: String?
    package let actor: Actor
    /// SHA-256 over this entry and the hash of the one before, in hexadecimal.
    package let hash: String
}

/// What the spine itself writes into timelines; domains name their own events differently.
package enum CaseEvent: String, Sendable, CaseIterable {
    case assigned = "case.assigned"
    case deadlineSet = "case.deadline_set"
    case deadlineExtended = "case.deadline_extended"
    case lightWorsened = "case.light_worsened"
    case lightApproved = "case.light_approved"
    case linked = "case.linked"
    case unlinked = "case.unlinked"
    case commented = "case.commented"
    case commentEdited = "case.comment_edited"
    case attached = "case.attached"
    case detached = "case.detached"
    case retitled = "case.retitled"
    case excluded = "case.excluded"
    case readmitted = "case.readmitted"
}

/// The hash chain of one case's timeline.
package struct TimelineChain {
    /// What the first entry of every case follows on.
    package static let origin = String(repeating: "0", count: 64)

    private var bytes: [UInt8] = []

    package init() { bytes.reserveCapacity(512) }

    /// The hash of an entry that follows `previous`.
    ///
    /// Every field is preceded by its length, so that no two entries have the same bytes; an absent field differs from
    /// an empty one.
    package mutating func hash(
        previous: String, caseID: ID<CaseFile>, sequence: Int64, at: Instant, event: String, detail: String,
        fromState: String?, toState: String?, actor: Actor
    ) -> String {
        bytes.removeAll(keepingCapacity: true)
        add("shuzhi.timeline.1")
        add(previous)
        add(caseID.rawValue)
        add(sequence)
        add(at.millisecondsSince1970)
        add(event)
        add(detail)
        add(fromState)
        add(toState)
        let columns = ActorColumns(actor)
        add(columns.kind)
        add(columns.personID)
        add(columns.unitCode)
        add(columns.systemName)
        return Hex.text(SHA256.hash(data: bytes))
    }

    package mutating func hash(of entry: TimelineEntry, after previous: String) -> String {
        hash(
            previous: previous, caseID: entry.caseID, sequence: entry.sequence, at: entry.at, event: entry.event,
            detail: entry.detail, fromState: entry.fromState, toState: entry.toState, actor: entry.actor)
    }

    private mutating func add(_ text: String?) {
        guard let text else { return addLength(UInt32.max) }
        addLength(UInt32(truncatingIfNeeded: text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func add(_ number: Int64?) {
        guard let number else { return addLength(UInt32.max) }
        addLength(8)
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }

    private mutating func addLength(_ length: UInt32) {
        for shift in stride(from: 24, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
    }
}

/// An actor as its columns in the timeline, the links, comments and attachments.
struct ActorColumns: Equatable {
    let kind: String
    let personID: Int64?
    let unitCode: String?
    let systemName: String?

    init(_ actor: Actor) {
        switch actor {
        case .person(let id, let unitCode): (kind, personID, self.unitCode, systemName) = ("person", id, unitCode, nil)
        case .system(let name): (kind, personID, unitCode, systemName) = ("system", nil, nil, name)
        case .resident: (kind, personID, unitCode, systemName) = ("resident", nil, nil, nil)
        }
    }

    init(kind: String, personID: Int64?, unitCode: String?, systemName: String?) {
        self.kind = kind
        self.personID = personID
        self.unitCode = unitCode
        self.systemName = systemName
    }

    /// Nil when the columns fit no actor: somebody has edited the table.
    var actor: Actor? {
        switch (kind, personID, systemName) {
        case ("person", let id?, nil): .person(id: id, unitCode: unitCode)
        case ("system", nil, let name?): .system(name)
        case ("resident", nil, nil): .resident
        default: nil
        }
    }
}

enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(unsafeUninitializedCapacity: 64 * 2) { buffer in
            var count = 0
            for byte in bytes where count + 1 < buffer.count {
                buffer[count] = digits[Int(byte >> 4)]
                buffer[count + 1] = digits[Int(byte & 15)]
                count += 2
            }
            return count
        }
    }
}

/// The arguments of a `CaseEvent`, as its sentence in `Words.yaml` takes them: `{0}`, `{1}`.
///
/// Stored one per line, a line break within one as U+2028, so that the record holds facts and no language.
package enum EventArguments {
    package static func text(_ arguments: [String]) -> String {
        arguments.map { $0.split(whereSeparator: \.isNewline).joined(separator: "\u{2028}") }.joined(separator: "\n")
    }
    package static func read(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
