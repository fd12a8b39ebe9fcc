package import Casework
package import Core
package import Organisation

/// What appeals tell Casework of themselves.
package enum AppealKind {
    package static let name = "appeal"

    package static let kind = CaseKind(
        name: name, title: Bilingual(zh: "诉求", en: "Appeal"),
        states: AppealState.allCases.map { ($0.rawValue, $0.title, $0.isOpen) }, isGapless: false,
        path: "/desk/appeals", eventTitles: AppealTimeline.titles)
}

/// The events an appeal writes into its timeline, besides those of its moves (`appeals.dispatch` and so on).
package enum AppealTimeline {
    package static let imported = "appeals.imported"
    package static let submitted = "appeals.submitted"
    package static let updatedBySource = "appeals.updated_by_source"
    package static let closedBySource = "appeals.closed_by_source"
    package static let restored = "appeals.restored"

    static let titles: [String: Bilingual] = {
        var titles = [
            imported: Bilingual(zh: "导入", en: "Imported"),
            submitted: Bilingual(zh: "居民提交", en: "Submitted by a resident"),
            updatedBySource: Bilingual(zh: "来源系统更新", en: "Updated by the source"),
            closedBySource: Bilingual(zh: "来源系统办结", en: "Closed by the source"),
            restored: Bilingual(zh: "撤销导入后恢复原内容", en: "Restored after an import was undone"),
        ]
        for event in AppealEvent.allCases { titles[name(event)] = event.title }
        return titles
    }()

    package static func name(_ event: AppealEvent) -> String { "appeals.\(event.rawValue)" }
}

/// 办理时限: by the type of the appeal, from the profile's limits ("1-5-15").
package enum AppealDeadline {
    /// Nil when the profile sets no limit that fits.
    package static func of(_ type: AppealType, from start: Instant, _ profile: Profile) -> Deadline? {
        named([type.rawValue, AppealType.help.rawValue], from: start, profile)
    }

    /// For the second handling, after a call-back that found the matter unsolved.
    package static func ofRedo(from start: Instant, _ profile: Profile) -> Deadline? {
        named(["second_handling", "supervised", AppealType.help.rawValue], from: start, profile)
    }

    /// Working days of an approved extension: what a complex matter gets beyond an ordinary one.
    package static func extensionDays(_ type: AppealType, _ profile: Profile) -> Int {
        guard let complex = profile.hotline.limit("complex") else { return AppealLimits.extensionWorkingDays }
        let own = profile.hotline.limit(type.rawValue)?.workingDays ?? 0
        return max(1, complex.workingDays - own)
    }

    private static func named(_ names: [String], from start: Instant, _ profile: Profile) -> Deadline? {
        names.lazy.compactMap { profile.hotline.limit($0) }.first.map {
            Deadline.derive(limit: $0, from: start, calendar: profile.calendar, zone: profile.zone)
        }
    }
}

extension Appeal {
    /// The title as a case may have it.
    var caseTitle: String {
        guard ImportText.isLonger(title, than: CasesLimits.titleCharactersMax) else { return title }
        return String(String.UnicodeScalarView(title.unicodeScalars.prefix(CasesLimits.titleCharactersMax - 1))) + "…"
    }
}
