internal import Core
internal import Web

/// Says an entry of the audit trail in words. What is recorded, hashed and exported stays as it was written; what has
/// no words here is shown so.
struct AuditWording {
    let visit: Visit
    let profile: Profile
    /// Of people, by their number.
    let names: [Int64: String]

    /// Whom a subject such as `person 7 demo-head` is about.
    static func person(_ subject: String) -> Int64? {
        let parts = subject.split(separator: " ")
        return parts.count > 1 && parts[0] == "person" ? Int64(parts[1]) : nil
    }

    func subject(_ subject: String) -> String {
        if let id = Self.person(subject) {
            let signInName = subject.split(separator: " ").dropFirst(2).joined(separator: " ")
            let name = names[id] ?? signInName
            return signInName.isEmpty || name == signInName
                ? name : visit.word("organisation.audit.said.person", name, signInName)
        }
        if let phrase = phrase(subject) { return phrase }
        for (start, word) in [("case ", "case"), ("import ", "import"), ("unknown name ", "unknown_name")]
        where subject.hasPrefix(start) {
            return visit.word("organisation.audit.said.\(word)", String(subject.dropFirst(start.count)))
        }
        return subject
    }

    func detail(_ detail: String) -> String {
        if let phrase = phrase(detail) { return phrase }
        return detail.replacing("fault at ", with: "fault@").split(separator: " ").map { part in
            guard let sign = part.firstIndex(of: "="), let key = Self.keys[String(part[..<sign])] else {
                return String(part)
            }
            let values = part[part.index(after: sign)...].split(separator: "→", omittingEmptySubsequences: false)
            let said = values.map { value(String($0), of: key) }.joined(separator: " → ")
            return visit.word("organisation.audit.said.\(key)", said)
        }.joined(separator: visit.word("organisation.audit.said.separator"))
    }

    private func value(_ value: String, of key: String) -> String {
        switch key {
        case "roles":
            value.split(separator: "+").map { visit.word("web.role.\($0)") }
                .joined(separator: visit.word("organisation.audit.said.and"))
        case "unit": profile.unit(value)?.shortName(visit.language) ?? visit.word("organisation.audit.said.no_unit")
        case "result" where value == "intact": visit.word("organisation.audit.said.intact")
        case "result" where value.hasPrefix("fault@"):
            visit.word("organisation.audit.said.fault", String(value.dropFirst("fault@".count)))
        case "bytes": Int(value).map { visit.number($0) } ?? value
        default: value
        }
    }

    private func phrase(_ text: String) -> String? {
        Self.phrases[text].map { visit.word("organisation.audit.said.\($0)") }
    }

    private static let keys = [
        "roles": "roles", "unit": "unit", "rows": "rows", "entries": "entries", "result": "result", "head": "head",
        "files": "files", "bytes": "bytes", "accepted": "accepted", "updated": "updated", "added": "added",
        "changed": "changed", "refused": "refused",
    ]
    private static let phrases = [
        "password": "password", "password and time code": "password_and_time_code",
        "password and recovery code": "password_and_recovery_code", "code": "code", "invite": "invite",
        "reset": "reset", "first_start": "first_start", "first start": "first_start", "on": "on", "off": "off",
        "first start: security_administrator": "first_administrator", "name changed": "name_changed",
        "audit trail": "audit_trail", "people": "people", "appeals": "appeals", "appeal": "appeal",
        "rejects": "rejects", "warnings": "warnings",
    ]
}
