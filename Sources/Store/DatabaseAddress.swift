package import Core
internal import Foundation
package import Logging

/// Where a district's data lives: `sqlite:PATH` or `postgresql://user@host/database?schema=putuo`.
package enum DatabaseAddress: Sendable, Equatable {
    case sqlite(path: String)
    /// `url` is libpq's own form, without the schema.
    case postgresql(url: String, schema: String)

    package init(parsing text: String) throws {
        if text.hasPrefix("sqlite:") {
            var path = text.dropFirst("sqlite:".count)
            if path.hasPrefix("//") { path = path.dropFirst(2) }
            guard !path.isEmpty else { throw DatabaseAddressError.pathMissing }
            self = .sqlite(path: String(path))
        } else if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") {
            self = try Self.postgresql(parsing: text)
        } else {
            throw DatabaseAddressError.unknownScheme
        }
    }

    /// The same server and database, another namespace.
    package func withSchema(_ name: String) throws -> DatabaseAddress {
        guard case .postgresql(let url, _) = self else { return self }
        return .postgresql(url: url, schema: try Self.checked(schema: name))
    }

    /// Opens the namespace, making it when it is not there. Migrations are the caller's next step.
    package func open(logger: Logger) async throws -> any Database {
        switch self {
        case .sqlite(let path):
            return try SQLiteDatabase(path: path)
        case .postgresql(let url, let schema):
            return try await PostgreSQLDatabase.open(
                PostgreSQLSettings(url: url, schema: try Self.checked(schema: schema)), logger: logger)
        }
    }

    private static func postgresql(parsing text: String) throws -> DatabaseAddress {
        guard let mark = text.firstIndex(of: "?") else { return .postgresql(url: text, schema: "public") }
        var schema = "public"
        var kept: [Substring] = []
        for parameter in text[text.index(after: mark)...].split(separator: "&") {
            if parameter.hasPrefix("schema=") {
                schema = String(parameter.dropFirst("schema=".count))
            } else {
                kept.append(parameter)
            }
        }
        let rest = kept.isEmpty ? "" : "?" + kept.joined(separator: "&")
        return .postgresql(url: text[..<mark] + rest, schema: try checked(schema: schema))
    }

    private static func checked(schema: String) throws -> String {
        let bytes = schema.utf8
        let isName = bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
        guard isName, (1...63).contains(bytes.count), let first = bytes.first, !(48...57).contains(first),
            !schema.hasPrefix("pg_")
        else { throw DatabaseAddressError.schemaMalformed }
        return schema
    }
}

extension DatabaseAddress: CustomStringConvertible {
    /// For logs and pages: without the password.
    package var description: String {
        switch self {
        case .sqlite(let path): return "sqlite:\(path)"
        case .postgresql(let url, let schema):
            let scheme = url.range(of: "://")?.upperBound ?? url.startIndex
            let authority = url[scheme...].prefix { $0 != "/" && $0 != "?" }
            let path = url[authority.endIndex...].prefix { $0 != "?" }
            let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
            return "\(url[..<scheme])\(host)\(path)?schema=\(schema)"
        }
    }
}

/// What can be wrong with an address an operator typed.
package enum DatabaseAddressError: Problem, Equatable {
    case unknownScheme, pathMissing, schemaMalformed

    package var report: ProblemReport {
        switch self {
        case .unknownScheme:
            ProblemReport(
                .invalid, "store.address-unknown",
                zh: "数据库地址须以 sqlite: 或 postgresql:// 开头，例如 sqlite:var/putuo.sqlite。",
                en: "A database address begins with sqlite: or postgresql://, for example sqlite:var/putuo.sqlite.")
        case .pathMissing:
            ProblemReport(
                .invalid, "store.address-path", zh: "sqlite: 后面须写文件路径。",
                en: "Write a file path after sqlite:.")
        case .schemaMalformed:
            ProblemReport(
                .invalid, "store.address-schema",
                zh: "schema 只能用小写字母、数字和下划线，以字母或下划线开头，最多 63 个字符，不能以 pg_ 开头。",
                en:
                    "A schema is 1 to 63 lower-case letters, digits and underscores; it begins with"
                    + " neither a digit nor pg_."
            )
        }
    }
}
