internal import Foundation
internal import Hummingbird
internal import Web

/// What is written to a screen's stream, as server-sent events.
enum CockpitEvent {
    /// Which version is shown now; a page that shows another fetches it.
    static func version(_ version: UInt64) -> ByteBuffer {
        ByteBuffer(string: "id: \(version)\nevent: version\ndata: \(version)\n\n")
    }

    /// Says nothing: a screen that is gone is noticed by writing to it.
    static let beat = ByteBuffer(string: ": still here\n\n")

    /// The tiles that differ from those of a former version, whose number is the first line; a page that shows another
    /// fetches all.
    static func tiles(_ tiles: CockpitWatch.Tiles, after former: CockpitWatch.Tiles?) -> ByteBuffer {
        guard let former else { return version(tiles.version) }
        let known = Set(parts(former.html).tiles)
        let (head, all) = parts(tiles.html)
        let html = head + all.filter { !known.contains($0) }.joined()
        var text = "id: \(tiles.version)\nevent: tiles\ndata: \(former.version)\n"
        for line in html.split(separator: "\n") { text += "data: \(line)\n" }
        return ByteBuffer(string: text + "\n")
    }

    /// Each tile begins as `platform/cockpit-tiles` has it; what is before the first is not a tile.
    private static func parts(_ html: Markup) -> (head: String, tiles: [String]) {
        let start = "<section class=\"cockpit-tile"
        var pieces = html.html.components(separatedBy: start)
        let head = pieces.removeFirst()
        return (head, pieces.map { start + $0 })
    }
}
