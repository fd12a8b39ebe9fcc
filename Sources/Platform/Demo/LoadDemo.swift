internal import Appeals
package import Core
internal import Store

/// How one person of the demo signs in.
package struct DemoSignIn: Sendable, Equatable {
    package let signInName: String
    package let task: Bilingual
    /// Nil where it was set before: only its hash is kept, so that it cannot be shown again.
    package let password: String?
}

/// Loads the demo into a district: its people, its appeals, and the problems in them. Safe to repeat.
package struct LoadDemo: Sendable {
    package struct Outcome: Sendable, Equatable {
        package let seed: UInt64
        /// Appeals written now; 0 where the demo was there.
        package let written: Int
        package let present: Int
        package let plants: Int
        package let problems: Int
        package let signIns: [DemoSignIn]
        /// What the year of plans has to show; empty without one.
        package let tour: [DemoStop]
    }

    let district: District

    package init(_ district: District) { self.district = district }

    package func callAsFunction(
        seed: UInt64? = nil, count: Int? = nil, withNewPasswords: Bool = false, withPlans: Bool = false,
        report: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> Outcome {
        let database = district.database
        let before = try await database.read { try FigureStore.demoAppeals(in: $0) }
        guard before.demo > 0 || before.others == 0 else { throw DemoError.realDataThere(appeals: before.others) }
        let people = try await DemoPeople(context: try district.organisationContext())(
            withNewPasswords: withNewPasswords)
        let seed = seed ?? DemoDistrict.seedUsual
        var written = 0
        var plants = 0
        if before.demo == 0 {
            let count = count ?? DemoDistrict.appealsUsual
            guard (1...PlatformLimits.demoAppealsMax).contains(count) else {
                throw DemoError.countOutOfRange(max: PlatformLimits.demoAppealsMax)
            }
            let demo = DemoDistrict(
                seed: seed, count: count, profile: district.profile, now: district.surroundings.now(),
                texts: try DemoTexts.load())
            try await WriteDemo(
                database: database, profile: district.profile, author: ImportAuthor(secret: district.secret),
                topic: Rooms.topic, surroundings: district.surroundings
            )(demo, clerks: people.clerks, report: report)
            written = demo.appeals.count
            plants = demo.plants.count
        }
        try await WriteDemoFigures(
            database: database, profile: district.profile, surroundings: district.surroundings)(seed: seed)
        try await mine()
        try await DemoDecisions(
            rooms: try Rooms(district), database: database, office: people.clerks.office)()
        if withPlans {
            _ = try await WriteDemoPlans(district: district, people: people.clerks, seed: seed)()
        }
        try await mine()
        let (tour, now) = (DemoTour(profile: district.profile), district.surroundings.now())
        let (present, problems, stops) = try await database.read { tx in
            (
                try FigureStore.demoAppeals(in: tx).demo, try ProblemStore.count(ProblemFilter(), in: tx),
                try tour.stops(now: now, in: tx)
            )
        }
        return Outcome(
            seed: seed, written: written, present: present, plants: plants, problems: problems,
            signIns: people.signIns, tour: stops)
    }

    /// Works off the queue, so that the problems are there before anybody looks.
    private func mine() async throws {
        let worker = JobWorker(
            database: district.database, handlers: try Rooms(district).parts.jobHandlers,
            surroundings: district.surroundings, logger: district.logger)
        while try await worker.runOnce() {}
    }
}

package enum DemoError: Problem, Equatable {
    case realDataThere(appeals: Int)
    case countOutOfRange(max: Int)

    package var report: ProblemReport {
        switch self {
        case .realDataThere(let appeals):
            .init(
                .conflict, "demo.real_data", zh: "库里已有 \(appeals) 件真实诉求，不写演示数据。请用另一个 --data 或 --database。",
                en: "The database holds \(appeals) real appeals; no demo is written among them. "
                    + "Use another --data or --database.")
        case .countOutOfRange(let max):
            .init(
                .invalid, "demo.count", zh: "件数应在 1 到 \(max) 之间。", en: "The number of appeals must be from 1 to \(max)."
            )
        }
    }
}
