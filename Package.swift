// swift-tools-version:6.2
import PackageDescription

/// `make check` sets SHUZHI_STRICT, so that a warning fails it without failing a user's build on a newer compiler.
let strict: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (Context.environment["SHUZHI_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

// What we take instead of writing it ourselves, pinned; see docs/architecture.md.
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

/// One room of the house: a target, and its tests beside it.
func room(
    _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [], isDescribed: Bool = true,
    testing: [Target.Dependency] = []
) -> [Target] {
    [
        .target(
            name: name, dependencies: dependencies, exclude: isDescribed ? ["\(name).md"] : [],
            resources: resources, swiftSettings: strict),
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies + testing,
            swiftSettings: strict),
    ]
}

/// What every domain of floor 2 and 3 stands on.
let ground: [Target.Dependency] = ["Core", "Store", "Web", hummingbird]
let browserless: [Target.Dependency] = ["TestKit", hummingbirdTesting]
let pageResources: [Resource] = [.copy("Templates"), .copy("Words.yaml")]

let package = Package(
    name: "Shuzhi",
    defaultLocalization: "zh-Hans",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "shuzhi", targets: ["shuzhi"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", exact: "2.1.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq"),
        .systemLibrary(name: "CLibzip", pkgConfig: "libzip"),
        .systemLibrary(name: "CExpat", pkgConfig: "expat"),
        .systemLibrary(name: "CXLSXWriter", pkgConfig: "xlsxwriter"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
    ]
        + room("Core", [], isDescribed: false)
        + room("Store", ["Core", "CLibpq", grdb, sqlite, crypto, logging], testing: ["TestKit"])
        + room(
            "Web", ["Core", "CZlib", hummingbird, nioCore, mustache, crypto, yams, logging],
            resources: pageResources + [.copy("Assets")], testing: browserless)
        + room("Mining", ["Core"], resources: [.copy("Models")], testing: ["Sheets"])
        + room("Sheets", ["Core", "CLibzip", "CExpat", "CXLSXWriter"])
        + room(
            "Organisation", ground + ["Sheets", yams, crypto, cryptoExtras, logging], resources: pageResources,
            testing: browserless)
        + room("Casework", ground + ["Organisation", crypto], resources: pageResources, testing: browserless)
        + room("Indicators", ground + ["Organisation", "Sheets"], resources: pageResources, testing: browserless)
        + room(
            "Mechanism", ground + ["Organisation", "Casework", "Indicators", "Sheets"], resources: pageResources,
            testing: browserless)
        + room(
            "Appeals", ground + ["Organisation", "Casework", "Mining", "Sheets", crypto],
            resources: pageResources, testing: browserless + ["CLibzip"])
        + room(
            "Platform",
            ground + [
                "Organisation", "Casework", "Indicators", "Mechanism", "Appeals", "Mining", "Sheets", yams, logging,
                lifecycle, crypto,
            ],
            resources: pageResources + [.copy("DemoTexts")], testing: browserless)
        + [
            .target(name: "TestKit", dependencies: ["Core", "Store", logging], swiftSettings: strict),
            .executableTarget(
                name: "shuzhi",
                dependencies: [
                    "Platform", "Core", "Store", "Organisation", "Casework", "Indicators", "Appeals", "Mining",
                    "Sheets",
                    arguments, logging,
                ],
                swiftSettings: strict),
            .executableTarget(
                name: "bench",
                dependencies: [
                    "Platform", "Core", "Store", "Organisation", "Casework", "Indicators", "Mechanism", "Appeals",
                    "Mining", "Sheets", "Web", "TestKit", logging,
                ],
                path: "Benchmarks", swiftSettings: strict),
            .testTarget(
                name: "FaultTests",
                dependencies: ["Platform", "Appeals", "Casework", "Organisation", "Core", "Store", "Web", "TestKit"],
                swiftSettings: strict),
            .testTarget(
                name: "BrowserTests", dependencies: ["Sheets", "TestKit"],
                swiftSettings: strict),
            .testTarget(name: "TidyTests", dependencies: [], swiftSettings: strict),
        ],
    swiftLanguageModes: [.v6]
)
