import Core
import Mining

/// Real letters with their places, people and days changed: as many as a measure needs, the same on every machine.
struct Recast {
    private let finder = PlaceFinder(.empty)
    private var random: SeededRandom
    /// Names of this cast by the names they stand for, so that letters of one problem stay letters of one problem.
    private var names: [String: String] = [:]
    private var people: [String: String] = [:]

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// A letter cut at the names of places it names, once for all casts.
    struct Template: Sendable {
        enum Piece: Sendable {
            case text(String)
            case name(String)
        }
        let letter: MiningMessage
        let subject: [Piece]
        let sentences: [[Piece]]
    }

    func template(_ letter: MiningMessage) -> Template {
        let found = finder.places(in: letter.subject) + finder.places(in: letter.text)
        let names = Set(found.filter { $0.rank >= .road }.map(\.name)).map { Array($0) }
        let byFirst = Dictionary(grouping: names.filter { !$0.isEmpty }) { $0[0] }.mapValues { names in
            names.sorted { ($0.count, String($0)) > ($1.count, String($1)) }
        }
        func cut(_ text: some StringProtocol) -> [Template.Piece] {
            let characters = Array(text)
            var (pieces, plain, at) = ([Template.Piece](), [Character](), 0)
            while at < characters.count {
                if let name = byFirst[characters[at]]?.first(where: { characters[at...].starts(with: $0) }) {
                    pieces += [.text(String(plain)), .name(String(name))]
                    plain = []
                    at += name.count
                } else {
                    plain.append(characters[at])
                    at += 1
                }
            }
            return pieces + [.text(String(plain))]
        }
        return Template(
            letter: letter, subject: cut(letter.subject), sentences: letter.text.split(separator: "。").map { cut($0) })
    }

    /// The same letter from another place, by another person, on another day; an eighth of its sentences left out.
    mutating func letter(_ template: Template, id: Int64) -> MiningMessage {
        let subject = written(template.subject)
        var kept: [String] = []
        for sentence in template.sentences where kept.isEmpty || Int.random(in: 0..<8, using: &random) > 0 {
            kept.append(written(sentence))
        }
        return dated(template.letter, id: id, subject: subject, text: kept.joined(separator: "。"))
    }

    private mutating func written(_ pieces: [Template.Piece]) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let plain): text += plain
            case .name(let old): text += name(for: old)
            }
        }
        return text
    }

    /// The same letter from the same place, by another person, with an eighth of its sentences left out.
    mutating func retold(_ letter: MiningMessage, id: Int64) -> MiningMessage {
        made(letter, id: id, subject: letter.subject, text: letter.text)
    }

    /// The same letter, every estate and road of its subject replaced by one name where it is given.
    mutating func moved(_ letter: MiningMessage, id: Int64, to place: String?) -> MiningMessage {
        var (subject, text) = (letter.subject, letter.text)
        let inSubject = finder.places(in: subject).filter { $0.rank >= .road }
        let found = place == nil ? inSubject + finder.places(in: text).filter { $0.rank >= .road } : inSubject
        for name in Set(found.map(\.name)).sorted(by: { ($0.count, $0) > ($1.count, $1) }) {
            let new = place ?? self.name(for: name)
            subject = subject.replacing(name, with: new)
            text = text.replacing(name, with: new)
        }
        return made(letter, id: id, subject: subject, text: text)
    }

    /// The estate or road a subject names, when it names one.
    func place(of letter: MiningMessage) -> String? {
        finder.places(in: letter.subject).last { $0.rank >= .road }?.name
    }

    /// Whether the text names an estate, school or the like.
    func hasSite(_ letter: MiningMessage) -> Bool { finder.places(in: letter.text).contains { $0.rank == .site } }

    private mutating func made(_ letter: MiningMessage, id: Int64, subject: String, text: String) -> MiningMessage {
        var kept: [Substring] = []
        for sentence in text.split(separator: "。") where kept.isEmpty || Int.random(in: 0..<8, using: &random) > 0 {
            kept.append(sentence)
        }
        return dated(letter, id: id, subject: subject, text: kept.joined(separator: "。"))
    }

    private mutating func dated(_ letter: MiningMessage, id: Int64, subject: String, text: String) -> MiningMessage {
        let days = Int64.random(in: -20...20, using: &random)
        return MiningMessage(
            id: id, author: letter.author.map { person(for: $0) }, subject: subject,
            text: text,
            at: letter.at.map { $0.adding(days: days) }, likes: letter.likes,
            dislikes: letter.dislikes)
    }

    private mutating func name(for old: String) -> String {
        if let known = names[old] { return known }
        let stem = (0..<2).map { _ in Self.syllables.randomElement(using: &random) ?? "安" }
        let ending = old.count > 3 && Self.longEndings.contains(String(old.suffix(2))) ? old.suffix(2) : old.suffix(1)
        let new = String(stem) + ending
        names[old] = new
        return new
    }

    private mutating func person(for old: String) -> String {
        if let known = people[old] { return known }
        let new = "P\(UInt64.random(in: 0 ... .max, using: &random))"
        people[old] = new
        return new
    }

    private static let syllables: [Character] = Array(
        "安宝碧博长辰成春翠德东丰凤福富光广桂国海汉和恒红虹华淮惠吉嘉建江金锦景静九开康兰乐丽连林龙隆绿梅美明南宁鹏平清泉仁荣瑞森山尚盛石双松泰腾天同万文武西香祥新星雄秀雅阳怡义银永玉园远云运泽珍正志中紫"
    )
    private static let longEndings: Set<String> = [
        "小区", "花园", "家园", "新城", "新村", "公寓", "广场", "大厦", "大道", "路口", "高速", "公路", "国际", "名苑", "学校", "中学", "小学",
        "大学", "学院", "医院", "公园", "市场", "超市", "社区", "公司", "号线", "大桥", "工厂",
    ]
}
