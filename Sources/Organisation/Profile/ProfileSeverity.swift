internal import Foundation
internal import Yams

/// Reads `severity.yaml`, which a profile may leave out, and the sentences that hold it to its meaning.
struct ProfileSeverity {
    private(set) var words = SeverityWords()
    private let file = SeverityWords.file

    /// Nil when the profile has none. `like: putuo` takes those of the profile beside it.
    static func read(_ files: ProfileFiles, _ log: inout FaultLog) -> SeverityWords? {
        guard files.has(SeverityWords.file) else { return nil }
        var reader = ProfileSeverity()
        reader.read(files, isFollowing: false, &log)
        return reader.words
    }

    private mutating func read(_ files: ProfileFiles, isFollowing: Bool, _ log: inout FaultLog) {
        guard let root = files.yaml(file, &log), let parts = ProfileNode(file: file, node: root).parts(&log) else {
            return
        }
        if let like = parts["like"] { return follow(like, files, isFollowing: isFollowing, &log) }
        let known: Set = ["provenance", "words", "needs", "cues", "lowers", "linking", "ignored", "crowd_number"]
        for (name, node) in parts.sorted(by: { $0.value.line < $1.value.line }) where !known.contains(name) {
            fault(node, "不认识的项“\(name)”。", "unknown field “\(name)”.", &log)
        }
        words.provenance = parts["provenance"]?.record(&log)?.provenance(&log)
        if words.provenance == nil { fault(nil, "缺少“provenance”。", "“provenance” is missing.", &log) }
        for item in parts["words"]?.items(&log) ?? [] { readGroup(item, &log) }
        for item in parts["needs"]?.items(&log) ?? [] { readNeed(item, &log) }
        for item in parts["cues"]?.items(&log) ?? [] { readCue(item, &log) }
        for (reading, node) in (parts["lowers"]?.parts(&log) ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard SeverityWords.readings.contains(reading) else {
                fault(node, "没有“\(reading)”这种语气。", "there is no reading “\(reading)”.", &log)
                continue
            }
            words.lowers[reading] = whole(node, "lowers", in: SeverityWords.levels, &log)
        }
        words.linking = parts["linking"].flatMap { text($0, &log) } ?? ""
        words.ignored = parts["ignored"].map { list($0, &log) } ?? []
        if let node = parts["crowd_number"], let inner = node.parts(&log) {
            let least = inner["at_least"].flatMap { whole($0, "at_least", in: 2...100_000, &log) }
            let counters = inner["counters"].map { list($0, &log) } ?? []
            if let least, !counters.isEmpty {
                words.crowdNumber = SeverityWords.CrowdNumber(atLeast: least, counters: counters)
            } else {
                fault(node, "需要 at_least 和 counters。", "at_least and counters are needed.", &log)
            }
        }
        checkTwice(&log)
        readExamples(files, &log)
    }

    private mutating func follow(
        _ like: ProfileNode, _ files: ProfileFiles, isFollowing: Bool, _ log: inout FaultLog
    ) {
        guard let slug = text(like, &log) else { return }
        let isSlug = slug.wholeMatch(of: /[a-z][a-z0-9-]{0,39}/) != nil
        // Beside this one, else where profiles are found by name: a folder may have been copied alone.
        let beside = ProfileFiles(folder: files.folder.deletingLastPathComponent().appendingPathComponent(slug))
        let named = beside.has(file) ? beside : (try? ProfileLoader.folder(slug: slug)).map(ProfileFiles.init)
        guard isSlug, !isFollowing, let other = named, other.has(file) else {
            return fault(
                like, "找不到配置“\(slug)”的 severity.yaml，或它又引用了别的配置。",
                "the profile “\(slug)” has no severity.yaml of its own.", &log)
        }
        read(other, isFollowing: true, &log)
    }

    private mutating func readGroup(_ node: ProfileNode, _ log: inout FaultLog) {
        guard let parts = node.parts(&log) else { return }
        let kind = choice(node, "kind", parts["kind"], SeverityWords.kinds, &log)
        let level = level(node, parts, &log)
        let words = words(node, "words", parts, &log)
        guard let kind, let level else { return }
        self.words.groups.append(SeverityWords.Group(kind: kind, level: level, words: words))
    }

    private mutating func readNeed(_ node: ProfileNode, _ log: inout FaultLog) {
        guard let parts = node.parts(&log) else { return }
        let level = level(node, parts, &log)
        let (words, missing) = (words(node, "words", parts, &log), words(node, "missing", parts, &log))
        guard let level else { return }
        self.words.needs.append(SeverityWords.Need(level: level, words: words, missing: missing))
    }

