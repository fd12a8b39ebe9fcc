/// A short name for a problem: its place, and what is wrong there in the messages' own words.
///
/// Each subject is cut at names, commas and the edges of words; of the runs of words that result, the one whose pairs
/// of characters most members use wins. A function of the members and the frozen weights alone.
struct ProblemTitle {
    private let members: [MessageDigest]
    private let digester: Digester
    private let subjects: [Subject]

    static let issueCharacters = 3...14
    static let nameCharacters = 3...10
    /// Members whose subjects are looked at: those most like the others.
    private static let subjectsMax = 48
    /// Share of members, in percent, above which words count for a title and below which against it.
    private static let sharePercent = 28

    /// A subject cut up.
    private struct Subject {
        let member: MessageDigest
        let whole: Piece
        /// Names of roads and sites in it.
        let places: [FoundPlace]
        /// Characters of no name, and those of a district's.
        let (isOutside, isDistrict): ([Bool], [Bool])

        /// Where a text stands in it; characters are compared only where the first code is the same.
        func stands(_ text: Piece, at start: Int) -> Bool {
            whole.codes[start] == text.codes[0]
                && whole.characters[start..<start + text.codes.count].elementsEqual(text.characters)
        }
    }

    /// - Parameter likeness: for each member how alike it is to the others.
    init(_ members: [MessageDigest], likeness: [Int], digester: Digester) {
        let ranked = members.indices.sorted { (likeness[$1], members[$0].id) < (likeness[$0], members[$1].id) }
        let asked = ranked.prefix(Self.subjectsMax).map { members[$0] }
        self.members = asked
        self.digester = digester
        subjects = asked.map { member in
            var whole = Self.read(member.subject)
            var isOutside = [Bool](repeating: true, count: whole.codes.count)
            var isDistrict = [Bool](repeating: false, count: whole.codes.count)
            let spans = digester.finder.spans(in: whole.codes)
            // A district is no part of a word: 区 of A3区长房云时代 makes no 区长.
            var words = whole.codes
            for span in spans where span.rank == .district {
                for at in span.start..<span.end { (words[at], isDistrict[at]) = (NormalText.gap, true) }
            }
            whole.edges = WordEdges.standard.edges(words)
            for span in spans {
                for at in span.start..<span.end { isOutside[at] = false }
            }
            let places = spans.filter { $0.rank >= .road }.compactMap { span -> FoundPlace? in
                // A name that begins inside a word begins with the next one.
                guard let start = (span.start..<span.end - 1).first(where: { whole.edges[$0] }) else { return nil }
                var span = span
                span.start = start
                return digester.finder.place(span, whole.codes)
            }
            return Subject(
                member: member, whole: whole, places: places, isOutside: isOutside, isDistrict: isDistrict)
        }
    }

    /// The name most subjects share: of a road or site, or of what stands where names stand, behind a district.
    /// Nil when fewer than half share any.
    func sharedName() -> String? {
        var counts: [String: Int] = [:]
        for subject in subjects {
            var names = Set(subject.places.map(\.name))
            for stretch in nameStretches(subject) {
                for start in stretch where subject.whole.edges[start] {
                    for length in Self.nameCharacters where start + length <= stretch.upperBound {
                        guard subject.whole.edges[start + length] else { continue }
                        names.insert(String(subject.whole.characters[start..<start + length]))
                    }
                }
            }
            for name in names { counts[name, default: 0] += 1 }
        }
        let enough = counts.filter { name, count in
            count >= 2 && count * 2 >= subjects.count && !Self.isNoName(name)
        }
        return enough.max { left, right in
            let (a, b) = (left.value * left.key.count, right.value * right.key.count)
            return a != b ? a < b : left.key > right.key
        }?.key
    }

    /// Where in a subject names stand, districts left out.
    private func nameStretches(_ subject: Subject) -> [Range<Int>] {
        let (codes, isDistrict) = (subject.whole.codes, subject.isDistrict)
        var (stretches, start): ([Range<Int>], Int) = ([], 0)
        for at in codes.indices.dropFirst() {
            let isLinked =
                !isDistrict[at] && !isDistrict[at - 1]
                && subject.member.subjectPlaceGrams.contains(Grams.pair(codes[at - 1], codes[at]))
            if !isLinked {
                stretches.append(start..<at)
                start = at
            }
        }
        return (stretches + [start..<codes.count]).filter { $0.count >= Self.nameCharacters.lowerBound }
    }

