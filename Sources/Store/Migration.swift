/// One step of a schema, shipped once and never edited.
///
/// Names are `room.NNNN-what-it-does` and sort in the order they run. A migration names no application type.
package struct Migration: Sendable {
    package let name: String
    package let steps: [Step]

    /// A statement for both engines, or the form one of them needs.
    package enum Step: Sendable, ExpressibleByStringLiteral {
        case both(String)
        case each(sqlite: [String], postgresql: [String])

        package init(stringLiteral value: String) { self = .both(value) }

        package func statements(for engine: EngineKind) -> [String] {
            switch self {
            case .both(let statement): [statement]
            case .each(let sqlite, let postgresql): engine == .sqlite ? sqlite : postgresql
            }
        }
    }

    /// Has PostgreSQL renew what it knows of a large table after fewer changes than a tenth of it.
    package static func lookedAtOften(_ table: String) -> String {
        """
        ALTER TABLE \(table) SET (autovacuum_analyze_scale_factor = 0.002, autovacuum_vacuum_scale_factor = 0.02,
            autovacuum_vacuum_insert_scale_factor = 0.02)
        """
    }

    package init(_ name: String, _ steps: Step...) { self.init(name, steps) }

    package init(_ name: String, _ steps: [Step]) {
        self.name = name
        self.steps = steps
    }
}
