/// A row identifier that cannot be confused with another table's.
package struct ID<Owner>: Hashable, Sendable, Comparable {
    package let rawValue: Int64

    package init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// Reads an identifier from a path or a form; nil unless it is a positive decimal number.
    package init?(text: some StringProtocol) {
        guard let value = Int64(text), value > 0 else { return nil }
        self.rawValue = value
    }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension ID: CustomStringConvertible {
    package var description: String { String(rawValue) }
}
