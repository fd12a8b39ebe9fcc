internal import Core

/// The "411" goal: four key industries, each gaining one percentage point of tax share a year, together 40 % in 2025.
///
/// Two separate tests: the yearly one of each industry, and the final one of their sum. A share is the industry's tax
/// over all tax of the same basis; a percentage point is a hundredth of the whole, not one per cent of the share.
package struct FourOneOnePlan: Sendable, Equatable {
    /// What each industry's share must gain in each year.
    package let annualPPM: Int64
    /// What the shares must sum to in the final year.
    package let finalPPM: Int64
    package let baseYear: Int
    package let finalYear: Int

    /// The district's letter of 2021: 普发改委〔2021〕9号.
    package static let letter = FourOneOnePlan(
        annualPPM: 10_000, finalPPM: 400_000, baseYear: 2020, finalYear: 2025)

    /// 20 %: what the final share leaves when every industry gains exactly what it must in every year (4 × 1 × 5).
    package func impliedBasePPM(industries: Int) -> Int64 {
        finalPPM - annualPPM * Int64(industries) * Int64(finalYear - baseYear)
    }

    /// The sum of shares year by year from a base in the base year, each industry gaining exactly what it must.
    package func path(fromPPM base: Int64, industries: Int) -> [(year: Int, ppm: Int64)] {
        (baseYear...finalYear).map { ($0, base + annualPPM * Int64(industries) * Int64($0 - baseYear)) }
    }

    /// The straight way from a base to the final share, which asks less than the yearly test where the base is higher.
    package func straightPath(fromPPM base: Int64) -> [(year: Int, ppm: Int64)] {
        let years = Int128(finalYear - baseYear)
        return (baseYear...finalYear).map { year in
            let gained = Ratio(Int128(finalPPM - base) * Int128(year - baseYear), over: years)
            return (year, base + (gained?.rounded(times: 1) ?? 0))
        }
    }
}
