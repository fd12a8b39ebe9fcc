package enum WebLimits {
    /// An ordinary form; routes that take files declare their own.
    package static let formBytesMax = 1 << 20
    package static let formFieldsMax = 1_000
    package static let queryBytesMax = 8 << 10
    package static let searchCharactersMax = 200
    package static let pageSizes = [20, 50, 100, 200]
    package static let pageSizeMax = 200
    package static let pageMax = 100_000
    package static let filterValuesMax = 50
    /// The head of one part of a multipart body.
    package static let partHeadBytesMax = 8 << 10
    /// One field of a multipart body that is not a file.
    package static let partFieldBytesMax = 256 << 10
    package static let partsMax = 200
    package static let fileNameCharactersMax = 120
    /// A page that takes longer is answered with 503. What changes data is not given up half-way.
    package static let requestSecondsMax = 30
    /// How long the cookie of a visitor without an account lives.
    package static let visitorCookieSeconds = 86_400 * 30
    package static let languageCookieSeconds = 86_400 * 365
    /// A network address as a proxy forwards it.
    package static let addressBytesMax = 64
    package static let secretBytesMin = 32
    package static let mapPointsMax = 2_000
    package static let chartPointsMax = 400
    package static let timelineEntriesMax = 500
    /// A cookie that browsers keep.
    package static let toastBytesMax = 3_000
    package static let viewsPerListMax = 30
    package static let viewNameCharactersMax = 40
    package static let viewQueryBytesMax = 2_000
    package static let viewPathBytesMax = 200
    /// Shorter answers gain nothing, longer ones are streams of their own.
    package static let compressedBytes = 512...(8 << 20)
}
