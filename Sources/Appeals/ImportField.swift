package import Core

/// What a column of an imported file can mean. The names are the ones `--map field=Header` takes.
package enum ImportField: String, Sendable, CaseIterable {
    case id, time, subject, text, type, topic, channel, author, phone, address, township, latitude, longitude, unit
    case closed, reply, satisfaction, verdict, transfers, likes, dislikes
    case contacted = "contacted_first"
    case duplicate = "duplicate_of"

    package var title: Bilingual {
        switch self {
        case .id: Bilingual(zh: "编号", en: "Number")
        case .time: Bilingual(zh: "受理时间", en: "Time received")
        case .subject: Bilingual(zh: "标题", en: "Subject")
        case .text: Bilingual(zh: "诉求内容", en: "Text")
        case .type: Bilingual(zh: "类型", en: "Type")
        case .topic: Bilingual(zh: "主题分类", en: "Topic")
        case .channel: Bilingual(zh: "渠道", en: "Channel")
        case .author: Bilingual(zh: "诉求人", en: "Author")
        case .phone: Bilingual(zh: "联系电话", en: "Telephone")
        case .address: Bilingual(zh: "地址", en: "Address")
        case .township: Bilingual(zh: "街镇", en: "Township")
        case .latitude: Bilingual(zh: "纬度", en: "Latitude")
        case .longitude: Bilingual(zh: "经度", en: "Longitude")
        case .unit: Bilingual(zh: "承办单位", en: "Unit")
        case .closed: Bilingual(zh: "办结时间", en: "Time closed")
        case .reply: Bilingual(zh: "答复", en: "Reply")
        case .satisfaction: Bilingual(zh: "满意度", en: "Satisfaction")
        case .verdict: Bilingual(zh: "结案评判", en: "Verdict")
        case .contacted: Bilingual(zh: "先行联系", en: "Contacted first")
        case .transfers: Bilingual(zh: "转办次数", en: "Transfers")
        case .likes: Bilingual(zh: "点赞数", en: "Likes")
        case .dislikes: Bilingual(zh: "反对数", en: "Dislikes")
        case .duplicate: Bilingual(zh: "重复的工单号", en: "Number it repeats")
        }
    }

    /// Headers that mean the field, normalised: the best known first, for it wins among several.
    ///
    /// From 12345 hotlines and grid management of Shanghai, Open311 GeoReport v2, Boston's open data, and public
    /// message boards.
    var names: [String] {
        switch self {
        case .id:
            [
                "热线工单编号", "工单编号", "工单号", "诉求编号", "留言编号", "案卷编号", "受理编号", "任务号", "编号", "序号",
                "servicerequestid", "caseenquiryid", "caseid", "requestid", "id", "number", "tokenid",
            ]
        case .time:
            [
                "受理时间", "诉求时间", "留言时间", "投诉时间", "来电时间", "发现时间", "提交时间", "创建时间", "登记时间", "受理日期",
                "时间", "日期", "requesteddatetime", "opendt", "createdat", "submittedat", "opened", "datetime", "time",
                "date",
            ]
        case .subject:
            [
                "诉求标题", "工单标题", "留言主题", "投诉标题", "标题", "casetitle", "title", "subject", "主题",
            ]
        case .text:
            [
                "诉求内容", "投诉件内容", "工单内容", "留言详情", "留言内容", "投诉内容", "问题描述", "诉求描述", "内容", "详情", "描述",
                "description", "content", "text", "body", "message",
            ]
        case .type: ["工单类型", "诉求类型", "诉求性质", "性质", "业务类型", "类型", "requesttype", "appealtype", "type"]
        case .topic:
            [
                "主题分类", "诉求分类", "问题分类", "一级分类", "案件小类", "小类", "案件大类", "大类", "分类", "servicename", "type",
                "category", "label", "topic", "servicecode", "reason",
            ]
        case .channel: ["工单来源", "诉求来源", "信息来源", "来源渠道", "受理渠道", "渠道", "来源", "channel", "source"]
        case .author:
            [
                "留言用户", "诉求人编号", "用户编号", "诉求人", "来电人", "反映人", "投诉人", "姓名", "用户", "accountid", "userid",
                "author", "user", "deviceid",
            ]
        case .phone: ["联系电话", "来电号码", "电话号码", "手机号码", "手机号", "电话", "phone", "telephone", "mobile"]
        case .address:
            [
                "诉求地址", "事发地址", "发生地址", "案发地址", "详细地址", "地址", "地点", "河流", "address", "addressstring",
                "locationstreetname", "location", "street",
            ]
        case .township:
            [
                "所属街镇", "街镇", "所属街道", "街道", "街道镇", "三级主责部门", "乡镇", "township", "neighborhood", "neighbourhood",
            ]
        case .latitude: ["纬度", "latitude", "lat", "y坐标", "coordy", "gcjlat", "latgcj02", "bdlat", "latbd09"]
        case .longitude:
            [
                "经度", "longitude", "long", "lng", "lon", "x坐标", "coordx", "gcjlng", "lnggcj02", "bdlng", "lngbd09",
            ]
        case .unit:
            [
                "主责部门", "承办单位", "主办单位", "处置部门", "办理单位", "派遣部门", "责任单位", "agencyresponsible",
                "assignorganizationname", "department", "agency", "unit",
            ]
        case .closed:
            [
                "办结时间", "结案时间", "完成时间", "办理时间", "答复时间", "回复时间", "closeddt", "closedat", "doneat", "replyat",
                "closed", "closedatetime",
            ]
        case .reply:
            [
                "答复意见", "办理结果", "处理结果", "处理意见", "答复内容", "回复内容", "回复1", "答复", "回复", "statusnotes",
                "closurereason", "reply", "resolution",
            ]
        case .satisfaction: ["综合满意度", "市民满意度", "满意度", "满意度评价", "是否满意", "satisfaction"]
        case .verdict: ["结案评判", "实际解决情况", "解决情况", "是否解决", "诉求解决", "verdict", "resolved"]
        case .contacted: ["先行联系", "是否先行联系", "先行联系情况", "contactedfirst"]
        case .transfers: ["转处理次数", "转办次数", "退单次数", "流转次数", "transfers"]
        case .likes: ["点赞数", "支持数", "赞同数", "likes", "votes", "upvotes"]
        case .dislikes: ["反对数", "点踩数", "dislikes", "downvotes"]
        case .duplicate: ["重复工单号", "重复工单编号", "原工单号", "duplicateof", "parentid"]
        }
    }
}
