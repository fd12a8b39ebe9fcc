internal import Store

/// The table of models that propose units.
enum DispatchMigrations {
    static let models = Migration(
        "appeals.0035-dispatch-model",
        .each(sqlite: [table(bytes: "BLOB")], postgresql: [table(bytes: "BYTEA")]))

    /// One row for each training, whether it came into use or lost against the one before; a loser keeps no model.
    private static func table(bytes: String) -> String {
        """
        CREATE TABLE dispatch_model (
            version BIGINT PRIMARY KEY,
            trained_at_ms BIGINT NOT NULL,
            learnt_until_ms BIGINT NOT NULL,
            cases BIGINT NOT NULL,
            units BIGINT NOT NULL,
            held_out BIGINT NOT NULL,
            right_first BIGINT NOT NULL,
            right_three BIGINT NOT NULL,
            rival_first BIGINT,
            is_in_use BIGINT NOT NULL CHECK (is_in_use IN (0, 1)),
            model \(bytes)
        )
        """
    }
}
