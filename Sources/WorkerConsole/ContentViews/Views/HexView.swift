import TerminalCanvas
import Widgets
package import WorkerDomain

/// Bytes in rows: where they stand, what they are, and how they read as ASCII. It suits everything, and comes last.
package struct HexView: ContentView {
    package let id = "hex"
    package let name = ContentPhrases.hexView
    package let isArranged = true

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit { .possible }

    package func layout(_ sample: ContentSample, _ options: ContentOptions) -> (any StreamLayout)? {
        HexLayout(columns: options.columns)
    }

    package func open(_ input: ContentInput) async throws(ContentError) -> ContentDocument {
        // Every byte keeps its place; those of secrets are not told.
        let source = try await RedactedSource.open(
            input.bytes, input.options.redaction, type: input.sample.mediaType, style: .inPlace,
            encoding: input.sample.encoding)
        return input.document(self, source, HexLayout(columns: input.options.columns))
    }
}

/// Rows of 16, 8 or 4 bytes.
struct HexLayout: StreamLayout {
    private static let digits = Array("0123456789abcdef").map { String($0) }

    /// The bytes that a row of so many cells shows: an address, three cells and one for each byte, a blank or two between.
    static func bytesPerRow(columns: Int) -> Int { columns >= 76 ? 16 : columns >= 43 ? 8 : 4 }

    private let perRow: Int
    private(set) var isFinished = false

    init(columns: Int) { self.perRow = Self.bytesPerRow(columns: columns) }

    func standing(beforeLine line: Int) -> (layout: any StreamLayout, offset: Int)? {
        let (offset, overflow) = line.multipliedReportingOverflow(by: self.perRow)
        return overflow ? nil : (self, offset)
    }

    func lineCount(size: Int) -> Int? { (size + self.perRow - 1) / self.perRow }

    mutating func layOut(_ window: ContentWindow, into sink: inout LineSink) -> Int {
        let bytes = window.bytes
        var place = 0
        while !sink.isFull {
            guard place < bytes.count else {
                self.isFinished = window.isLast
                return place
            }
            let count = min(self.perRow, bytes.count - place)
            if count < self.perRow, !window.isLast { return place }
            let start = bytes.startIndex + place
            sink.add(self.row(bytes[start..<(start + count)], at: window.offset + place, window.source))
            place += count
        }
        if place == bytes.count, window.isLast { self.isFinished = true }
        return place
    }

    private func row(_ bytes: ArraySlice<UInt8>, at offset: Int, _ source: any ByteSource) -> ContentLine {
        let hidden = source.hidden(in: offset..<(offset + bytes.count))
        var runs = [TextRun(Self.address(offset) + "  ", .dim)]
        var letters: [TextRun] = []
        func add(_ text: String, _ role: Role, to list: inout [TextRun]) {
            if let last = list.last, last.role == role {
                list[list.count - 1].text += text
            } else {
                list.append(TextRun(text, role))
            }
        }
        for index in 0..<self.perRow {
            if index == 8 { add(" ", .plain, to: &runs) }
            guard index < bytes.count else {
                add("   ", .plain, to: &runs)
                continue
            }
            if hidden.contains(where: { $0.contains(offset + index) }) {
                add("•• ", .dim, to: &runs)
                add("•", .dim, to: &letters)
                continue
            }
            let byte = bytes[bytes.startIndex + index]
            add(
                Self.digits[Int(byte >> 4)] + Self.digits[Int(byte & 15)] + " ", byte == 0 ? .dim : .plain, to: &runs)
            let isPrintable = (0x20..<0x7F).contains(byte)
            add(isPrintable ? String(UnicodeScalar(byte)) : "·", isPrintable ? .literal : .dim, to: &letters)
        }
        add(" ", .plain, to: &runs)
        return ContentLine(runs + letters, offset: offset)
    }

    private static func address(_ offset: Int) -> String {
        let text = String(offset, radix: 16)
        return String(repeating: "0", count: max(0, 8 - text.count)) + text
    }
}
