import Foundation
import Sheets

/// CSV and XLSX: any bytes give rows or a `SheetError`, with progress inside the file and every cell within its limit.
/// The first byte says what the file claims to be.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 1, count < 1 << 20 else { return 0 }
    let name = ["a.csv", "a.xlsx", "a", "a.txt"][Int(start[0]) % 4]
    let path = "/dev/shm/shuzhi-fuzz-\(getpid())"
    let file = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0o600)
    _ = write(file, start + 1, count - 1)
    close(file)
    do {
        let reader = try SheetFile.open(path: path, name: name)
        var rows = 0
        while let row = try reader.next() {
            rows += 1
            precondition(row.cells.count <= SheetLimits.columnsMax)
            precondition(row.cells.contains { !$0.isEmpty })
            precondition(reader.progress.done <= reader.progress.total)
        }
    } catch is SheetError {
    } catch { preconditionFailure("\(error)") }
    return 0
}
