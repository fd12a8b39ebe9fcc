import Foundation

/// Starts programs without Foundation's `Process`, which believes that a program runs as long as any daemon it left
/// behind does.
enum ChildProcess {
    struct Failure: Error {
        let status: Int32
        let output: String
    }

    /// Runs a program to its end; throws with the end of what it said when it fails.
    static func run(_ arguments: [String]) throws {
        var template = Array("/tmp/shuzhi-out-XXXXXX".utf8CString)
        let output = mkstemp(&template)
        guard output >= 0 else { throw Failure(status: errno, output: "/tmp cannot be written") }
        unlink(template)
        defer { close(output) }
        let pid = try spawn(arguments, input: nil, output: output)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else {
            throw Failure(status: status, output: text(of: output))
        }
    }

    /// Starts a program in a session of its own, so that Ctrl-C does not reach it.
    @discardableResult
    static func spawn(_ arguments: [String], input: Int32?, output: Int32?) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        for descriptor: Int32 in [1, 2] {
            if let output {
                posix_spawn_file_actions_adddup2(&actions, output, descriptor)
            } else {
                posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
            }
        }
        // A thread of Dispatch blocks nearly all signals, and a child would inherit that: Chromium does not start so,
        // and its driver cannot be asked to stop.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var pointers = (["setsid"] + arguments).map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, "setsid", &actions, &attributes, &pointers, environ)
        guard code == 0 else { throw Failure(status: code, output: "\(arguments[0]) cannot be run") }
        return pid
    }

    private static func text(of descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}
