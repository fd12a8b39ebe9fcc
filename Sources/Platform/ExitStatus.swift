package import Core
internal import Foundation
internal import Store

/// The exit codes of the command line, from `sysexits.h`, so that scripts can tell failures apart.
package enum ExitStatus: Int32, Sendable, CaseIterable {
    case success = 0
    case usage = 64
    case data = 65
    case noInput = 66
    case unavailable = 69
    case software = 70
    case cannotCreate = 73
    case inputOutput = 74
    case tryAgain = 75
    case noPermission = 77
    case configuration = 78

    package init(_ kind: ProblemReport.Kind) {
        self =
            switch kind {
            case .invalid, .tooLarge: .data
            case .unauthenticated, .forbidden: .noPermission
            case .missing: .noInput
            case .conflict, .tooMany: .tryAgain
            case .unavailable: .unavailable
            }
    }

    /// The code for whatever a command has thrown; what nobody expected is 70.
    package init(_ error: any Error) {
        switch error {
        case is SettingsError: self = .configuration
        case let problem as any Problem: self = ExitStatus(problem.report.kind)
        case let error as StoreError: self = ExitStatus(error)
        case let error as CocoaError: self = ExitStatus(error)
        case is CancellationError: self = .tryAgain
        default: self = .software
        }
    }

    private init(_ error: StoreError) {
        self =
            switch error {
            case .busy: .tryAgain
            case .unavailable: .unavailable
            case .full: .inputOutput
            case .duplicate, .constraint: .data
            default: .software
            }
    }

    private init(_ error: CocoaError) {
        self =
            switch error.code {
            case .fileNoSuchFile, .fileReadNoSuchFile: .noInput
            case .fileReadNoPermission, .fileWriteNoPermission: .noPermission
            case .fileWriteFileExists: .cannotCreate
            default: .inputOutput
            }
    }
}
