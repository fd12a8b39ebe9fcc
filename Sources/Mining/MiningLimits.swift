/// What mining accepts at most.
package enum MiningLimits {
    package static let topicsMax = 256
    /// Buckets of a topic model: one byte each and one per topic.
    package static let bucketsMax = 1 << 22
    /// Bytes of a model file that is read.
    package static let modelBytesMax = 64 << 20
}
