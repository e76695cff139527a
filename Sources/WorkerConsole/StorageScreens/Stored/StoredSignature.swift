/// What the first bytes of a stored value say it is.
///
/// Only the fixed headers of each format are looked at; nothing is decoded, and no length inside is trusted.
struct StoredSignature: Sendable, Equatable {
    /// Short, for a list: `png`.
    let name: String
    /// The registered media type: `image/png`.
    let mediaType: String
    /// What the header says, in signs that need no translation: `512×512`, `1.7`.
    let facts: [String]

    init(_ name: String, _ mediaType: String, _ facts: [String] = []) {
        self.name = name
        self.mediaType = mediaType
        self.facts = facts
    }

    /// Media types that say nothing about the format, so that no signature contradicts them.
    static func isGeneric(_ essence: String) -> Bool {
        essence.isEmpty || essence == "application/octet-stream" || essence == "binary/octet-stream"
            || essence == "application/unknown"
    }

    /// True when a declared media type names this format or one that is built on it.
    func agrees(with essence: String) -> Bool {
        if Self.isGeneric(essence) || essence == self.mediaType { return true }
        switch self.name {
        case "jpeg": return essence == "image/jpg" || essence == "image/pjpeg"
        case "gzip": return essence.hasSuffix("gzip") || essence.hasSuffix("+gzip") || essence.contains("compressed")
        case "zip", "docx", "xlsx", "pptx":
            return essence.hasPrefix("application/vnd.") || essence.hasSuffix("+zip") || essence.contains("zip")
                || essence == "application/java-archive"
        case "ole2": return essence == "application/msword" || essence.hasPrefix("application/vnd.ms-")
        case "mp4": return essence.hasPrefix("video/") || essence.hasPrefix("audio/") || essence.hasPrefix("image/hei")
        case "ico": return essence == "image/x-icon"
        case "bmp": return essence == "image/x-ms-bmp"
        case "sqlite": return essence.contains("sqlite")
        case "pdf": return essence == "application/x-pdf"
        default: return false
        }
    }

    /// Finds the format from the start of a value; `nil` when no known signature stands there.
    static func detect(_ bytes: [UInt8]) -> StoredSignature? {
        let head = Header(bytes)
        return self.image(head) ?? self.document(head) ?? self.archive(head)
    }

