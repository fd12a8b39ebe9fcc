import ArgumentParser
import Core
import Foundation

/// What the command line says, and in which language: Chinese where the environment asks for it, English elsewhere.
enum Terminal {
    static let language: Language = {
        let environment = ProcessInfo.processInfo.environment
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        return locale?.hasPrefix("zh") == true ? .chinese : .english
    }()

    /// Progress and remarks, on stderr; data alone goes to stdout.
    static func say(_ zh: String, _ en: String) { write(here(zh, en) + "\n") }

    /// Where nobody reads any more, there is nothing to say; that must not end a server.
    static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

    /// A figure that is overwritten by the next one on a terminal, and left out where stderr is a file.
    static func progress(_ text: String) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        write("\r\u{1B}[K" + text)
    }
    static func endProgress() {
        if isatty(STDERR_FILENO) == 1 { write("\r\u{1B}[K") }
    }
}

/// The text in the language of this terminal.
func here(_ zh: String, _ en: String) -> String { Bilingual(zh: zh, en: en)(Terminal.language) }
