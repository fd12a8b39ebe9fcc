import Testing

@testable import Core

@Suite("Dates as people write them")
struct DateReaderTests {
    @Test(
        "Every format of the real files is read to the second",
        arguments: [
            ("2019/2/28 11:25:05", "2019-02-28 11:25", 5_000),
            ("2019-02-28 11:25", "2019-02-28 11:25", 0),
            ("2015-12-02 08:45:40.250", "2015-12-02 08:45", 40_250),
            ("2019/11/7 0:57:15", "2019-11-07 00:57", 15_000),
            ("12/31/2016", "2016-12-31 00:00", 0),
            ("31/12/2016 23:05", "2016-12-31 23:05", 0),
            ("2018.4.24", "2018-04-24 00:00", 0),
            ("2019年2月28日", "2019-02-28 00:00", 0),
            ("2019年2月28日 下午3点05分", "2019-02-28 15:05", 0),
            ("2019年2月28日15时05分09秒", "2019-02-28 15:05", 9_000),
            ("２０１９／２／２８　１１：２５", "2019-02-28 11:25", 0),
            (" 2019-02-28 星期四 11:25 ", "2019-02-28 11:25", 0),
            ("2/28/2019 12:05:00 AM", "2019-02-28 00:05", 0),
            ("20190228", "2019-02-28 00:00", 0),
            ("201902281125", "2019-02-28 11:25", 0),
            ("20190228112505", "2019-02-28 11:25", 5_000),
            ("43524.475752", "2019-02-28 11:25", 5_000),
            ("43524", "2019-02-28 00:00", 0),
            ("2019-02-28T03:25:05Z", "2019-02-28 11:25", 5_000),
            ("2019-02-28T11:25:05.000+08:00", "2019-02-28 11:25", 5_000),
            ("2019-02-27T22:25:05-0500", "2019-02-28 11:25", 5_000),
            ("1551324305", "2019-02-28 11:25", 5_000),
            ("1551324305000", "2019-02-28 11:25", 5_000),
        ])
    func formats(text: String, minute: String, millisecondsBeyond: Int64) throws {
        let instant = try #require(DateReader.read(text), "\(text) is a date")
        #expect(instant.text(in: .shanghai) == minute)
        #expect(instant.millisecondsSince1970 % 60_000 == millisecondsBeyond)
    }

    @Test(
        "What is no date, or names a day or time that does not exist, is refused",
        arguments: [
            "", " ", "昨天", "2021-02-29", "2019-13-01", "2019-00-10", "2019-02-28 24:00", "2019-02-28 11:60",
            "2019-02-28 11", "2019-02-28 11:25 后", "2019-02", "13812345678", "1234", "99999", "32/12/2016",
            "20191301", "2019-02-28T11:25+25:00", "2019-2-28-3", "年月日", "2019年", "1:2:3", "-5",
        ])
    func refused(text: String) {
        #expect(DateReader.read(text) == nil)
    }

    @Test("Without a zone the text's clock is the district's")
    func zones() {
        let shanghai = DateReader.read("2019-02-28 08:00")
        #expect(shanghai == DateReader.read("2019-02-28 00:00", zone: .utc))
        #expect(shanghai == DateReader.instant(wallClockMilliseconds: 17_955 * 86_400_000 + 8 * 3_600_000))
    }

    @Test("Mutated dates never stop the reader, and whatever it reads is a day that exists")
    func fuzz() {
        var state: UInt64 = 20_190_228
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let seeds = ["2019/2/28 11:25:05", "2019年2月28日 下午3点05分", "2019-02-28T11:25:05.000+08:00", "43524.475752"]
        let alphabet = Array("0123456789/-.: 年月日时分秒TZ+上下午点,")
        for _ in 0..<20_000 {
            var characters = Array(seeds[next(seeds.count)])
            for _ in 0...next(3) {
                let at = next(characters.count)
                switch next(3) {
                case 0: characters[at] = alphabet[next(alphabet.count)]
                case 1: characters.insert(alphabet[next(alphabet.count)], at: at)
                default: if characters.count > 1 { characters.remove(at: at) }
                }
            }
            if let instant = DateReader.read(String(characters)) {
                #expect(Day(iso: String(instant.text(in: .shanghai).prefix(10))) != nil)
            }
        }
    }
}
