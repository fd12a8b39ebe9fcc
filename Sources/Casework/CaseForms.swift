import Core
import Organisation
import Web

/// The small forms of a facet. A form that was refused comes back as it was typed.
struct CaseForms: Sendable {
    let visit: Visit
    let content: CaseFacetContent
    let cases: Cases
    let typed: TypedForm?

    private var file: CaseFile { content.file }
    private var version: String { String(file.version) }
    private var save: String { visit.word("casework.save") }

    func path(_ part: String) -> String { "/desk/cases/\(file.id)/\(part)" }

    private func typed(_ name: String, in part: TypedForm.Part, or value: String = "") -> String {
        typed.flatMap { $0.part == part ? $0.fields.text(name) : nil } ?? value
    }
    private func error(in part: TypedForm.Part) -> String? { typed.flatMap { $0.part == part ? $0.message : nil } }

    var comment: SmallForm {
        SmallForm(
            path: path("comments"), version: version,
            fields: [
                Field(
                    label: visit.word("casework.comment.new"), name: "comment", kind: .longText,
                    value: typed("comment", in: .comment), error: error(in: .comment), isRequired: true,
                    charactersMax: CasesLimits.commentCharactersMax)
            ], button: save)
    }

    func edit(_ comment: CaseComment) -> SmallForm {
        let part = TypedForm.Part.commentEdit(comment.id)
        return SmallForm(
            path: path("comments/\(comment.id)"), version: String(comment.version),
            fields: [
                Field(
                    label: visit.word("casework.comment.edit"), name: "comment-\(comment.id)", kind: .longText,
                    value: typed("comment-\(comment.id)", in: part, or: comment.body), error: error(in: part),
                    isRequired: true, charactersMax: CasesLimits.commentCharactersMax)
            ], button: save)
    }

    var link: SmallForm {
        SmallForm(
            path: path("links"), version: version,
            fields: [
                Field(
                    label: visit.word("casework.link.kind"), name: "link-kind", kind: .select,
                    value: typed("link-kind", in: .link),
                    options: CaseLink.Kind.allCases.map { kind in
                        .init(kind.rawValue, visit.word("casework.link.\(kind.rawValue).out"))
                    }, isRequired: true),
                Field(
                    label: visit.word("casework.link.number"), name: "link-number",
                    value: typed("link-number", in: .link), error: error(in: .link), isRequired: true,
                    charactersMax: CasesLimits.numberPatternCharactersMax * 2, autocomplete: "off"),
            ], button: save)
    }

    var upload: Upload {
        Upload(
            label: visit.word("casework.attachment.new"), name: "file",
            accept: FileType.allCases.flatMap(\.endings).map { ".\($0)" }, bytesMax: CasesLimits.attachmentBytesMax,
            hint: visit.word("casework.attachment.hint"), error: error(in: .attachment))
    }

    func removal(of attachment: CaseAttachment) -> SmallForm {
        SmallForm(
            path: path("attachments/\(attachment.id)/remove"), version: version,
            fields: [
                Field(
                    label: visit.word("casework.reason"), name: "removal-reason-\(attachment.id)", isRequired: true,
                    charactersMax: CasesLimits.reasonCharactersMax, autocomplete: "off")
            ], button: save)
    }

    var lead: SmallForm {
        let words = CaseWords(visit: visit, cases: cases)
        let units = cases.profile.units.map { Field.Option($0.code, words.unit($0.code) ?? $0.code) }
        let supporting = typed?.part == .lead ? typed?.fields.all("supporting") ?? [] : content.supporting
        return SmallForm(
            path: path("lead"), version: version,
            fields: [
                Field(
                    label: visit.word("casework.lead"), name: "lead", kind: .select,
                    value: typed("lead", in: .lead, or: file.leadUnitCode ?? ""), options: units,
                    error: error(in: .lead), isRequired: true),
                Field(
                    label: visit.word("casework.supporting"), name: "supporting", kind: .checkboxes,
                    values: supporting, options: units),
                reason("lead-reason", .lead),
            ], button: save)
    }

    var deadline: SmallForm? {
        guard file.isOpen, cases.kinds[file.kind]?.hasOwnDeadlines != true, let deadline = content.deadline,
            deadline.extensions.count < CasesLimits.extensionsMax
        else { return nil }
        return SmallForm(
            path: path("deadline"), version: version,
            fields: [
                Field(
                    label: visit.word("casework.deadline.days"), name: "days", kind: .number,
                    value: typed("days", in: .deadline), error: error(in: .deadline),
                    hint: visit.word("casework.deadline.hint", String(CasesLimits.extensionWorkingDaysMax)),
                    isRequired: true),
                reason("deadline-reason", .deadline),
            ], button: save)
    }

    /// Worse lights for whoever handles the case; better ones, with the day they hold until, for who may approve.
    func light(mayWorsen: Bool, mayApprove: Bool) -> SmallForm? {
        guard file.isOpen else { return nil }
        let words = CaseWords(visit: visit, cases: cases)
        let lights = Light.judgements.filter { mayWorsen && $0 > file.light || mayApprove && $0 < file.light }
        guard !lights.isEmpty else { return nil }
        var fields = [
            Field(
                label: visit.word("casework.light.new"), name: "light", kind: .select,
                value: typed("light", in: .light),
                options: lights.map { light in
                    .init(
                        light.rawValue,
                        words.lightWord(light.rawValue)
                            + visit.word(light > file.light ? "casework.light.worse" : "casework.light.better"))
                },
                error: error(in: .light), isRequired: true)
        ]
        if lights.contains(where: { $0 < file.light }) {
            fields.append(
                Field(
                    label: visit.word("casework.light.until"), name: "until", kind: .date,
                    value: typed("until", in: .light),
                    hint: visit.word("casework.light.until.hint", String(CasesLimits.approvalDaysMax))))
        }
        return SmallForm(path: path("light"), fields: fields + [reason("light-reason", .light)], button: save)
    }

    var exclude: SmallForm {
        SmallForm(
            path: path("exclusion"), version: version,
            fields: [
                Field(
                    label: visit.word("casework.exclusion.ground"), name: "ground", kind: .select,
                    value: typed("ground", in: .exclusion),
                    options: CaseExclusion.Ground.allCases.map { .init($0.rawValue, visit.text($0.title)) },
                    error: error(in: .exclusion), isRequired: true), reason("exclusion-reason", .exclusion),
            ], button: save)
    }

    var readmit: SmallForm {
        SmallForm(
            path: path("readmission"), version: version, fields: [reason("exclusion-reason", .exclusion)], button: save)
    }

    private func reason(_ name: String, _ part: TypedForm.Part) -> Field {
        Field(
            label: visit.word("casework.reason"), name: name, value: typed(name, in: part), isRequired: true,
            charactersMax: CasesLimits.reasonCharactersMax, autocomplete: "off")
    }
}
