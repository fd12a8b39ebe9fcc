internal import Core

/// What a profile must be to make sense, beyond being well formed. No number of units or townships is asked for.
struct ProfileCheck {
    let draft: ProfileDraft
    init(_ draft: ProfileDraft) { self.draft = draft }

    func run(_ log: inout FaultLog) {
        checkSlug(&log)
        checkCodes(&log)
        checkTownships(&log)
        checkOutlines(&log)
        checkCalendar(&log)
        checkPatterns(&log)
        checkLeadingGroup(&log)
    }

    private func checkSlug(_ log: inout FaultLog) {
        let isSlug = draft.slug.wholeMatch(of: /[a-z][a-z0-9-]{0,39}/) != nil
        if !isSlug {
            log.add(
                "district.yaml", 0, zh: "文件夹名“\(draft.slug)”应以小写字母开头，只用小写字母、数字和 -。",
                en: "the folder's name “\(draft.slug)” must be lower-case letters, digits and -, a letter first.")
        }
        if let code = draft.code, code.value.wholeMatch(of: /[0-9]{6}/) == nil {
            log.add(
                code.file, code.line, zh: "区划代码“\(code.value)”应为六位数字（GB/T 2260）。",
                en: "the district's code “\(code.value)” must have six digits (GB/T 2260).")
        }
    }

    private func checkCodes(_ log: inout FaultLog) {
        unique(draft.units, "代码", "code", &log) { $0.code }
        unique(draft.units, "名称", "name", &log) { $0.name.zh }
        unique(draft.units, "简称", "short name", &log) { $0.shortName.zh }
        unique(draft.townships, "代码", "code", &log) { $0.code }
        unique(draft.industries, "代码", "code", &log) { $0.code }
        unique(draft.limits, "名称", "name", &log) { $0.name }
        unique(draft.days, "日期", "day", &log) { $0.day.description }
        for (list, file, zh, en) in [
            (draft.units.count, "units.csv", "没有一个部门或街镇。", "there are no units."),
            (draft.townships.count, "townships.csv", "没有一个街镇。", "there are no townships."),
            (draft.limits.count, "hotline.yaml", "没有一条时限。", "there are no limits."),
        ] where list == 0 {
            log.add(file, 0, zh: zh, en: en)
        }
    }

    private func unique<Value>(
        _ values: [Located<Value>], _ zh: String, _ en: String, _ log: inout FaultLog, _ key: (Value) -> String
    ) {
        var seen: [String: Int] = [:]
        for located in values {
            let key = key(located.value)
            if let first = seen[key] {
                log.add(
                    located.file, located.line, zh: "\(zh)“\(key)”与第 \(first) 行重复。",
                    en: "the \(en) “\(key)” stands in line \(first) already.")
            } else {
                seen[key] = located.line
            }
        }
    }

    private func checkTownships(_ log: inout FaultLog) {
        let units = Dictionary(draft.units.map { ($0.value.code, $0.value) }, uniquingKeysWith: { first, _ in first })
        let codes = Set(draft.townships.map(\.value.code))
        var owners: [String: String] = [:]
        for row in draft.townships {
            if units[row.value.code]?.kind != .township {
                log.add(
                    row.file, row.line, zh: "“\(row.value.code)”在 units.csv 中不是街镇。",
                    en: "“\(row.value.code)” is no township of units.csv.")
            }
            if let district = draft.code?.value,
                row.value.code.wholeMatch(of: /[0-9]{9}/) == nil || !row.value.code.hasPrefix(district)
            {
                log.add(
                    row.file, row.line, zh: "街镇代码“\(row.value.code)”应为九位数字，以“\(district)”开头。",
                    en: "the code “\(row.value.code)” must have nine digits and begin with “\(district)”.")
            }
            for name in Set([row.value.name.zh] + row.value.aliases) {
                if let other = owners[name], other != row.value.code {
                    log.add(
                        row.file, row.line, zh: "“\(name)”也是 \(other) 的名称，认不出是哪一个。",
                        en: "“\(name)” names \(other) as well, so that nobody can tell which is meant.")
                }
                owners[name] = row.value.code
            }
        }
        for unit in draft.units where unit.value.kind == .township && !codes.contains(unit.value.code) {
            log.add(
                unit.file, unit.line, zh: "街镇“\(unit.value.code)”不在 townships.csv 中。",
                en: "the township “\(unit.value.code)” is not in townships.csv.")
        }
    }

