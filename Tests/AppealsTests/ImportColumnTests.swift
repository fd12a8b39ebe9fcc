import Core
import Foundation
import Sheets
import Testing

@testable import Appeals

@Suite("The columns of a file are recognised")
struct ImportColumnTests {
    /// The header of a file that exists, a row made up in its manner, and what its columns mean.
    struct Export: Sendable, CustomTestStringConvertible {
        let name: String
        let header: String
        let row: String
        let columns: [ImportField: String]
        var testDescription: String { name }
    }

    static let exports = [
        Export(
            name: "messages with likes", header: "留言编号,留言用户,留言主题,留言时间,留言详情,反对数,点赞数",
            row: "18800#,A00010294#,小区停水多日,2019/2/28 11:25:0#,小区已经停水三天请尽快处理,0,#",
            columns: [
                .id: "留言编号", .author: "留言用户", .subject: "留言主题", .time: "留言时间", .text: "留言详情", .dislikes: "反对数",
                .likes: "点赞数",
            ]),
        Export(
            name: "messages with replies", header: "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间",
            row: "254#,A0004558#,物业管理有问题,2019/4/25 9:32:0#,物业公司扬言退出小区,您好来信收悉已转街道处理,2019/5/10 14:56:5#",
            columns: [
                .id: "留言编号", .author: "留言用户", .subject: "留言主题", .time: "留言时间", .text: "留言详情", .reply: "答复意见",
                .closed: "答复时间",
            ]),
        Export(
            name: "appeals about rivers", header: "id,河流,性质,信息来源,标题,匿名(1)/实名(0),时间,投诉件内容,回复1,回复长度,转处理次数,最终回复-投诉事件",
            row: "#,梅峰河,投诉,网站,关于内河治理情况投诉,1,2020-09-0# 00:00:00,河水发黑发臭要捂鼻子走,您好您的诉求已收悉,106,1,6",
            columns: [
                .id: "id", .address: "河流", .type: "性质", .channel: "信息来源", .subject: "标题", .time: "时间", .text: "投诉件内容",
                .reply: "回复1", .transfers: "转处理次数",
            ]),
        Export(
            name: "letters and their dispatch",
            header:
                "id,title,content,created_at,assign_at,deadline,handle_at,reply_at,done_at,assign_organization_name,"
                + "handle_status,reply_status,satisfaction,apply_postpone_flag,apply_transfer_flag,expire_flag",
            row: "71#,文件落实时间,关于价格调整的落实时间,2015-12-0# 08:45:40.000,2015-12-02 13:43:28.000,,,,,省发展和改革委员会,"
                + "HANDLED,NOT_REPLY,-1,False,False,",
            columns: [
                .id: "id", .subject: "title", .text: "content", .time: "created_at", .closed: "done_at",
                .unit: "assign_organization_name", .satisfaction: "satisfaction",
            ]),
        Export(
            name: "service requests by Open311",
            header:
                "case_enquiry_id,open_dt,sla_target_dt,closed_dt,on_time,case_status,closure_reason,case_title,subject,"
                + "reason,type,queue,department,submitted_photo,closed_photo,fire_district,pwd_district,"
                + "city_council_district,police_district,neighborhood,neighborhood_services_district,ward,precinct,"
                + "location_street_name,location_zipcode,latitude,longitude,source",
            row: "10100029561#,2011-07-0# 01:32:33,2011-07-15 01:32:32,2011-07-1# 05:06:58,ONTIME,Closed,"
                + "Case Closed Case Resolved,Street Light Outages,Public Works Department,Street Lights,"
                + "Street Light Outages,PWDx_Street Light Outages,PWDx,,,8,07,3,B3,Greater Mattapan,7,Ward 17,1714,"
                + "INTERSECTION Groveland St,,42.271#,-71.077#,Self Service",
            columns: [
                .id: "case_enquiry_id", .time: "open_dt", .closed: "closed_dt", .reply: "closure_reason",
                .subject: "case_title", .topic: "type", .unit: "department", .township: "neighborhood",
                .address: "location_street_name", .latitude: "latitude", .longitude: "longitude", .channel: "source",
            ]),
        Export(
            name: "orders of a 12345 hotline", header: "热线工单编号,受理时间,诉求标题,诉求内容,工单类型,诉求地址,所属街镇,主责部门,联系电话,综合满意度",
            row: "2104190000#,2021-04-19 09:0#,楼道灯不亮,三楼到四楼的楼道灯坏了,求助,兰溪路#号,曹杨新村街道,区建管委,1381234123#,满意",
            columns: [
                .id: "热线工单编号", .time: "受理时间", .subject: "诉求标题", .text: "诉求内容", .type: "工单类型", .address: "诉求地址",
                .township: "所属街镇", .unit: "主责部门", .phone: "联系电话", .satisfaction: "综合满意度",
            ]),
    ]

