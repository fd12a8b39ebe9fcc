import Mustache

/// Reads a page once by reflection into dictionaries, which Mustache walks twice as fast as structs, escapes its
/// texts and lets its components write themselves.
struct TemplateValue {
    let visit: Visit

    func dictionary(of page: Any) -> [String: Any] {
        var values: [String: Any] = [:]
        for child in Mirror(reflecting: page).children {
            if let label = child.label { values[label] = value(of: child.value) ?? Nothing() }
        }
        return values
    }

    /// Nil for an optional that is nil.
    private func value(of any: Any) -> Any? {
        switch any {
        case let text as String: return HTML.escaped(text)
        case let flag as Bool: return flag
        case let number as Int: return number
        case let markup as Markup: return markup
        case let component as any Component: return ["markup": component.markup(for: visit)]
        case let values as [any Component]: return values.map { ["markup": $0.markup(for: visit)] }
        default: break
        }
        let mirror = Mirror(reflecting: any)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.flatMap { value(of: $0.value) }
        case .collection, .set: return mirror.children.compactMap { value(of: $0.value) }
        case .struct, .class:
            return mirror.children.isEmpty ? HTML.escaped(String(describing: any)) : dictionary(of: any)
        default: return HTML.escaped(String(describing: any))
        }
    }
}

/// A field that is nil. It is there, so that Mustache does not look for its name further out, and it is false.
private struct Nothing: MustacheCustomRenderable {
    var renderText: String { "" }
    var isNull: Bool { true }
}
