import Core
import Foundation
import TestKit
import Testing

@testable import Web

@Suite("Forms and lists read from text")
struct FieldsTests {
    private func read(_ text: String) throws -> [String] {
        try Fields(urlEncoded: Array(text.utf8)).pairs.map { "\($0.name)=\($0.value)" }
    }

    @Test(
        "URL-encoded text is read as browsers write it",
        arguments: [
            ("", []), ("a=1&b=2", ["a=1", "b=2"]), ("a=1&a=2", ["a=1", "a=2"]), ("a", ["a="]), ("=1", ["=1"]),
            ("&&a=1&", ["a=1"]), ("a=b=c", ["a=b=c"]), ("a+b=c%20d%2B", ["a b=c d+"]), ("%E6%99%AE=%E9%99%80", ["普=陀"]),
            ("a=%4", ["a=%4"]), ("a=%zz%", ["a=%zz%"]), ("a=%ff", ["a=\u{FFFD}"]), ("a=%00", ["a=\u{0}"]),
        ])
    func urlEncoded(text: String, expected: [String]) throws {
        #expect(try read(text) == expected)
    }

    @Test("What is encoded is read back, whatever it is")
    func roundTrip() throws {
        var random = SeededGenerator(seed: 20_210_419)
        for _ in 0..<500 {
            let pairs = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                (name: text(&random), value: text(&random))
            }
            let encoded = pairs.map { "\(Web.urlEncoded($0.name))=\(Web.urlEncoded($0.value))" }.joined(separator: "&")
            #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
            #expect(try Fields(urlEncoded: Array(encoded.utf8)) == Fields(pairs), "seed 20210419: \(encoded)")
        }
    }

    @Test("Broken forms are read or refused, never more fields than allowed")
    func fuzz() throws {
        var random = SeededGenerator(seed: 7)
        let good = Array("csrf=abc&q=%E5%99%AA%E9%9F%B3+%26&page=2&state=open&state=closed&body=%0D%0A".utf8)
        for _ in 0..<3_000 {
            let bytes = mutated(good, &random)
            let fields = try Fields(urlEncoded: bytes)
            #expect(fields.pairs.count <= bytes.count { $0 == UInt8(ascii: "&") } + 1)
            _ = ListQuery.read(fields, sorts: ["name"], defaultSort: "name", filters: ["state"])
        }
        let many = Array(String(repeating: "a&", count: WebLimits.formFieldsMax + 1).utf8)
        #expect(throws: WebError.tooManyFields) { try Fields(urlEncoded: many) }
        #expect(try Fields(urlEncoded: many.dropLast(2)).pairs.count == WebLimits.formFieldsMax)
    }

    @Test("A field's value is as typed, its text is trimmed, and an empty one is absent")
    func values() throws {
        let fields = try Fields(urlEncoded: Array("a=+x%0D%0Ay+&b=&c=1&c=&c=2&b=3".utf8))
        #expect(fields["a"] == " x\r\ny " && fields.text("a") == "x\ny")
        #expect(fields["b"] == nil && fields.text("b") == "" && fields["d"] == nil && fields.text("d") == "")
        #expect(fields.all("c") == ["1", "2"] && fields.all("b") == ["3"] && fields.all("d").isEmpty)
    }

    // MARK: Lists

    private func list(_ query: String) throws -> ListQuery {
        ListQuery.read(
            try Fields(urlEncoded: Array(query.utf8)), sorts: ["name", "at"], defaultSort: "-at", filters: ["state"])
    }

    @Test(
        "A list stays in bounds whatever the address asks",
        arguments: [
            ("", 1, 50), ("page=0", 1, 50), ("page=-5", 1, 50), ("page=x", 1, 50), ("page=3&size=20", 3, 20),
            ("page=99999999999999999999", 1, 50), ("page=200000", WebLimits.pageMax, 50), ("size=0", 1, 1),
            ("size=-1", 1, 1), ("size=100000", 1, WebLimits.pageSizeMax), ("size=1.5", 1, 50), ("page=2&page=9", 2, 50),
        ])
    func bounds(query: String, page: Int, size: Int) throws {
        let read = try list(query)
        #expect(read.page == page && read.pageSize == size)
        #expect(read.offset == (page - 1) * size)
    }

    @Test("An order that the list does not offer falls back to its own")
    func orders() throws {
        #expect(try list("sort=name").sort == "name" && list("sort=name").isDescending == false)
        #expect(try list("sort=-name").isDescending)
        for query in ["", "sort=", "sort=secret", "sort=-", "sort=--name", "sort=name;drop"] {
            let read = try list(query)
            #expect(read.sort == "at" && read.isDescending, "\(query)")
        }
    }

    @Test("Search and filters are limited, and filters that the list does not have are not read")
    func filters() throws {
        #expect(try list("q=" + String(repeating: "a", count: 500)).search.count == WebLimits.searchCharactersMax)
        #expect(try list("q=+%20").search == "")
        #expect(try list("state=a&state=b&state=&other=c").filters == ["state": ["a", "b"]])
        let many = (0..<200).map { "state=\($0)" }.joined(separator: "&")
        #expect(try list(many).filters["state"]?.count == WebLimits.filterValuesMax)
        #expect(try list("state=open").filter("state") == "open")
        #expect(try list("hide=at&hide=name").hiddenColumns == ["at", "name"])
    }

    @Test("A list's state survives its own address")
    func listRoundTrip() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<500 {
            var query = ListQuery(
                search: text(&random).trimmingCharacters(in: .whitespacesAndNewlines),
                sort: Bool.random(using: &random) ? "name" : "at", isDescending: Bool.random(using: &random),
                page: Int.random(in: 1...9, using: &random),
                pageSize: WebLimits.pageSizes.randomElement(using: &random) ?? 20)
            let states = (0..<Int.random(in: 0...3, using: &random)).map { _ in "s" + text(&random) }
            if !states.isEmpty { query.filters["state"] = states }
            if Bool.random(using: &random) { query.hiddenColumns = ["name"] }
            #expect(try list(query.encoded()) == query, "seed 11: \(query.encoded())")
            #expect(try list(query.encoded(defaultSort: "-at")) == query, "seed 11: \(query.encoded())")
        }
    }

    @Test(
        "The pager names the first page, the last and those around this one",
        arguments: [
            (1, 1, [1]), (1, 100, [1, 2]), (1, 1_000, [1, 2, 3, nil, 20]),
            (10, 1_000, [1, nil, 8, 9, 10, 11, 12, nil, 20]),
            (20, 1_000, [1, nil, 18, 19, 20]), (4, 1_000, [1, 2, 3, 4, 5, 6, nil, 20]),
            (99, 1_000, [1, nil, 18, 19, 20]),
        ] as [(Int, Int, [Int?])])
    func pager(page: Int, total: Int, shown: [Int?]) {
        let pager = Pager(path: "/", query: ListQuery(sort: "name", page: page), total: total)
        #expect(pager.shownPages == shown)
    }

    /// Letters of several kinds, signs that addresses use, white space and an emoji.
    private func text(_ random: inout SeededGenerator) -> String {
        let letters = Array("ab9 &=+%?#/\\;\"'<>\n\t普陀区，。é\u{301}👩‍🔧")
        return String(
            (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in letters.randomElement(using: &random) })
    }
}

/// A copy with a few bytes changed, doubled, dropped or put elsewhere.
func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var out = bytes
    for _ in 0..<Int.random(in: 1...6, using: &random) {
        guard !out.isEmpty else { return out }
        let at = Int.random(in: out.indices, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: out[at] = UInt8.random(in: .min ... .max, using: &random)
        case 1: out.remove(at: at)
        case 2: out.insert(contentsOf: out[at..<min(out.count, at + 20)], at: at)
        case 3: out.removeSubrange(at..<min(out.count, at + Int.random(in: 1...40, using: &random)))
        default: out.insert(out[at], at: Int.random(in: out.indices, using: &random))
        }
    }
    return out
}