    @Test("The headers of files that exist are read as what they mean", arguments: exports)
    func headers(export: Export) throws {
        let lines = (1...5).map { export.row.replacing("#", with: String($0)) }
        let path = try AppealDistrict.file(([export.header] + lines).joined(separator: "\n"))
        let layout = try ImportSheet(path: path, name: "export.csv").layout
        let named = Dictionary(uniqueKeysWithValues: export.columns.map { ($0.key.rawValue, $0.value) })
        #expect(layout.names == named)
        try layout.check()
    }

    @Test("The real files beside the project have the columns that the made-up ones have")
    func realFiles() throws {
        let folder = ProblemDistrict.root.deletingLastPathComponent().appendingPathComponent("shared/data")
        let files = [
            ("appeals/messages_4326.xlsx", 0), ("appeals/messages_4326.csv", 0),
            ("appeals/messages_with_replies.csv", 1),
            ("appeals/river_appeals_1464.csv", 2), ("appeals/dispatch_train.csv", 3), ("open311/boston_2011H2.csv", 4),
        ]
        for (name, export) in files {
            let path = folder.appendingPathComponent(name).path
            // Absent, they are held by the test above.
            guard FileManager.default.fileExists(atPath: path) else { continue }
            let expected = Dictionary(
                uniqueKeysWithValues: Self.exports[export].columns.map { ($0.key.rawValue, $0.value) })
            #expect(try ImportSheet(path: path, name: name).layout.names == expected, "\(name)")
        }
    }

    @Test("A title row, a merged header and unnamed columns do not hide the columns")
    func titleRow() throws {
        let path = try AppealDistrict.file(
            "普陀区热线工单（四月）,,,\n,,,\n编号,时间,内容,\nA1,2021-04-01,井盖丢失很危险,x\nA2,2021-04-02,井盖又丢了,y")
        let layout = try ImportSheet(path: path, name: "a.csv").layout
        #expect(layout.names == ["id": "编号", "time": "时间", "text": "内容"])
    }

    @Test("What a person says of the columns wins over what was recognised")
    func corrected() throws {
        var layout = ImportLayout(headerRow: 1, headers: ["内容", "备注", "备注"], columns: [.text: 0])
        #expect(layout.headers == ["内容", "备注", "备注 (2)"])
        try layout.assign(["text": "备注 (2)", "address": "备注"])
        #expect(layout.names == ["text": "备注 (2)", "address": "备注"])
        #expect(throws: AppealError.importColumnUnknown("正文")) { try layout.assign(["text": "正文"]) }
        #expect(throws: AppealError.importFieldUnknown("body")) { try layout.assign(["body": "备注"]) }
        try layout.assign(["text": ""])
        #expect(throws: AppealError.importNoText) { try layout.check() }
    }

    @Test("A file keeps its name as a source when its columns change places")
    func fingerprint() {
        let one = ImportLayout(headerRow: 1, headers: ["编号", "内容"])
        let other = ImportLayout(headerRow: 3, headers: ["内容", "编号"])
        #expect(one.fingerprint == other.fingerprint)
        #expect(one.defaultSource != ImportLayout(headerRow: 1, headers: ["编号", "正文"]).defaultSource)
    }

    @Test(
        "Ratings are read as hotlines write them, and what says nothing is no answer",
        arguments: [
            ("1", "实际解决", "满意", true, "resolved", "satisfied"), ("是", "已解决", "基本满意", true, "resolved", "basically"),
            ("0", "解释说明", "一般", false, "explained", "neutral"), ("否", "未解决", "不满意", false, "explained", "dissatisfied"),
            ("2", "未评价", "未评价", nil, nil, nil), ("", "", "", nil, nil, nil), ("9", "部分解决", "3", nil, nil, nil),
            ("yes", "Resolved", "Dissatisfied", true, "resolved", "dissatisfied"),
            ("未评价", "不属实", "是", nil, nil, "satisfied"),
        ] as [(String, String, String, Bool?, String?, String?)])
    func rating(
        contacted: String, verdict: String, satisfaction: String, isContacted: Bool?, isResolved: String?, how: String?
    ) {
        let rating = AppealRating(contacted: contacted, verdict: verdict, satisfaction: satisfaction)
        #expect(rating.isContactedFirst == isContacted)
        #expect(rating.verdict?.rawValue == isResolved && rating.satisfaction?.rawValue == how)
    }
}
