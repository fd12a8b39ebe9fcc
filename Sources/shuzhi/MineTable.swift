import Core
import Mining
import Sheets

/// A column that a mining command reads.
enum MineColumn: String, CaseIterable {
    case id, subject, text, time, author, likes, dislikes, label, address, latitude, longitude, township, population

    /// Headers it is recognised by, the likeliest first; compared in lower case.
    var headers: [String] {
        switch self {
        case .id:
            [
                "留言编号", "工单编号", "热线工单编号", "任务号", "诉求编号", "编号", "id", "message_id", "service_request_id",
                "case_enquiry_id",
            ]
        case .subject: ["留言主题", "诉求标题", "工单标题", "主题", "标题", "subject", "title", "case_title"]
        case .text:
            [
                "留言详情", "诉求内容", "投诉件内容", "工单内容", "内容", "详情", "正文", "text", "content", "description", "body",
            ]
        case .time:
            [
                "留言时间", "受理时间", "诉求时间", "发现时间", "提交时间", "时间", "time", "created_at", "submitted_at",
                "requested_datetime",
                "open_dt", "date",
            ]
        case .author: ["留言用户", "诉求人", "来电人", "用户", "author", "user", "user_id", "account_id"]
        case .likes: ["点赞数", "赞成数", "likes", "upvotes"]
        case .dislikes: ["反对数", "踩", "dislikes", "downvotes"]
        case .address: ["address", "地址", "门牌地址", "发生地址", "标准地址"]
        case .label: ["label", "一级标签", "标签", "分类", "topic", "category"]
        case .latitude: ["纬度", "wgs84_lat", "latitude", "lat", "y"]
        case .longitude: ["经度", "wgs84_lng", "longitude", "lng", "lon", "long", "x"]
        case .township: ["街镇", "街道", "所属街镇", "属地街镇", "乡镇", "township", "cell", "neighborhood", "ward"]
        case .population: ["常住人口", "人口", "population", "weight"]
        }
    }
}

/// A sheet whose columns are known: by the names given on the command line, or by their headers.
final class MineTable {
    private let sheet: HeadedSheet
    private let places: [MineColumn: Int]

    /// - Parameters:
    ///   - named: headers given on the command line; those win and must exist.
    ///   - required: columns without which there is nothing to do.
    /// - Throws: `SheetError`, `MineError.missingColumn`.
    init(path: String, named: [MineColumn: String], required: [MineColumn]) throws {
        let known = Set(MineColumn.allCases.flatMap(\.headers) + named.values.map { $0.lowercased() })
        sheet = try HeadedSheet(SheetFile.open(path: path)) { known.contains($0.lowercased()) }
        let titles = sheet.titles.map { $0.lowercased() }
        var places: [MineColumn: Int] = [:]
        for column in MineColumn.allCases {
            if let name = named[column] {
                guard let place = titles.firstIndex(of: name.lowercased()) else {
                    throw MineError.missingColumn(name, found: sheet.titles)
                }
                places[column] = place
            } else {
                places[column] = column.headers.lazy.compactMap { titles.firstIndex(of: $0) }.first
            }
        }
        for column in required where places[column] == nil {
            throw MineError.missingColumn(column.rawValue, found: sheet.titles)
        }
        self.places = places
    }

    struct Row {
        let number: Int
        fileprivate let cells: [Cell]
        fileprivate let places: [MineColumn: Int]

        func cell(_ column: MineColumn) -> Cell {
            guard let place = places[column], place < cells.count else { return .empty }
            return cells[place]
        }

        /// Without blanks at the ends; empty where the column is missing.
        func string(_ column: MineColumn) -> String {
            let text = cell(column).string
            guard text.first?.isWhitespace == true || text.last?.isWhitespace == true else { return text }
            let start = text.drop(while: \.isWhitespace)
            return String(
                start[..<(start.lastIndex { !$0.isWhitespace }.map { start.index(after: $0) } ?? start.startIndex)])
        }

        /// Nil where the cell is no date.
        var time: Instant? {
            if case .date(let milliseconds) = cell(.time) {
                return DateReader.instant(wallClockMilliseconds: milliseconds)
            }
            return DateReader.read(cell(.time).string)
        }
    }

