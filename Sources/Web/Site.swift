package import Core

/// What all pages of one district share.
package struct Site: Sendable {
    package let surroundings: Surroundings
    package let words: Words
    package let zone: TimeZoneOffset
    package let templates: Templates
    package let navigation: [NavigationItem]
    package let districtName: Bilingual
    /// Served over HTTPS, by this process or a proxy before it: cookies are `Secure` and HSTS is sent.
    package let isSecure: Bool
    /// The page that searches everything; nil where there is none.
    let searchPath: String?
    /// A proxy before this process says in `X-Forwarded-For` who the visitor is; the last entry is the proxy's own.
    let isBehindProxy: Bool
    let assets: Assets

    package init(
        surroundings: Surroundings, words: Words, zone: TimeZoneOffset, templates: Templates = Templates(),
        navigation: [NavigationItem] = [], districtName: Bilingual = Bilingual(zh: "", en: ""),
        isSecure: Bool = false
    ) {
        self.init(
            surroundings: surroundings, words: words, zone: zone, templates: templates, navigation: navigation,
            districtName: districtName, isSecure: isSecure, searchPath: nil, isBehindProxy: false, assets: Assets())
    }

    init(
        surroundings: Surroundings, words: Words, zone: TimeZoneOffset, templates: Templates,
        navigation: [NavigationItem], districtName: Bilingual, isSecure: Bool, searchPath: String?,
        isBehindProxy: Bool, assets: Assets
    ) {
        self.surroundings = surroundings
        self.words = words
        self.zone = zone
        self.templates = templates
        self.navigation = navigation
        self.districtName = districtName
        self.isSecure = isSecure
        self.searchPath = searchPath
        self.isBehindProxy = isBehindProxy
        self.assets = assets
    }
}
