import ArgumentParser
import Core
import Foundation
import Platform
import Store

/// Ends the program with a sentence a person can act on and a code a script can.
enum Failure {
    static func exit(with error: any Error) -> Never {
        if isOfTheParser(error) { Shuzhi.exit(withError: error) }
        Terminal.write("shuzhi: \(sentence(error))\n")
        Foundation.exit(ExitStatus(error).rawValue)
    }

    /// Wrong usage, `--help` and `--version` are the parser's to tell; it exits with 64 or 0.
    private static func isOfTheParser(_ error: any Error) -> Bool {
        if error is any Problem || error is StoreError || error is CocoaError || error is CancellationError {
            return false
        }
        return Shuzhi.exitCode(for: error) != .failure || error is ExitCode || error is ValidationError
    }

    static func sentence(_ error: any Error) -> String {
        switch error {
        case let problem as any Problem:
            return "\(problem.report.explanation(Terminal.language)) [\(problem.report.code)]"
        case let error as StoreError: return sentence(error)
        case let error as CocoaError:
            let path = error.filePath ?? ""
            return error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile
                ? here("没有文件 \(path)", "There is no file \(path)") : "\(error.localizedDescription) \(path)"
        case is CancellationError: return here("已取消。", "Cancelled.")
        default: return here("内部错误：\(error)", "An unexpected failure: \(error)")
        }
    }

    private static func sentence(_ error: StoreError) -> String {
        switch error {
        case .busy(let detail):
            here("数据库正忙，请稍后再试（\(detail)）。", "The database is busy; try again soon (\(detail)).")
        case .unavailable(let detail):
            here("连不上数据库，请检查地址和服务（\(detail)）。", "The database cannot be reached; check its address (\(detail)).")
        case .full(let detail):
            here("磁盘已满或不可写（\(detail)）。", "The disk is full or cannot be written (\(detail)).")
        default: here("数据库拒绝了操作：\(error)", "The database refused: \(error)")
        }
    }
}
