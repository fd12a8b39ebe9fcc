internal import Core
import Foundation

extension PlaceModel {
    private static let kind: StaticString = "SZPL"
    private static let version: UInt32 = 2
    /// Degrees are stored in ten-millionths: about a centimetre.
    private static let unitsPerDegree = 10_000_000.0

    package init(bytes: [UInt8]) throws(ModelFileError) {
        var reader = try ModelFile.Reader(bytes, kind: Self.kind, version: Self.version)
        let (townshipCount, itemCount) = (Int(try reader.uint32()), Int(try reader.uint32()))
        guard (2...MiningLimits.topicsMax).contains(townshipCount), itemCount <= MiningLimits.placesMax else {
            throw .damaged
        }
        let sure = Int(try reader.uint32())
        var (townships, known, unknown): ([String], [Double], [Double]) = ([], [], [])
        for _ in 0..<townshipCount { townships.append(try reader.text()) }
        for _ in PlaceEvidence.knownPrior { known.append(Double(try reader.float())) }
        for _ in PlaceEvidence.unknownPrior { unknown.append(Double(try reader.float())) }
        let origin = try Self.point(&reader)
        var items: [PlaceMemory.Item] = []
        for _ in 0..<itemCount {
            let address = try reader.text()
            guard address.utf8.count <= MiningLimits.nameBytesMax else { throw .damaged }
            let point = try Self.point(&reader)
            let township = Int(try reader.uint32())
            guard townships.indices.contains(township) else { throw .damaged }
            items.append(
                PlaceMemory.Item(
                    address: address, name: AddressName(address),
                    position: PlaceMemory.position(point, from: origin), township: township))
        }
        try reader.end()
        guard (known + unknown).allSatisfy(\.isFinite), sure <= 1_000 else { throw .damaged }
        self.init(
            townships: townships, memory: PlaceMemory(items: items, townships: townships, origin: origin), known: known,
            unknown: unknown, surePermille: sure)
    }

    package func bytes() -> [UInt8] {
        var writer = ModelFile.Writer(kind: Self.kind, version: Self.version)
        writer.uint32(UInt32(townships.count))
        writer.uint32(UInt32(memory.items.count))
        writer.uint32(UInt32(surePermille))
        for township in townships { writer.text(township) }
        for weight in known + unknown { writer.float(Float(weight)) }
        Self.write(memory.origin, to: &writer)
        for item in memory.items {
            writer.text(item.address)
            if let point = memory.coordinate(item.position) { Self.write(point, to: &writer) }
            writer.uint32(UInt32(item.township))
        }
        return writer.finished()
    }

    private static func point(_ reader: inout ModelFile.Reader) throws(ModelFileError) -> Coordinate {
        let (latitude, longitude) = (try reader.uint32(), try reader.uint32())
        guard
            let point = Coordinate(
                latitude: Double(Int32(bitPattern: latitude)) / unitsPerDegree,
                longitude: Double(Int32(bitPattern: longitude)) / unitsPerDegree)
        else { throw .damaged }
        return point
    }

    private static func write(_ point: Coordinate, to writer: inout ModelFile.Writer) {
        for degrees in [point.latitude, point.longitude] {
            writer.uint32(UInt32(bitPattern: Int32((degrees * unitsPerDegree).rounded())))
        }
    }
}
