/// The release, as CHANGELOG.md counts it.
package enum Version {
    package static let current = "0.1.0"
}
