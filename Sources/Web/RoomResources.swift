package import Foundation

/// What one room brings to the pages: its templates and its words.
package struct RoomResources: Sendable {
    let templatesFolder: URL
    let wordsFile: URL

    /// `package static let resources = RoomResources(bundle: .module)` in each room.
    package init(bundle: Bundle) {
        self.init(folder: bundle.resourceURL ?? bundle.bundleURL)
    }

    /// A folder that holds `Templates` and `Words.yaml`.
    package init(folder: URL) {
        templatesFolder = folder.appendingPathComponent("Templates")
        wordsFile = folder.appendingPathComponent("Words.yaml")
    }

    /// The page kit's own; `SiteBuilder` always adds them.
    package static let web = RoomResources(bundle: .module)

    static let assetsFolder = (Bundle.module.resourceURL ?? Bundle.module.bundleURL).appendingPathComponent("Assets")
}
