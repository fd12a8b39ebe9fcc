internal import Core
internal import Indicators
internal import Organisation
internal import Store

/// The "411" as the screen shows it; nil while the district has no tax of its industries.
enum CockpitFourOneOne {
    static func read(_ profile: Profile, in tx: any Transaction) throws -> CockpitSnapshot.FourOneOne? {
        for basis in FourOneOneData.bases {
            let data = try FourOneOneData(basis: basis, profile: profile, in: tx)
            let report = FourOneOneReport(data.table)
            guard let line = report.periods.last(where: { $0.period.kind == .year && $0.isSound }) else { continue }
            return CockpitSnapshot.FourOneOne(
                year: line.period.year, sumPPM: line.sumPPM.map { Int($0) }, targetPPM: Int(report.plan.finalPPM),
                industries: line.industries.map {
                    .init(
                        code: $0.code, sharePPM: $0.sharePPM.map { Int($0) }, changePPM: $0.changePPM.map { Int($0) },
                        isOK: $0.annualOK)
                })
        }
        return nil
    }
}
