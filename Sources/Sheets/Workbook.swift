import Core
internal import Foundation

/// The frame of an XLSX file: its sheets, its epoch, its number formats and its shared strings. Macros, external
/// links and everything else in the file are never opened.
final class Workbook {
    struct Sheet {
        let name: String
        let path: String
        let isHidden: Bool
    }

    let archive: ZipArchive
    private(set) var sheets: [Sheet] = []
    private(set) var epoch = Epoch.from1900
    private(set) var formats: [NumberFormat] = []
    private var stringsPath: String?
    private var loadedStrings: SharedStrings?

    init(file: FileBytes) throws(SheetError) {
        archive = try ZipArchive(path: file.path, fileSize: file.size)
        let root = try relations(of: "")
        let path = root.first { $0.type.hasSuffix("/officeDocument") }?.path ?? "xl/workbook.xml"
        guard let part = archive.part(path) ?? archive.part("xl/workbook.xml"), part.name.hasSuffix(".xml") else {
            if archive.part("xl/workbook.bin") != nil { throw .binaryWorkbook }
            throw archive.part("mimetype") != nil && archive.part("content.xml") != nil ? .openDocument : .notAWorkbook
        }
        let frame = FrameHandler()
        try Markup.parse(try archive.open(part), handler: frame)
        guard frame.isWorkbook else { throw .notAWorkbook }
        if frame.is1904 { epoch = .from1904 }
        let targets = try relations(of: part.name)
        let paths = Dictionary(targets.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        sheets = frame.sheets.compactMap { sheet in
            guard let target = paths[sheet.relation], target.type.hasSuffix("/worksheet") else { return nil }
            return Sheet(name: sheet.name, path: target.path, isHidden: sheet.isHidden)
        }
        guard !sheets.isEmpty else { throw .damaged(part: part.name) }
        stringsPath = targets.first { $0.type.hasSuffix("/sharedStrings") }?.path
        if let styles = targets.first(where: { $0.type.hasSuffix("/styles") }), let part = archive.part(styles.path) {
            let handler = StylesHandler()
            try Markup.parse(try archive.open(part), handler: handler)
            formats = handler.formats
        }
    }

    /// Read when a sheet is opened, so that listing the sheets of a large workbook stays quick.
    func strings() throws(SheetError) -> SharedStrings {
        if let loadedStrings { return loadedStrings }
        let strings = SharedStrings()
        if let stringsPath, let part = archive.part(stringsPath) {
            try Markup.parse(try archive.open(part), handler: SharedStringsHandler(strings))
        }
        try strings.finish()
        loadedStrings = strings
        return strings
    }

    /// What a part refers to inside the file; links that lead out of it are left out.
    private func relations(of path: String) throws(SheetError) -> [Relation] {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let relations = (folder.isEmpty ? "" : folder + "/") + "_rels/\(name).rels"
        guard let part = archive.part(relations) else { return [] }
        let handler = RelationsHandler(folder: folder)
        try Markup.parse(try archive.open(part), handler: handler)
        return handler.relations
    }
}

struct Relation {
    let id: String
    let type: String
    /// From the root of the zip.
    let path: String
}

private final class RelationsHandler: MarkupHandler {
    private let folder: String
    private(set) var relations: [Relation] = []

    init(folder: String) { self.folder = folder }

    override func start(_ name: UnsafePointer<CChar>, _ attributes: Attributes) {
        guard strcmp(name, "Relationship") == 0, value("TargetMode", in: attributes) != "External",
            let id = value("Id", in: attributes), let type = value("Type", in: attributes),
            let target = value("Target", in: attributes)
        else { return }
        guard relations.count < SheetLimits.partsMax else {
            failure = .tooManyParts
            return
        }
        relations.append(Relation(id: id, type: type, path: RelationsHandler.resolve(target, in: folder)))
    }

    /// `/xl/a.xml`, `a.xml`, `../a.xml` → a path from the root.
    private static func resolve(_ target: String, in folder: String) -> String {
        let full = target.hasPrefix("/") ? target : folder + "/" + target
        var steps: [Substring] = []
        for step in full.split(whereSeparator: { $0 == "/" || $0 == "\\" }) where step != "." {
            if step == ".." { _ = steps.popLast() } else { steps.append(step) }
        }
        return steps.joined(separator: "/")
    }
}

private final class FrameHandler: MarkupHandler {
    private(set) var isWorkbook = false
    private(set) var is1904 = false
    private(set) var sheets: [(name: String, relation: String, isHidden: Bool)] = []

    override func start(_ name: UnsafePointer<CChar>, _ attributes: Attributes) {
        if strcmp(name, "workbook") == 0 {
            isWorkbook = true
        } else if strcmp(name, "workbookPr") == 0 {
            is1904 = ["1", "true"].contains(value("date1904", in: attributes))
        } else if strcmp(name, "sheet") == 0, let title = value("name", in: attributes) {
            guard sheets.count < SheetLimits.sheetsMax else {
                failure = .tooManyParts
                return
            }
            // "id" and not "sheetId": the attribute of the relationships namespace.
            let state = value("state", in: attributes)
            sheets.append((title, value("id", in: attributes) ?? "", state == "hidden" || state == "veryHidden"))
        }
    }
}

private final class StylesHandler: MarkupHandler {
    private(set) var formats: [NumberFormat] = []
    private var custom: [Int: NumberFormat] = [:]
    private var isInCellFormats = false

    override func start(_ name: UnsafePointer<CChar>, _ attributes: Attributes) {
        if strcmp(name, "numFmt") == 0 {
            guard let id = value("numFmtId", in: attributes).flatMap({ Int($0) }), custom.count < SheetLimits.stylesMax
            else { return }
            custom[id] = NumberFormat(code: value("formatCode", in: attributes) ?? "")
        } else if strcmp(name, "cellXfs") == 0 {
            isInCellFormats = true
        } else if isInCellFormats, strcmp(name, "xf") == 0, formats.count < SheetLimits.stylesMax {
            let id = value("numFmtId", in: attributes).flatMap { Int($0) } ?? 0
            formats.append(custom[id] ?? NumberFormat.builtIn(id))
        }
    }

    override func end(_ name: UnsafePointer<CChar>) {
        if strcmp(name, "cellXfs") == 0 { isInCellFormats = false }
    }
}