    private func checkOutlines(_ log: inout FaultLog) {
        guard let outlines = draft.outlines else { return }
        var rings: [String: (rings: [Ring], line: Int)] = [:]
        let codes = Set(draft.townships.map(\.value.code))
        for feature in outlines.features {
            guard let code = feature.code, codes.contains(code) else {
                log.add(
                    outlines.file, feature.line, zh: "“\(feature.code ?? "")”不是 townships.csv 中的街镇代码。",
                    en: "“\(feature.code ?? "")” is no code of townships.csv.")
                continue
            }
            if rings[code] != nil {
                log.add(
                    outlines.file, feature.line, zh: "街镇“\(code)”有两个边界。",
                    en: "the township “\(code)” has two outlines.")
            }
            rings[code] = (feature.rings, feature.line)
        }
        for row in draft.townships {
            guard let found = rings[row.value.code] else {
                log.add(
                    row.file, row.line, zh: "街镇“\(row.value.code)”没有边界。",
                    en: "the township “\(row.value.code)” has no outline.")
                continue
            }
            for fault in OutlineFit.faults(of: found.rings, around: row.value.centre) {
                log.add(
                    outlines.file, found.line, zh: "\(row.value.name.zh)：\(fault.zh)",
                    en: "\(row.value.name.en): \(fault.en)")
            }
        }
    }

    private func checkCalendar(_ log: inout FaultLog) {
        guard let covered = draft.covered else { return }
        for located in draft.days {
            let day = located.value.day
            if !covered.value.contains(day) {
                log.add(
                    located.file, located.line, zh: "\(day) 不在 district.yaml 所说的范围内。",
                    en: "\(day) lies outside what district.yaml says the calendar covers.")
            }
            switch (located.value.kind, day.weekday.isWeekend) {
            case (.holiday, true):
                log.add(
                    located.file, located.line, zh: "\(day) 是周末，本来就不上班。假日只列工作日。",
                    en: "\(day) is a weekend and free already. List holidays that fall on weekdays.")
            case (.workday, false):
                log.add(
                    located.file, located.line, zh: "\(day) 不是周末，本来就上班。调休只列周末。",
                    en: "\(day) is a weekday and worked already. List make-up days that fall on weekends.")
            default: break
            }
        }
        let years = Set(draft.days.filter { $0.value.kind == .holiday }.map(\.value.day.parts.year))
        for year in covered.value.lowerBound.parts.year...covered.value.upperBound.parts.year
        where !years.contains(year) {
            log.add(
                covered.file, covered.line, zh: "日历声称包括 \(year) 年，但 calendar.csv 中该年没有假日。",
                en: "the calendar claims to cover \(year), but calendar.csv has no holiday of that year.")
        }
    }

    private func checkPatterns(_ log: inout FaultLog) {
        unique(draft.patterns, "编号格式", "number pattern", &log) { $0.text }
        for pattern in draft.patterns {
            let text = pattern.value.text
            let parts = text.matches(of: /\{([^{}]*)\}/).map { String($0.output.1) }
            let running = parts.filter { $0.wholeMatch(of: /n:[1-9]/) != nil }
            let dates = parts.filter { $0.wholeMatch(of: /yyyy(MM(dd)?)?|MM(dd)?|dd/) != nil }
            let braces = text.count { $0 == "{" || $0 == "}" }
            if running.count != 1 || running.count + dates.count != parts.count || braces != parts.count * 2 {
                log.add(
                    pattern.file, pattern.line,
                    zh: "编号格式“\(text)”应有且仅有一个 {n:位数}，其余花括号只能是 {yyyy}、{MM}、{dd} 或其组合。",
                    en: "“\(text)” must hold one {n:width}; other braces may be {yyyy}, {MM}, {dd} or several of them.")
            }
        }
        if draft.patterns.isEmpty {
            log.add("district.yaml", 0, zh: "没有一个编号格式。", en: "there are no number patterns.")
        }
    }

    private func checkLeadingGroup(_ log: inout FaultLog) {
        guard let group = draft.leadingGroup, group.value.heads.isEmpty else { return }
        log.add(group.file, group.line, zh: "领导小组没有组长。", en: "the leading group has no head.")
    }
}

/// Whether an outline can be that of a township with this centre.
enum OutlineFit {
    static func faults(of rings: [Ring], around centre: Coordinate) -> [Bilingual] {
        let reach = OrganisationLimits.outlineDegreesFromCentreMax
        let isFar = rings.contains { ring in
            ring.points.contains {
                abs($0.latitude - centre.latitude) > reach || abs($0.longitude - centre.longitude) > reach
            }
        }
        if isFar {
            return [
                Bilingual(
                    zh: "边界离中心点太远。坐标应为 WGS 84，先经度后纬度。",
                    en: "the outline is too far from the centre. Positions are WGS 84, longitude first.")
            ]
        }
        if rings.contains(where: { $0.contains(centre) }) { return [] }
        return [
            Bilingual(
                zh: "中心点（\(centre.latitude), \(centre.longitude)）不在边界之内。",
                en: "the centre (\(centre.latitude), \(centre.longitude)) is outside the outline.")
        ]
    }
}
