internal import Core

extension MechanismError {
    var planReport: ProblemReport? {
        switch self {
        case .planUnknown:
            .init(.missing, "mechanism.plan_unknown", zh: "没有这份规划方案或举措。", en: "There is no such plan or measure.")
        case .planTitleMissing:
            .init(.invalid, "mechanism.plan_title_missing", zh: "请填写名称。", en: "Give it a name.")
        case .levelNotBelow(let level, let parent):
            .init(
                .invalid, "mechanism.level_not_below",
                zh: "“\(level.title.zh)”不能放在“\(parent.title.zh)”之下。层级依次为总体规划、专项规划、行动方案、举措。",
                en: "A \(level.title.en.lowercased()) cannot stand below a \(parent.title.en.lowercased()). "
                    + "The order is outline, special plan, action plan, measure.")
        case .planFull(let max):
            .init(
                .tooLarge, "mechanism.plan_full", zh: "一份规划最多有 \(max) 项，请另立一份。",
                en: "A plan holds at most \(max) entries. Start another one.")
        case .planChangedMeanwhile:
            .init(
                .conflict, "mechanism.plan_changed", zh: "刚有人修改过，您的修改没有生效。请刷新后再改。",
                en: "Someone else has just changed it, so nothing was written. Reload and look again.")
        case .industryUnknown(let code):
            .init(
                .invalid, "mechanism.industry_unknown", zh: "没有代码为“\(code)”的重点产业。",
                en: "No key industry has the code “\(code)”.")
        default: nil
        }
    }

    var taskReport: ProblemReport? {
        switch self {
        case .taskUnknown:
            .init(.missing, "mechanism.task_unknown", zh: "没有这项任务。", en: "There is no such task.")
        case .eventNotPossible(let event, let state):
            .init(
                .conflict, "mechanism.event_not_possible",
                zh: "任务处于“\(state.title.zh)”，不能“\(event.title.zh)”。请刷新页面，按当前状态办理。",
                en: "The task is “\(state.title.en)”, so “\(event.title.en)” is not possible. Reload the page.")
        case .notYours(let event):
            .init(
                .forbidden, "mechanism.not_yours", zh: "您的角色或单位不能“\(event.title.zh)”这项任务。",
                en: "Your role or unit may not do “\(event.title.en)” here.")
        case .leadMissing:
            .init(
                .invalid, "mechanism.lead_missing", zh: "请选择一个牵头单位，且只能有一个。",
                en: "Choose the lead unit: exactly one.")
        case .unitDissolved(let unit, let day, let successor):
            .init(
                .invalid, "mechanism.unit_dissolved",
                zh: "“\(unit)”已于 \(day) 撤并，不能再承接任务。请改选“\(successor)”。",
                en: "“\(unit)” was dissolved on \(day) and takes no new task. Choose “\(successor)”.")
        case .weightOutOfRange(let max):
            .init(
                .invalid, "mechanism.weight_out_of_range", zh: "权重应为 1 至 \(max) 的整数。",
                en: "The weight must be a whole number from 1 to \(max).")
        case .dayMissing:
            .init(
                .invalid, "mechanism.day_missing", zh: "请填写日期，写成 2021-04-19。",
                en: "Give the date, written as 2021-04-19.")
        case .dayOutOfRange(let day):
            .init(
                .invalid, "mechanism.day_out_of_range", zh: "\(day) 超出可用的范围，任务最长十年。请核对年份。",
                en: "\(day) is out of range; a task runs ten years at most. Check the year.")
        case .dueBeforeStart:
            .init(
                .invalid, "mechanism.due_before_start", zh: "完成时限早于启动日期，请核对。",
                en: "The due date is before the start. Check both.")
        case .notComplete(let done):
            .init(
                .conflict, "mechanism.not_complete",
                zh: "已核实的进度为 \(done)，未到 100%，不能申请销号。请先报送并核实全部里程碑。",
                en: "The checked progress is \(done), not 100%. Report all milestones and have them checked first.")
        case .checkerIsOfUnit:
            .init(
                .forbidden, "mechanism.checker_is_of_unit", zh: "销号须由承办单位以外的人核验。",
                en: "A task is closed out only after a check by somebody outside the units that did it.")
        default: nil
        }
    }

