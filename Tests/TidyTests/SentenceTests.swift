import Foundation
import Testing

/// Every sentence a reader sees stands in a room's `Words.yaml` in both languages, or is `Bilingual` where it is made.
@Suite("No sentence is hard-coded, and none is left untranslated")
struct SentenceTests {
    /// What may stand in a template as it is: the mark of the product, names of commands and keys, and signs.
    private static let literals: Set<String> = ["数", "shuzhi", "backup", "restore", "FILE", "Enter"]

    @Test("Templates hold no words of their own")
    func templates() {
        for template in SourceTree.templates {
            for word in Self.words(of: template.text) where !Self.literals.contains(word) {
                Issue.record("\(template) holds “\(word)”: put it into Words.yaml")
            }
        }
    }

    @Test("The rule finds what it is for")
    func finds() {
        #expect(Self.words(of: "<p>[[a.b]] {{name}}</p><kbd>g</kbd>") == [])
        #expect(Self.words(of: "<p>保存</p>") == ["保存"])
        #expect(Self.words(of: "<a title=\"Save it\">{{x}}</a>") == ["Save", "it"])
        #expect(Self.words(of: "<input placeholder=\"PT-20210419-00001\">") == [])
        #expect(Self.words(of: "{{#a}}<b aria-label=\"[[x.y]]\">Late</b>{{/a}}") == ["Late"])
        #expect(Self.sentences(in: #"title("保存")"#) == ["保存"])
        #expect(Self.sentences(in: #"Field(label: "Choose a unit")"#) == ["Choose a unit"])
        #expect(Self.sentences(in: #"visit.word("a.b") + "card stack""#) == [])
    }

