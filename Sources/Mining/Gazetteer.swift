/// The names mining knows beforehand: districts, townships and their aliases, roads, estates.
///
/// `code` is the township's code where a name decides it.
package struct Gazetteer: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let name: String
        package let townshipCode: String?
        package init(name: String, townshipCode: String?) {
            self.name = name
            self.townshipCode = townshipCode
        }
    }
    package let entries: [Entry]
    package init(_ entries: [Entry]) { self.entries = entries }
    package static let empty = Gazetteer([])
}
