// What one engine could hold and the other not, neither gets.

extension StoreError {
    /// PostgreSQL cannot hold U+0000 in text.
    static let holdsNUL = StoreError.constraint("a text holds the character U+0000, which cannot be stored")
}

extension Double {
    /// SQLite would store NULL, and PostgreSQL a NaN that sorts above everything.
    func checkedForStore() throws -> Double {
        if isNaN { throw StoreError.constraint("a number is not a number (NaN)") }
        return self
    }
}

extension UnsafeBufferPointer<UInt8> {
    func checkForStore() throws {
        if contains(0) { throw StoreError.holdsNUL }
    }
}