    /// Particles at an end, or inside, that no name has there.
    private static func isNoName(_ name: String) -> Bool {
        let codes = read(name).codes
        guard let first = codes.first, let last = codes.last else { return true }
        if noNameHeads.contains(where: { codes.starts(with: $0) }) { return true }
        return noNameStart.contains(first) || noNameEnd.contains(last) || codes.contains(where: noNameInside.contains)
            || codes.allSatisfy { (48...57).contains($0) }
    }

    private static let noNameStart = CodeSet(NormalText("的了被把对请于与及是和市区县省号在让向").codes)
    private static let noNameEnd = CodeSet(NormalText("的了被把对请于与及是和在有不为").codes)
    private static let noNameHeads = words("街道 小区 社区 附近")
    private static let noNameInside = CodeSet(NormalText("的了被请").codes)

    /// The place with the number that belongs to it: 曹杨 of 曹杨五村 is 曹杨五村 where most subjects that name it say so.
    func whole(_ place: String) -> String {
        let name = Self.read(place)
        guard !name.codes.isEmpty else { return place }
        var counts: [String: Int] = [:]
        for subject in subjects {
            let starts = 0..<max(0, subject.whole.codes.count - name.codes.count + 1)
            guard let start = starts.first(where: { subject.stands(name, at: $0) }) else { continue }
            let rest = subject.whole.characters[(start + name.codes.count)...]
            let number = rest.prefix { Self.numerals.contains($0) }
            let unit = rest.dropFirst(number.count).prefix { Self.numberedUnits.contains($0) }.prefix(1)
            counts[number.isEmpty || unit.isEmpty ? "" : String(number) + String(unit), default: 0] += 1
        }
        let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        return place + (most?.key ?? "")
    }

    private static let numerals = Set<Character>("0123456789一二三四五六七八九十百")
    private static let numberedUnits: Set<Character> = ["村", "弄", "坊"]

    /// Place and issue; empty when the subjects share no words.
    func text(place: String) -> String {
        var best = Run()
        var known: [UInt32: Int] = [:]
        let name = Self.read(place)
        for subject in subjects { take(subject, without: name, &known, &best) }
        let issue = String(best.characters)
        guard !issue.isEmpty else { return "" }
        return place.isEmpty ? issue : "\(place) \(issue)"
    }

    /// Characters of a subject and their codes, side by side, and whether a word may begin at each place or the end.
    private struct Piece {
        var characters: [Character] = []
        var codes: [UInt16] = []
        var edges: [Bool] = [true]

        /// - Parameter range: of a piece whose edges are known.
        subscript(range: Range<Int>) -> Piece {
            Piece(
                characters: Array(characters[range]), codes: Array(codes[range]),
                edges: Array(edges[range.lowerBound...range.upperBound]))
        }

        /// Whole words only.
        var trimmed: Piece {
            guard let start = codes.indices.first(where: { edges[$0] }),
                let end = (start...codes.count).last(where: { edges[$0] })
            else { return Piece() }
            return self[start..<end]
        }
    }

    /// Whole words that may be what is wrong.
    private struct Run {
        var characters: ArraySlice<Character> = []
        var score = 0
    }

    /// Keeps the best of the runs of neighbouring pieces that are short enough to be a name.
    private func take(_ subject: Subject, without place: Piece, _ known: inout [UInt32: Int], _ best: inout Run) {
        var isOutside = subject.isOutside
        let length = place.codes.count
        if length > 0, subject.whole.codes.count >= length {
            for start in 0...(subject.whole.codes.count - length) where subject.stands(place, at: start) {
                for at in start..<start + length { isOutside[at] = false }
            }
        }
        // What only says the place again is not what is wrong there.
        let named = Set(Grams.pairs(place.codes))
        for clause in Self.clauses(subject.whole, isOutside) {
            let clause = clause[Self.stripped(clause, 0..<clause.codes.count)]
            // Neither a door nor a person is what is wrong.
            if Self.privateWords.contains(where: { word in Self.holds(clause.codes, word) }) { continue }
            let edges = clause.edges.indices.filter { clause.edges[$0] }
            let worths = worths(clause, &known)
            for (place, start) in edges.enumerated() {
                var (sum, counted) = (0, start)
                for end in edges[(place + 1)...] where end - start <= 2 * Self.issueCharacters.upperBound {
                    while counted < end - 1 {
                        sum += worths[counted]
                        counted += 1
                    }
                    // Whatever it is about, it is worth no more than this.
                    guard sum > best.score else { continue }
                    let piece = Self.stripped(clause, start..<end)
                    guard Self.issueCharacters.contains(piece.count),
                        !named.isSuperset(of: Grams.pairs(clause.codes[piece]))
                    else { continue }
                    // Six to ten characters are read at a glance; whom it is about is not yet what is wrong.
                    let isActor = Self.actors.contains { clause.codes[piece].suffix($0.count).elementsEqual($0) }
                    let worth = sum * (piece.count < 4 ? 6 : piece.count <= 10 ? 10 : 9) / (isActor ? 30 : 10)
                    if worth > best.score { best = Run(characters: clause.characters[piece], score: worth) }
                }
            }
        }
    }

