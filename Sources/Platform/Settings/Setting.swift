internal import Core

/// The name of every environment variable the program reads; docs/operations.md explains each of them.
package enum Setting: String, Sendable, CaseIterable {
    case data = "SHUZHI_DATA"
    case database = "SHUZHI_DATABASE"
    case profile = "SHUZHI_PROFILE"
    case profiles = "SHUZHI_PROFILES"
    case districts = "SHUZHI_DISTRICTS"
    case secretFile = "SHUZHI_SECRET_FILE"
    case host = "SHUZHI_HOST"
    case port = "SHUZHI_PORT"
    case workers = "SHUZHI_WORKERS"
    case proxy = "SHUZHI_BEHIND_PROXY"
    case https = "SHUZHI_HTTPS"
    case log = "SHUZHI_LOG"

    /// Read by `make check` and not by the program.
    package static let ofTheBuild: Set<String> = ["SHUZHI_STRICT"]
}

/// What a command line says instead of the environment; a flag beats a variable.
package struct SettingFlags: Sendable, Equatable {
    package var values: [Setting: String] = [:]
    /// `HOST=PROFILE,DATABASE`, once for each district.
    package var districts: [String] = []

    package init() {}
}
