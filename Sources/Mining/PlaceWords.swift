/// The words that end a name of a place, and those that cannot be part of one. Data of `PlaceFinder`.
enum PlaceWords {
    struct Ending {
        let codes: [UInt16]
        let rank: FoundPlace.Rank
        /// How many characters must stand before it to make a name.
        let nameCharactersMin: Int
        var length: Int { codes.count }
    }

    /// Characters before the ending; Chinese names of estates and roads are rarely longer.
    static let nameCharactersMax = 7

    static let districtEndings: Set<UInt16> = codes(of: "市区县省州")

    static let laneEndings: Set<UInt16> = codes(of: "弄号")

    private static let sites = """
        小区 花园 家园 菜场 集市 新城 新村 新居 公寓 别墅 庄园 山庄 名苑 嘉园 嘉苑 家苑 佳园 雅苑 国际城 国际 广场 大厦 大楼 商城 安置小区 安置区 \
        安置房 公馆 府邸 华府 名邸 御府 一品 壹号 一号 花城 名城 名都 名园 半岛 社区 学院 大学 中学 小学 幼儿园 幼稚园 学校 附小 附中 二小 \
        医院 卫生院 卫生所 市场 批发市场 酒店 宾馆 超市 公园 植物园 动物园 火车站 高铁站 汽车站 地铁站 公交站 客运站 南站 北站 东站 西站 工业园 \
        产业园 科技园 园区 体育馆 体育场 体育中心 图书馆 博物馆 文化园 遗址 水库 机场 驾校 驾培 派出所 商业街 步行街 美食街 物流园 建材城 \
        电影院 影城 KTV 福利院 养老院 敬老院 殡仪馆 垃圾站 中转站 变电站 污水厂 水厂 电厂 工厂 公司 集团 培训机构 俱乐部 健身房
        """
    private static let shortSites = "村 城 府 苑 湾 园 庄 邸 轩 庭 郡 墅 湖 河 江 洲 屯 寨 弄 港 浜 宅"
    private static let roads = """
        大道 路口 路段 街口 大桥 高架桥 高架 立交桥 立交 高速公路 高速 公路 国道 省道 县道 快速路 隧道 号线 联络线 支路 辅路 环路 环线
        """
    private static let shortRoads = "路 街 巷 桥"
    private static let townships = "街道 片区 开发区 经开区 高新区 新区"
    private static let shortTownships = "镇 乡"

    private static let endings: [UInt16: [Ending]] = {
        var all: [Ending] = []
        func add(_ words: String, _ rank: FoundPlace.Rank, _ minimum: Int) {
            for word in words.split(separator: " ") {
                all.append(Ending(codes: NormalText(String(word)).codes, rank: rank, nameCharactersMin: minimum))
            }
        }
        add(sites, .site, 2)
        add(shortSites, .site, 2)
        add(roads, .road, 1)
        add(shortRoads, .road, 2)
        add(townships, .township, 2)
        add(shortTownships, .township, 1)
        // Longest first, so that 街道 is not taken for 街.
        return Dictionary(grouping: all.sorted { $0.length > $1.length }) { $0.codes[0] }
    }()

    /// Most characters begin no ending; a look here is cheaper than one in the dictionary.
    static let isFirst = CodeSet(endings.keys)

    static func ending(_ codes: [UInt16], _ at: Int) -> Ending? {
        guard isFirst.contains(codes[at]), let candidates = endings[codes[at]] else { return nil }
        for ending in candidates where Grams.stands(ending.codes, in: codes, at: at) {
            // 城市, 街上, 路上, 园林, 村民, 江西… are words of their own.
            let next = at + ending.length
            if ending.length == 1, next < codes.count, notAnEnding.contains(Grams.pair(codes[at], codes[next])) {
                continue
            }
            return ending
        }
        return nil
    }

