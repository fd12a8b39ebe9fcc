#if canImport(Glibc)
    private import Glibc

    /// How far a thread steps back for others (nice, of Linux): work nobody waits for lets pages go first.
    package enum ThreadPriority {
        private static let process = __priority_which_t(PRIO_PROCESS.rawValue)

        /// Of the calling thread; 0 is ordinary, 19 steps back furthest.
        package static var niceness: Int32 { getpriority(process, 0) }

        /// Steps back at least so far, for good: an ordinary user's thread may not step forward again.
        package static func stepBack(to niceness: Int32) {
            if niceness > self.niceness { setpriority(process, 0, niceness) }
        }
    }
#else
    /// How far a thread steps back for others; only Linux has it for one thread.
    package enum ThreadPriority {
        package static var niceness: Int32 { 0 }
        package static func stepBack(to niceness: Int32) {}
    }
#endif