    var milestoneReport: ProblemReport? {
        switch self {
        case .milestonesMissing:
            .init(.invalid, "mechanism.milestones_missing", zh: "至少要有一个里程碑。", en: "Give at least one milestone.")
        case .milestoneUntitled:
            .init(.invalid, "mechanism.milestone_untitled", zh: "每个里程碑都要有名称。", en: "Name each milestone.")
        case .milestoneBeforeStart(let title, let start):
            .init(
                .invalid, "mechanism.milestone_before_start", zh: "里程碑“\(title)”早于任务启动日期 \(start)。",
                en: "The milestone “\(title)” is due before the task starts on \(start).")
        case .tooManyMilestones(let max):
            .init(
                .invalid, "mechanism.too_many_milestones", zh: "一项任务最多 \(max) 个里程碑。",
                en: "A task has at most \(max) milestones.")
        case .weightsSum(let found):
            .init(
                .invalid, "mechanism.weights_sum", zh: "里程碑权重之和应为 100，现为 \(found)；每个权重为 1 至 100。",
                en: "The weights of the milestones must sum to 100, not \(found), each from 1 to 100.")
        case .progressOutOfRange:
            .init(
                .invalid, "mechanism.progress_out_of_range", zh: "完成比例应在 0 至 100 之间，最多一位小数。",
                en: "Progress must be from 0 to 100, with at most one decimal.")
        case .planFixed:
            .init(
                .conflict, "mechanism.plan_fixed", zh: "任务已经下达，里程碑不能直接改。时限或目标要变，请提出调整申请。",
                en: "The task was handed down, so its milestones are fixed. Ask for a change of date or target.")
        case .milestonesAfterDue(let due):
            .init(
                .invalid, "mechanism.milestones_after_due", zh: "已完成的里程碑晚于新时限 \(due)，请核对。",
                en: "A milestone that is done is later than the new due date \(due). Check it.")
        default: nil
        }
    }

    var changeReport: ProblemReport? {
        switch self {
        case .changeUnknown:
            .init(.missing, "mechanism.change_unknown", zh: "没有这项调整申请。", en: "There is no such change.")
        case .changeDecided:
            .init(.conflict, "mechanism.change_decided", zh: "这项申请已有结论。", en: "This change has been decided.")
        case .changeIsNone:
            .init(.invalid, "mechanism.change_is_none", zh: "新值与现值相同，无需调整。", en: "The new value is the present one.")
        case .changeWaiting:
            .init(
                .conflict, "mechanism.change_waiting", zh: "已有一项同类申请待审批，请等它有结论。",
                en: "A change of this kind waits for its decision already.")
        case .changeNotYours:
            .init(
                .forbidden, "mechanism.change_not_yours", zh: "时限调整由领导审批，目标调整由数字化办或领导审批。",
                en: "Dates are decided by a leader, targets by the digital office or a leader.")
        case .ownChange:
            .init(
                .forbidden, "mechanism.own_change", zh: "不能审批自己提出的申请。", en: "Nobody decides on a change of their own.")
        case .blockCycle(let numbers):
            .init(
                .invalid, "mechanism.block_cycle",
                zh: "这样会形成循环等待：\(numbers.joined(separator: " → "))。请先解除其中一环。",
                en: "They would wait for each other in a circle: \(numbers.joined(separator: " → ")). Undo one first.")
        case .blockExists:
            .init(.conflict, "mechanism.block_exists", zh: "这项前置任务已登记。", en: "That dependency is there already.")
        case .blockUnknown:
            .init(
                .invalid, "mechanism.block_unknown", zh: "没有这个编号的任务，请核对。",
                en: "No task has that number. Check it.")
        case .tooManyBlockers(let max):
            .init(
                .tooMany, "mechanism.too_many_blockers", zh: "一项任务最多登记 \(max) 项前置任务。",
                en: "A task may wait for at most \(max) others.")
        default: nil
        }
    }

