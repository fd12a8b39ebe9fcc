import Core
package import Foundation
package import Hummingbird

extension Visit {
    /// The page in its area's layout.
    package func render(_ page: some Page, status: HTTPResponse.Status = .ok) throws -> Response {
        let reader = TemplateValue(visit: self)
        let content = try content(of: page, reader)
        let layout = Layout(page: page, content: content, visit: self)
        let frame = page.screen == nil ? "web/layout" : "web/screen"
        let html = try site.templates.render(frame, reader.fields(of: layout), in: language)
        return respond(html: html, status: status)
    }

    /// The page's template alone, without any layout: a part of a page that a script puts in place.
    package func fragment(_ page: some Page) throws -> Markup {
        try content(of: page, TemplateValue(visit: self))
    }

    private func content(of page: some Page, _ reader: TemplateValue) throws -> Markup {
        var fields = reader.fields(of: page)
        fields.values["title"] = EscapedText(page.title)
        fields.values["csrf"] = context.csrfToken
        return try site.templates.render(type(of: page).template, fields, in: language)
    }

    /// A 303, so that a reload does not submit again. `toast` is a word key, shown once on the next page with its
    /// arguments; `undo` puts a button beside it that takes back what was done.
    package func redirect(
        _ path: String, toast: String? = nil, arguments: [String] = [], undo: Undo? = nil
    ) -> Response {
        var response = Response(status: .seeOther, headers: [.location: path])
        if let toast {
            let message = ToastMessage(key: toast, arguments: arguments, undo: undo)
            let value = message.cookie(context.seal, sessionKey: visitor.sessionKey)
            response.setCookie(cookie(CookieName.toast, value, maxAgeSeconds: 60))
        }
        return response
    }

    /// The fields of a submitted form; its CSRF token was checked before the handler ran.
    package func fields() async throws -> Fields {
        if let multipart = context.multipart { return try await multipart.remainingFields() }
        return context.fields
    }

    /// Streams a multipart body to disk: the first file that is not empty goes to a new file in `folder`. The form
    /// must start with `{{> web/csrf}}`. The caller owns the file, and removes it.
    package func upload(
        to folder: URL, bytesMax: Int
    ) async throws -> (fields: Fields, file: UploadedFile?) {
        guard let multipart = context.multipart else { throw WebError.formMalformed }
        return try await multipart.upload(to: folder, bytesMax: bytesMax)
    }

    /// An attachment: never shown within the site, whatever its type says.
    package func download(name: String, contentType: String, body: ResponseBody) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: contentType,
                .contentDisposition: contentDisposition(fileName: name),
                .cacheControl: "private, no-store",
            ],
            body: body)
    }

    /// A machine's answer.
    package func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Response(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
    }

    /// Signs the visitor's browser in: HttpOnly, SameSite=Lax, gone when the browser closes unless `maxAgeSeconds`.
    package func setSession(_ token: String, maxAgeSeconds: Int? = nil, on response: inout Response) {
        response.setCookie(cookie(CookieName.session, token, maxAgeSeconds: maxAgeSeconds))
    }

    package func clearSession(on response: inout Response) {
        response.setCookie(cookie(CookieName.session, "", maxAgeSeconds: 0))
    }

    /// The token of the visitor's session cookie, for signing out.
    package var sessionToken: String? { request.cookies[CookieName.session]?.value }

    func cookie(_ name: String, _ value: String, maxAgeSeconds: Int?) -> Cookie {
        Cookie(
            name: name, value: value, maxAge: maxAgeSeconds, path: "/", secure: site.isSecure, httpOnly: true,
            sameSite: .lax)
    }

    func respond(html: Markup, status: HTTPResponse.Status) -> Response {
        var response = Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "private, no-store"],
            body: .init(byteBuffer: ByteBuffer(string: html.html)))
        if context.toast != nil { response.setCookie(cookie(CookieName.toast, "", maxAgeSeconds: 0)) }
        return response
    }
}

enum CookieName {
    static let session = "shuzhi_session"
    /// Ties forms to a browser without an account.
    static let visitor = "shuzhi_visitor"
    static let language = "shuzhi_language"
    /// Set by the script of the page.
    static let theme = "shuzhi_theme"
    static let toast = "shuzhi_toast"
}

/// RFC 6266: a plain name for old browsers, and the real one in UTF-8.
func contentDisposition(fileName: String) -> String {
    let plain = String(
        fileName.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._- ".contains($0)) ? $0 : "_" })
    return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(urlEncoded(fileName))"
}
