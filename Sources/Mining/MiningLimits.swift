/// What mining accepts at most.
package enum MiningLimits {
    package static let topicsMax = 256
    /// Buckets of a topic model, of which it holds those that training met often enough.
    package static let bucketsMax = 1 << 22
    /// Buckets where nobody asks for others; twice as many tell topics no better.
    package static let topicBuckets = 1 << 21
    /// Bytes of a model file that is read.
    package static let modelBytesMax = 64 << 20
    package static let scanCellsMax = 1_000
    package static let scanDaysMax = 4_000
    package static let scanWindowDaysMax = 365
    /// Below 2²⁴, so that sums of cases are exact in single precision.
    package static let scanCasesMax = 10_000_000
    package static let scanWeightMax = 10_000_000
    package static let scanReplicatesMax = 99_999
    /// Handled cases a model of dispatch remembers, to show the likest.
    package static let pastCasesMax = 5_000
    /// Located addresses a model of places learns from; training compares each with all.
    package static let placesMax = 20_000
    /// Characters of a name or address in a model's file.
    package static let nameBytesMax = 1_024
}
