package import Core
internal import Crypto
internal import Foundation

/// What is worth a line in the audit trail.
package struct AuditEvent: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case signIn = "sign_in"
        case signInFailed = "sign_in_failed"
        case signOut = "sign_out"
        case sessionsRevoked = "sessions_revoked"
        case passwordChanged = "password_changed"
        case secondFactorChanged = "second_factor_changed"
        case linkCreated = "link_created"
        case linkUsed = "link_used"
        case personCreated = "person_created"
        case personChanged = "person_changed"
        case personDisabled = "person_disabled"
        case personEnabled = "person_enabled"
        case permissionChange = "permission_change"
        case personalDataRead = "personal_data_read"
        case export = "export"
        case importChanged = "import_changed"
        case recordsRemoved = "records_removed"
        case jobControlled = "job_controlled"
        case settingChanged = "setting_changed"
        case backup = "backup"
        case trailVerified = "trail_verified"
        case figureChanged = "figure_changed"
    }

    package let kind: Kind
    /// Who did it; nil for the system and for people without an account.
    package let personID: Int64?
    /// What it was done to: `person 12`, `appeal PT-20210419-00001`. No personal data.
    package let subject: String
    /// What exactly, in plain words or `key=value`. No personal data beyond what the entry is about.
    package let detail: String
    /// The network address it came from.
    package let address: String?

    package init(kind: Kind, personID: Int64?, subject: String, detail: String = "", address: String? = nil) {
        self.kind = kind
        self.personID = personID
        self.subject = subject
        self.detail = detail
        self.address = address
    }
}

/// One link of the chain, as stored.
package struct AuditEntry: Sendable, Equatable {
    package let sequence: Int64
    package let at: Instant
    package let event: AuditEvent
    package let previousHash: String
    package let hash: String

    /// What the hash of an entry must be: SHA-256 over the previous hash and every field, each with its length
    /// before it, so that no two different entries read the same.
    static func hash(sequence: Int64, at: Instant, event: AuditEvent, previousHash: String) -> String {
        var hasher = SHA256()
        func feed(_ text: String?) {
            let bytes = text.map { Array($0.utf8) }
            hasher.update(data: Data("\(bytes?.count ?? -1):".utf8))
            if let bytes { hasher.update(data: bytes) }
        }
        for field in [
            previousHash, String(sequence), String(at.millisecondsSince1970), event.kind.rawValue,
            event.personID.map(String.init), event.subject, event.detail, event.address,
        ] {
            feed(field)
        }
        return hasher.finalize().hex
    }

    var isIntact: Bool {
        AuditEntry.hash(sequence: sequence, at: at, event: event, previousHash: previousHash) == hash
    }
}

extension Sequence<UInt8> {
    /// Lower-case hexadecimal.
    var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
