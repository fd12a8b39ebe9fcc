package enum WebLimits {
    package static let formBytesMax = 1 << 20
}
