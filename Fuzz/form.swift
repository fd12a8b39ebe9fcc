import Foundation
import Web

/// Query strings, form bodies and multipart bodies: any bytes give fields or a `WebError`, and the same fields however
/// the body is cut into chunks.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 2, count < 1 << 18 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    do {
        let fields = try Fields(urlEncoded: bytes)
        precondition(fields.pairs.count <= WebLimits.formFieldsMax)
        for pair in fields.pairs where !pair.value.isEmpty { precondition(fields.all(pair.name).contains(pair.value)) }
    } catch is WebError {
    } catch { preconditionFailure("\(error)") }
    let whole = multipart(Array(bytes.dropFirst()), chunk: bytes.count)
    let cut = multipart(Array(bytes.dropFirst()), chunk: Int(bytes[0]) % 17 + 1)
    precondition(whole == cut, "cut into chunks it reads otherwise")
    return 0
}

/// What a multipart body says: heads and bodies in order, and whether it ended well.
private func multipart(_ bytes: [UInt8], chunk: Int) -> [String] {
    guard var parser = MultipartParser(boundary: "b") else { return ["no boundary"] }
    var said: [String] = []
    var body: [UInt8] = []
    do {
        var at = 0
        while at < bytes.count {
            for event in try parser.feed(bytes[at..<min(at + chunk, bytes.count)]) {
                switch event {
                case .data(let data): body += data
                default:
                    if !body.isEmpty { said.append("body \(body)") }
                    body = []
                    said.append("\(event)")
                }
            }
            at += chunk
        }
        try parser.finish()
        if !body.isEmpty { said.append("body \(body)") }
        return said + ["finished"]
    } catch { return ["refused"] }
}
