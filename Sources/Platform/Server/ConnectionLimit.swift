internal import Foundation

/// How many connections are held open at once. Who comes then waits in the system's queue until one is closed.
///
/// Each takes one of the file handles that the process may have, and some are kept back for all else: where there is
/// none, libdispatch ends the process as soon as it looks how busy its threads are, which it does under load.
package enum ConnectionLimit {
    /// Raises the process's limit of handles as far as the system lets it.
    ///
    /// - Returns: connections, at least one.
    static func raise() -> Int {
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var handles = rlimit()
        guard getrlimit(kind, &handles) == 0 else { return connections(handles: 1_024) }
        handles.rlim_cur = min(handles.rlim_max, UInt(PlatformLimits.handlesMax))
        if setrlimit(kind, &handles) != 0 { getrlimit(kind, &handles) }
        return connections(handles: Int(handles.rlim_cur))
    }

    package static func connections(handles: Int) -> Int {
        max(1, handles / 4, handles - PlatformLimits.handlesKeptBack)
    }
}
