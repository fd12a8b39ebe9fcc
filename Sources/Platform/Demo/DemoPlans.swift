internal import Casework
internal import Core
internal import Foundation
internal import Yams

/// The plans of the demo, from `plan.yaml`.
struct DemoPlans: Sendable, Decodable {
    /// What has been planted in a task, so that the demo tour has something to point at.
    enum Fate: String, Sendable, Decodable, CaseIterable {
        case steady
        case yellow
        case redBehind = "red_behind"
        case redNotStarted = "red_not_started"
        /// Overdue, and holding up others.
        case redLate = "red_late"
        case overdueSlight = "overdue_slight"
        case changeAsked = "change_asked"
        case delivered, closed, suspended
    }
    struct Paper: Sendable, Decodable {
        let title: String
        let document: String
    }
    struct PlanTask: Sendable, Decodable {
        let title: String
        let target: String
        /// A short name of the profile; another unit takes its place where there is none of that name.
        let lead: String
        let support: [String]
        let fate: Fate?
        let blockedBy: String?

        init(title: String, lead: String, fate: Fate?) {
            (self.title, target, self.lead, support, self.fate, blockedBy) = (title, title, lead, [], fate, nil)
        }

        private enum CodingKeys: String, CodingKey {
            case title, target, lead, support, fate
            case blockedBy = "blocked_by"
        }
    }
    struct Measure: Sendable, Decodable {
        let title: String
        let tasks: [PlanTask]
    }
    struct Special: Sendable, Decodable {
        let industry: String
        let title: String
        let action: String
        let measures: [Measure]
    }
    struct Action: Sendable, Decodable {
        let title: String
        let measures: [Measure]
    }

    /// A meeting of the leading group, so many months after the year began.
    struct Meeting: Sendable, Decodable {
        struct Decision: Sendable, Decodable {
            let title: String
            let lead: String
            let days: Int
            let fate: Fate?
        }
        let title: String
        let after: Int
        let minutes: String
        let decisions: [Decision]
    }
    struct Exclusion: Sendable, Decodable {
        let ground: CaseExclusion.Ground
        let reason: String
    }

    let outline: Paper
    let specials: [Special]
    let actions: [Action]
    let notes: [String]
    let difficulties: [String]
    let urges: [String]
    let answers: [String]
    let meetings: [Meeting]
    let upcoming: String
    let place: String
    let chair: String
    let exclusions: [Exclusion]

    static func load() throws -> DemoPlans {
        let file = Bundle.module.bundleURL.appendingPathComponent("DemoTexts/plan.yaml")
        return try YAMLDecoder().decode(DemoPlans.self, from: Data(contentsOf: file))
    }
}
