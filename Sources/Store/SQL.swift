/// A statement and the values bound to it.
///
/// Interpolation binds; it never splices text. `"… WHERE id = \(id)"` sends `… WHERE id = $1`. Fragments compose:
/// an interpolated `SQL` brings its own bindings. The one way to put text into a statement is a literal.
package struct SQL: ExpressibleByStringInterpolation, Sendable, Equatable {
    /// Literal text around the bindings: always one more than there are bindings.
    private(set) var literals: [String]
    package private(set) var bindings: [Value]

    package init(stringLiteral value: String) {
        literals = [value]
        bindings = []
    }

    package init(stringInterpolation interpolation: Interpolation) {
        literals = interpolation.literals
        bindings = interpolation.bindings
    }

    package struct Interpolation: StringInterpolationProtocol {
        var literals: [String] = [""]
        var bindings: [Value] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            literals.reserveCapacity(interpolationCount + 1)
            bindings.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { literals[literals.count - 1] += literal }

        package mutating func appendInterpolation(_ value: (some Bindable)?) {
            bind(value?.value ?? .null)
        }

        package mutating func appendInterpolation(_ fragment: SQL) {
            literals[literals.count - 1] += fragment.literals[0]
            for (value, literal) in zip(fragment.bindings, fragment.literals.dropFirst()) {
                bind(value)
                literals[literals.count - 1] = literal
            }
        }

        /// Binds each element: `IN (\(list: ids))`. An empty list becomes `NULL`, which nothing is in.
        package mutating func appendInterpolation(list values: some Sequence<some Bindable>) {
            var isFirst = true
            for value in values {
                if !isFirst { appendLiteral(", ") }
                bind(value.value)
                isFirst = false
            }
            if isFirst { appendLiteral("NULL") }
        }

        private mutating func bind(_ value: Value) {
            bindings.append(value)
            literals.append("")
        }
    }

    /// The text with `$1`, `$2`, … where values are bound: PostgreSQL's own form, and one SQLite reads as well.
    package var text: String {
        var text = literals[0]
        for index in bindings.indices {
            text += "$\(index + 1)"
            text += literals[index + 1]
        }
        return text
    }

    /// Joins fragments, `AND` between conditions for example; nil when there are none.
    package static func joined(_ fragments: [SQL], by separator: SQL) -> SQL? {
        guard let first = fragments.first else { return nil }
        return fragments.dropFirst().reduce(first) { "\($0)\(separator)\($1)" }
    }

    /// `WHERE …` of all conditions, or nothing.
    package static func whereAll(_ conditions: [SQL]) -> SQL {
        joined(conditions, by: " AND ").map { "WHERE \($0)" } ?? ""
    }
}