    var titles: [String] { sheet.titles }

    func has(_ column: MineColumn) -> Bool { places[column] != nil }

    func next() throws -> Row? {
        try sheet.next().map { Row(number: $0.number, cells: $0.cells, places: places) }
    }

    /// Share of the file that has been read, in percent.
    var percent: Int {
        let (done, total) = sheet.reader.progress
        return total > 0 ? min(100, done * 100 / total) : 100
    }
}

/// What can be wrong with what a mining command is given.
enum MineError: Problem, Equatable {
    case missingColumn(String, found: [String])
    case noRows
    case repeatedID(String, row: Int)
    case tooFewTopics(Int)
    case notAModel(String)
    case modelVersion(String, UInt32)
    case modelDamaged(String)
    case noModel
    case notAPoint(row: Int)
    case tooFewTownships(Int)
    case tooManyPlaces(Int)

    var report: ProblemReport {
        switch self {
        case .missingColumn(let name, let found):
            ProblemReport(
                .invalid, "mine.missing-column",
                zh: "找不到“\(name)”列。文件中的列：\(found.joined(separator: "、"))。请用 --\(name) 等选项指定列名。",
                en:
                    "There is no column for \(name). The file has: \(found.joined(separator: ", ")). Name the columns "
                    + "by options such as --id or --text.")
        case .noRows:
            ProblemReport(.invalid, "mine.no-rows", zh: "文件中没有数据行。", en: "The file has no rows below its header.")
        case .repeatedID(let id, let row):
            ProblemReport(
                .invalid, "mine.repeated-id", zh: "第 \(row) 行的编号 \(id) 已经出现过。每行的编号必须不同，请改正后重试。",
                en: "Row \(row) repeats the id \(id). Each row needs an id of its own; correct the file and try again.")
        case .tooFewTopics(let count):
            ProblemReport(
                .invalid, "mine.too-few-topics", zh: "训练需要 2 到 256 个类别，文件中有 \(count) 个。",
                en: "Training needs 2 to 256 labels; the file has \(count).")
        case .notAPoint(let row):
            ProblemReport(
                .invalid, "mine.not-a-point", zh: "第 \(row) 行的经纬度不是数字，或超出范围。请填写 WGS 84 的经度和纬度（度）。",
                en: "Row \(row) has no longitude and latitude. Give both in degrees of WGS 84.")
        case .tooFewTownships(let count):
            ProblemReport(
                .invalid, "mine.too-few-townships", zh: "训练需要 2 到 256 个街镇，文件中有 \(count) 个。",
                en: "Training needs 2 to 256 townships; the file has \(count).")
        case .tooManyPlaces(let count):
            ProblemReport(
                .invalid, "mine.too-many-places",
                zh: "文件有 \(count) 个地址，训练最多用 \(MiningLimits.placesMax) 个。请减少后重试。",
                en: "The file has \(count) addresses; training takes at most \(MiningLimits.placesMax).")
        case .notAModel(let path):
            ProblemReport(
                .invalid, "mine.not-a-model", zh: "\(path) 不是此命令能用的模型文件。请用同一命令的 train 生成。",
                en: "\(path) is no model of this kind. Make one with the command's own train.")
        case .modelVersion(let path, let version):
            ProblemReport(
                .invalid, "mine.model-version", zh: "\(path) 的格式版本是 \(version)，本程序不认识。请重新训练。",
                en: "\(path) has format version \(version), which this program does not know. Train it again.")
        case .modelDamaged(let path):
            ProblemReport(
                .invalid, "mine.model-damaged", zh: "\(path) 不完整或已被改动，不予使用。请重新训练或复制。",
                en: "\(path) is cut short or was changed, and is refused. Train or copy it again.")
        case .noModel:
            ProblemReport(
                .unavailable, "mine.no-model", zh: "找不到随程序提供的主题模型，请用 --model 指定一个。",
                en: "The model shipped with the program is not beside it; name one with --model.")
        }
    }
}
