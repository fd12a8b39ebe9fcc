import Foundation
import Testing

@testable import Sheets

/// Files of real offices, where a developer has them beside the project.
@Suite("Real files")
struct RealFilesTests {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("../shared/data").standardizedFileURL.path

    static let isThere = FileManager.default.fileExists(atPath: folder)

    @Test(
        "They are read whole, with their headers", .enabled(if: isThere, "no ../shared/data beside the package"),
        arguments: [
            ("appeals/messages_4326.csv", 4_326, "留言编号"), ("appeals/messages_4326.xlsx", 4_326, "留言编号"),
            ("appeals/river_appeals_1464.csv", 1_464, "id"), ("appeals/dispatch_train.csv", 470, "id"),
            ("appeals/messages_with_replies.csv", 1_946, "留言编号"), ("appeals/topic_labels_train.csv", 7_347, "id"),
            ("appeals/topic_taxonomy.csv", 517, "一级分类"), ("open311/boston_2011H2.csv", 58_251, "case_enquiry_id"),
        ])
    func whole(file: String, rows expected: Int, first: String) throws {
        let sheet = try HeadedSheet(SheetFile.open(path: RealFilesTests.folder + "/" + file))
        #expect(sheet.titles.first == first)
        var count = 0
        while let row = try sheet.next() {
            count += 1
            #expect(row.cells.count <= sheet.titles.count)
        }
        #expect(count == expected)
    }

    @Test("The workbook and the CSV of the same messages say the same", .enabled(if: isThere, "no ../shared/data"))
    func sameMessages() throws {
        let books = try rows(RealFilesTests.folder + "/appeals/messages_4326.xlsx")
        let texts = try rows(RealFilesTests.folder + "/appeals/messages_4326.csv")
        #expect(zip(books, texts).allSatisfy { $0[0].string == $1[0].string && $0[1].string == $1[1].string })
    }
}