    private static func image(_ head: Header) -> StoredSignature? {
        if head.starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            guard head.text(12, 4) == "IHDR", let width = head.big(16, 4), let height = head.big(20, 4),
                let depth = head.byte(24)
            else { return StoredSignature("png", "image/png") }
            return StoredSignature("png", "image/png", ["\(width)×\(height)", "\(depth) bit"])
        }
        if head.starts([0xFF, 0xD8, 0xFF]) {
            return StoredSignature("jpeg", "image/jpeg", self.jpegSize(head).map { ["\($0.width)×\($0.height)"] } ?? [])
        }
        if head.text(0, 6) == "GIF87a" || head.text(0, 6) == "GIF89a" {
            guard let width = head.little(6, 2), let height = head.little(8, 2) else {
                return StoredSignature("gif", "image/gif")
            }
            return StoredSignature("gif", "image/gif", ["\(width)×\(height)", head.text(3, 3)])
        }
        if head.text(0, 4) == "RIFF", head.text(8, 4) == "WEBP" {
            return StoredSignature("webp", "image/webp", self.webPSize(head).map { ["\($0.width)×\($0.height)"] } ?? [])
        }
        if head.text(0, 2) == "BM", let zero = head.little(6, 4), zero == 0, let width = head.little(18, 4),
            let height = head.little(22, 4)
        {
            let signed = Int32(truncatingIfNeeded: height)
            return StoredSignature("bmp", "image/bmp", ["\(width)×\(signed.magnitude)"])
        }
        if head.starts([0, 0, 1, 0]), let count = head.little(4, 2), (1...64).contains(count) {
            return StoredSignature("ico", "image/vnd.microsoft.icon")
        }
        if head.starts([0x49, 0x49, 0x2A, 0]) || head.starts([0x4D, 0x4D, 0, 0x2A]) {
            return StoredSignature("tiff", "image/tiff")
        }
        return nil
    }

    private static func document(_ head: Header) -> StoredSignature? {
        if head.text(0, 5) == "%PDF-" {
            let version = head.text(5, 3)
            let isNumber = version.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") } && !version.isEmpty
            return StoredSignature("pdf", "application/pdf", isNumber ? ["PDF \(version)"] : [])
        }
        if head.starts([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
            return StoredSignature("ole2", "application/x-ole-storage", ["doc/xls/ppt"])
        }
        if head.text(0, 16) == "SQLite format 3\0" {
            return StoredSignature("sqlite", "application/vnd.sqlite3", [])
        }
        if head.text(0, 5) == "{\\rtf" { return StoredSignature("rtf", "application/rtf") }
        if head.starts([0, 0x61, 0x73, 0x6D]) { return StoredSignature("wasm", "application/wasm") }
        if head.starts([0x7F, 0x45, 0x4C, 0x46]) { return StoredSignature("elf", "application/x-elf") }
        if head.text(4, 4) == "ftyp" { return StoredSignature("mp4", "video/mp4", [head.printable(8, 4)]) }
        if head.text(0, 3) == "ID3" { return StoredSignature("mp3", "audio/mpeg") }
        return nil
    }

    private static func archive(_ head: Header) -> StoredSignature? {
        if head.starts([0x50, 0x4B, 3, 4]) {
            // Office files are zip archives; the names of their first members stand in the first kilobytes.
            for (member, name, type) in self.officeFormats where head.contains(member) {
                return StoredSignature(name, "application/vnd.openxmlformats-officedocument.\(type)", ["zip"])
            }
            return StoredSignature("zip", "application/zip")
        }
        if head.starts([0x50, 0x4B, 5, 6]) { return StoredSignature("zip", "application/zip", ["0"]) }
        if head.starts([0x1F, 0x8B]) { return StoredSignature("gzip", "application/gzip") }
        if head.starts([0x28, 0xB5, 0x2F, 0xFD]) { return StoredSignature("zstd", "application/zstd") }
        if head.starts([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]) { return StoredSignature("xz", "application/x-xz") }
        if head.text(0, 3) == "BZh" { return StoredSignature("bzip2", "application/x-bzip2") }
        if head.starts([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]) {
            return StoredSignature("7z", "application/x-7z-compressed")
        }
        if head.text(0, 4) == "Rar!" { return StoredSignature("rar", "application/vnd.rar") }
        if head.text(257, 5) == "ustar" { return StoredSignature("tar", "application/x-tar") }
        return nil
    }

    private static let officeFormats = [
        ("word/", "docx", "wordprocessingml.document"), ("xl/", "xlsx", "spreadsheetml.sheet"),
        ("ppt/", "pptx", "presentationml.presentation"),
    ]

    /// Walks the segments of a JPEG up to the frame header (ITU-T T.81, B.2.2).
    private static func jpegSize(_ head: Header) -> (width: Int, height: Int)? {
        var place = 2
        for _ in 0..<256 {
            guard let lead = head.byte(place), lead == 0xFF, let marker = head.byte(place + 1) else { return nil }
            if marker == 0xFF {
                place += 1
                continue
            }
            let isFrame = (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
            if isFrame {
                guard let height = head.big(place + 5, 2), let width = head.big(place + 7, 2) else { return nil }
                return (width, height)
            }
            guard let length = head.big(place + 2, 2), length >= 2 else { return nil }
            place += 2 + length
        }
        return nil
    }

    /// Reads the size of a WebP picture in each of its three forms (RFC 9649, section 2).
    private static func webPSize(_ head: Header) -> (width: Int, height: Int)? {
        switch head.text(12, 4) {
        case "VP8X":
            guard let width = head.little(24, 3), let height = head.little(27, 3) else { return nil }
            return (width + 1, height + 1)
        case "VP8L":
            guard let bits = head.little(21, 4) else { return nil }
            return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case "VP8 ":
            guard let width = head.little(26, 2), let height = head.little(28, 2) else { return nil }
            return (width & 0x3FFF, height & 0x3FFF)
        default: return nil
        }
    }
}

/// The start of a value, read without ever going past its end.
private struct Header {
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        self.bytes = bytes.prefix(64 * 1_024)
    }

    func byte(_ offset: Int) -> UInt8? { self.bytes.indices.contains(offset) ? self.bytes[offset] : nil }

    func starts(_ pattern: [UInt8]) -> Bool { self.bytes.starts(with: pattern) }

    func big(_ offset: Int, _ count: Int) -> Int? {
        guard offset >= 0, offset + count <= self.bytes.count else { return nil }
        return self.bytes[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
    }

    func little(_ offset: Int, _ count: Int) -> Int? {
        guard offset >= 0, offset + count <= self.bytes.count else { return nil }
        return self.bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// ASCII text at a place; empty when it is not all there.
    func text(_ offset: Int, _ count: Int) -> String {
        guard offset + count <= self.bytes.count else { return "" }
        return String(decoding: self.bytes[offset..<offset + count], as: UTF8.self)
    }

    func printable(_ offset: Int, _ count: Int) -> String {
        self.text(offset, count).filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    /// True when ASCII text stands in the first 8 KiB.
    func contains(_ text: String) -> Bool {
        self.bytes.prefix(8 * 1_024).firstRange(of: Array(text.utf8)) != nil
    }
}
