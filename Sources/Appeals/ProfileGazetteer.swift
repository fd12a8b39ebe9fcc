internal import Core
package import Mining
package import Organisation

extension Gazetteer {
    /// Names and aliases of the profile's townships; the longest name wins where one holds another.
    package init(_ profile: Profile) {
        self.init(
            profile.townships.flatMap { township in
                ([township.name.zh] + township.aliases).map { Entry(name: $0, townshipCode: township.code) }
            })
    }
}
