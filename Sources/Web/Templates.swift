import Core
import Foundation
import Mustache

/// All templates of all rooms, compiled once per language.
package struct Templates: Sendable {
    private let libraries: [Language: MustacheLibrary]
    private let names: Set<String>

    package init() {
        libraries = [:]
        names = []
    }

    /// Fails on an unknown word or partial, on two templates of one name, and on what Mustache cannot parse.
    package init(rooms: [RoomResources], words: Words) throws {
        let sources = try rooms.flatMap(TemplateSource.all)
        var names: Set<String> = []
        for source in sources {
            guard names.insert(source.name).inserted else { throw SiteError.templateTwice(name: source.name) }
        }
        for source in sources {
            for case .partial(let name) in try source.pieces() where !names.contains(name) {
                throw SiteError.unknownPartial(name: name, file: source.file)
            }
        }
        self.names = names
        libraries = try Dictionary(
            uniqueKeysWithValues: Language.allCases.map { language in
                var library = MustacheLibrary()
                for source in sources {
                    let text = try source.expanded(words, language)
                    do { try library.register(text, named: source.name) } catch {
                        throw SiteError.templateMalformed(file: source.file, detail: "\(error)")
                    }
                }
                return (language, library)
            })
    }

    package func contains(_ name: String) -> Bool { names.contains(name) }

    /// `fields` are what `TemplateValue` made of a page: texts are escaped already.
    func render(_ name: String, _ fields: TemplateFields, in language: Language) throws -> Markup {
        guard let html = libraries[language]?.render(fields, withTemplate: name) else {
            throw SiteError.noSuchTemplate(name: name)
        }
        return .rendered(html)
    }
}
