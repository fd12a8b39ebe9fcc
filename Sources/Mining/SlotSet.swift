/// A set of slots: a byte for each slot, for they are many.
struct SlotSet: Sendable {
    private var isHeld: [Bool] = []
    /// Those that came, some of which may be gone again, or twice.
    private var came: [Int32] = []
    private(set) var count = 0

    @inline(__always)
    func contains(_ slot: Int32) -> Bool { Int(slot) < isHeld.count && isHeld[Int(slot)] }

    /// Returns whether that is new.
    @discardableResult
    mutating func insert(_ slot: Int32) -> Bool {
        while isHeld.count <= Int(slot) { isHeld.append(false) }
        if isHeld[Int(slot)] { return false }
        isHeld[Int(slot)] = true
        count += 1
        came.append(slot)
        return true
    }

    mutating func remove(_ slot: Int32) {
        guard contains(slot) else { return }
        isHeld[Int(slot)] = false
        count -= 1
    }

    mutating func removeAll() {
        for slot in came { isHeld[Int(slot)] = false }
        (came, count) = ([], 0)
    }

    /// All of them, in the order they came; who left and came again stands there twice.
    var slots: [Int32] { came.filter(contains) }
}
