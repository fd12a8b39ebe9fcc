internal import Core
internal import Foundation
internal import Yams

/// The sentences and places a demo district is made of, from the files of `DemoTexts`.
struct DemoTexts: Sendable {
    struct Matter: Sendable, Decodable {
        enum Site: String, Sendable, Decodable { case estate, road, spot }
        let name: String
        /// The short name of the department that handles it.
        let unit: String
        let type: String
        let at: Site
        let weight: Int
        /// The months in which it happens most; empty for all year.
        let season: [Int]?
        let danger: Bool?
        let shops: [String]?
        let titles: [String]
        let facts: [String]
        let effects: [String]
        let asks: [String]
        let replies: [String]
        /// What an inspector on a round writes down.
        let things: [String]
    }

    struct Voices: Sendable, Decodable {
        struct Replies: Sendable, Decodable {
            let openings: [String]
            let closings: [String]
        }
        let openings: [String: [String]]
        let history: [String]
        let dissatisfied: [String]
        let closings: [String: [String]]
        let inspector: [String]
        let repeated: [String]
        let typos: [[String]]
        let replies: Replies
        let rejections: [String]
        let notes: [String]
    }

    struct Places: Sendable, Decodable {
        let roads: [String]
        let estates: [String]
        let spots: [String]
    }

    let matters: [Matter]
    let voices: Voices
    /// By profile, then by township code.
    let places: [String: [String: Places]]

    static func load() throws -> DemoTexts {
        let folder = Bundle.module.bundleURL.appendingPathComponent("DemoTexts")
        func read<T: Decodable>(_ name: String, as type: T.Type) throws -> T {
            try YAMLDecoder().decode(T.self, from: Data(contentsOf: folder.appendingPathComponent(name)))
        }
        return DemoTexts(
            matters: try read("matters.yaml", as: [Matter].self), voices: try read("voices.yaml", as: Voices.self),
            places: try read("places.yaml", as: [String: [String: Places]].self))
    }
}
