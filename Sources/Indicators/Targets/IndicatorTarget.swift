package import Core

/// A target as a rule: one series, each of several, or the sum of several reaches a level, or grows by so much in every
/// period, between two periods.
package struct IndicatorTarget: Sendable, Equatable {
    package enum Rule: String, Sendable, CaseIterable {
        case single, each, sum

        package var title: Bilingual {
            switch self {
            case .single: Bilingual(zh: "本指标", en: "This series")
            case .each: Bilingual(zh: "每一项都", en: "Each of several")
            case .sum: Bilingual(zh: "各项之和", en: "Sum of several")
            }
        }
    }

    package enum Measure: String, Sendable, CaseIterable {
        /// The value itself, by the last period.
        case level
        /// Gained since the period before, in the indicator's unit (percentage points for a share).
        case growth
        /// Gained since the period before, in per cent of it.
        case growthPercent = "growth_percent"

        package var title: Bilingual {
            switch self {
            case .level: Bilingual(zh: "到期达到", en: "reaches")
            case .growth: Bilingual(zh: "每期增加", en: "gains in every period")
            case .growthPercent: Bilingual(zh: "每期增长（%）", en: "grows in every period (%)")
            }
        }
    }

    package struct Member: Sendable, Hashable {
        package let indicatorID: ID<Indicator>
        package let scope: FigureScope

        package init(indicatorID: ID<Indicator>, scope: FigureScope) {
            self.indicatorID = indicatorID
            self.scope = scope
        }
    }

    package let id: ID<IndicatorTarget>
    package let indicatorID: ID<Indicator>
    package let rule: Rule
    package let measure: Measure
    package let threshold: ExactDecimal
    /// Growth counts from this period; a level's path starts here.
    package let from: Period
    package let by: Period
    package let members: [Member]
    package let note: String
    package let createdBy: Int64?
    package let createdAt: Instant

    package init(
        id: ID<IndicatorTarget>, indicatorID: ID<Indicator>, rule: Rule, measure: Measure, threshold: ExactDecimal,
        from: Period, by: Period, members: [Member], note: String, createdBy: Int64?, createdAt: Instant
    ) {
        self.id = id
        self.indicatorID = indicatorID
        self.rule = rule
        self.measure = measure
        self.threshold = threshold
        self.from = from
        self.by = by
        self.members = members
        self.note = note
        self.createdBy = createdBy
        self.createdAt = createdAt
    }
}