    var stepReport: ProblemReport? {
        switch self {
        case .stepNotPossible(let step, let level):
            .init(
                .conflict, "mechanism.step_not_possible",
                zh: "现为“\(level.title.zh)”，不能“\(step.title.zh)”。催办之后方可挂牌，挂牌之后方可约谈。",
                en: "The supervision stands at “\(level.title.en)”, so “\(step.title.en)” is not possible. "
                    + "Listing follows urging, an interview follows listing.")
        case .stepUnknown:
            .init(.missing, "mechanism.step_unknown", zh: "没有这次督办。", en: "There is no such step.")
        case .stepAnswered:
            .init(.conflict, "mechanism.step_answered", zh: "这次督办已有回复。", en: "This step has been answered.")
        case .supervisionNotYours:
            .init(
                .forbidden, "mechanism.supervision_not_yours", zh: "督办由数字化办或领导发起，由牵头单位回复。",
                en: "The digital office or a leader supervises; the lead unit answers.")
        case .stillRed:
            .init(
                .conflict, "mechanism.still_red", zh: "任务仍为红灯，挂牌和约谈不能解除。请待进度核实后再解除。",
                en: "The task is still red, so a listing or interview is not lifted. Have its progress checked first.")
        default: nil
        }
    }

    var roundReport: ProblemReport? {
        switch self {
        case .roundUnknown:
            .init(.missing, "mechanism.round_unknown", zh: "没有这一期报送。", en: "There is no such round.")
        case .roundExists(let title):
            .init(
                .conflict, "mechanism.round_exists", zh: "“\(title)”已经发起过。", en: "“\(title)” has been opened already.")
        case .roundClosed:
            .init(
                .conflict, "mechanism.round_closed", zh: "这一期已经截止，不能再报。请在下一期补报。",
                en: "This round is closed. Report in the next one.")
        case .roundEmpty:
            .init(
                .invalid, "mechanism.round_empty", zh: "没有已下达且未销号的任务，无需发起报送。请先下达任务。",
                en: "No task is handed down and open, so there is nothing to report on. Hand tasks down first.")
        case .reportUnknown:
            .init(.missing, "mechanism.report_unknown", zh: "没有这份进展。", en: "There is no such report.")
        case .reportEventNotPossible(let event, let state):
            .init(
                .conflict, "mechanism.report_event_not_possible",
                zh: "这份进展为“\(state.title.zh)”，不能“\(event.title.zh)”。",
                en: "The report is “\(state.title.en)”, so “\(event.title.en)” is not possible.")
        case .reportNotYours(let event):
            .init(
                .forbidden, "mechanism.report_not_yours",
                zh: "您不能“\(event.title.zh)”：填报由牵头单位，确认由单位负责人，核实由数字化办。",
                en:
                    "You may not do “\(event.title.en)”: units fill in, heads confirm, the office checks."
            )
        case .reportChangedMeanwhile:
            .init(
                .conflict, "mechanism.report_changed", zh: "这份进展刚被他人改动，请刷新后再办。",
                en: "Someone else has just changed this report. Reload and look again.")
        case .evidenceMissing:
            .init(
                .invalid, "mechanism.evidence_missing", zh: "进度有增加，须附佐证：附件、关联的办件或指标数据。",
                en: "Progress went up: give evidence, be it a file, a linked case or a fact.")
        case .progressFell:
            .init(
                .invalid, "mechanism.progress_fell", zh: "进度低于上次核实的数。确有倒退的，请在“存在问题”中说明。",
                en: "Progress is below what was checked last. Say why under difficulties.")
        case .factBlank(let title):
            .init(
                .invalid, "mechanism.fact_blank", zh: "“\(title)”没有数值，不能作为佐证。请换一个周期或另一项数据。",
                en: "“\(title)” has no value and proves nothing. Choose another period or figure.")
        case .tooMuchEvidence(let max):
            .init(
                .tooMany, "mechanism.too_much_evidence", zh: "一份进展最多附 \(max) 项佐证。",
                en: "A report cites at most \(max) pieces of evidence.")
        default: nil
        }
    }

