/// Words of danger, haste, repetition and complaint found in one message: positions in `SignalWords.all`.
struct ProblemSignals: Sendable, Equatable {
    let danger: [UInt8]
    let haste: [UInt8]
    let dissatisfaction: [UInt8]
    let repetition: [UInt8]

    init(_ codes: [UInt16]) {
        var found = [SignalWords.Kind: [UInt8]]()
        for at in codes.indices where SignalWords.isFirst.contains(codes[at]) {
            for index in SignalWords.starting(with: codes[at]) {
                let word = SignalWords.all[index]
                guard codes[at...].starts(with: word.codes), !SignalWords.isDenied(codes, at) else { continue }
                let position = UInt8(truncatingIfNeeded: index)
                if found[word.kind]?.contains(position) != true { found[word.kind, default: []].append(position) }
            }
        }
        danger = (found[.danger] ?? []).sorted()
        haste = (found[.haste] ?? []).sorted()
        dissatisfaction = (found[.dissatisfaction] ?? []).sorted()
        repetition = (found[.repetition] ?? []).sorted()
    }
}

/// The lexicon behind urgency and pain. Severity 3 is danger to life, 2 to health or home, 1 a hardship.
enum SignalWords {
    enum Kind: Hashable, Sendable { case danger, haste, dissatisfaction, repetition }

    struct Word: Sendable {
        let text: String
        let codes: [UInt16]
        let kind: Kind
        let severity: Int
    }

    static let all: [Word] =
        words(
            .danger, 3,
            """
            爆炸 坍塌 倒塌 垮塌 塌方 触电 溺水 坠落 跳楼 自杀 中毒 煤气泄漏 燃气泄漏 天然气泄漏 泄漏 着火 起火 火灾 \
            死亡 身亡 丧命 生命安全 生命危险 命案 车祸 滑坡 泥石流 高空抛物 高空坠物
            """)
        + words(
            .danger, 2,
            """
            安全隐患 隐患 危房 危楼 开裂 沉降 塌陷 坑洞 漏电 漏气 消防通道 消防安全 受伤 伤人 骨折 住院 癌症 致癌 \
            有毒 毒气 刺鼻 甲醛 被淹 淹水 内涝 传染 辐射 校园暴力 殴打 打人 恐吓 威胁 断水 断电 停水 停电 没有水 \
            没水 没电
            """)
        + words(
            .danger, 1,
            """
            老人 孕妇 婴儿 残疾 儿童 小孩 病人 血汗钱 讨薪 拖欠工资 农民工工资 无家可归 走投无路 群众聚集 上访 维权 \
            飙车 恶臭 污水 噪音 无法入睡 睡不着
            """)
        + words(
            .haste, 2,
            """
            火烧眉毛 刻不容缓 十万火急 紧急 危急 立即 马上 立刻 迫在眉睫 急需 急盼
            """)
        + words(
            .haste, 1,
            """
            尽快 尽早 抓紧 及时 早日 开学前 春节前 年底前 汛期 月底前 何时才能 高考
            """)
        + words(
            .dissatisfaction, 2,
            """
            无人管 没人管 不作为 推诿 推脱 踢皮球 互相推 敷衍 置之不理 不予理睬 石沉大海 乱作为 走过场 回复失实 \
            答非所问 官官相护 欺骗 失望 寒心 绝望 忍无可忍
            """)
        + words(
            .dissatisfaction, 1,
            """
            不满 投诉无门 没有结果 没有解决 未解决 得不到解决 一直没 迟迟 至今 毫无 苦不堪言 愤怒 气愤 无奈
            """)
        + words(
            .repetition, 2,
            """
            再次 多次投诉 多次反映 多次举报 屡次 反复 又开始 依旧 依然 仍然 仍未 没有改善 死灰复燃 还是没 三番五次 \
            屡禁不止
            """)
        + words(
            .repetition, 1,
            """
            多次 一直 长期 常年 多年 又
            """)

    private static func words(_ kind: Kind, _ severity: Int, _ list: String) -> [Word] {
        list.split(separator: " ").map {
            Word(text: String($0), codes: NormalText(String($0)).codes, kind: kind, severity: severity)
        }
    }

    private static let byFirst: [UInt16: [Int]] = Dictionary(grouping: all.indices) { all[$0].codes[0] }

    static let isFirst = CodeSet(byFirst.keys)

    static func starting(with code: UInt16) -> [Int] { byFirst[code] ?? [] }

    /// "没有受伤", "未发生爆炸": a denial within the three characters before.
    static func isDenied(_ codes: [UInt16], _ at: Int) -> Bool {
        let before = codes[max(0, at - 4)..<at]
        let clause = before.suffix(while: { $0 != NormalText.gap })
        return denials.contains { denial in clause.indices.contains { clause[$0...].starts(with: denial) } }
    }

    private static let denials: [[UInt16]] = ["没有", "没发生", "未发生", "无人", "并无", "不存在", "没什么"].map {
        NormalText($0).codes
    }
}

extension Collection {
    /// The longest end whose elements all satisfy the condition.
    fileprivate func suffix(while holds: (Element) -> Bool) -> SubSequence where Self: BidirectionalCollection {
        var start = endIndex
        while start > startIndex, holds(self[index(before: start)]) { formIndex(before: &start) }
        return self[start...]
    }
}
