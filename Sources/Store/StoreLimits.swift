/// The bounds of the Store room, in one place.
package enum StoreLimits {
    /// Statements kept prepared on each connection.
    package static let statementsPerConnectionMax = 256
    /// How long a write waits for another process that holds the SQLite file.
    package static let busyTimeoutSeconds = 10.0
    package static let sqliteReadersMax = 6
    static let sqliteReaderCacheKibibytes = 8_000
    static let sqliteWriterCacheKibibytes = 32_000
    /// Pages written to the log before they are copied into the file: 32 MiB.
    package static let sqliteCheckpointPages = 8_000

    package static let postgresConnectionsMax = 10
    /// Rows fetched at a time when streaming from PostgreSQL.
    package static let rowsPerFetch = 500
    /// Rows sent in one COPY, so that a long import stays below the statement timeout.
    package static let rowsPerCopy = 50_000
    package static let copyBufferBytes = 131_072

    /// Longest text that is indexed for search; the rest is stored but not found.
    package static let searchTextBytesMax = 262_144
    /// Longest Latin word or number kept whole in the index.
    package static let searchWordBytesMax = 64
    package static let searchQueryBytesMax = 600
    package static let searchQueryTokensMax = 32

    package static let jobPageMax = 500
    package static let jobErrorCharactersMax = 500
    package static let outboxBatch = 100
}
