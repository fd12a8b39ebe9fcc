/// One question of a form with its label, hint and error.
package struct Field: Component {
    package enum Kind: String, Sendable, CaseIterable {
        case text, email, telephone = "tel", number, date, password, search, url
        case longText, select, radios, checkboxes, checkbox, hidden
    }

    package struct Option: Sendable, Equatable {
        package let value: String
        package let title: String
        package let hint: String?

        package init(_ value: String, _ title: String, hint: String? = nil) {
            self.value = value
            self.title = title
            self.hint = hint
        }
    }

    let label: String
    let name: String
    let kind: Kind
    let values: [String]
    let options: [Option]
    let error: String?
    let hint: String?
    let isRequired: Bool
    /// Which button is pressed decides whether it must be filled; the hint says for which.
    let dependsOnStep: Bool
    let charactersMax: Int?
    /// The HTML autofill name: `username`, `current-password`, `one-time-code`.
    let autocomplete: String?

    package init(
        label: String, name: String, kind: Kind = .text, value: String = "", values: [String]? = nil,
        options: [Option] = [], error: String? = nil, hint: String? = nil, isRequired: Bool = false,
        dependsOnStep: Bool = false, charactersMax: Int? = nil, autocomplete: String? = nil
    ) {
        self.label = label
        self.name = name
        self.kind = kind
        self.values = values ?? (value.isEmpty ? [] : [value])
        self.options = options
        self.error = error
        self.hint = hint
        self.isRequired = isRequired
        self.dependsOnStep = dependsOnStep
        self.charactersMax = charactersMax
        self.autocomplete = autocomplete
    }

    private var id: String { "field-\(name)" }
    private var value: String { values.first ?? "" }
    private var describedBy: String? {
        let ids = [hint.map { _ in "\(id)-hint" }, error.map { _ in "\(id)-error" }].compactMap { $0 }
        return ids.isEmpty ? nil : ids.joined(separator: " ")
    }

    package func write(to html: inout HTML, for visit: Visit) {
        if kind == .hidden {
            html.void("input", ["type": "hidden", "name": name, "value": value])
            return
        }
        html.tag("div", ["class": error == nil ? "field" : "field field-wrong"]) { html in
            switch kind {
            case .radios, .checkboxes: writeChoices(to: &html, visit)
            case .checkbox: writeCheckbox(to: &html, visit)
            default:
                html.tag("label", ["for": id]) { writeLabel(to: &$0, visit) }
                writeNotes(to: &html, visit)
                writeControl(to: &html, visit)
            }
        }
    }

    private func writeLabel(to html: inout HTML, _ visit: Visit) {
        html.text(label)
        if !isRequired, !dependsOnStep, kind != .checkbox {
            html.tag("span", ["class": "optional"], text: visit.word("web.field.optional"))
        }
    }

    private func writeNotes(to html: inout HTML, _ visit: Visit) {
        if let hint { html.tag("p", ["class": "hint", "id": "\(id)-hint"], text: hint) }
        if let error {
            html.tag("p", ["class": "error", "id": "\(id)-error"]) {
                $0.tag("span", ["class": "hidden"], text: visit.word("web.field.error"))
                $0.text(error)
            }
        }
    }

    private func writeControl(to html: inout HTML, _ visit: Visit) {
        let required = isRequired ? "" : nil
        let invalid = error == nil ? nil : "true"
        let most = charactersMax.map(String.init)
        switch kind {
        case .longText:
            html.tag(
                "textarea",
                [
                    "id": id, "name": name, "rows": "6", "required": required, "maxlength": most,
                    "aria-describedby": describedBy, "aria-invalid": invalid,
                ]
            ) {
                // A line break right after the tag is dropped by browsers; this one is ours.
                $0.raw("\n")
                $0.text(value)
            }
        case .select:
            html.tag(
                "select",
                [
                    "id": id, "name": name, "required": required, "aria-describedby": describedBy,
                    "aria-invalid": invalid,
                ]
            ) { html in
                if !isRequired || value.isEmpty {
                    html.tag("option", ["value": ""], text: visit.word("web.field.choose"))
                }
                for option in options {
                    html.tag(
                        "option", ["value": option.value, "selected": values.contains(option.value) ? "" : nil],
                        text: option.title)
                }
            }
        default:
            html.void(
                "input",
                [
                    "id": id, "name": name, "type": kind.rawValue, "value": kind == .password ? nil : value,
                    "required": required, "maxlength": most, "autocomplete": autocomplete,
                    "inputmode": kind == .number ? "numeric" : nil, "aria-describedby": describedBy,
                    "aria-invalid": invalid,
                ])
        }
    }

    private func writeChoices(to html: inout HTML, _ visit: Visit) {
        html.tag("fieldset", ["aria-describedby": describedBy, "id": id]) { html in
            html.tag("legend") { writeLabel(to: &$0, visit) }
            writeNotes(to: &html, visit)
            for option in options {
                html.tag("label", ["class": "choice"]) { html in
                    html.void(
                        "input",
                        [
                            "type": kind == .radios ? "radio" : "checkbox", "name": name, "value": option.value,
                            "checked": values.contains(option.value) ? "" : nil,
                            "required": kind == .radios && isRequired ? "" : nil,
                        ])
                    html.tag("span") {
                        $0.text(option.title)
                        if let hint = option.hint { $0.tag("span", ["class": "hint"], text: hint) }
                    }
                }
            }
        }
    }

    private func writeCheckbox(to html: inout HTML, _ visit: Visit) {
        html.tag("label", ["class": "choice"]) { html in
            html.void(
                "input",
                [
                    "type": "checkbox", "id": id, "name": name, "value": "1", "checked": value == "1" ? "" : nil,
                    "required": isRequired ? "" : nil, "aria-describedby": describedBy,
                ])
            html.tag("span", text: label)
        }
        writeNotes(to: &html, visit)
    }
}

/// What is wrong with a form, above it, each line a link to its field.
package struct FormErrors: Component {
    let errors: [(name: String, message: String)]

    package init(_ errors: [(name: String, message: String)]) { self.errors = errors }

    package func write(to html: inout HTML, for visit: Visit) {
        guard !errors.isEmpty else { return }
        html.tag("div", ["class": "form-errors", "role": "alert", "tabindex": "-1", "data-focus": ""]) { html in
            html.tag("h2", text: visit.word("web.form.errors"))
            html.tag("ul") { html in
                for error in errors {
                    html.tag("li") { $0.tag("a", ["href": "#field-\(error.name)"], text: error.message) }
                }
            }
        }
    }
}
