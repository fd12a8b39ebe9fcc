/// A place to drop a file; without JavaScript an ordinary file input. Stands in a form with
/// `enctype="multipart/form-data"` after `{{> web/csrf}}`.
package struct Upload: Component {
    let label: String
    let name: String
    let accept: [String]
    let bytesMax: Int
    let hint: String?
    let error: String?
    let isRequired: Bool

    /// `accept` are endings with their dots: `.csv`.
    package init(
        label: String, name: String, accept: [String], bytesMax: Int, hint: String? = nil, error: String? = nil,
        isRequired: Bool = true
    ) {
        self.label = label
        self.name = name
        self.accept = accept
        self.bytesMax = bytesMax
        self.hint = hint
        self.error = error
        self.isRequired = isRequired
    }

    package func write(to html: inout HTML, for visit: Visit) {
        let id = "field-\(name)"
        html.tag("div", ["class": error == nil ? "field" : "field field-wrong"]) { html in
            html.tag("label", ["class": "drop", "for": id, "data-drop": ""]) { html in
                html.tag("span", ["class": "drop-title"], text: label)
                html.tag("span", ["class": "hint", "id": "\(id)-hint"]) {
                    if let hint { $0.tag("span", text: hint) }
                    $0.tag(
                        "span",
                        text: visit.word("web.upload.limit", accept.joined(separator: " "), byteCount(bytesMax)))
                }
                if let error { html.tag("span", ["class": "error", "id": "\(id)-error"], text: error) }
                html.void(
                    "input",
                    [
                        "type": "file", "id": id, "name": name, "accept": accept.joined(separator: ","),
                        "required": isRequired ? "" : nil,
                        "data-bytes-max": String(bytesMax),
                        "data-too-large": visit.word("web.upload.too_large", byteCount(bytesMax)),
                        "aria-describedby": error == nil ? "\(id)-hint" : "\(id)-hint \(id)-error",
                    ])
                html.tag("output", ["class": "drop-file", "for": id], text: "")
            }
        }
    }
}
