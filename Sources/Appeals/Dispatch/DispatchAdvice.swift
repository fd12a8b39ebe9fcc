internal import Casework
internal import Core
internal import Mining
internal import Organisation
internal import Store
internal import Web

/// Units proposed for an appeal that waits to be dispatched, by the model in use.
actor DispatchAdvice {
    private let database: any Database
    /// The model of a version, read once; another process may have trained a newer one, so the version is asked for.
    private var loaded: (version: Int, model: DispatchModel)?

    init(database: any Database) { self.database = database }

    struct Proposal: Sendable {
        let record: DispatchRecord
        let suggestions: [DispatchModel.Suggestion]
        let cases: [Int64: DispatchStore.PastCase]
    }

    /// Nil while there is no model. The text is read with numbers and names masked, as the page shows it: a reason
    /// quotes words of it.
    func proposal(for appeal: Appeal) async throws -> Proposal? {
        let known = loaded?.version
        let (record, bytes) = try await database.read { tx in
            let record = try DispatchStore.inUse(in: tx)
            let isNew = record != nil && record?.version != known
            return (record, isNew ? try record.flatMap { try DispatchStore.model($0.version, in: tx) } : nil)
        }
        guard let record else { return nil }
        if let bytes {
            guard let model = try? DispatchModel(bytes: bytes) else { return nil }
            loaded = (record.version, model)
        }
        guard let loaded, loaded.version == record.version else { return nil }
        let text = Masking.text(appeal.subject) + "\n" + Masking.text(appeal.body)
        let suggestions = loaded.model.suggest(text, count: DispatchLimits.suggestions)
        let ids = suggestions.flatMap(\.cases).filter { $0 != appeal.id.rawValue }
        let cases = try await database.read { try DispatchStore.pastCases(ids, in: $0) }
        return Proposal(record: record, suggestions: suggestions, cases: cases)
    }
}

/// The proposal as the page of an appeal shows it.
struct DispatchHint: Sendable {
    struct Unit: Sendable {
        let name: String
        /// Opens the page with this unit chosen in the form.
        let href: String
        let share: String
        let why: String?
        let cases: [PastCase]
    }

    struct PastCase: Sendable {
        let title: String
        let href: String
    }

    let units: [Unit]
    /// Which model says so, and how often it is right.
    let basis: String

    /// Units that left the profile since are left out.
    init?(_ proposal: DispatchAdvice.Proposal?, appeal: ID<CaseFile>, profile: Profile, visit: Visit) {
        guard let proposal else { return nil }
        units = proposal.suggestions.compactMap { suggestion in
            guard let unit = profile.unit(suggestion.unit), suggestion.permille > 0 else { return nil }
            return Unit(
                name: unit.name(visit.language), href: "/desk/appeals/\(appeal)?unit=\(unit.code)",
                share: visit.word("appeals.dispatch.share", visit.number((suggestion.permille + 5) / 10)),
                why: suggestion.words.isEmpty
                    ? nil : visit.word("appeals.dispatch.words", suggestion.words.joined(separator: " ")),
                cases: suggestion.cases.compactMap { proposal.cases[$0] }.map {
                    PastCase(title: "\($0.number) \(Masking.text($0.title))", href: "/desk/appeals/\($0.id)")
                })
        }
        guard !units.isEmpty else { return nil }
        let record = proposal.record
        basis = visit.word(
            "appeals.dispatch.basis", visit.number(record.version), visit.number(record.cases),
            visit.number(record.rightFirst), visit.number(record.heldOut))
    }
}
