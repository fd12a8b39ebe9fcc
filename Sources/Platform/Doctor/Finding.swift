package import Core

/// What one check of `shuzhi doctor` came to.
package struct Finding: Sendable, Equatable {
    package enum Grade: String, Sendable, CaseIterable, Comparable {
        case good, warning, fault
        package static func < (left: Grade, right: Grade) -> Bool {
            allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
        }
    }

    /// Stable name of the check, for scripts: `timelines`.
    package let check: String
    package let grade: Grade
    package let sentence: Bilingual
    /// Where exactly, one line each; at most `PlatformLimits.findingsShown`.
    package let places: [String]

    package init(_ check: String, _ grade: Grade, zh: String, en: String, places: [String] = []) {
        self.check = check
        self.grade = grade
        sentence = Bilingual(zh: zh, en: en)
        self.places = Array(places.prefix(PlatformLimits.findingsShown))
    }
}
