import CTurboJPEG
import TerminalCanvas

/// Makes pixels of a file that holds a picture, no more of them than a terminal has room for.
enum PictureDecoder {
    /// A file that is larger is not drawn.
    private static let fileLimit = 33_554_432
    /// A picture of more pixels is not drawn: its time and, for a JPEG of several scans, 6 bytes for each stay bounded.
    private static let pixelLimit = 25_000_000

    /// Reads one of the formats that ``ImageFacts`` names.
    ///
    /// - Returns: `nil` for what is not drawn: another format, damaged, an interlaced PNG, a JPEG in CMYK, too large.
    /// - Throws: What reading throws.
    static func read(_ format: String, _ source: any ByteSource) async throws(ContentError) -> Picture? {
        guard ["PNG", "APNG", "JPEG"].contains(format) else { return nil }
        let bytes = try await source.all(at: 0, count: Self.fileLimit)
        return format == "JPEG" ? self.jpeg(bytes) : self.png(bytes)
    }

    private static func png(_ bytes: [UInt8]) -> Picture? {
        guard let header = PNGHeader(bytes), header.width * header.height <= Self.pixelLimit else { return nil }
        var shrunk = ShrunkPixels(width: header.width, height: header.height)
        var scanner = PNGRows(header)
        let isWhole = scanner.run(bytes) { row, line in
            for column in 0..<header.width { shrunk.add(header.color(line, column), row: row, column: column) }
        }
        return isWhole ? shrunk.picture : nil
    }

    /// libjpeg-turbo shrinks by up to eight while it decodes.
    private static func jpeg(_ bytes: [UInt8]) -> Picture? {
        guard let decoder = tjInitDecompress() else { return nil }
        defer { tjDestroy(decoder) }
        var (width, height, sampling, colors) = (Int32(), Int32(), Int32(), Int32())
        let length = UInt(bytes.count)
        guard tjDecompressHeader3(decoder, bytes, length, &width, &height, &sampling, &colors) == 0,
            width > 0, height > 0, Int(width) * Int(height) <= Self.pixelLimit,
            colors != TJCS_CMYK.rawValue, colors != TJCS_YCCK.rawValue
        else { return nil }
        var shift: Int32 = 0
        while shift < 3, max(width, height) >> (shift + 1) >= Int32(ShrunkPixels.limit) { shift += 1 }
        let round = (Int32(1) << shift) - 1
        let (scaledWidth, scaledHeight) = ((width + round) >> shift, (height + round) >> shift)
        var pixels = [UInt8](repeating: 0, count: Int(scaledWidth) * Int(scaledHeight) * 3)
        // A file of a few bytes can claim thousands of scans.
        let isWhole = tjDecompress2(
            decoder, bytes, length, &pixels, scaledWidth, 0, scaledHeight, Int32(TJPF_RGB.rawValue),
            TJFLAG_LIMITSCANS)
        // What is odd, or cut at its end, is drawn as far as it goes.
        guard isWhole == 0 || tjGetErrorCode(decoder) == Int32(TJERR_WARNING.rawValue) else { return nil }
        let columns = Int(scaledWidth)
        var shrunk = ShrunkPixels(width: columns, height: Int(scaledHeight))
        for row in 0..<Int(scaledHeight) {
            for column in 0..<columns {
                let place = (row * columns + column) * 3
                shrunk.add(
                    (pixels[place], pixels[place + 1], pixels[place + 2]), row: row, column: column)
            }
        }
        return shrunk.picture
    }
}

/// Pixels that are averaged while they come, until the picture fits.
struct ShrunkPixels {
    /// Pixels of the longer side, at most.
    static let limit = 960

    private let source: Size
    private let target: Size
    private var sums: [UInt32]
    private var counts: [UInt32]

    init(width: Int, height: Int) {
        self.source = Size(columns: width, rows: height)
        let longer = max(width, height)
        func fitted(_ side: Int) -> Int { longer <= Self.limit ? side : max(1, side * Self.limit / longer) }
        self.target = Size(columns: fitted(width), rows: fitted(height))
        self.sums = Array(repeating: 0, count: self.target.columns * self.target.rows * 3)
        self.counts = Array(repeating: 0, count: self.target.columns * self.target.rows)
    }

    mutating func add(_ color: (red: UInt8, green: UInt8, blue: UInt8), row: Int, column: Int) {
        let place =
            row * self.target.rows / self.source.rows * self.target.columns
            + column * self.target.columns / self.source.columns
        self.sums[3 * place] &+= UInt32(color.red)
        self.sums[3 * place + 1] &+= UInt32(color.green)
        self.sums[3 * place + 2] &+= UInt32(color.blue)
        self.counts[place] += 1
    }

    var picture: Picture? {
        let pixels = self.sums.indices.map { UInt8(self.sums[$0] / max(1, self.counts[$0 / 3])) }
        return Picture(width: self.target.columns, height: self.target.rows, pixels: pixels)
    }
}