/// How a target stands: decided on exact values.
package struct TargetCheck: Sendable, Equatable {
    package enum Status: String, Sendable, CaseIterable {
        case met, onTrack = "on_track", behind, missed, noData = "no_data"

        package var title: Bilingual {
            switch self {
            case .met: Bilingual(zh: "已达标", en: "Met")
            case .onTrack: Bilingual(zh: "进度正常", en: "On track")
            case .behind: Bilingual(zh: "落后于进度", en: "Behind")
            case .missed: Bilingual(zh: "未达标", en: "Missed")
            case .noData: Bilingual(zh: "缺数据", en: "No data")
            }
        }
    }

    /// One member, or the sum, as it stands.
    package struct Line: Sendable, Equatable {
        /// Nil for the sum.
        package let member: IndicatorTarget.Member?
        package let status: Status
        package let latest: Period?
        package let value: ExactDecimal?
        /// What is missing to the threshold, in the direction that is better; zero or less when reached.
        package let distance: ExactDecimal?
        /// What every period that is left must gain to reach a level; nil when reached or over.
        package let requiredPace: ExactDecimal?
        /// The periods whose growth fell short.
        package let failed: [Period]
    }

    package let status: Status
    package let lines: [Line]

    package typealias Series = [Period: ExactDecimal]

    /// - Parameters:
    ///   - series: the values of each member; a member without any is absent.
    ///   - places: decimals of the pace, which is rounded away from zero so that keeping it suffices.
    package init(
        _ target: IndicatorTarget, series: [IndicatorTarget.Member: Series], direction: IndicatorDirection, places: Int
    ) throws {
        let isLower = direction == .lower
        let lines: [Line]
        switch target.rule {
        case .single, .each:
            lines = try target.members.map { member in
                try Self.line(member, series[member] ?? [:], target, isLower: isLower, places: places)
            }
        case .sum:
            let sum = try Self.sum(target.members.map { series[$0] ?? [:] })
            lines = [try Self.line(nil, sum, target, isLower: isLower, places: places)]
        }
        // A chain is as strong as its weakest member.
        let order: [Status] = [.missed, .noData, .behind, .onTrack, .met]
        status = order.first { wanted in lines.contains { $0.status == wanted } } ?? .noData
        self.lines = lines
    }

    /// Period by period, where every member has a value: a sum with a hole in it is no sum.
    static func sum(_ series: [Series]) throws -> Series {
        guard let first = series.first else { return [:] }
        var sums: Series = [:]
        for period in first.keys {
            var sum = ExactDecimal.zero
            var isWhole = true
            for one in series {
                guard let value = one[period] else { isWhole = false; break }
                sum = try sum.adding(value)
            }
            if isWhole { sums[period] = sum }
        }
        return sums
    }

    private static func line(
        _ member: IndicatorTarget.Member?, _ series: Series, _ target: IndicatorTarget, isLower: Bool, places: Int
    ) throws -> Line {
        let within = series.keys.filter { $0 >= target.from && $0 <= target.by }.sorted()
        guard let latest = within.last, let value = series[latest] else {
            return Line(
                member: member, status: .noData, latest: nil, value: nil, distance: nil, requiredPace: nil, failed: [])
        }
        return target.measure == .level
            ? try level(member, series, latest, value, target, isLower: isLower, places: places)
            : try growth(member, series, latest, value, target, isLower: isLower)
    }

    private static func level(
        _ member: IndicatorTarget.Member?, _ series: Series, _ latest: Period, _ value: ExactDecimal,
        _ target: IndicatorTarget, isLower: Bool, places: Int
    ) throws -> Line {
        let missing =
            isLower ? try value.subtracting(target.threshold) : try target.threshold.subtracting(value)
        let left = target.by.ordinal - latest.ordinal
        let isReached = missing <= .zero
        let status: Status
        if left <= 0 {
            status = isReached ? .met : .missed
        } else if isReached {
            status = .onTrack
        } else if let start = series[target.from] {
            status = try isOnPath(value, from: start, at: latest, target, isLower: isLower) ? .onTrack : .behind
        } else {
            status = .behind
        }
        var pace: ExactDecimal?
        if left > 0, !isReached, let scaled = missing.divided(by: ExactDecimal(Int64(left)), places: places) {
            let enough = try scaled.times(ExactDecimal(Int64(left))) >= missing
            let unit = try ExactDecimal(unscaled: 1, scale: places)
            let size = enough ? scaled : try scaled.adding(unit)
            pace = isLower ? size.negated : size
        }
        return Line(
            member: member, status: status, latest: latest, value: value, distance: missing, requiredPace: pace,
            failed: [])
    }

    /// On the straight line from the first value to the threshold, or better: exact, by cross-multiplication.
    private static func isOnPath(
        _ value: ExactDecimal, from start: ExactDecimal, at period: Period, _ target: IndicatorTarget, isLower: Bool
    ) throws -> Bool {
        let whole = ExactDecimal(Int64(target.by.ordinal - target.from.ordinal))
        let gone = ExactDecimal(Int64(period.ordinal - target.from.ordinal))
        let gained = try value.subtracting(start).times(whole)
        let planned = try target.threshold.subtracting(start).times(gone)
        return isLower ? gained <= planned : gained >= planned
    }

    private static func growth(
        _ member: IndicatorTarget.Member?, _ series: Series, _ latest: Period, _ value: ExactDecimal,
        _ target: IndicatorTarget, isLower: Bool
    ) throws -> Line {
        var failed: [Period] = []
        var hasGap = false
        var distance: ExactDecimal?
        var period = target.from.next
        while period <= latest {
            if let now = series[period], let before = series[period.previous] {
                let missing = try shortfall(now, before, target, isLower: isLower)
                if missing > .zero { failed.append(period) }
                if period == latest { distance = missing }
            } else {
                hasGap = true
            }
            period = period.next
        }
        let status: Status
        if !failed.isEmpty {
            status = .missed
        } else if hasGap || latest == target.from {
            status = .noData
        } else {
            status = latest >= target.by ? .met : .onTrack
        }
        return Line(
            member: member, status: status, latest: latest, value: value, distance: distance, requiredPace: nil,
            failed: failed)
    }

    /// What the growth lacks, in the indicator's unit; zero or less where it suffices. Exact: growth of `p` per cent is
    /// compared as `100 × (now − before) ≥ p × before`.
    private static func shortfall(
        _ now: ExactDecimal, _ before: ExactDecimal, _ target: IndicatorTarget, isLower: Bool
    ) throws -> ExactDecimal {
        let gained = isLower ? try before.subtracting(now) : try now.subtracting(before)
        guard target.measure == .growthPercent else { return try target.threshold.subtracting(gained) }
        let base = before.isNegative ? before.negated : before
        let missing = try target.threshold.times(base).subtracting(gained.times(ExactDecimal(100)))
        let places = min(missing.scale + 2, ExactDecimal.scaleMax)
        guard let inUnit = missing.divided(by: ExactDecimal(100), places: places) else { throw DecimalFault.tooLarge }
        return inUnit
    }
}