    private static let notAnEnding: Set<UInt32> = pairs(
        """
        城市 城管 城区 城乡 城建 城镇 城投 城中 路灯 路面 路边 路人 路过 路上 路况 路牌 路网 路线 路程 路基 路由 路政 路权 街上 街边 街区 街坊 园林 园长 园区 \
        村民 村委 村里 村上 村支 村庄 村务 村干 镇上 镇政 乡镇 乡村 乡亲 河道 河水 河边 河流 湖边 湖水 江边 桥上 桥下 桥梁 港口 弄得 弄虚 弄成 府上 \
        庄稼 庄严 庭审 庭院 洲际 宅基 巷子 巷口 港湾
        """)

    /// Never part of a name, even right before its ending.
    static let alwaysOutside: Set<UInt16> = codes(of: "的在了是于个这那该某我你他们")

    private static let outside = CodeSet(
        codes(
            of: """
                的在了是于个这那该某我你他她它们把被将从往向对到由让使给为请问就都也还又再很且但而若因和与及或等至\
                有没无能会可要想已经正未不至距离经近后段座所间处住去来买卖通过说每各全其此并同叫做做因此
                """))
    private static let outsideWords: Set<UInt32> = pairs(
        """
        反映 咨询 投诉 举报 请问 请求 建议 希望 关于 强烈 要求 恳请 坐落 座落 位于 附近 对面 旁边 周边 我们 目前 现在 以及 还有 因为 由于 如果 但是 什么 怎么 为何 \
        政府 领导 市民 居民 业主 尊敬 您好 你好 今天 昨天 今年 去年 施工 规划 建设 拆迁 扩建 新建 修建 道路 交通 严重 扰民 违规 非法 违法 部门 相关 有关 \
        购买 入住 居住 开发 物业 学生 家长 老师 村民 小孩 孩子 何时 请将 尽快 加快 解决 取消 增设 设置 改造 提质 是否 一个 一条 多个 整个 公交 地铁 本人 \
        关心 重视 大型 附属 公立 私立 民办 公办 当地 本地 各个 所有 部分 省市 全市 全区 全县 全国 来自 属于 靠近 沿着 途经 通往 前往 
        """)

    /// Most characters end no such word; a look here is cheaper than one at all words.
    private static let endsOutsideWord = CodeSet(outsideWords.map { Grams.codes(of: $0).1 })

    /// Whether a word that is no part of a name ends at `at`.
    static func endsOutside(_ codes: [UInt16], _ at: Int, floor: Int) -> Bool {
        if outside.contains(codes[at]) { return true }
        guard at > floor, endsOutsideWord.contains(codes[at]) else { return false }
        return outsideWords.contains(Grams.pair(codes[at - 1], codes[at]))
    }

    private static let additions: [[UInt16]] = ["小区", "社区", "附近", "周边", "楼盘", "项目"].map {
        NormalText($0).codes
    }

    /// What people add to a name without changing it is passed over.
    static func skipAdditions(_ codes: [UInt16], _ at: Int) -> Int {
        var at = at
        while let addition = additions.first(where: { Grams.stands($0, in: codes, at: at) }) { at += addition.count }
        return at
    }

    /// What kind of place a gazetteer's name is, by its ending.
    static func rank(ofKnown name: [UInt16]) -> FoundPlace.Rank {
        if let last = name.last, districtEndings.contains(last), !name.suffix(2).elementsEqual(additions[0]) {
            return .district
        }
        for length in stride(from: min(4, name.count - 1), through: 1, by: -1) {
            if let ending = ending(name, name.count - length), ending.length == length { return ending.rank }
        }
        return .site
    }

    private static func codes(of characters: String) -> Set<UInt16> { Set(NormalText(characters).codes) }
    private static func pairs(_ words: String) -> Set<UInt32> {
        Set(
            words.split(separator: " ").map { word in
                let codes = NormalText(String(word)).codes
                return Grams.pair(codes[0], codes[1])
            })
    }
}
