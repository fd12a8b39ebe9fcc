package import Core
package import Organisation

/// What part of the district a figure is about.
package struct FigureScope: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case district, township, unit, industry

        package var title: Bilingual {
            switch self {
            case .district: Bilingual(zh: "全区", en: "District")
            case .township: Bilingual(zh: "街镇", en: "Township")
            case .unit: Bilingual(zh: "单位", en: "Unit")
            case .industry: Bilingual(zh: "产业", en: "Industry")
            }
        }
    }

    package let kind: Kind
    /// The profile's code of the township, unit or industry; empty for the district.
    package let code: String

    package init(_ kind: Kind, _ code: String) {
        self.kind = kind
        self.code = kind == .district ? "" : code
    }

    package static let district = FigureScope(.district, "")
    package static func unit(_ code: String) -> FigureScope { FigureScope(.unit, code) }
    package static func township(_ code: String) -> FigureScope { FigureScope(.township, code) }
    package static func industry(_ code: String) -> FigureScope { FigureScope(.industry, code) }
}

extension FigureScope: CustomStringConvertible {
    /// `district`, `unit:construction`: as URLs and tables keep it.
    package var description: String { kind == .district ? kind.rawValue : "\(kind.rawValue):\(code)" }

    /// Nil for what is not written this way.
    package init?(text: some StringProtocol) {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let kind = Kind(rawValue: String(halves[0])), (kind == .district) == (halves.count == 1) else {
            return nil
        }
        self.init(kind, halves.count == 2 ? String(halves[1]) : "")
    }
}

extension FigureScope: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        let order = Kind.allCases
        let (a, b) = (order.firstIndex(of: left.kind) ?? 0, order.firstIndex(of: right.kind) ?? 0)
        return a == b ? left.code < right.code : a < b
    }
}

extension Profile {
    /// The scope's name; a code the profile no longer has is shown as it is, so that old figures stay readable.
    package func name(of scope: FigureScope) -> Bilingual {
        let plain = Bilingual(zh: scope.code, en: scope.code)
        return switch scope.kind {
        case .district: name
        case .township: township(scope.code)?.name ?? plain
        case .unit: unit(scope.code)?.shortName ?? plain
        case .industry: keyIndustries.first { $0.code == scope.code }?.name ?? plain
        }
    }

    /// All scopes of a kind that the profile has.
    package func scopes(_ kind: FigureScope.Kind) -> [FigureScope] {
        switch kind {
        case .district: [.district]
        case .township: townships.map { .township($0.code) }
        case .unit: units.map { .unit($0.code) }
        case .industry: keyIndustries.map { .industry($0.code) }
        }
    }
}
