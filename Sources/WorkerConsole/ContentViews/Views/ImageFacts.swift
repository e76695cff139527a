import TerminalCanvas
import Widgets
import WorkerDomain

/// What the header of a picture says: fixed fields only, no length inside is trusted.
struct ImageFacts: Sendable, Equatable {
    var format: String
    var width: Int?
    var height: Int?
    /// In signs that need no translation: `8 bit RGB`.
    var depth: String?
    var frames: Int?

    init(_ format: String, _ width: Int? = nil, _ height: Int? = nil, depth: String? = nil, frames: Int? = nil) {
        self.format = format
        self.width = width
        self.height = height
        self.depth = depth
        self.frames = frames
    }

    func lines(_ language: Language) -> [ContentLine] {
        var facts: [(Phrase, String)] = [(ContentPhrases.format, self.format)]
        if let width = self.width, let height = self.height {
            facts.append((ContentPhrases.dimensions, "\(Format.count(width)) × \(Format.count(height))"))
        }
        if let depth = self.depth { facts.append((ContentPhrases.depth, depth)) }
        if let frames = self.frames { facts.append((ContentPhrases.frames, Format.count(frames))) }
        return ContentNotes.facts(facts, language)
    }

    /// - Parameter bytes: The beginning of a content.
    /// - Returns: `nil` for what is no picture.
    static func read(_ bytes: [UInt8]) -> ImageFacts? {
        let head = ByteReader(bytes)
        return self.png(head) ?? self.jpeg(head) ?? self.gif(head) ?? self.webP(head) ?? self.bmp(head)
            ?? self.ico(head) ?? self.avif(head)
    }

    private static func png(_ head: ByteReader) -> ImageFacts? {
        guard head.starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return nil }
        guard head.has("IHDR", at: 12), let width = head.big(16, 4), let height = head.big(20, 4),
            let bits = head.byte(24), let color = head.byte(25)
        else { return ImageFacts("PNG") }
        let kind = [0: "gray", 2: "RGB", 3: "palette", 4: "gray + alpha", 6: "RGBA"][color] ?? "?"
        var frames: Int?
        var place = 8
        // acTL stands before the first data (PNG 3, section 11.3.6).
        while let length = head.big(place, 4), !head.has("IDAT", at: place + 4), place < head.bytes.count {
            if head.has("acTL", at: place + 4) { frames = head.big(place + 8, 4) }
            place += length + 12
        }
        return ImageFacts(
            frames == nil ? "PNG" : "APNG", width, height, depth: "\(bits) bit \(kind)", frames: frames)
    }

    /// The frame header, which stands behind segments with lengths of their own.
    private static func jpeg(_ head: ByteReader) -> ImageFacts? {
        guard head.starts([0xFF, 0xD8, 0xFF]) else { return nil }
        var place = 2
        while let marker = head.byte(place + 1), head.byte(place) == 0xFF {
            if marker == 0xFF {
                place += 1
                continue
            }
            if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
                guard let height = head.big(place + 5, 2), let width = head.big(place + 7, 2),
                    let bits = head.byte(place + 4), let parts = head.byte(place + 9)
                else { break }
                let kind = [1: "gray", 3: "YCbCr", 4: "CMYK"][parts] ?? "\(parts) components"
                let mode = marker == 0xC2 ? " progressive" : ""
                return ImageFacts("JPEG", width, height, depth: "\(bits) bit \(kind)\(mode)")
            }
            guard marker != 0xD9, marker != 0xDA, let length = head.big(place + 2, 2), length >= 2 else { break }
            place += length + 2
        }
        return ImageFacts("JPEG")
    }

    private static func gif(_ head: ByteReader) -> ImageFacts? {
        guard head.has("GIF87a", at: 0) || head.has("GIF89a", at: 0) else { return nil }
        guard let width = head.little(6, 2), let height = head.little(8, 2), let flags = head.byte(10) else {
            return ImageFacts("GIF")
        }
        return ImageFacts("GIF", width, height, depth: "\(Int(flags & 7) + 1) bit palette")
    }

    private static func webP(_ head: ByteReader) -> ImageFacts? {
        guard head.has("RIFF", at: 0), head.has("WEBP", at: 8) else { return nil }
        if head.has("VP8X", at: 12), let width = head.little(24, 3), let height = head.little(27, 3) {
            let flags = head.byte(20) ?? 0
            return ImageFacts("WebP", width + 1, height + 1, depth: flags & 0x10 != 0 ? "8 bit RGBA" : "8 bit RGB")
        }
        if head.has("VP8L", at: 12), let bits = head.little(21, 4) {
            return ImageFacts("WebP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, depth: "8 bit RGBA lossless")
        }
        if head.has("VP8 ", at: 12), let width = head.little(26, 2), let height = head.little(28, 2) {
            return ImageFacts("WebP", width & 0x3FFF, height & 0x3FFF, depth: "8 bit YCbCr")
        }
        return ImageFacts("WebP")
    }

    private static func bmp(_ head: ByteReader) -> ImageFacts? {
        guard head.has("BM", at: 0), head.little(6, 4) == 0, let length = head.little(14, 4),
            [12, 40, 52, 56, 64, 108, 124].contains(length)
        else { return nil }
        if length == 12 {
            return ImageFacts(
                "BMP", head.little(18, 2), head.little(20, 2), depth: head.little(24, 2).map { "\($0) bit" })
        }
        guard let width = head.little(18, 4), let height = head.little(22, 4) else { return ImageFacts("BMP") }
        let (signedWidth, signedHeight) = (Int32(truncatingIfNeeded: width), Int32(truncatingIfNeeded: height))
        return ImageFacts(
            "BMP", Int(signedWidth.magnitude), Int(signedHeight.magnitude),
            depth: head.little(28, 2).map { "\($0) bit" })
    }

    private static func ico(_ head: ByteReader) -> ImageFacts? {
        guard head.starts([0, 0, 1, 0]), let count = head.little(4, 2), (1...256).contains(count),
            let width = head.byte(6), let height = head.byte(7), head.byte(9) == 0,
            let offset = head.little(18, 4), offset >= 6 + 16 * count
        else { return nil }
        // 0 stands for 256.
        return ImageFacts(
            "ICO", width == 0 ? 256 : Int(width), height == 0 ? 256 : Int(height),
            depth: head.little(12, 2).flatMap { $0 > 0 ? "\($0) bit" : nil }, frames: count)
    }

    /// The property `ispe` of the ISO base media file (ISO/IEC 23008-12), found without following the boxes.
    private static func avif(_ head: ByteReader) -> ImageFacts? {
        guard head.has("ftyp", at: 4), let brand = head.slice(8, 4)?.text,
            ["avif", "avis", "heic", "heix", "mif1", "msf1"].contains(brand)
        else { return nil }
        let isAVIF =
            brand == "avif" || brand == "avis" || head.bytes.prefix(64).firstRange(of: Array("avif".utf8)) != nil
        var facts = ImageFacts(isAVIF ? (brand == "avis" ? "AVIF sequence" : "AVIF") : "HEIF")
        if let place = head.bytes.prefix(8_192).firstRange(of: Array("ispe".utf8))?.upperBound {
            facts.width = head.big(place + 4, 4)
            facts.height = head.big(place + 8, 4)
        }
        if let place = head.bytes.prefix(8_192).firstRange(of: Array("pixi".utf8))?.upperBound,
            let channels = head.byte(place + 4), let bits = head.byte(place + 5)
        {
            facts.depth = "\(bits) bit × \(channels)"
        }
        return facts
    }
}
