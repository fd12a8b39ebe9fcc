package import Foundation

/// Headless Chromium, steered by chromedriver's W3C protocol. Blocking: use it inside `onThread`.
package final class WebDriver {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
        package init(description: String) { self.description = description }
    }

    private let driver: pid_t
    private let client: HTTPClient
    private var session = ""
    private var hasEnded = false

    /// - Parameter hasScripts: false for a visitor without JavaScript.
    package init(width: Int = 1_440, height: Int = 900, hasScripts: Bool = true, language: String = "zh-CN") throws {
        let port: Int
        (driver, port) = try Self.start()
        client = HTTPClient(port: port, timeoutSeconds: 300)
        let options: [String: Any] = [
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                "--window-size=\(width),\(height)", "--lang=\(language)", "--force-prefers-reduced-motion",
            ],
            "prefs": [
                "intl.accept_languages": language,
                "profile.managed_default_content_settings.javascript": hasScripts ? 1 : 2,
            ],
        ]
        let wanted: [String: Any] = [
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": ["browser": "ALL"],
        ]
        do {
            let made = try call("POST", "/session", ["capabilities": ["alwaysMatch": wanted]])
            session = (made as? [String: Any])?["sessionId"] as? String ?? ""
        } catch {
            kill(driver, SIGKILL)
            throw error
        }
    }

    deinit { end() }

    package func end() {
        // Its number may be another process's by now.
        guard !hasEnded else { return }
        hasEnded = true
        if !session.isEmpty { _ = try? call("DELETE", "") }
        kill(driver, SIGTERM)
        var status: Int32 = 0
        for _ in 0..<250 {
            if waitpid(driver, &status, WNOHANG) != 0 { return }
            usleep(20_000)
        }
        kill(driver, SIGKILL)
        waitpid(driver, &status, 0)
    }

    /// Starts a chromedriver and waits until it says where it listens: minutes, where hundreds of tests want the
    /// processors too. One that ends before is started again.
    private static func start() throws -> (pid_t, port: Int) {
        var said = ""
        for _ in 0..<3 {
            let output = try ScratchFolder.shared().path("driver")
            let descriptor = Foundation.open(output, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
            defer { close(descriptor) }
            let driver = try ChildProcess.spawn(["chromedriver", "--port=0"], input: nil, output: descriptor)
            var status: Int32 = 0
            let end = ContinuousClock.now + .seconds(240)
            repeat {
                said = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
                if let match = said.firstMatch(of: /successfully on port (\d+)/), let port = Int(match.output.1) {
                    return (driver, port)
                }
                usleep(20_000)
                if waitpid(driver, &status, WNOHANG) != 0 { break }
            } while ContinuousClock.now < end
            if ContinuousClock.now >= end {
                kill(driver, SIGKILL)
                waitpid(driver, &status, 0)
            }
        }
        throw Failure(
            description: "No chromedriver for the tests: run scripts/install test, or install chromium-driver."
                + " The last one said: \(said)")
    }

    // MARK: - What somebody does

    package func open(_ url: String) throws { _ = try call("POST", "/url", ["url": url]) }

    package var url: String { get throws { try call("GET", "/url") as? String ?? "" } }
    package var title: String { get throws { try call("GET", "/title") as? String ?? "" } }
    package var source: String { get throws { try call("GET", "/source") as? String ?? "" } }

    /// Waits until there is such an element: for long, where a page of a debug build shares two cores with all tests.
    package func find(_ selector: String, seconds: Int = 360) throws -> String {
        let end = ContinuousClock.now + .seconds(seconds)
        repeat {
            if let element = try elements(selector).first { return element }
            try tryAgain()
            usleep(50_000)
        } while ContinuousClock.now < end
        throw Failure(description: "there is no \(selector) on \(try url)")
    }

    /// Where the page says it came too late, as pages of a debug build do among hundreds of tests, does what it offers.
    package func tryAgain() throws {
        guard let again = try elements(".problem[data-code='web.not_now'] .button-primary").first else { return }
        // Where another page has come meanwhile, there is nothing left to do.
        _ = try? call("POST", "/element/\(again)/click", [:])
        // The console has the 503; whoever asks it later asks about other pages.
        _ = try consoleErrors()
    }

    package func elements(_ selector: String) throws -> [String] {
        let found = try call("POST", "/elements", ["using": "css selector", "value": selector]) as? [[String: String]]
        return (found ?? []).compactMap { $0.values.first }
    }

    package func click(_ selector: String) throws {
        _ = try on(selector) { try call("POST", "/element/\($0)/click", [:]) }
    }

    package func type(_ text: String, into selector: String) throws {
        _ = try on(selector) { element in
            _ = try call("POST", "/element/\(element)/clear", [:])
            return try call("POST", "/element/\(element)/value", ["text": text])
        }
    }

    /// A file dropped on a file input, which has no text to clear.
    package func choose(_ path: String, in selector: String) throws {
        _ = try on(selector) { try call("POST", "/element/\($0)/value", ["text": path]) }
    }

    package func text(_ selector: String) throws -> String {
        try on(selector) { try call("GET", "/element/\($0)/text") } as? String ?? ""
    }

    /// Does something to an element; where the page changed between finding and doing, finds it anew.
    private func on(_ selector: String, _ body: (String) throws -> Any?) throws -> Any? {
        for _ in 0..<20 {
            do { return try body(try find(selector)) } catch let failure as Failure
                where failure.description.contains("stale element")
            { usleep(50_000) }
        }
        throw Failure(description: "\(selector) is replaced again and again on \(try url)")
    }

    /// Presses keys one after the other, wherever the focus is.
    package func press(_ keys: String...) throws {
        let actions = keys.flatMap { [["type": "keyDown", "value": $0], ["type": "keyUp", "value": $0]] }
        let source: [String: Any] = ["type": "key", "id": "keyboard", "actions": actions]
        _ = try call("POST", "/actions", ["actions": [source]])
    }

    package static let tab = "\u{E004}"
    package static let enter = "\u{E007}"

    /// Runs a script's body; what it returns comes back.
    package func run(_ script: String) throws -> Any? {
        try call("POST", "/execute/sync", ["script": script, "args": [Any]()])
    }

    /// Runs a script that calls its last argument when it is done.
    package func runLater(_ script: String) throws -> Any? {
        try call("POST", "/execute/async", ["script": script, "args": [Any]()])
    }

    /// One command of Chromium's own protocol.
    package func command(_ name: String, _ parameters: [String: Any] = [:]) throws {
        _ = try call("POST", "/goog/cdp/execute", ["cmd": name, "params": parameters])
    }

    /// What the console has said since it was last asked, warnings and errors only.
    package func consoleErrors() throws -> [String] {
        let entries = try call("POST", "/se/log", ["type": "browser"]) as? [[String: Any]] ?? []
        return entries.compactMap { entry in
            let level = entry["level"] as? String ?? ""
            return ["SEVERE", "WARNING"].contains(level) ? "\(level): \(entry["message"] as? String ?? "")" : nil
        }
    }

    package func screenshot() throws -> Data {
        Data(base64Encoded: try call("GET", "/screenshot") as? String ?? "") ?? Data()
    }

    // MARK: - The protocol

    private func call(_ method: String, _ path: String, _ body: [String: Any]? = nil) throws -> Any? {
        let whole = path == "/session" ? path : "/session/\(session)\(path)"
        let bytes = try body.map { [UInt8](try JSONSerialization.data(withJSONObject: $0)) }
        let answer = try client.send(
            method, whole, headers: [("Content-Type", "application/json; charset=utf-8")], body: bytes)
        let document = try JSONSerialization.jsonObject(with: Data(answer.bytes)) as? [String: Any]
        let value = document?["value"]
        guard answer.status == 200 else {
            let problem = value as? [String: Any]
            throw Failure(description: "\(method) \(path): \(problem?["message"] as? String ?? answer.body)")
        }
        return value is NSNull ? nil : value
    }
}
