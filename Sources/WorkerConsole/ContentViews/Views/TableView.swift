import TerminalCanvas
import TextSafety
import Widgets
package import WorkerDomain

/// CSV and TSV as a table (RFC 4180): columns aligned by what the beginning has, names of columns as a heading.
package struct TableView: ContentView {
    package let id = "table"
    package let name = ContentPhrases.tableView
    package let isArranged = true

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        guard let text = sample.text else { return .no }
        let isDeclared = sample.isDeclared(
            types: ["text/csv", "text/tab-separated-values", "application/csv"], extensions: ["csv", "tsv", "tab"])
        let shape = TableShape(text, isWhole: sample.isWhole)
        // A sentence has a blank behind its commas.
        let isLike = shape.map { isDeclared || !$0.looksLikeProse } ?? false
        if isDeclared { return isLike ? .expected : .declared }
        return isLike ? .possible : .no
    }

    package func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)? {
        let text = sample.text ?? []
        let shape = TableShape(text, isWhole: sample.isWhole) ?? TableShape(separator: UInt8(ascii: ","), text: text)
        return TableLayout(shape, redaction: options.redaction, language: options.language)
    }
}

/// How a table is read and drawn, by its beginning.
struct TableShape: Sendable {
    /// A column is not wider.
    static let widest = 40
    /// More columns are not aligned.
    static let mostColumns = 200

    let separator: UInt8
    let widths: [Int]
    /// Columns whose values are numbers are aligned at the right.
    let isNumeric: [Bool]
    let names: [String]
    let hasNames: Bool
    /// A value has a blank before it.
    let looksLikeProse: Bool

    /// - Returns: `nil` when the beginning is no table: fewer than two columns, or rows of different lengths.
    init?(_ text: [UInt8], isWhole: Bool) {
        var best: (separator: UInt8, columns: Int)?
        for separator in [UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|")] {
            let rows = Self.rows(text, separator, limit: 20, isWhole: isWhole)
            guard rows.count > 1, let first = rows.first, first.count > 1 else { continue }
            guard rows.allSatisfy({ $0.count == first.count }) else { continue }
            if first.count > best?.columns ?? 1 { best = (separator, first.count) }
        }
        guard let best else { return nil }
        self.init(separator: best.separator, text: text)
    }

    init(separator: UInt8, text: [UInt8]) {
        self.separator = separator
        let rows = Self.rows(text, separator, limit: 100, isWhole: false)
        let columns = min(Self.mostColumns, rows.map(\.count).max() ?? 0)
        var widths = [Int](repeating: 1, count: columns)
        var numbers = [Int](repeating: 0, count: columns)
        var texts = [Int](repeating: 0, count: columns)
        for (index, row) in rows.enumerated() {
            for (column, cell) in row.prefix(columns).enumerated() {
                let shown = Truncation.end(cell.prefix(400).text, columns: Self.widest)
                widths[column] = max(widths[column], Sanitizer.columns(of: shown))
                guard index > 0, !cell.isEmpty else { continue }
                if Self.isNumber(cell) { numbers[column] += 1 } else { texts[column] += 1 }
            }
        }
        self.widths = widths
        self.isNumeric = zip(numbers, texts).map { $0 > 0 && $1 == 0 }
        let first = rows.first ?? []
        self.looksLikeProse = rows.contains { row in
            row.dropFirst().contains { $0.first == 0x20 && $0.count > 1 }
        }
        self.names = first.prefix(columns).map { $0.prefix(128).text }
        self.hasNames = rows.count > 1 && !first.contains { Self.isNumber($0) } && first.contains { !$0.isEmpty }
    }

    private static func isNumber(_ cell: [UInt8]) -> Bool {
        guard cell.count <= 40, cell.contains(where: \.isDigit) else { return false }
        return cell.allSatisfy { $0.isDigit || [0x2B, 0x2D, 0x2E, 0x2C, 0x45, 0x65, 0x25, 0x20].contains($0) }
    }

    private static func rows(_ text: [UInt8], _ separator: UInt8, limit: Int, isWhole: Bool) -> [[[UInt8]]] {
        var rows: [[[UInt8]]] = []
        var place = 0
        let span = text.span
        while place < span.count, rows.count < limit {
            let end = TableRow.end(span, from: place)
            // The last row of a beginning may be cut.
            if end.next == span.count, !isWhole, !end.isEnded { break }
            if end.content > place { rows.append(TableRow.cells(text[place..<end.content], separator)) }
            place = end.next
        }
        return rows
    }
}

