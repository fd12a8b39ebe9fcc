import Foundation
import Mining

/// A model's file, read with errors that say what to do.
enum MineModelFile {
    static func read<Model>(_ path: String, _ make: ([UInt8]) throws(ModelFileError) -> Model) throws -> Model {
        let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        guard data.count <= MiningLimits.modelBytesMax else { throw MineError.notAModel(path) }
        do {
            return try make([UInt8](data))
        } catch .version(let version) {
            throw MineError.modelVersion(path, version)
        } catch .damaged {
            throw MineError.modelDamaged(path)
        } catch .notAModel {
            throw MineError.notAModel(path)
        }
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    /// Thousandths as 0.123.
    static func decimal(_ permille: Int) -> String {
        let digits = String(permille)
        return permille >= 1_000 ? "1.000" : "0." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
