internal import Appeals
internal import Casework
internal import Core
internal import Indicators
internal import Mechanism
internal import Mining
internal import Organisation
internal import Store
internal import Web

/// The rooms of a district and the adapters between them.
struct Rooms: Sendable {
    let parts: RoomParts
    let organisation: OrganisationModule
    let casework: CaseworkModule
    let indicators: IndicatorsModule
    let mechanism: MechanismModule
    let appeals: AppealsModule
    let problems: ProblemsModule
    /// What a bulletin names of the appeals.
    let sections: BulletinSections
    let database: any Database

    static let kinds: [CaseKind] = [AppealsModule.kind, ProblemsModule.kind, MechanismModule.kind]

    var sessions: any SessionResolver { organisation.sessions }

    init(_ district: District) throws {
        let (database, profile, surroundings) = (district.database, district.profile, district.surroundings)
        organisation = OrganisationModule(try district.organisationContext())
        let cases = try Cases(profile: profile, kinds: Self.kinds, surroundings: surroundings)
        casework = CaseworkModule(cases: cases, database: database, blobs: BlobFolder(district.attachmentsFolder))
        appeals = AppealsModule(
            database: database, cases: cases, profile: profile, dataFolder: district.folder, secret: district.secret,
            topic: Self.topic)
        problems = ProblemsModule(cases: cases, database: database)
        mechanism = MechanismModule(
            database: database, casework: casework, sumsSeconds: MechanismLimits.sumsSeconds)
        // Every domain's figures, by name: what bulletins, the cockpit and letters may cite.
        indicators = try IndicatorsModule(
            profile: profile, database: database, surroundings: surroundings, dataFolder: district.folder,
            sources: [AppealFactSource(profile: profile, now: surroundings.now), mechanism.facts],
            rememberSeconds: IndicatorLimits.factSeconds)
        self.database = database
        let sections = BulletinSections(profile: profile, now: surroundings.now)
        self.sections = sections

        var parts = RoomParts()
        parts.add(
            RoomParts(
                resources: [OrganisationModule.resources], routes: organisation.routes,
                navigation: OrganisationModule.navigation))
        parts.add(
            RoomParts(
                resources: [CaseworkModule.resources], routes: casework.routes, navigation: CaseworkModule.navigation,
                jobHandlers: casework.jobHandlers))
        parts.add(
            RoomParts(
                resources: [AppealsModule.resources], routes: appeals.routes,
                navigation: ProblemsModule.navigation + AppealsModule.navigation, jobHandlers: appeals.jobHandlers))
        parts.add(RoomParts(routes: problems.routes, jobHandlers: problems.jobHandlers))
        parts.add(
            RoomParts(
                resources: [IndicatorsModule.resources], routes: indicators.routes,
                navigation: IndicatorsModule.navigation))
        parts.add(
            RoomParts(
                resources: [MechanismModule.resources],
                routes: mechanism.routes(citing: indicators.facts) { try sections.read($0, in: $1) },
                navigation: MechanismModule.navigation))
        self.parts = parts
    }

    /// The shipped topic model, loaded once; nil where the release has none.
    static let topic: TopicGuess? = makeTopic()

    private static func makeTopic() -> TopicGuess? {
        guard let model = TopicModel.standard else { return nil }
        return { text in
            let guess = model.predict(text)
            return (guess.label, guess.permille)
        }
    }
}

extension District {
    func organisationContext() throws -> OrganisationContext {
        try OrganisationContext(
            profile: profile, database: database, surroundings: surroundings, secret: secret)
    }
}
