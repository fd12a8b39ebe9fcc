import Core
import Logging
import Platform

/// Steps that several commands share.
enum Commands {
    /// Brings the schema up to date and says what was done.
    static func migrate(_ district: District) async throws {
        let applied = try await district.migrate()
        guard !applied.isEmpty else { return }
        Terminal.say(
            "\(district.settings.name)：数据库已更新（\(applied.count) 步）。",
            "\(district.settings.name): the database is up to date (\(applied.count) migrations applied).")
    }

    /// Opens a district for one piece of work and closes it afterwards, whatever happened.
    static func with<T>(
        _ settings: DistrictSettings, of all: Settings, isMigrated: Bool = true,
        _ body: (District) async throws -> T
    ) async throws -> T {
        let district = try await District.open(settings, of: all, logger: .program(all))
        do {
            if isMigrated { try await migrate(district) }
            let result = try await body(district)
            try await district.close()
            return result
        } catch {
            try? await district.close()
            throw error
        }
    }
}
