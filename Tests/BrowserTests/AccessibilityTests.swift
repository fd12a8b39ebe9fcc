import Foundation
import TestKit
import Testing

/// Every page through axe-core, by the rules of WCAG 2.2 A and AA, in both themes' colours and on a telephone.
@Suite("Pages that everybody can use", .serialized)
struct AccessibilityTests {
    private static let outside = ["/", "/sign-in", "/appeals/new", "/appeals/find", "/problems"]
    private static let desk = [
        "/desk", "/desk/appeals", "/desk/problems", "/desk/map", "/desk/import", "/account", "/desk/nowhere",
    ]

    private static func axe() throws -> String {
        let folder = SourceRoot.url.appendingPathComponent(".build/axe")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        guard let file = files.filter({ $0.pathExtension == "js" }).max(by: { $0.path < $1.path }) else {
            throw WebDriver.Failure(description: "axe-core is not here: run scripts/fetch-axe")
        }
        return try String(contentsOf: file, encoding: .utf8)
    }

    /// What axe finds wrong: rule, and the first elements it is about.
    private static func violations(_ driver: WebDriver, _ axe: String) throws -> [String] {
        _ = try driver.run(axe + "; return 0")
        let found = try driver.runLater(
            """
            const done = arguments[arguments.length - 1];
            axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
                .then(result => done(result.violations.map(rule =>
                    rule.id + ': ' + rule.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | '))))
                .catch(error => done(['axe failed: ' + error]));
            """)
        return found as? [String] ?? ["axe said nothing"]
    }

    @Test("axe-core finds nothing", arguments: [1_440, 390])
    func axeCore(width: Int) async throws {
        try await Failures.kept("axe-\(width)", width: width) { district, driver in
            try district.fill()
            let axe = try Self.axe()
            var wrong: [String] = []
            func look(_ path: String) throws {
                try driver.open(district.base + path)
                let found = try Self.violations(driver, axe)
                if !found.isEmpty { Failures.keep(driver, "axe-\(width)\(path.replacing("/", with: "-"))") }
                wrong += found.map { "\(path): \($0)" }
            }
            for path in Self.outside { try look(path) }
            try district.signIn(driver)
            for path in Self.desk { try look(path) }
            for list in ["/desk/problems", "/desk/appeals"] {
                try driver.open(district.base + list)
                let link = "main tbody a[href^='\(list)/']"
                let first = try driver.run("return (document.querySelector(\"\(link)\") || {}).pathname")
                if let path = first as? String { try look(path) }
            }
            for error in wrong { Issue.record("\(error)") }
        }
    }

    @Test("No page says anything on the console, asks another origin, or is wider than a telephone")
    func quiet() async throws {
        try await Failures.kept("console", width: 390) { district, driver in
            try district.fill()
            try driver.command(
                "Emulation.setDeviceMetricsOverride",
                ["width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": true])
            try district.signIn(driver)
            for path in Self.outside + Self.desk where path != "/desk/nowhere" {
                try driver.open(district.base + path)
                let said = try driver.consoleErrors()
                if !said.isEmpty { Issue.record("\(path): \(said)") }
                let origins =
                    try driver.run(
                        """
                        return [...new Set(performance.getEntriesByType('resource').map(e => new URL(e.name).origin))]
                            .filter(origin => origin !== location.origin);
                        """) as? [String]
                if origins != [] { Issue.record("\(path) asks \(origins ?? [])") }
                let width = try driver.run("return document.documentElement.scrollWidth") as? Int ?? 0
                if width > 360 {
                    Failures.keep(driver, "wide\(path.replacing("/", with: "-"))")
                    Issue.record("\(path) is \(width) px wide on a telephone of 360")
                }
            }
        }
    }

    /// A generous bound, for the tests' server is a debug build on a busy machine; `make bench` has the figure.
    @Test("On a processor four times as slow the first words of a page appear soon")
    func firstPaint() async throws {
        let times = try await Failures.kept("first-paint") { district, driver in
            try driver.command("Emulation.setCPUThrottlingRate", ["rate": 4])
            var times: [String: Double] = [:]
            for path in Self.outside {
                try driver.open(district.base + path)
                // The entry may come a moment after the page has loaded.
                let paint = try driver.runLater(
                    """
                    const done = arguments[arguments.length - 1];
                    new PerformanceObserver(list => list.getEntriesByName('first-contentful-paint')
                        .forEach(entry => done(entry.startTime))).observe({ type: 'paint', buffered: true });
                    """)
                times[path] = (paint as? NSNumber)?.doubleValue ?? -1
            }
            return times
        }
        for (path, time) in times { #expect((0...20_000).contains(time), "\(path): \(time) ms") }
    }
}