    /// What each pair of a clause says that many members say: its weight times the share of members that have it, less
    /// a part, so that words of one member alone count against it. Pairs of names count little, those with a small
    /// word, which belongs to neither side, and those that occur again, nothing.
    /// - Parameter known: what pairs were found to be worth before.
    private func worths(_ clause: Piece, _ known: inout [UInt32: Int]) -> [Int] {
        var seen: Set<UInt32> = []
        return clause.codes.indices.dropLast().map { at in
            let gram = Grams.pair(clause.codes[at], clause.codes[at + 1])
            guard !Self.isSmallWord(clause, at), !Self.isSmallWord(clause, at + 1), seen.insert(gram).inserted else {
                return 0
            }
            if let worth = known[gram] { return worth }
            let worth = worth(gram)
            known[gram] = worth
            return worth
        }
    }

    private func worth(_ gram: UInt32) -> Int {
        var (having, naming) = (0, 0)
        for member in members {
            guard let held = member.gram(gram) else { continue }
            having += 1
            if held.isPlace { naming += 1 }
        }
        let worth = Int(digester.background.weight(gram)) * (having * 100 / members.count - Self.sharePercent)
        return naming * 2 > having && worth > 0 ? worth / 5 : worth
    }

    // MARK: cutting

    private static func read(_ subject: String) -> Piece {
        var piece = Piece()
        for character in subject {
            // Most are one of these, and none of these is a blank.
            if let scalar = character.unicodeScalars.first, (0x4E00...0x9FFF).contains(scalar.value),
                character.utf8.count == 3
            {
                piece.characters.append(character)
                piece.codes.append(UInt16(truncatingIfNeeded: scalar.value))
                continue
            }
            // A blank parts what it stands between; at the ends there is nothing to part.
            if character.isWhitespace {
                if piece.codes.last.map({ $0 != NormalText.gap }) ?? false {
                    piece.characters.append(" ")
                    piece.codes.append(NormalText.gap)
                }
                continue
            }
            let codes = NormalText(String(character)).codes
            piece.characters.append(character)
            piece.codes.append(codes.count == 1 ? codes[0] : NormalText.gap)
        }
        return piece
    }

    /// What stands between names and commas, in whole words.
    private static func clauses(_ piece: Piece, _ isOutside: [Bool]) -> [Piece] {
        let isOpen = piece.codes.indices.map { isOutside[$0] && piece.codes[$0] != NormalText.gap }
        return piece.codes.indices.split { !isOpen[$0] }.map { piece[$0.startIndex..<$0.endIndex].trimmed }
            .filter { $0.codes.count >= issueCharacters.lowerBound }
    }

    /// A small word by itself: 里 of 小区里, not of 里程.
    private static func isSmallWord(_ piece: Piece, _ at: Int) -> Bool {
        small.contains(piece.codes[at]) && piece.edges[at] && piece.edges[at + 1]
    }

    /// Part of a piece without what letters begin and end with: 关于…, 投诉…, …的问题, …怎么办.
    private static func stripped(_ piece: Piece, _ part: Range<Int>) -> Range<Int> {
        var (start, end) = (part.lowerBound, part.upperBound)
        while start < end,
            let word = heads[piece.codes[start]]?.first(where: { word in
                end - start > word.count && piece.edges[start + word.count]
                    && Grams.stands(word, in: piece.codes, at: start)
            })
        {
            start += word.count
        }
        while start < end,
            let word = tails[piece.codes[end - 1]]?.first(where: { word in
                end - start > word.count && piece.edges[end - word.count]
                    && Grams.stands(word, in: piece.codes, at: end - word.count)
            })
        {
            end -= word.count
        }
        return start..<end
    }