    /// Words a reader would see or hear: text, and the attributes that are read out. One letter is a sign.
    private static func words(of template: String) -> [String] {
        var text = template
        for pattern in [#"\{\{.*?\}\}"#, #"\[\[.*?\]\]"#, #"<!--.*?-->"#, #"<script.*?</script>"#] {
            text = text.replacingOccurrences(of: pattern, with: " ", options: .regularExpression)
        }
        var seen = ""
        let attributes = /(title|placeholder|alt|aria-label|value|data-confirm|data-close)="([^"]*)"/
        for tag in text.matches(of: /<[^>]*>/) {
            for found in String(tag.output).matches(of: attributes) where !found.output.2.contains(/\d{3}/) {
                // A value of a hidden or a button's field is for machines.
                if found.output.1 != "value" || tag.output.contains("submit\"") && !tag.output.contains("name=") {
                    seen += " " + found.output.2
                }
            }
        }
        seen += " " + text.replacing(/<[^>]*>/, with: " ").replacing(/&[a-z#0-9]+;/, with: " ")
        return seen.matches(of: /[\u{3400}-\u{9FFF}]+|[A-Za-z]{2,}/).map { String($0.output) }
    }

    // MARK: - Swift

    /// Files whose texts become pages. Errors say both languages in their reports, and so do pure models.
    private static func isOfPages(_ file: SourceTree.File) -> Bool {
        // What only machines read is in English; a bulletin of the leading group is an official paper in Chinese.
        if ["MachineRoutes.swift", "BulletinPages.swift"].contains(file.name) { return false }
        let endings = [
            "Routes.swift", "Page.swift", "Pages.swift", "Entry.swift", "View.swift", "List.swift", "Forms.swift",
        ]
        return endings.contains { file.name.hasSuffix($0) } || file.path.contains("/Components/")
            || file.path.contains("/Pages/") || file.path.contains("/Gallery/")
    }

    @Test("Pages, routes and components hold no sentence in one language")
    func pages() {
        for file in SourceTree.sources where Self.isOfPages(file) {
            var isInReport = false
            for (index, line) in file.lines.enumerated() {
                let text = line.drop { $0 == " " }
                if text.hasPrefix("//") { continue }
                // Both languages side by side, on this line or begun on it.
                if text.contains("zh:") || text.contains("en:") || text.contains("report: ProblemReport") {
                    isInReport = true
                }
                if isInReport {
                    isInReport = !text.hasSuffix(")") && text.contains("zh:")
                    continue
                }
                for sentence in Self.sentences(in: String(text)) {
                    Issue.record("\(file):\(index + 1) says “\(sentence)” in one language")
                }
            }
        }
    }

    /// String literals with Chinese in them, or with English words that begin like a sentence.
    private static func sentences(in line: String) -> [String] {
        line.matches(of: /"((?:[^"\\]|\\.)*)"/).map { String($0.output.1) }.filter { literal in
            let text = literal.replacing(/\\\(.*?\)/, with: "")
            return text.contains(/[\u{3400}-\u{9FFF}]/) || text.wholeMatch(of: /[A-Z][a-z]+( [a-z]+)+[.!?]?/) != nil
        }
    }

    // MARK: - Words

    @Test("Each word is in its language: Chinese has Chinese, English has none, and neither is the other")
    func words() {
        let files = SourceTree.all.filter { $0.name == "Words.yaml" }
        #expect(files.count >= 5)
        // Names and abbreviations are the same in both.
        let same = /^[A-Z0-9 .,:{}%·“”()\/-]*$/
        for file in files {
            for entry in Self.entries(file.text) {
                let isSign = entry.zh.wholeMatch(of: same) != nil || !entry.zh.contains(/\p{L}/)
                let isTheOther = entry.key == "web.other_language"
                if isTheOther || isSign { continue }
                let (zh, en) = (Self.share(entry.zh), Self.share(entry.en))
                #expect(zh > 0, "\(file) \(entry.key) has no Chinese: \(entry.zh)")
                // Names of columns as Chinese files have them may stand in an English hint, but not carry it.
                #expect(en < 50, "\(file) \(entry.key) has Chinese for its English: \(entry.en)")
                #expect(entry.zh != entry.en, "\(file) \(entry.key) is not translated")
            }
        }
    }

    /// Of a text's letters, how many in a hundred are Chinese.
    private static func share(_ text: String) -> Int {
        let han = text.unicodeScalars.count { (0x3400...0x9FFF).contains($0.value) }
        let latin = text.unicodeScalars.count { $0.properties.isAlphabetic && $0.value < 0x250 }
        return han == 0 ? 0 : max(1, han * 100 / (han + latin))
    }

    @Test("Arguments of a word are the same in both languages")
    func arguments() {
        for file in SourceTree.all where file.name == "Words.yaml" {
            for entry in Self.entries(file.text) {
                let (zh, en) = (Self.holes(entry.zh), Self.holes(entry.en))
                #expect(zh == en, "\(file) \(entry.key): \(zh.sorted()) and \(en.sorted())")
            }
        }
    }

    private static func holes(_ text: String) -> Set<String> {
        Set(text.matches(of: /\{\d\}/).map { String($0.output) })
    }

    /// `key: {zh: …, en: …}` on one line, or `key:` with `zh:` and `en:` below it.
    private static func entries(_ yaml: String) -> [(key: String, zh: String, en: String)] {
        var entries: [(key: String, zh: String, en: String)] = []
        var open: (key: String, zh: String)?
        for line in yaml.split(separator: "\n") {
            let text = String(line)
            if let found = text.wholeMatch(of: /([a-z][\w.-]*): \{zh: (.*), en: (.*)\}\s*/) {
                entries.append((String(found.output.1), bare(found.output.2), bare(found.output.3)))
            } else if let found = text.wholeMatch(of: /([a-z][\w.-]*):\s*/) {
                open = (String(found.output.1), "")
            } else if let found = text.wholeMatch(of: /\s+zh: (.*)/), let key = open?.key {
                open = (key, bare(found.output.1))
            } else if let found = text.wholeMatch(of: /\s+en: (.*)/), let begun = open {
                entries.append((begun.key, begun.zh, bare(found.output.1)))
                open = nil
            }
        }
        return entries
    }

    private static func bare(_ text: Substring) -> String {
        text.trimmingCharacters(in: CharacterSet(charactersIn: "\" "))
    }
}
