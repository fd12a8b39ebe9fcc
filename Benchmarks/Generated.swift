import Core
import Foundation
import Sheets

/// Rows of an invented hotline export, the same on every machine.
enum Generated {
    static let header = ["工单编号", "来电人", "受理时间", "标题", "诉求内容", "地址"]

    static func writeCSV(rows: Int, sentences: Int, to path: String) throws {
        let writer = try CSVWriter(path: path)
        try writer.write(header)
        for row in 0..<rows { try writer.write(texts(row, sentences: sentences)) }
        try writer.finish()
    }

    /// The rows of a range of numbers, so that a second file goes on where the first ended.
    static func writeCSV(rows: Range<Int>, sentences: Int, to path: String) throws {
        let writer = try CSVWriter(path: path)
        try writer.write(header)
        for row in rows { try writer.write(texts(row, sentences: sentences)) }
        try writer.finish()
    }

    static func writeXLSX(rows: Int, sentences: Int, to path: String) throws {
        let writer = try XLSXWriter(path: path)
        try writer.writeHeader(header)
        for row in 0..<rows { try writer.write(texts(row, sentences: sentences).map { .text($0) }) }
        try writer.finish()
    }

    private static func texts(_ row: Int, sentences: Int) -> [String] {
        let place = "\(places[row % places.count])\(row % 97 + 1)号"
        let matter = matters[row / 7 % matters.count]
        let day = Day(number: 18_000 + row % 700)
        let body = (0..<sentences).map { "\(place)\(matter)，\(wishes[(row + $0 * 5) % wishes.count])，第\(row + $0)次反映。" }
        return [
            "G\(1_000_000 + row)", "来电人\(row % 9_001)", "\(day) 09:\(Day.padded(row % 60, 2)):00",
            "\(place)\(matter)", body.joined(), "\(place)",
        ]
    }

    private static let places = ["曹杨路", "武宁路", "真北路", "桃浦路", "长寿路", "宜川路", "甘泉路", "石泉路", "金沙江路", "怒江北路", "新村路"]
    private static let matters = [
        "夜间施工噪音扰民", "路灯损坏无人修理", "垃圾堆放发出异味", "非机动车占用人行道", "电梯频繁停运", "下水道堵塞污水外溢", "违法搭建遮挡通风",
        "小区停车收费不合理", "公交线路候车时间过长", "绿化带被踩踏毁坏", "快递柜占用消防通道", "二次供水水质浑浊", "楼道堆物影响通行",
    ]
    private static let wishes = ["希望尽快派人处理", "居民意见很大", "多次联系物业没有结果", "请相关部门给个答复", "老人出行十分不便", "影响正常休息"]
}
