import Core
import Testing

@testable import Sheets

@Suite("Header of a sheet")
struct HeaderFinderTests {
    private func rows(_ lines: [String]) -> [SheetRow] {
        lines.enumerated().map { index, line in
            SheetRow(
                number: index + 1,
                cells: line.split(separator: ",", omittingEmptySubsequences: false).map { part in
                    part.isEmpty ? .empty : part.allSatisfy(\.isNumber) ? .number(String(part)) : .text(String(part))
                })
        }
    }

    private func titles(_ lines: [String], known: Set<String> = []) -> [String]? {
        HeaderFinder.find(rows(lines)) { known.contains($0) }?.titles
    }

    @Test("A header in the first row")
    func plain() {
        #expect(titles(["编号,主题,时间", "1,路灯不亮,2020-01-01 08:00", "2,噪音,2020-01-02 08:00"]) == ["编号", "主题", "时间"])
    }

    @Test("A header below a title, a note and a date of printing")
    func belowTitle() {
        let lines = [
            "普陀区12345热线工单导出表,,,,", "单位：某街道,,,打印日期：2021-01-01,", "序号,工单编号,诉求标题,受理时间,街镇",
            "1,PT001,路灯不亮,2020-01-01 08:00,曹杨新村街道", "2,PT002,噪音,2020-01-02 08:00,长寿路街道",
        ]
        #expect(HeaderFinder.find(rows(lines))?.index == 2)
        #expect(titles(lines) == ["序号", "工单编号", "诉求标题", "受理时间", "街镇"])
    }

    @Test("Two storeys of merged cells become one; a lower title that two groups share keeps its group")
    func twoStoreys() {
        let lines = [
            "区热线表,,,,,", "工单编号,诉求人,,承办人,,受理时间", ",姓名,电话,姓名,单位,", "1,张三,13800000000,李四,房管局,2020-01-01 00:00",
        ]
        let header = HeaderFinder.find(rows(lines))
        #expect(header?.titles == ["工单编号", "诉求人 姓名", "电话", "承办人 姓名", "单位", "受理时间"])
        #expect(header?.index == 1)
        #expect(header?.height == 2)
    }

    @Test("An unnamed column and a first row of texts are not taken for two storeys")
    func unnamedColumn() {
        let header = HeaderFinder.find(rows(["编号,标题,", "甲,路灯,备注", "乙,噪音,说明"]))
        #expect(header?.height == 1)
        #expect(header?.titles == ["编号", "标题", ""])
    }

    @Test("Titles the caller knows decide against a wider row")
    func known() {
        let lines = ["说明,本表,由系统,自动,导出,勿改", "留言编号,留言主题", "1,路灯不亮"]
        #expect(titles(lines, known: ["留言编号", "留言主题"]) == ["留言编号", "留言主题"])
    }

    @Test("Line ends and spaces inside a title are taken out, between Latin words they become one space")
    func titleText() {
        #expect(HeaderFinder.title(of: .text(" 受理\n时间 \u{3000}")) == "受理时间")
        #expect(HeaderFinder.title(of: .text("Open \n date")) == "Open date")
        #expect(HeaderFinder.title(of: .text("\u{FEFF}id")) == "id")
    }

    @Test("Numbers alone are no header")
    func noHeader() {
        #expect(HeaderFinder.find(rows(["1,2,3", "4,5,6"])) == nil)
        #expect(HeaderFinder.find([]) == nil)
    }

    @Test("A sheet of one column has its first text as header")
    func oneColumn() {
        #expect(titles(["内容", "路灯不亮已经三天", "噪音"]) == ["内容"])
    }

    @Test("Reading goes on below the header, whatever was looked at to find it")
    func headedSheet() throws {
        let folder = try Folder()
        let lines = (1...50).map { "\($0),第\($0)条诉求" }
        let path = try folder.write(("导出表\n\n编号,主题\n" + lines.joined(separator: "\n")).utf8)
        let sheet = try HeadedSheet(SheetFile.open(path: path))
        #expect(sheet.titles == ["编号", "主题"])
        #expect(sheet.headerRow == 3)
        var read: [SheetRow] = []
        while let row = try sheet.next() { read.append(row) }
        #expect(read.map { $0[0].string } == (1...50).map(String.init))
        #expect(read.map(\.number) == Array(4...53))
        #expect(throws: SheetError.empty) { try HeadedSheet(SheetFile.open(path: folder.write("\n\n".utf8))) }
        #expect(throws: SheetError.noHeader) { try HeadedSheet(SheetFile.open(path: folder.write("1,2\n".utf8))) }
    }
}
