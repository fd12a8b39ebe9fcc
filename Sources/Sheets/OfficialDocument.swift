internal import CLibzip
import Core
internal import Foundation

/// A Word document in the layout of official papers (GB/T 9704-2012): A4, 37/35/28/26 mm margins, 22 lines a page,
/// title in 小标宋 of 22 pt, text in 仿宋 of 16 pt indented by two characters, headings in 黑体.
package enum OfficialDocument {
    package enum Block: Sendable, Equatable {
        case title(String)
        /// Under the title, centred: a number or a date.
        case aside(String)
        case heading(String)
        case body(String)
        case table(header: [String], rows: [[String]])
        /// At the right, four characters in: signature and date.
        case signature(String)
    }

    /// Writes the document; the file appears only when it is whole.
    package static func write(_ blocks: [Block], to path: String) throws {
        let partial = path + ".partial"
        try? FileManager.default.removeItem(atPath: partial)
        do {
            try zip(parts(blocks), to: partial)
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.moveItem(atPath: partial, toPath: path)
        } catch {
            try? FileManager.default.removeItem(atPath: partial)
            throw error
        }
    }

    static func parts(_ blocks: [Block]) -> [(name: String, text: String)] {
        [
            ("[Content_Types].xml", contentTypes), ("_rels/.rels", rootRelations),
            ("word/_rels/document.xml.rels", documentRelations), ("word/footer1.xml", footer),
            ("word/document.xml", document(blocks)),
        ]
    }

    private static func zip(_ parts: [(name: String, text: String)], to path: String) throws {
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code) else {
            throw SheetError.cannotWrite(reason: "zip \(code)")
        }
        // libzip reads the texts when it closes the archive, and frees them then.
        for part in parts {
            let bytes = Array(part.text.utf8)
            guard let copy = malloc(max(1, bytes.count)) else {
                zip_discard(archive)
                throw SheetError.cannotWrite(reason: "memory")
            }
            bytes.withUnsafeBytes { if let base = $0.baseAddress { memcpy(copy, base, bytes.count) } }
            guard let source = zip_source_buffer(archive, copy, zip_uint64_t(bytes.count), 1) else {
                free(copy)
                zip_discard(archive)
                throw SheetError.cannotWrite(reason: part.name)
            }
            guard zip_file_add(archive, part.name, source, zip_flags_t(ZIP_FL_ENC_UTF_8)) >= 0 else {
                zip_source_free(source)
                zip_discard(archive)
                throw SheetError.cannotWrite(reason: part.name)
            }
        }
        guard zip_close(archive) == 0 else {
            zip_discard(archive)
            throw SheetError.cannotWrite(reason: path)
        }
    }

    // MARK: - Markup

    private static let w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    private static let r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    private static let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

    /// Without what XML cannot hold.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "\t", "\n": out += " "
            default:
                if scalar.value >= 0x20, scalar.value & 0xFFFE != 0xFFFE { out.unicodeScalars.append(scalar) }
            }
        }
        return out
    }

    private static func run(_ text: String, font: String, halfPoints: Int, isBold: Bool = false) -> String {
        let face = "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"\(font)\"/>"
        return "<w:r><w:rPr>\(face)\(isBold ? "<w:b/>" : "")<w:sz w:val=\"\(halfPoints)\"/></w:rPr>"
            + "<w:t xml:space=\"preserve\">\(escaped(text))</w:t></w:r>"
    }

    private static func paragraph(
        _ runs: String, alignment: String = "both", indentCharacters: Int = 0, rightCharacters: Int = 0,
        exactTwips: Int? = 580
    ) -> String {
        // In characters for Word, and in twips of 16 pt for LibreOffice, which does not count characters.
        func characters(_ count: Int, _ name: String) -> String {
            count > 0 ? " w:\(name)=\"\(count * 320)\" w:\(name)Chars=\"\(count * 100)\"" : ""
        }
        let indent = characters(indentCharacters, "firstLine")
        let right = characters(rightCharacters, "right")
        let spacing = exactTwips.map { "<w:spacing w:line=\"\($0)\" w:lineRule=\"exact\"/>" } ?? ""
        let shift = indent.isEmpty && right.isEmpty ? "" : "<w:ind\(indent)\(right)/>"
        return "<w:p><w:pPr>\(spacing)\(shift)<w:jc w:val=\"\(alignment)\"/></w:pPr>\(runs)</w:p>"
    }

    private static func document(_ blocks: [Block]) -> String {
        var body = ""
        for block in blocks {
            switch block {
            case .title(let text):
                body += paragraph(run(text, font: "方正小标宋简体", halfPoints: 44), alignment: "center", exactTwips: 700)
            case .aside(let text):
                body += paragraph(run(text, font: "楷体", halfPoints: 32), alignment: "center")
            case .heading(let text):
                body += paragraph(run(text, font: "黑体", halfPoints: 32), indentCharacters: 2)
            case .body(let text):
                body += paragraph(run(text, font: "仿宋", halfPoints: 32), indentCharacters: 2)
            case .table(let header, let rows): body += table(header, rows) + paragraph("")
            case .signature(let text):
                body += paragraph(run(text, font: "仿宋", halfPoints: 32), alignment: "right", rightCharacters: 4)
            }
        }
        // In twentieths of a point: 37, 26, 35 and 28 mm.
        let page =
            "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId1\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/>"
            + "<w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1587\" w:footer=\"1400\"/>"
            + "</w:sectPr>"
        return head + "<w:document xmlns:w=\"\(w)\" xmlns:r=\"\(r)\"><w:body>\(body)\(page)</w:body></w:document>"
    }

    /// What the margins leave of a line.
    private static let textTwips = 11_906 - 1_474 - 1_587

    private static func table(_ header: [String], _ rows: [[String]]) -> String {
        let edge = { (name: String) in "<w:\(name) w:val=\"single\" w:sz=\"6\" w:color=\"000000\"/>" }
        let edges = ["top", "left", "bottom", "right", "insideH", "insideV"].map(edge).joined()
        // What a row is about needs half as much again as one of its figures.
        let unit = textTwips / (2 * header.count + 1)
        let widths = header.indices.map { $0 == 0 ? textTwips - 2 * unit * (header.count - 1) : 2 * unit }
        let grid = widths.map { "<w:gridCol w:w=\"\($0)\"/>" }.joined()
        func row(_ texts: [String], isHeader: Bool) -> String {
            let cells = header.indices.map { index in
                let text = texts.indices.contains(index) ? texts[index] : ""
                let run = run(text, font: isHeader ? "黑体" : "仿宋", halfPoints: 24)
                let alignment = index == 0 && !isHeader ? "left" : "center"
                return "<w:tc><w:tcPr><w:tcW w:w=\"\(widths[index])\" w:type=\"dxa\"/></w:tcPr>"
                    + paragraph(run, alignment: alignment, exactTwips: 400) + "</w:tc>"
            }.joined()
            return "<w:tr>\(isHeader ? "<w:trPr><w:tblHeader/></w:trPr>" : "")\(cells)</w:tr>"
        }
        let lines = row(header, isHeader: true) + rows.map { row($0, isHeader: false) }.joined()
        return "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>\(edges)</w:tblBorders></w:tblPr>"
            + "<w:tblGrid>\(grid)</w:tblGrid>\(lines)</w:tbl>"
    }

    private static let footer =
        head + "<w:ftr xmlns:w=\"\(w)\"><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>"
        + "<w:r><w:t xml:space=\"preserve\">— </w:t></w:r>"
        + "<w:fldSimple w:instr=\"PAGE\"><w:r><w:t>1</w:t></w:r></w:fldSimple>"
        + "<w:r><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>"

    private static let contentTypes =
        head + "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
        + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        + "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        + "<Override PartName=\"/word/document.xml\" ContentType=\"\(wordType).document.main+xml\"/>"
        + "<Override PartName=\"/word/footer1.xml\" ContentType=\"\(wordType).footer+xml\"/></Types>"
    private static let wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml"

    private static let rootRelations =
        head + "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        + "<Relationship Id=\"rId1\" Type=\"\(r)/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
    private static let documentRelations =
        head + "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        + "<Relationship Id=\"rId1\" Type=\"\(r)/footer\" Target=\"footer1.xml\"/></Relationships>"
}
