/// A reply, clause by clause: what of it has substance, and what that rests on.
struct ReplyClauses {
    /// What is neither courtesy nor passing on, as `NormalText` has it, a gap between clauses.
    private(set) var substance: [UInt16] = []
    private(set) var rules: [String] = []
    private(set) var facts: [String] = []
    private(set) var hasOutcome = false
    /// It closes the matter without an answer, pointing to an earlier one.
    private(set) var isClosed = false

    /// Words kept of each kind.
    private static let wordsMax = 5
    /// A clause longer than this says something, courtesy or not.
    private static let (courtesyMax, passingMax) = (26, 44)

    init(_ reply: String) {
        for clause in Self.clauses(reply) {
            let codes = NormalText(String(clause)).codes
            if codes.isEmpty || Self.isDate(codes) { continue }
            if Self.closing.first(in: codes) != nil { isClosed = true }
            if codes.count <= Self.passingMax, Self.passing.first(in: codes) != nil { continue }
            if codes.count <= Self.courtesyMax, Self.courtesy.first(in: codes) != nil,
                Self.looked.first(in: codes) == nil
            {
                continue
            }
            substance += (substance.isEmpty ? [] : [NormalText.gap]) + codes
            note(Self.title(clause) ?? Self.rule.first(in: codes), in: \.rules)
            note(Self.looked.first(in: codes) ?? Self.figure(codes), in: \.facts)
            if Self.outcome.first(in: codes) != nil { hasOutcome = true }
        }
    }

    private mutating func note(_ word: String?, in list: WritableKeyPath<Self, [String]>) {
        guard let word, self[keyPath: list].count < Self.wordsMax, !self[keyPath: list].contains(word) else { return }
        self[keyPath: list].append(word)
    }

    private static func clauses(_ text: String) -> [Substring] {
        text.split { "，。；：！？\n\r,;!?".contains($0) }
    }

    /// The name of a document between 《 and 》.
    private static func title(_ clause: Substring) -> String? {
        guard let start = clause.firstIndex(of: "《") else { return nil }
        let end = clause[start...].firstIndex(of: "》") ?? clause.endIndex
        let name = clause[clause.index(after: start)..<end]
        // The platform's own name stands in brackets too.
        return name.count >= 5 && !name.hasPrefix("问政") ? String(name) : nil
    }

    private static func isDate(_ codes: [UInt16]) -> Bool {
        codes.allSatisfy { (48...57).contains($0) || dateCodes.contains($0) || $0 == NormalText.gap }
    }

    /// A number with what it counts: 54元, 300米.
    private static func figure(_ codes: [UInt16]) -> String? {
        var start: Int?
        for at in codes.indices {
            if (48...57).contains(codes[at]) {
                if start == nil { start = at }
            } else if let from = start {
                if units.contains(codes[at]) { return NormalText.string(codes[from...at]) }
                start = nil
            }
        }
        return nil
    }

    /// Points a text numbers: 1、2、 or 一、二、 or 一是, the longest row of them.
    static func points(_ text: String) -> Int {
        let characters = Array(text)
        let rows: [[Character]] = [Array("123456789"), Array("一二三四五六七八九")]
        return rows.map { row in
            var next = 0
            for (at, character) in characters.enumerated() where next < row.count && character == row[next] {
                let after = at + 1 < characters.count ? characters[at + 1] : " "
                let before = at > 0 ? characters[at - 1] : "\n"
                if "、.．是）)".contains(after), !before.isNumber, !"第之".contains(before) { next += 1 }
            }
            return next
        }.max() ?? 0
    }

    // MARK: words

    private static let dateCodes = CodeSet(NormalText("年月日时分秒二〇一三四五六七八九十").codes)
    private static let units = CodeSet(NormalText("元万亿米公里人户辆平名条栋分秒台个处家吨趟路号年月日亩岁倍套").codes)
    private static let closing = WordList("不再进入处理程序 另行答复 已进行了公开答复")
    private static let courtesy = WordList(
        """
        您好 你好 收悉 收到 尊敬的 网友 感谢 谢谢 祝您 祝你 祝天天 答复如下 回复如下 情况如下 特此回复 特此答复 谅解 欢迎您 欢迎你 支持和理解 留言已阅 \
        反映的问题 高度重视 来信人
        """)
    private static let passing = WordList(
        """
        转交 已转 转至 转有关 转相关 转达 交办给 交由 交有关 核实办理 核查办复 敬请关注 敬请留意 如有情况将 办理结果将 处理情况会 不在我 不属于 \
        不属 管辖范围 管辖权限 职责范围 请咨询 请致电 请拨打 建议您向 建议你向 请您反映 请您及时向 请您留意 了解情况 联系电话 咨询电话 联系人 电话 \
        密切关注和督促
        """)
    private static let rule = WordList(
        """
        政策 规定 条例 办法 文件 通知 规划 方案 计划 标准 法律 法规 合同法 劳动法 土地法 号文 依据 依法 会议纪要 实施细则 细则 协议 公告要求 十四五 十三五
        """)
    private static let looked = WordList(
        """
        经查 经核 经调查 经现场 经我 经了解 经咨询 经回访 据了解 据查 据反馈 据统计 核实 调查 核查 现场 实地 踏勘 检查 查看 检测 调取 约谈 走访 勘查 摸底 \
        调研 监察
        """)
    private static let outcome = WordList(
        """
        已于 已经 已在 已对 已报 已做 已作 已由 已被 已通 现已 已责令 已完成 已解决 已修复 已安装 已立案 已开通 已启动 已列入 已纳入 已延伸 已恢复 已退 已处理 \
        已联系 已督促 责令 整改 将会 将进 将在 将对 将继 将加 将按 将采 将于 将把 将严 将不 计划 预计 拟 建议 可以 可在 可向 可申请 可按 可到 可继承 可乘 \
        不能 不符 不予 不再 不会 不需 不享 不存在 不属实 无法 暂不 暂未 暂时 未发现 应当 属于 没有 必须 需要 需 均 正在 作出 满意 报名 转乘 打造 停止 停建 \
        答复 承诺 维护 放假 恢复 纳入 争取 协商
        """)
}

/// Words to look for in normalised text.
struct WordList: Sendable {
    private let byFirst: [UInt16: [[UInt16]]]

    /// - Parameter words: separated by blanks.
    init(_ words: String) {
        let words = words.split(whereSeparator: \.isWhitespace).map { NormalText(String($0)).codes }
        byFirst = Dictionary(grouping: words.filter { !$0.isEmpty }) { $0[0] }
    }

    /// The word that stands first.
    func first(in codes: [UInt16]) -> String? {
        for at in codes.indices {
            guard let words = byFirst[codes[at]] else { continue }
            for word in words where codes[at...].starts(with: word) { return NormalText.string(word) }
        }
        return nil
    }
}
