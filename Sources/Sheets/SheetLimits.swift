/// What one sheet may hold. A file beyond a limit is refused with the limit named; nothing is cut silently.
package enum SheetLimits {
    package static let fileBytesMax = 2 << 30
    package static let rowsMax = 5_000_000
    package static let columnsMax = 2_048
    /// Text of one cell in UTF-8. Excel itself stops at 32,767 characters.
    package static let cellBytesMax = 1 << 20
    /// The same in a workbook, where a few bytes of markup may name a long string many times.
    package static let workbookCellBytesMax = 256 << 10
    package static let rowBytesMax = 16 << 20

    /// Parts of a workbook's zip.
    package static let partsMax = 10_000
    package static let inflatedBytesMax = 6 << 30
    /// A part may inflate to this many times its packed size once it is larger than `ratioFreeBytes`.
    package static let inflationRatioMax = 250
    package static let ratioFreeBytes = 16 << 20
    package static let sheetsMax = 1_000
    package static let stylesMax = 65_536
    /// Distinct strings of a workbook, and their bytes; what exceeds the memory share lies in a nameless file.
    package static let sharedStringsMax = 8_000_000
    package static let sharedStringBytesMax = 2 << 30
    package static let sharedStringBytesInMemoryMax = 48 << 20

    /// Rows of all tables of a Word document.
    package static let documentRowsMax = 20_000

    /// The header is looked for among this many rows.
    package static let headerRowsMax = 20
    /// Bytes read to find encoding and separator.
    package static let sampleBytes = 64 << 10
    package static let readBytes = 256 << 10
    /// Fed to the XML parser at once: small, because a few bytes of XML may name large shared strings.
    package static let markupBytes = 16 << 10
    /// One tag or comment: the parser holds it whole.
    package static let markupTokenBytesMax = 1 << 20

    /// What Excel can open.
    package static let excelRowsMax = 1_048_576
    package static let excelColumnsMax = 16_384
    package static let excelCellCharactersMax = 32_767
}
