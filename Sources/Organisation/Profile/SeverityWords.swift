/// By which words the district reads that an appeal is grave, urgent or painful; `severity.yaml` and
/// `severity-examples.csv`. What they mean is the mining engine's; here they are data with their lines.
package struct SeverityWords: Sendable, Equatable {
    package struct Group: Sendable, Equatable {
        package let kind: String
        package let level: Int
        package let words: [String]
    }
    package struct Need: Sendable, Equatable {
        package let level: Int
        package let words: [String]
        package let missing: [String]
    }
    package struct Cue: Sendable, Equatable {
        package let reading: String
        package let isBefore: Bool
        package let reach: Int
        package let isLinked: Bool
        package let words: [String]
    }
    package struct CrowdNumber: Sendable, Equatable {
        package let atLeast: Int
        package let counters: [String]
    }
    /// A sentence and the level of a kind it must be read at; 0 says that it must not be read so.
    package struct Example: Sendable, Equatable {
        package let sentence: String
        package let kind: String
        package let level: Int
        package let line: Int
    }

    package internal(set) var groups: [Group] = []
    package internal(set) var needs: [Need] = []
    package internal(set) var cues: [Cue] = []
    package internal(set) var ignored: [String] = []
    package internal(set) var linking = ""
    package internal(set) var crowdNumber: CrowdNumber?
    /// Levels a reading takes off.
    package internal(set) var lowers: [String: Int] = [:]
    package internal(set) var examples: [Example] = []
    package internal(set) var provenance: Provenance?

    package static let file = "severity.yaml"
    package static let examplesFile = "severity-examples.csv"
    package static let kinds = ["danger", "vulnerable", "crowd", "deadline", "dissatisfied", "repeated"]
    package static let readings = ["asserted", "denied", "supposed", "threatened", "narrow"]
    package static let levels = 0...3
}
