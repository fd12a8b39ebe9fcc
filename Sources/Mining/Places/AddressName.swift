/// An address as places are learnt by: the road or the named place, and the house number that decides where on it.
struct AddressName: Sendable, Hashable {
    /// 中山北路, 曹杨八村; without city and district.
    let name: String
    /// The road a named place is said to be on; empty where none is.
    let via: String
    /// Number of the house or lane (号, 弄); nil for a named place.
    let number: Int?

    /// Digits of a house number.
    private static let digitsMax = 5
    /// Characters of an address that count.
    private static let charactersMax = 120

    init(_ address: String) {
        let codes = NormalText(String(address.prefix(Self.charactersMax))).codes.map { Self.variants[$0] ?? $0 }
        self.init(codes: Self.withoutDistrict(codes[...]))
    }

    init(name: String, via: String = "", number: Int?) {
        self.name = name
        self.via = via
        self.number = number
    }

    private init(codes: ArraySlice<UInt16>) {
        for at in codes.indices.dropFirst() where Self.roadEnds.contains(codes[at]) {
            if let number = Self.number(codes[(at + 1)...]) {
                self.init(name: NormalText.string(codes[...at]), number: number)
                return
            }
        }
        if let at = codes.indices.dropFirst().first(where: { Self.roadEnds.contains(codes[$0]) }),
            codes.endIndex - at > Self.namedPlaceMin
        {
            self.init(
                name: NormalText.string(codes[(at + 1)...]), via: NormalText.string(codes[...at]), number: nil)
            return
        }
        self.init(name: NormalText.string(codes), number: nil)
    }

    /// Characters of a place named behind a road: 铁路新村 is one name, 镇坪路赵家宅 is a road and a place.
    private static let namedPlaceMin = 3

    private static func number(_ codes: ArraySlice<UInt16>) -> Int? {
        let digits = codes.prefix { (48...57).contains($0) }
        guard !digits.isEmpty, digits.count <= digitsMax else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1) - 48 }
    }

    /// Without 上海市 and 普陀区 in front, whatever their names; 梅四小区 keeps its own.
    private static func withoutDistrict(_ codes: ArraySlice<UInt16>) -> ArraySlice<UInt16> {
        var rest = codes
        for (end, notBefore) in [(province, none), (city, none), (district, notDistricts)] {
            guard let at = rest.indices.prefix(4).dropFirst(2).first(where: { rest[$0] == end }),
                !notBefore.contains(rest[at - 1]), rest.endIndex - at > 2
            else { continue }
            rest = rest[(at + 1)...]
        }
        return rest
    }

    private static func codes(_ text: String) -> [UInt16] { NormalText(text).codes }
    private static let (province, city, district) = (codes("省")[0], codes("市")[0], codes("区")[0])
    private static let none = CodeSet([])
    private static let notDistricts = CodeSet(codes("小社园校厂地新景街镇道路"))
    static let roadEnds = CodeSet(codes("路街道巷"))
    /// Characters that are written for one another in addresses.
    private static let variants: [UInt16: UInt16] = [codes("徳")[0]: codes("德")[0], codes("澗")[0]: codes("涧")[0]]

    /// What a name shares with its neighbours': 武威东路 and 武威路, 泰山一村 and 泰山支路.
    var stem: String { Self.stem(of: name) }

    static func stem(of name: String) -> String {
        var codes = Array(name.utf16)
        if let ending = endings.first(where: { codes.count > $0.count && codes.suffix($0.count).elementsEqual($0) }) {
            codes.removeLast(ending.count)
        }
        let withoutNumber = codes.reversed().drop { numerals.contains($0) }.count
        if withoutNumber > 0 { codes = Array(codes.prefix(withoutNumber)) }
        if codes.count >= 3, let last = codes.last, directions.contains(last) { codes.removeLast() }
        return String(decoding: codes, as: UTF16.self)
    }

    private static let endings =
        "支路 街道 大道 新村 小区 公寓 花园 花苑 新苑 路 街 道 巷 苑 宅 村 园 城 镇".split(separator: " ").map { codes(String($0)) }
    private static let numerals = CodeSet(codes("一二三四五六七八九十"))
    private static let directions = CodeSet(codes("东南西北中"))

    /// What a name is made of, for names no training address has: characters, pairs of them, and blocks of the
    /// character table, which is ordered by radical: 柳, 松, 杏 and 棉 are near one another.
    var grams: Set<UInt32> {
        let codes = Array(name.utf16)
        var grams: Set<UInt32> = []
        for (at, code) in codes.enumerated() {
            if !Self.commonEnds.contains(code) { grams.insert(UInt32(code)) }
            if !Self.plain.contains(code) { grams.insert(0x1_0000 | UInt32(code) / 48) }
            grams.insert(Grams.pair(at == 0 ? 1 : codes[at - 1], code) | 0x2_0000)
        }
        if let last = codes.last { grams.insert(Grams.pair(last, 2) | 0x2_0000) }
        return grams
    }

    private static let commonEnds = CodeSet(codes("路村"))
    private static let plain = CodeSet(codes("路村街新一二三四五六七八九"))
}
