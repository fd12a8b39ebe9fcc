package import Core

/// What a developer can do wrong in words, templates and routes. Found when the site is built, before it serves.
package enum SiteError: Problem, Equatable {
    case unreadable(file: String)
    case wordsMalformed(file: String, detail: String)
    case wordTwice(key: String, file: String)
    case wordIncomplete(key: String, file: String)
    case unknownWord(key: String, file: String)
    case templateMalformed(file: String, detail: String)
    case templateTwice(name: String)
    case unknownPartial(name: String, file: String)
    case rawMarkup(file: String)
    case noSuchTemplate(name: String)
    case routeTwice(method: String, path: String)
    case weakSecret

    package var report: ProblemReport {
        let (zh, en) = sentences
        return .init(.invalid, "web.site.\(name)", zh: zh, en: en)
    }

    private var name: String {
        switch self {
        case .unreadable: "unreadable"
        case .wordsMalformed: "words_malformed"
        case .wordTwice: "word_twice"
        case .wordIncomplete: "word_incomplete"
        case .unknownWord: "unknown_word"
        case .templateMalformed: "template_malformed"
        case .templateTwice: "template_twice"
        case .unknownPartial: "unknown_partial"
        case .rawMarkup: "raw_markup"
        case .noSuchTemplate: "no_such_template"
        case .routeTwice: "route_twice"
        case .weakSecret: "weak_secret"
        }
    }

    private var sentences: (String, String) {
        switch self {
        case .unreadable(let file): ("无法读取 \(file)。", "\(file) cannot be read.")
        case .wordsMalformed(let file, let detail):
            ("\(file) 格式不正确：\(detail)", "\(file) is malformed: \(detail)")
        case .wordTwice(let key, let file):
            ("词条 \(key) 在 \(file) 中重复定义，请改名。", "The word \(key) is defined again in \(file): rename it.")
        case .wordIncomplete(let key, let file):
            (
                "\(file) 的词条 \(key) 应当只有 zh 和 en 两项；含逗号的文字请加引号。",
                "\(key) in \(file) must have zh and en and nothing else; quote a text that holds a comma."
            )
        case .unknownWord(let key, let file):
            ("\(file) 使用的词条 \(key) 不存在。", "\(file) uses the word \(key), which does not exist.")
        case .templateMalformed(let file, let detail):
            ("模板 \(file) 无法解析：\(detail)", "The template \(file) cannot be parsed: \(detail)")
        case .templateTwice(let name):
            ("两个模块都有模板 \(name)。", "Two rooms bring the template \(name).")
        case .unknownPartial(let name, let file):
            ("\(file) 引用的模板 \(name) 不存在。", "\(file) includes \(name), which does not exist.")
        case .rawMarkup(let file):
            (
                "\(file) 使用了不转义的标签；请改用 Markup 类型的字段。",
                "\(file) uses an unescaped tag: give the page a field of type Markup instead."
            )
        case .noSuchTemplate(let name): ("模板 \(name) 不存在。", "There is no template \(name).")
        case .routeTwice(let method, let path):
            ("路由 \(method) \(path) 重复。", "The route \(method) \(path) is declared twice.")
        case .weakSecret: ("站点密钥不足 32 字节。", "The site's secret has fewer than 32 bytes.")
        }
    }
}
