/// Working days as the State Council announces them: holidays off, make-up days (调休) on.
package struct WorkCalendar: Sendable, Equatable {
    package let holidays: Set<Day>
    package let makeUpWorkdays: Set<Day>
    /// The span the announcements cover; nil when there are none.
    package let covered: ClosedRange<Day>?

    package init(holidays: Set<Day>, makeUpWorkdays: Set<Day>, covered: ClosedRange<Day>? = nil) {
        self.holidays = holidays
        self.makeUpWorkdays = makeUpWorkdays
        self.covered = covered
    }

    package func isWorkday(_ day: Day) -> Bool {
        if makeUpWorkdays.contains(day) { return true }
        return !day.weekday.isWeekend && !holidays.contains(day)
    }

    /// How many working days from a start led to a last day, and which days were out of the ordinary.
    package struct Count: Sendable, Equatable {
        package let start: Day
        package let workingDays: Int
        package let last: Day
        /// Weekdays that did not count.
        package let holidaysSkipped: [Day]
        /// Weekend days that did count.
        package let makeUpWorkdaysCounted: [Day]
        /// False when a day lies outside the announced calendars and only weekends were skipped.
        package let isAnnounced: Bool
    }

    /// The last day of a limit of working days. The day of the start does not count (民法典 art. 201);
    /// a limit of zero days ends on the start itself.
    package func count(workingDays: Int, after start: Day) -> Count {
        var day = start
        var left = workingDays
        var skipped: [Day] = []
        var counted: [Day] = []
        while left > 0 {
            day = day.adding(days: 1)
            if isWorkday(day) {
                left -= 1
                if day.weekday.isWeekend { counted.append(day) }
            } else if !day.weekday.isWeekend {
                skipped.append(day)
            }
        }
        return Count(
            start: start, workingDays: workingDays, last: day, holidaysSkipped: skipped,
            makeUpWorkdaysCounted: counted,
            isAnnounced: covered.map { $0.contains(start) && $0.contains(day) } ?? false)
    }

    /// Working days after `start` up to and including `end`; zero when `end` is not later.
    package func workingDays(after start: Day, through end: Day) -> Int {
        guard end > start else { return 0 }
        return (start.number + 1...end.number).reduce(0) { $0 + (isWorkday(Day(number: $1)) ? 1 : 0) }
    }
}
