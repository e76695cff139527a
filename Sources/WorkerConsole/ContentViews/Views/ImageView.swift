import TerminalCanvas
import Widgets
package import WorkerDomain

/// What a picture is, and for PNG the picture in half blocks.
package struct ImageView: ContentView {
    package let id = "image"
    package let name = ContentPhrases.imageView
    package let isArranged = true

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        if ImageFacts.read(sample.bytes) != nil { return .certain }
        return SVGFacts.read(sample) != nil ? .possible : .no
    }

    package func open(_ input: ContentInput) async throws(ContentError) -> ContentDocument {
        let language = input.options.language
        guard var facts = ImageFacts.read(input.sample.bytes) else {
            let lines = SVGFacts.read(input.sample)?.lines(language) ?? []
            let layout = FixedLayout(lines + [ContentLine([])], then: MarkupLayout(isHTML: false, language: language))
            return input.document(self, try await input.shown(), layout)
        }
        if facts.frames == nil { facts.frames = try await ImageFrames.count(facts.format, in: input.bytes) }
        var lines = facts.lines(language)
        if let size = input.bytes.size {
            lines += ContentNotes.facts([(ContentPhrases.size, Format.bytes(Int64(size)))], language)
        }
        if facts.format == "PNG" || facts.format == "APNG",
            let picture = try await PNGPicture.read(input.bytes, columns: input.options.columns)
        {
            lines += [ContentLine([])] + picture.lines()
        }
        return input.document(self, MemorySource([]), FixedLayout(lines))
    }
}

/// The size that an SVG says of itself.
enum SVGFacts {
    static func read(_ sample: ContentSample) -> ImageFacts? {
        guard let text = sample.text?.prefix(8_192),
            let start = text.firstRange(of: Array("<svg".utf8))?.lowerBound,
            text[..<start].allSatisfy({ $0 != 0x3C }) || text.starts(with: Array("<?xml".utf8))
                || text.starts(with: Array("<!".utf8))
        else { return nil }
        let tag = text[start...].prefix { $0 != 0x3E }
        func number(_ name: String) -> Int? {
            guard let found = tag.firstRange(of: Array(" \(name)=\"".utf8)) else { return nil }
            let digits = tag[found.upperBound...].prefix(8).prefix { $0.isDigit }
            return Int(digits.text)
        }
        var facts = ImageFacts("SVG", number("width"), number("height"))
        if let found = tag.firstRange(of: Array("viewBox=\"".utf8)) {
            let box = tag[found.upperBound...].prefix(80).prefix { $0 != 0x22 }.text
            if !box.isEmpty { facts.depth = "viewBox \(box)" }
        }
        return facts
    }
}

/// A picture in shades, small enough for a terminal: each cell has two pixels, one above the other.
struct PNGPicture {
    /// A file that is larger is not drawn.
    private static let fileLimit = 33_554_432
    /// So many bytes of pixels are decoded at most.
    private static let pixelLimit = 134_217_728
    private static let mostRows = 120

    let columns: Int
    let rows: Int
    /// From 0 to 255, row by row.
    private(set) var shades: [Double]

    /// - Returns: `nil` for what is not drawn: damaged, interlaced, too large.
    static func read(_ source: any ByteSource, columns: Int) async throws(ContentError) -> PNGPicture? {
        let bytes = try await source.all(at: 0, count: Self.fileLimit)
        guard let header = PNGHeader(bytes), header.bytesPerRow * header.height <= Self.pixelLimit else { return nil }
        return PNGPicture(bytes, header, columns: max(8, min(columns, 160)))
    }

    private init?(_ bytes: [UInt8], _ header: PNGHeader, columns: Int) {
        var columns = min(columns, header.width)
        var rows = max(1, header.height * columns / header.width)
        if rows > Self.mostRows {
            columns = max(1, columns * Self.mostRows / rows)
            rows = Self.mostRows
        }
        rows = min(rows, header.height)
        self.columns = columns
        self.rows = rows
        var sums = [Double](repeating: 0, count: columns * rows)
        var counts = [Double](repeating: 0, count: columns * rows)
        var scanner = PNGRows(header)
        let isWhole = scanner.run(bytes) { row, line in
            let target = row * rows / header.height * columns
            for column in 0..<header.width {
                let place = target + column * columns / header.width
                sums[place] += header.shade(line, column)
                counts[place] += 1
            }
        }
        guard isWhole else { return nil }
        self.shades = zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
    }

    /// Half blocks; what falls between black and white is spread over the neighbours (Floyd and Steinberg).
    func lines() -> [ContentLine] {
        var shades = self.shades
        var lit = [Bool](repeating: false, count: shades.count)
        for row in 0..<self.rows {
            for column in 0..<self.columns {
                let place = row * self.columns + column
                lit[place] = shades[place] >= 128
                let rest = shades[place] - (lit[place] ? 255 : 0)
                func spread(_ down: Int, _ right: Int, _ share: Double) {
                    guard row + down < self.rows, (0..<self.columns).contains(column + right) else { return }
                    shades[place + down * self.columns + right] += rest * share / 16
                }
                spread(0, 1, 7)
                spread(1, -1, 3)
                spread(1, 0, 5)
                spread(1, 1, 1)
            }
        }
        return stride(from: 0, to: self.rows, by: 2).map { row in
            var text = ""
            for column in 0..<self.columns {
                let top = lit[row * self.columns + column]
                let bottom = row + 1 < self.rows && lit[(row + 1) * self.columns + column]
                text += top ? (bottom ? "█" : "▀") : bottom ? "▄" : " "
            }
            return ContentLine([TextRun(text)])
        }
    }
}
