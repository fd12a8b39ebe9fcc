internal import Core
internal import Sheets

/// Rows read, checked and made into appeals, ready to be written in one transaction.
struct ImportBatch: Sendable {
    var appeals: [Appeal] = []
    var rejects: [ImportStore.Reject] = []
    var warnings: [ImportStore.Reject] = []
    /// The last row of the file in this batch.
    var rowNumber = 0
    var bytesDone = 0
    var bytesTotal = 0
    var isLast = false
}

/// Reads a file batch by batch. An actor, so that the next batch is read while the last one is written.
actor ImportBatches {
    private let sheet: ImportSheet
    private var reader: ImportRowReader
    private let layout: ImportLayout
    /// Rows up to this one were imported by a run before.
    private let after: Int
    private var rowNumber: Int
    private var isAtEnd = false

    init(sheet: sending ImportSheet, reader: sending ImportRowReader, layout: ImportLayout, after: Int) {
        self.sheet = sheet
        self.reader = reader
        self.layout = layout
        self.after = after
        rowNumber = after
    }

    /// Nil after the last batch; a file that ends on a batch's edge has an empty last one.
    func next() throws -> ImportBatch? {
        guard !isAtEnd else { return nil }
        var batch = ImportBatch()
        var bytes = 0
        while batch.appeals.count + batch.rejects.count < ImportLimits.batchRows, bytes < ImportLimits.batchBytes {
            guard let row = try sheet.next() else {
                isAtEnd = true
                break
            }
            if row.number <= after { continue }
            rowNumber = row.number
            let reading = reader.read(row)
            for remark in reading.remarks {
                let reject = ImportStore.Reject(
                    rowNumber: row.number, column: layout.columns[remark.field].map { layout.headers[$0] } ?? "",
                    reason: remark.reason, cells: reading.cells)
                // The first remark is the one that is kept: a row is refused, or warned of, once.
                if remark.reason.isWarning { batch.warnings.append(reject) } else { batch.rejects.append(reject) }
                break
            }
            if let appeal = reading.appeal {
                bytes += appeal.body.utf8.count + appeal.reply.utf8.count
                batch.appeals.append(appeal)
            }
        }
        batch.isLast = isAtEnd
        batch.rowNumber = rowNumber
        (batch.bytesDone, batch.bytesTotal) = sheet.progress
        if isAtEnd { batch.bytesDone = batch.bytesTotal }
        return batch
    }
}