    private static let small = CodeSet(NormalText("的和与及并且了着在给让使对把被将为向从到是也都又再就等还却而或于上下里内中外旁边").codes)

    private static let heads = byCode(
        \.first,
        """
        关于 对于 有关 投诉 举报 反映 反应 反馈 咨询 请问 询问 问询 求助 请求 恳请 恳求 强烈要求 强烈建议 强烈呼吁 要求 呼吁 建议 希望 盼望 期盼 盼 望 请 求 再次 再 \
        又 就 对 一个 一些 严重 附近 旁边 旁 周边 周围 门口 里面 里 内 上 下 的 存在 关注 为何 为什么 怎么 何时 什么时候 能否 能不能 是否 可否 可以 市政府 政府 领导 \
        相关部门 有关部门 我们 我 咱们 这 那 该 各 本 以 及 和 与 并 在 从 到 被 让 给 是 也 都 还 尽快 早日 彻底 解决 处理 整治 治理 规范 加强 整改 查处 制止 管管 \
        一下 说说 敦促 督促 申请 反应 质疑 坚决反对 强烈反对 坚决 项目 社区 了 竟然 竟 小区 业主 居民 市民 村民 群众 关心 重视 敬请 麻烦 拜托 紧急 区 市 县 省 街道 镇 乡 路段 地段 \
        某 无人 期待 至 为 将 会 能 以 由 使 因 因为 由于 而 等 且 已 已经 其 这个 那个 你们 他们 应 应该 各级 号 段 线 路 组
        """)
    private static let tails = byCode(
        \.last,
        """
        的问题 等问题 问题 的情况 情况 的建议 的意见 的请求 的咨询 的投诉 的诉求 的反映 的事情 的事 事宜 相关 一事 怎么办 咋办 怎么处理 怎么解决 如何处理 如何解决 何时解决 \
        求解决 请解决 得到解决 请处理 求处理 请政府 希望解决 能否解决 无人管 没人管 无人问津 有人管吗 谁来管 谁管 呢 吗 啊 吧 了 的 和 与 及 并 等 在 从 到 被 让 给 是 \
        也 都 还 请 求 望 对 为 向 把 将 太 很 非常 严重的 附近 旁边 周边 政府 领导 部门 相关部门 有关部门 尽快 何时 什么时候 为何 为什么 \
        是否 能否 希望 要求 建议 请求 何时能解决 何时才能解决 什么时候解决 什么时候能解决 能解决 而 使 因 因为 由于 没有 不 未 无 能 会 要 有 得 \
        应 可 已 正 又 经常 一直 怎么 如何 到底 竟 竟然 但 但是 如果 之 其 这 那 所 每 各 某 按 按照 根据 通过 关于 对于 涉嫌 就 才 只 却 再 更 最 以 于 由 即 且 则 \
        以及 我们 我 你们 他们 过程中 一 第 存在 两点 几点 一点 二次 多次 诸多 很多 许多 众多 现场 一直 一个 这种 这样 急需 竟有 还有 至
        """)
    private static let privateWords = words("先生 女士 小姐 阿姨 大爷 老师傅 号楼 单元 室 电话 手机")

    private static func holds(_ codes: [UInt16], _ word: [UInt16]) -> Bool {
        codes.indices.contains { Grams.stands(word, in: codes, at: $0) }
    }

    private static let actors = words("公司 开发商 施工方 施工单位 物业 业主 项目 集团 政府 小区 楼盘 社区 负责人 老板 平台")

    /// Words by their first or last code.
    private static func byCode(_ code: (([UInt16]) -> UInt16?), _ list: String) -> [UInt16: [[UInt16]]] {
        Dictionary(grouping: words(list)) { code($0) ?? NormalText.gap }
    }

    private static func words(_ list: String) -> [[UInt16]] {
        list.split(whereSeparator: \.isWhitespace).map { NormalText(String($0)).codes }.filter { !$0.isEmpty }
            .sorted { $0.count > $1.count }
    }
}
