internal import Core
internal import Dispatch

/// Where jobs run: on threads beside those that answer pages, and behind them where cores are few. Without it a scan
/// of a minute would hold the two threads that all of Swift's tasks share on two cores.
final class BackgroundExecutor: TaskExecutor {
    static let shared = BackgroundExecutor()
    /// Steps (nice) behind an ordinary thread: about a tenth of its share of a core that both want.
    private static let niceness: Int32 = 10

    private let queue = DispatchQueue(label: "shuzhi.jobs", qos: .utility, attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async {
            ThreadPriority.stepBack(to: Self.niceness)
            job.runSynchronously(on: self.asUnownedTaskExecutor())
        }
    }
}