    var otherReport: ProblemReport {
        switch self {
        case .meetingHeld:
            .init(
                .conflict, "mechanism.meeting_held", zh: "会议已经召开，议程不能再改。",
                en: "The meeting was held; its agenda is fixed.")
        case .meetingChangedMeanwhile:
            .init(
                .conflict, "mechanism.meeting_changed", zh: "刚有人修改过，请刷新后再改。",
                en: "Someone else has just changed it. Reload and look again.")
        case .tooManyItems(let max):
            .init(.tooMany, "mechanism.too_many_items", zh: "最多 \(max) 项。", en: "There may be at most \(max).")
        case .decisionEmpty:
            .init(.invalid, "mechanism.decision_empty", zh: "请写明议定的内容。", en: "Write what was decided.")
        case .bulletinUnknown:
            .init(.missing, "mechanism.bulletin_unknown", zh: "没有这份通报。", en: "There is no such bulletin.")
        case .bulletinChanged:
            .init(
                .conflict, "mechanism.bulletin_changed", zh: "通报已印发或刚被他人修改，您的操作没有生效。请刷新后再看。",
                en: "The bulletin was issued or changed by someone else, so nothing was written. Reload it.")
        case .bulletinNotMonthly:
            .init(
                .invalid, "mechanism.bulletin_period", zh: "请填写月份，写成 2021-04。", en: "Give a month, written as 2021-04.")
        case .typedNumbers(let numbers):
            .init(
                .invalid, "mechanism.typed_numbers",
                zh: "正文中有手工填写的数字：\(numbers.prefix(10).joined(separator: "、"))。请改用数据标记，或勾选确认后再印发。",
                en: "The text holds numbers that were typed: \(numbers.prefix(10).joined(separator: ", ")). "
                    + "Cite facts instead, or tick that they are meant.")
        case .pdfToolMissing:
            .init(
                .unavailable, "mechanism.pdf_tool_missing",
                zh: "服务器没有安装 LibreOffice，不能生成 PDF。请系统管理员安装 libreoffice-writer-nogui 和 fonts-noto-cjk，或先下载 Word。",
                en: "LibreOffice is not installed, so no PDF can be made. Ask the system administrator to install "
                    + "libreoffice-writer-nogui and fonts-noto-cjk, or take the Word file.")
        case .pdfFailed:
            .init(
                .unavailable, "mechanism.pdf_failed", zh: "PDF 没有生成成功或超时，请稍后再试，或先下载 Word。",
                en: "The PDF could not be made in time. Try again later, or take the Word file.")
        case .importNothing:
            .init(.invalid, "mechanism.import_nothing", zh: "没有可以导入的行。", en: "There is no row to import.")
        case .importTooManyRows(let max):
            .init(
                .tooLarge, "mechanism.import_too_many", zh: "一次最多导入 \(max) 行。",
                en: "One file holds at most \(max) rows.")
        case .importNoColumns:
            .init(
                .invalid, "mechanism.import_no_columns",
                zh: "没有认出“任务”或“举措”一列。表头请用：序号、重点任务、工作目标、牵头单位、配合单位、完成时限、权重。",
                en: "No column of tasks was recognised. Use headers such as 序号, 重点任务, 工作目标, 牵头单位, 配合单位, 完成时限.")
        case .importGone:
            .init(
                .missing, "mechanism.import_gone", zh: "上传的文件已不在，请重新上传。",
                en: "The uploaded file is gone. Upload it again.")
        case .exportTooLarge(let max):
            .init(
                .tooLarge, "mechanism.export_too_large", zh: "一次最多导出 \(max) 行，请先筛选。",
                en: "One export holds at most \(max) rows. Filter first.")
        case .textTooLong(let max):
            .init(
                .invalid, "mechanism.text_too_long", zh: "内容不能超过 \(max) 个字，请缩短。",
                en: "The text may have at most \(max) characters. Shorten it.")
        default:
            .init(.missing, "mechanism.meeting_unknown", zh: "没有这次会议。", en: "There is no such meeting.")
        }
    }
}
