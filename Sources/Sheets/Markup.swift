internal import CExpat
import Core
internal import Foundation

/// What a part's reader does with its elements. Names come without prefix; pointers live for the call only.
class MarkupHandler {
    /// Attributes as expat gives them: name, value, name, value, nil.
    typealias Attributes = UnsafeMutablePointer<UnsafePointer<CChar>?>

    /// Set by a handler to stop; thrown by `Markup.feed`.
    final var failure: SheetError?

    func start(_ name: UnsafePointer<CChar>, _ attributes: Attributes) {}
    func end(_ name: UnsafePointer<CChar>) {}
    func text(_ bytes: UnsafeBufferPointer<UInt8>) {}

    /// The value of an attribute whose name, without prefix, is `name`.
    final func value(_ name: StaticString, in attributes: Attributes) -> String? {
        var at = 0
        while let found = attributes[at], let value = attributes[at + 1] {
            if strcmp(Markup.localName(found), name.utf8Start) == 0 { return String(cString: value) }
            at += 2
        }
        return nil
    }
}

/// One part of a workbook going through the XML parser. A document type, and with it every entity beyond the five of
/// XML, is refused; expat's own bound on expansion stays on.
final class Markup {
    private let parser: XML_Parser
    private let part: ZipPart
    private let handler: MarkupHandler
    private let buffer: UnsafeMutableRawBufferPointer
    private var hasDocumentType = false
    private(set) var isAtEnd = false

    init(_ part: ZipPart, handler: MarkupHandler) throws(SheetError) {
        guard let parser = XML_ParserCreate(nil) else { throw .unreadable(reason: "expat") }
        self.parser = parser
        self.part = part
        self.handler = handler
        buffer = .allocate(byteCount: SheetLimits.markupBytes, alignment: 16)
        XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        XML_SetElementHandler(
            parser,
            { data, name, attributes in
                guard let name, let attributes else { return }
                Markup.with(data) { $0.handler.start(Markup.localName(name), attributes) }
            },
            { data, name in
                guard let name else { return }
                Markup.with(data) { $0.handler.end(Markup.localName(name)) }
            })
        XML_SetCharacterDataHandler(parser) { data, text, count in
            guard let text else { return }
            text.withMemoryRebound(to: UInt8.self, capacity: Int(count)) { bytes in
                Markup.with(data) { $0.handler.text(UnsafeBufferPointer(start: bytes, count: Int(count))) }
            }
        }
        XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
            Markup.with(data) {
                $0.hasDocumentType = true
                XML_StopParser($0.parser, XML_Bool(0))
            }
        }
    }

    deinit {
        XML_ParserFree(parser)
        buffer.deallocate()
    }

    /// Reads a part from end to end.
    static func parse(_ part: ZipPart, handler: MarkupHandler) throws(SheetError) {
        let markup = try Markup(part, handler: handler)
        while !markup.isAtEnd { try markup.feed() }
    }

    /// Inflates and parses the next few kilobytes.
    func feed() throws(SheetError) {
        let count = try part.read(into: buffer)
        let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        let status = XML_Parse(parser, start, Int32(count), count == 0 ? 1 : 0)
        if let failure = handler.failure { throw failure }
        if hasDocumentType { throw .unsafeMarkup(part: part.part.name) }
        guard status == XML_STATUS_OK else {
            throw XML_GetErrorCode(parser) == XML_ERROR_AMPLIFICATION_LIMIT_BREACH
                ? .unsafeMarkup(part: part.part.name) : .damaged(part: part.part.name)
        }
        let unfinished = part.readBytes - Int(XML_GetCurrentByteIndex(parser))
        guard unfinished <= SheetLimits.markupTokenBytesMax else { throw .unsafeMarkup(part: part.part.name) }
        isAtEnd = count == 0
    }

    /// The name behind a namespace prefix: `x:row` → `row`.
    @inline(__always)
    static func localName(_ name: UnsafePointer<CChar>) -> UnsafePointer<CChar> {
        var at = name
        while at.pointee != 0 {
            if at.pointee == 0x3A { return at + 1 }
            at += 1
        }
        return name
    }

    @inline(__always)
    private static func with(_ data: UnsafeMutableRawPointer?, _ body: (Markup) -> Void) {
        guard let data else { return }
        Unmanaged<Markup>.fromOpaque(data)._withUnsafeGuaranteedRef { markup in
            guard markup.handler.failure == nil else { return }
            body(markup)
        }
    }
}
