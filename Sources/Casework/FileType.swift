import Foundation

/// A kind of file that may be attached, as told by its content and never by its name.
package enum FileType: String, Sendable, CaseIterable {
    case pdf, ofd, word, excel, powerpoint, oldOffice, png, jpeg, gif, webp, mp3, amr, wav, mp4, text

    package var contentType: String {
        switch self {
        case .pdf: "application/pdf"
        case .ofd: "application/ofd"
        case .word: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        case .excel: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case .powerpoint: "application/vnd.openxmlformats-officedocument.presentationml.presentation"
        case .oldOffice: "application/x-ole-storage"
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        case .gif: "image/gif"
        case .webp: "image/webp"
        case .mp3: "audio/mpeg"
        case .amr: "audio/amr"
        case .wav: "audio/wav"
        case .mp4: "video/mp4"
        case .text: "text/plain"
        }
    }

    /// The endings a name of this type may have.
    package var endings: [String] {
        switch self {
        case .pdf: ["pdf"]
        case .ofd: ["ofd"]
        case .word: ["docx"]
        case .excel: ["xlsx"]
        case .powerpoint: ["pptx"]
        case .oldOffice: ["doc", "xls", "ppt", "wps", "et", "dps"]
        case .png: ["png"]
        case .jpeg: ["jpg", "jpeg"]
        case .gif: ["gif"]
        case .webp: ["webp"]
        case .mp3: ["mp3"]
        case .amr: ["amr"]
        case .wav: ["wav"]
        case .mp4: ["mp4", "m4a", "mov"]
        case .text: ["txt", "csv"]
        }
    }

    /// What the error message calls it.
    var title: String { self == .oldOffice ? "Office 97–2003" : rawValue.uppercased() }

    /// Tells the type of a file from its bytes; nil for what may not be attached: programs, scripts, web pages,
    /// archives, documents with macros, and whatever is not known.
    package init?(of bytes: some RandomAccessCollection<UInt8>) {
        let bytes = Array(bytes)
        func starts(_ prefix: [UInt8], at offset: Int = 0) -> Bool {
            bytes.count >= offset + prefix.count && bytes[offset..<offset + prefix.count].elementsEqual(prefix)
        }
        func starts(_ prefix: String, at offset: Int = 0) -> Bool { starts(Array(prefix.utf8), at: offset) }
        if starts("%PDF-") {
            self = .pdf
        } else if starts([0x89] + Array("PNG\r\n\u{1A}\n".utf8)) {
            self = .png
        } else if starts([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if starts("GIF87a") || starts("GIF89a") {
            self = .gif
        } else if starts("RIFF"), starts("WEBP", at: 8) {
            self = .webp
        } else if starts("RIFF"), starts("WAVE", at: 8) {
            self = .wav
        } else if starts("#!AMR") {
            self = .amr
        } else if starts("ID3") || starts([0xFF, 0xFB]) || starts([0xFF, 0xF3]) || starts([0xFF, 0xF2]) {
            self = .mp3
        } else if starts("ftyp", at: 4) {
            self = .mp4
        } else if starts("PK\u{3}\u{4}") {
            guard let type = Self.office(ZipNames.read(bytes)) else { return nil }
            self = type
        } else if starts([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
            guard !Self.holdsMacros(ole: bytes) else { return nil }
            self = .oldOffice
        } else if TextSniffing.isPlainText(bytes) {
            self = .text
        } else {
            return nil
        }
    }

    /// An Office Open XML or OFD package by the names of its parts.
    private static func office(_ names: Set<String>?) -> FileType? {
        guard let names, !names.contains(where: { $0.lowercased().hasSuffix("vbaproject.bin") }) else { return nil }
        if names.contains("OFD.xml") { return .ofd }
        guard names.contains("[Content_Types].xml") else { return nil }
        if names.contains("word/document.xml") { return .word }
        if names.contains("xl/workbook.xml") || names.contains("xl/workbook.bin") { return .excel }
        return names.contains("ppt/presentation.xml") ? .powerpoint : nil
    }

    /// Compound files name their parts in UTF-16; a macro project has one of these.
    private static func holdsMacros(ole bytes: [UInt8]) -> Bool {
        let data = Data(bytes)
        return ["_VBA_PROJECT", "VBA_PROJECT_CUR", "Macros"].contains { name in
            data.range(of: Data(name.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })) != nil
        }
    }
}

/// The names in a ZIP archive's central directory; nothing is unpacked.
enum ZipNames {
    private static let entriesMax = 10_000

    /// Nil when the bytes are no whole archive, or hold too many entries.
    static func read(_ bytes: [UInt8]) -> Set<String>? {
        guard let end = endRecord(bytes) else { return nil }
        let count = word(bytes, end + 10, 2)
        var offset = word(bytes, end + 16, 4)
        guard count > 0, count <= entriesMax else { return nil }
        var names: Set<String> = []
        for _ in 0..<count {
            guard offset + 46 <= bytes.count, word(bytes, offset, 4) == 0x0201_4B50 else { return nil }
            let length = word(bytes, offset + 28, 2)
            guard offset + 46 + length <= bytes.count else { return nil }
            names.insert(String(decoding: bytes[offset + 46..<offset + 46 + length], as: UTF8.self))
            offset += 46 + length + word(bytes, offset + 30, 2) + word(bytes, offset + 32, 2)
        }
        return names
    }

    /// The end record stands last, before a comment of at most 65,535 bytes.
    private static func endRecord(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 22 else { return nil }
        let least = max(0, bytes.count - 22 - 65_535)
        return stride(from: bytes.count - 22, through: least, by: -1).first { word(bytes, $0, 4) == 0x0605_4B50 }
    }

    private static func word(_ bytes: [UInt8], _ offset: Int, _ length: Int) -> Int {
        guard offset >= 0, offset + length <= bytes.count else { return 0 }
        return (0..<length).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}

enum TextSniffing {
    /// UTF-8 or GB18030 without control characters, and nothing that a browser or a shell would run.
    static func isPlainText(_ bytes: [UInt8]) -> Bool {
        guard !bytes.isEmpty else { return false }
        let allowed: Set<UInt8> = [0x09, 0x0A, 0x0C, 0x0D]
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || allowed.contains($0) }) else { return false }
        guard String(validating: bytes, as: UTF8.self) != nil || isGB18030(bytes) else { return false }
        let start = String(decoding: bytes.prefix(2_048), as: UTF8.self).lowercased()
        let text = start.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        if text.hasPrefix("<") || text.hasPrefix("#!") || text.hasPrefix("%!") || text.hasPrefix("@echo") {
            return false
        }
        return !["<script", "<html", "<svg", "<iframe", "<?php"].contains { start.contains($0) }
    }

    private static func isGB18030(_ bytes: [UInt8]) -> Bool {
        var index = 0
        func has(_ offset: Int, _ range: ClosedRange<UInt8>) -> Bool {
            index + offset < bytes.count && range.contains(bytes[index + offset])
        }
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index += 1
            } else if !has(0, 0x81...0xFE) {
                return false
            } else if has(1, 0x40...0xFE), !has(1, 0x7F...0x7F) {
                index += 2
            } else if has(1, 0x30...0x39), has(2, 0x81...0xFE), has(3, 0x30...0x39) {
                index += 4
            } else {
                return false
            }
        }
        return true
    }
}
