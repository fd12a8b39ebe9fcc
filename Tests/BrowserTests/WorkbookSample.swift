import Sheets
import TestKit

/// A workbook of a few hundred appeals.
enum WorkbookSample {
    static func path() throws -> String {
        let path = try ScratchFolder.shared().path("xlsx")
        let writer = try XLSXWriter(path: path)
        try writer.writeHeader(["工单编号", "受理时间", "诉求内容", "地址"])
        for number in 1...300 {
            try writer.write(
                ["X\(number)", "2021-04-01 09:00", "第\(number)件别处的事情，请有关部门核实", "兰溪路\(number % 90)号"].map { .text($0) })
        }
        try writer.finish()
        return path
    }
}
