package import Core

/// What a column holds.
package enum Value: Sendable, Hashable {
    case null
    case integer(Int64)
    /// For measurements such as coordinates; never for what is counted or paid.
    case real(Double)
    case text(String)
    case blob([UInt8])
}

/// What SQL may bind.
package protocol Bindable {
    var value: Value { get }
}

extension Value: Bindable { package var value: Value { self } }
extension String: Bindable { package var value: Value { .text(self) } }
extension Substring: Bindable { package var value: Value { .text(String(self)) } }
extension Int: Bindable { package var value: Value { .integer(Int64(self)) } }
extension Int64: Bindable { package var value: Value { .integer(self) } }
extension Double: Bindable { package var value: Value { .real(self) } }
/// Booleans are the integers 0 and 1 in both engines.
extension Bool: Bindable { package var value: Value { .integer(self ? 1 : 0) } }
extension [UInt8]: Bindable { package var value: Value { .blob(self) } }
extension ID: Bindable { package var value: Value { .integer(rawValue) } }
extension Instant: Bindable { package var value: Value { .integer(millisecondsSince1970) } }
extension Day: Bindable { package var value: Value { .text(description) } }