/// One record of a table.
enum TableRow {
    /// A record is not longer; what follows is the next one.
    static let longest = 16_384

    /// Where a record ends: behind the last byte of it, and where the next one begins.
    static func end(_ span: Span<UInt8>, from start: Int) -> (content: Int, next: Int, isEnded: Bool) {
        let limit = min(span.count, start + self.longest)
        var isQuoted = false
        var place = start
        while place < limit {
            let byte = span[place]
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, byte.isLineEnd {
                var next = place + 1
                if byte == 0x0D, next < span.count, span[next] == 0x0A { next += 1 }
                return (place, next, !(byte == 0x0D && next == span.count))
            }
            place += 1
        }
        if limit < span.count {
            let cut = UTF8Edge.cut(span, before: limit, after: start)
            return (cut, cut, true)
        }
        return (limit, limit, false)
    }

    /// The values of a record, without quotation marks.
    static func cells(_ record: ArraySlice<UInt8>, _ separator: UInt8) -> [[UInt8]] {
        var cells: [[UInt8]] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var place = record.startIndex
        while place < record.endIndex {
            let byte = record[place]
            if byte == UInt8(ascii: "\""), isQuoted || cell.isEmpty {
                if isQuoted, place + 1 < record.endIndex, record[place + 1] == UInt8(ascii: "\"") {
                    cell.append(byte)
                    place += 1
                } else {
                    isQuoted.toggle()
                }
            } else if byte == separator, !isQuoted {
                cells.append(cell)
                cell = []
            } else {
                cell.append(byte)
            }
            place += 1
        }
        return cells + [cell]
    }
}

struct TableLayout: StreamLayout {
    private let shape: TableShape
    private let redaction: Redaction
    private let language: Language
    private var row = 0
    private(set) var isFinished = false

    init(_ shape: TableShape, redaction: Redaction, language: Language) {
        self.shape = shape
        self.redaction = redaction
        self.language = language
    }

    mutating func layOut(_ window: ContentWindow, into sink: inout LineSink) -> Int {
        let span = window.bytes.span
        let start = window.bytes.startIndex
        var place = 0
        while !sink.isFull {
            guard place < span.count else {
                self.isFinished = window.isLast
                return place
            }
            let end = TableRow.end(span, from: place)
            // Whether a record goes on is seen a little behind its end.
            if !end.isEnded || end.next + 4 > span.count, !window.isLast { return place }
            let record = window.bytes[(start + place)..<(start + end.content)]
            let offset = window.offset + place
            sink.add(self.line(record, at: window.place(of: offset)))
            self.row += 1
            place = end.next
        }
        if place == span.count, window.isLast { self.isFinished = true }
        return place
    }

    private func line(_ record: ArraySlice<UInt8>, at offset: Int) -> ContentLine {
        let isHeading = self.shape.hasNames && self.row == 0
        let cells = TableRow.cells(record, self.shape.separator)
        var runs: [TextRun] = []
        for (column, cell) in cells.enumerated() {
            let isHidden = !isHeading && self.isSecret(column, cell)
            let limit = column < self.shape.widths.count ? self.shape.widths[column] : TableShape.widest
            let text = Truncation.end(
                isHidden ? Redaction.mask : cell.prefix(4 * TableShape.widest).text, columns: limit)
            let pad = String(repeating: " ", count: max(0, limit - Sanitizer.columns(of: text)))
            let isRight = column < self.shape.isNumeric.count && self.shape.isNumeric[column]
            let isLast = column == cells.count - 1
            let shown = isRight ? pad + text : isLast ? text : text + pad
            runs.append(TextRun(shown, isHeading ? .heading : isRight ? .number : .plain))
            if !isLast { runs.append(TextRun("  ")) }
        }
        let number = self.shape.hasNames ? self.row : self.row + 1
        return ContentLine(
            runs, offset: offset,
            path: isHeading ? nil : ContentPhrases.row(self.language, Format.count(number)))
    }

    private func isSecret(_ column: Int, _ cell: [UInt8]) -> Bool {
        guard !self.redaction.isOff, self.shape.hasNames, column < self.shape.names.count else { return false }
        return self.redaction.hides(member: self.shape.names[column], text: cell.text)
    }
}
