import Foundation
import Organisation

/// Profile files: any bytes give a profile or named faults. The first byte chooses the file, the others are good ones.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 1, count < 1 << 18 else { return 0 }
    let folder = "/dev/shm/shuzhi-fuzz-\(getpid())/putuo"
    let names = ProfileLoader.fileNames
    let changed = names[Int(start[0]) % names.count]
    for name in names {
        let good = FileManager.default.contents(atPath: "profiles/putuo/\(name)") ?? Data()
        let data = name == changed ? Data(bytes: start + 1, count: count - 1) : good
        if !FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: data) {
            try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: data)
        }
    }
    do {
        let profile = try ProfileLoader.load(folder: URL(fileURLWithPath: folder))
        precondition(!profile.units.isEmpty)
    } catch let error as ProfileError {
        if case .faulty(let faults) = error { precondition(!faults.isEmpty) }
    } catch { preconditionFailure("\(error)") }
    return 0
}