    private mutating func readCue(_ node: ProfileNode, _ log: inout FaultLog) {
        guard let parts = node.parts(&log) else { return }
        let reading = choice(node, "reading", parts["reading"], SeverityWords.readings, &log)
        let place = choice(node, "place", parts["place"], ["before", "after"], &log)
        let linked = choice(node, "linked", parts["linked"], ["true", "false"], &log)
        let reach = parts["reach"].flatMap { whole($0, "reach", in: 0...20, &log) }
        let words = words(node, "words", parts, &log)
        guard let reading, let place, let linked, let reach else {
            if parts["reach"] == nil { fault(node, "缺少“reach”。", "“reach” is missing.", &log) }
            return
        }
        self.words.cues.append(
            SeverityWords.Cue(
                reading: reading, isBefore: place == "before", reach: reach, isLinked: linked == "true", words: words))
    }

    private func level(_ node: ProfileNode, _ parts: [String: ProfileNode], _ log: inout FaultLog) -> Int? {
        guard let level = parts["level"] else {
            fault(node, "缺少“level”。", "“level” is missing.", &log)
            return nil
        }
        return whole(level, "level", in: 1...3, &log)
    }

    private func words(
        _ node: ProfileNode, _ name: String, _ parts: [String: ProfileNode], _ log: inout FaultLog
    ) -> [String] {
        let words = parts[name].map { list($0, &log) } ?? []
        if words.isEmpty { fault(node, "“\(name)”里没有词。", "“\(name)” has no words.", &log) }
        return words
    }

    /// Words with blanks between them.
    private func list(_ node: ProfileNode, _ log: inout FaultLog) -> [String] {
        guard let text = text(node, &log) else { return [] }
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        for word in words where word.count > OrganisationLimits.severityWordCharactersMax {
            fault(node, "“\(word)”太长。", "“\(word)” is too long.", &log)
        }
        guard words.count <= OrganisationLimits.severityWordsMax else {
            fault(node, "词太多。", "there are too many words.", &log)
            return []
        }
        return words
    }

    private func text(_ node: ProfileNode, _ log: inout FaultLog) -> String? {
        guard let text = node.node.scalar?.string, !text.isEmpty else {
            fault(node, "这里应是文字。", "text is expected here.", &log)
            return nil
        }
        return text
    }

    private func whole(
        _ node: ProfileNode, _ name: String, in range: ClosedRange<Int>, _ log: inout FaultLog
    ) -> Int? {
        guard let value = node.node.scalar.flatMap({ Int($0.string) }), range.contains(value) else {
            fault(
                node, "“\(name)”应为 \(range.lowerBound) 到 \(range.upperBound) 的整数。",
                "“\(name)” must be a whole number from \(range.lowerBound) to \(range.upperBound).", &log)
            return nil
        }
        return value
    }

    private func choice(
        _ node: ProfileNode, _ name: String, _ part: ProfileNode?, _ choices: [String], _ log: inout FaultLog
    ) -> String? {
        guard let text = part?.node.scalar?.string, choices.contains(text) else {
            let list = choices.joined(separator: ", ")
            fault(part ?? node, "“\(name)”应为其中之一：\(list)。", "“\(name)” must be one of \(list).", &log)
            return nil
        }
        return text
    }

    /// A word that stands twice would count by whichever comes first.
    private func checkTwice(_ log: inout FaultLog) {
        var seen: Set<String> = []
        for word in words.groups.flatMap(\.words) + words.needs.flatMap(\.words) + words.ignored
        where !seen.insert(word).inserted {
            fault(nil, "“\(word)”出现了两次。", "“\(word)” stands there twice.", &log)
        }
    }

    private mutating func readExamples(_ files: ProfileFiles, _ log: inout FaultLog) {
        let file = SeverityWords.examplesFile
        guard files.has(file), let text = files.text(file, &log),
            let records = ProfileTable.records(file, text, columns: ["sentence", "kind", "level"], &log)
        else { return }
        for record in records.prefix(OrganisationLimits.severityExamplesMax) {
            let sentence = record.text("sentence", &log)
            let kind = record.text("kind", &log)
            let level = record.whole("level", in: SeverityWords.levels, &log)
            guard let sentence, let kind, let level else { continue }
            guard SeverityWords.kinds.contains(kind) else {
                log.add(file, record.line, zh: "没有“\(kind)”这一类。", en: "there is no kind “\(kind)”.")
                continue
            }
            words.examples.append(
                SeverityWords.Example(sentence: sentence, kind: kind, level: level, line: record.line))
        }
    }

    private func fault(_ node: ProfileNode?, _ zh: String, _ en: String, _ log: inout FaultLog) {
        log.add(file, node?.line ?? 0, zh: zh, en: en)
    }
}
