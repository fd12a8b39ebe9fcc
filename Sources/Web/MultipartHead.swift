import Foundation

/// Reads the head of one part: its field name, and the name of its file.
enum MultipartHead {
    static func read(_ text: String) throws(WebError) -> MultipartParser.Head {
        var disposition: String?
        var contentType: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let halves = line.split(separator: ":", maxSplits: 1)
            guard halves.count == 2 else { throw .formMalformed }
            let value = halves[1].trimmingCharacters(in: .whitespaces)
            switch halves[0].trimmingCharacters(in: .whitespaces).lowercased() {
            case "content-disposition": disposition = value
            case "content-type": contentType = value
            default: break
            }
        }
        let parameters = parameters(of: disposition ?? "")
        guard let name = parameters["name"], !name.isEmpty else { throw .formMalformed }
        let extended = parameters["filename*"].flatMap(decodeExtended)
        let fileName = (extended ?? parameters["filename"]).map(cleanFileName)
        return .init(name: name, fileName: fileName, contentType: contentType)
    }

    /// `form-data; name="file"; filename="a.csv"` without its first word. Browsers write `"` as `%22`.
    static func parameters(of disposition: String) -> [String: String] {
        var parameters: [String: String] = [:]
        var rest = disposition.drop { $0 != ";" }
        while rest.first == ";" {
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            let key = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(key.count)
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst()
            let value: String
            (value, rest) = readValue(rest)
            let name = key.trimmingCharacters(in: .whitespaces).lowercased()
            if parameters[name] == nil { parameters[name] = value }
        }
        return parameters
    }

    private static func readValue(_ text: Substring) -> (String, Substring) {
        guard text.first == "\"" else {
            let value = text.prefix { $0 != ";" }
            return (value.trimmingCharacters(in: .whitespaces), text.dropFirst(value.count))
        }
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.first, character != "\"" {
            rest = rest.dropFirst()
            // A backslash escapes only a quotation mark: old browsers send `C:\fakepath\a.csv` as it is.
            if character == "\\", rest.first == "\"" {
                value.append("\"")
                rest = rest.dropFirst()
            } else {
                value.append(character)
            }
        }
        let after = rest.dropFirst()
        return (
            value.replacingOccurrences(of: "%22", with: "\"").replacingOccurrences(of: "%0D%0A", with: " "),
            after.drop { $0 != ";" }
        )
    }

    /// `UTF-8''%E8%AF%89.csv` (RFC 8187); nil in any other charset.
    private static func decodeExtended(_ value: String) -> String? {
        let parts = value.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
        return String(parts[2]).removingPercentEncoding
    }

    /// The last part of any path, without control characters, leading dots or what a shell or Windows would read.
    static func cleanFileName(_ name: String) -> String {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let kept = last.unicodeScalars.filter { scalar in
            !(scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format)
                && !"<>:\"|?*".unicodeScalars.contains(scalar)
        }
        let clean = String(String.UnicodeScalarView(kept.drop { $0 == "." || $0.properties.isWhitespace }))
            .trimmingCharacters(in: .whitespaces)
        guard clean.count > WebLimits.fileNameCharactersMax else { return clean }
        // The ending is what people recognise a file by.
        let ending = clean.split(separator: ".").last.map { $0.count <= 8 ? "." + $0 : "" } ?? ""
        let start = clean.prefix(WebLimits.fileNameCharactersMax - ending.count)
        return (start + ending).trimmingCharacters(in: .whitespaces)
    }
}
