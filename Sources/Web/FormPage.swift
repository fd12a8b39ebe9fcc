/// A page that is one form: what is wrong with it above, its fields, one button.
package struct FormPage: Page {
    package static let template = "web/form-page"
    package let title: String
    package let subtitle: String?
    package let breadcrumbs: [Breadcrumb]
    let errors: FormErrors
    /// What is to be known before anything is filled in.
    let hint: String?
    let form: SmallForm

    package init(
        title: String, subtitle: String? = nil, breadcrumbs: [Breadcrumb] = [], errors: FormErrors = FormErrors([]),
        hint: String? = nil, form: SmallForm
    ) {
        self.title = title
        self.subtitle = subtitle
        self.breadcrumbs = breadcrumbs
        self.errors = errors
        self.hint = hint
        self.form = form
    }
}

/// One form of a page: where it goes, what it asks, what its button says: `{{#form}}{{> web/form}}{{/form}}`.
package struct SmallForm: Sendable {
    package let path: String
    /// What the form showed, so that of two people who send it the second is told: often a version.
    package let version: String
    package let fields: [Field]
    /// Why it was refused, where it stands in a page of its own.
    package let problem: String?
    package let button: String
    package let isPrimary: Bool

    package init(
        path: String, version: String = "", fields: [Field], problem: String? = nil, button: String,
        isPrimary: Bool = false
    ) {
        self.path = path
        self.version = version
        self.fields = fields
        self.problem = problem
        self.button = button
        self.isPrimary = isPrimary
    }
}
