package import Core

/// One thing wrong with a profile, and where.
package struct ProfileFault: Sendable, Equatable {
    /// The file's name within the profile's folder.
    package let file: String
    /// Counted from 1; 0 when the file as a whole is meant.
    package let line: Int
    package let reason: Bilingual

    package init(file: String, line: Int, reason: Bilingual) {
        self.file = file
        self.line = line
        self.reason = reason
    }

    package func sentence(_ language: Language) -> String {
        "\(file)\(line > 0 ? ":\(line)" : ""): \(reason(language))"
    }
}

/// Faults as they are found, in the order of the files; reading goes on after each.
struct FaultLog {
    private(set) var faults: [ProfileFault] = []

    mutating func add(_ file: String, _ line: Int, zh: String, en: String) {
        guard faults.count < OrganisationLimits.profileFaultsMax else { return }
        faults.append(ProfileFault(file: file, line: line, reason: Bilingual(zh: zh, en: en)))
    }
}

/// A value and the line it was read from.
struct Located<Value> {
    let value: Value
    let file: String
    let line: Int
}

package enum ProfileError: Problem, Equatable {
    case noSuchProfile(String)
    case notAFolder(String)
    case faulty([ProfileFault])
    case outlinesFaulty([ProfileFault])

    package var report: ProblemReport {
        switch self {
        case .noSuchProfile(let slug):
            .init(
                .missing, "profile.no_such_profile",
                zh: "找不到名为“\(slug)”的区域配置。请检查 profiles 文件夹，或用 SHUZHI_PROFILES 指定位置。",
                en: "There is no profile named “\(slug)”. Check the folder profiles, or set SHUZHI_PROFILES.")
        case .notAFolder(let path):
            .init(
                .missing, "profile.not_a_folder", zh: "“\(path)”不是文件夹。请给出区域配置所在的文件夹。",
                en: "“\(path)” is not a folder. Name the folder that holds the profile.")
        case .faulty(let faults):
            .init(
                .invalid, "profile.faulty",
                zh: "区域配置有 \(faults.count) 处错误，请改正后重试。\n" + Self.list(faults, .chinese),
                en: "Faults of the profile: \(faults.count). Mend them and try again.\n" + Self.list(faults, .english))
        case .outlinesFaulty(let faults):
            .init(
                .invalid, "profile.outlines_faulty",
                zh: "边界文件有 \(faults.count) 处错误，没有写入。\n" + Self.list(faults, .chinese),
                en: "Faults of the outlines: \(faults.count); nothing was written.\n" + Self.list(faults, .english))
        }
    }

    private static func list(_ faults: [ProfileFault], _ language: Language) -> String {
        faults.map { $0.sentence(language) }.joined(separator: "\n")
    }
}
