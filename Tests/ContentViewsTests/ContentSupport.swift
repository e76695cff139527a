import CZlib
import CZstd
import Synchronization
import TextSafety
import WorkerDomain

@testable import ContentViews

/// Gives at most so many bytes at a time, and counts what is read.
final class ChoppedSource: ByteSource {
    private let bytes: [UInt8]
    private let piece: Int
    private let knowsSize: Bool

    init(_ bytes: [UInt8], piece: Int, knowsSize: Bool = true) {
        self.bytes = bytes
        self.piece = piece
        self.knowsSize = knowsSize
    }

    var size: Int? { self.knowsSize ? self.bytes.count : nil }

    func read(at offset: Int, count: Int) async throws(ContentError) -> [UInt8] {
        guard offset < self.bytes.count else { return [] }
        return Array(self.bytes[offset..<min(self.bytes.count, offset + min(count, self.piece))])
    }
}

/// A large content that is nowhere in memory: a beginning, the same unit again and again, an end.
final class LargeSource: ByteSource {
    private let start: [UInt8]
    private let unit: [UInt8]
    private let count: Int
    private let end: [UInt8]
    private let reads = Mutex(0)

    init(start: String = "", unit: String, bytes: Int, end: String = "") {
        self.start = Array(start.utf8)
        self.unit = Array(unit.utf8)
        self.count = bytes / unit.utf8.count
        self.end = Array(end.utf8)
    }

    var size: Int? { self.start.count + self.count * self.unit.count + self.end.count }
    /// Bytes that were read so far.
    var bytesRead: Int { self.reads.withLock { $0 } }

    func read(at offset: Int, count: Int) async throws(ContentError) -> [UInt8] {
        var bytes: [UInt8] = []
        let middle = self.count * self.unit.count
        var place = offset
        while bytes.count < count {
            if place < self.start.count {
                bytes += self.start[place...]
                place = self.start.count
                continue
            }
            let inner = place - self.start.count
            if inner < middle {
                let shift = inner % self.unit.count
                bytes += self.unit[shift...]
                place += self.unit.count - shift
                continue
            }
            let behind = inner - middle
            if behind < self.end.count { bytes += self.end[behind...] }
            break
        }
        let result = Array(bytes.prefix(count))
        self.reads.withLock { $0 += result.count }
        return result
    }
}

enum Shown {
    static func options(
        _ redaction: Redaction = .off, language: Language = .english, columns: Int = 80, limit: Int = 67_108_864
    ) -> ContentOptions {
        ContentOptions(redaction: redaction, language: language, columns: columns, decodedLimit: limit)
    }

    static func open(
        _ bytes: [UInt8], type: String? = nil, coding: String? = nil, name: String? = nil, isCut: Bool = false,
        options: ContentOptions = Shown.options()
    ) async throws -> OpenedContent {
        let item = ContentItem(MemorySource(bytes, isCut: isCut), mediaType: type, coding: coding, name: name)
        return try await ContentViews.open(item, options)
    }

    /// The lines of the view that is chosen, or of a named one.
    static func lines(
        _ bytes: [UInt8], view: String? = nil, type: String? = nil, coding: String? = nil, name: String? = nil,
        isCut: Bool = false, options: ContentOptions = Shown.options(), count: Int = 500
    ) async throws -> [ContentLine] {
        let opened = try await Self.open(bytes, type: type, coding: coding, name: name, isCut: isCut, options: options)
        let chosen = view.flatMap { id in ContentViews.all.first { $0.id == id } }
        return try await opened.document(chosen).lines(from: 0, count: count).lines
    }

    static func texts(
        _ text: String, view: String? = nil, type: String? = nil, name: String? = nil, isCut: Bool = false,
        options: ContentOptions = Shown.options()
    ) async throws -> [String] {
        try await Self.lines(
            Array(text.utf8), view: view, type: type, name: name, isCut: isCut, options: options
        ).map(\.text)
    }

    static func view(_ bytes: [UInt8], type: String? = nil, name: String? = nil) async throws -> String? {
        try await Self.open(bytes, type: type, name: name).views.first?.id
    }
}

/// Compressed bytes.
enum Packed {
    static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var length = compressBound(UInt(bytes.count))
        var output = [UInt8](repeating: 0, count: Int(length))
        let result = compress2(&output, &length, bytes, UInt(bytes.count), 9)
        precondition(result == Z_OK)
        return Array(output.prefix(Int(length)))
    }

    static func deflate(_ bytes: [UInt8]) -> [UInt8] { Array(Self.zlib(bytes).dropFirst(2).dropLast(4)) }

    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        let checksum = UInt32(crc32(0, bytes, UInt32(bytes.count)))
        return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + Self.deflate(bytes) + Self.little(Int(checksum), 4)
            + Self.little(bytes.count & 0xFFFF_FFFF, 4)
    }

    static func zstd(_ bytes: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let count = ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
        precondition(ZSTD_isError(count) == 0)
        return Array(output.prefix(count))
    }

    static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// A zip archive of files, deflated.
    static func zip(_ files: [(name: [UInt8], content: [UInt8])], comment: [UInt8] = []) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for (name, content) in files {
            let packed = Self.deflate(content)
            let checksum = Int(crc32(0, content, UInt32(content.count)))
            let common = Self.fields([
                (20, 2), (0x800, 2), (8, 2), (0, 4), (checksum, 4), (packed.count, 4), (content.count, 4),
                (name.count, 2), (0, 2),
            ])
            directory += [0x50, 0x4B, 1, 2] as [UInt8]
            directory += Self.little(20, 2) + common
            directory += Self.fields([(0, 10), (archive.count, 4)]) + name
            archive += [0x50, 0x4B, 3, 4] as [UInt8]
            archive += common + name + packed
        }
        let end = Self.fields([
            (0, 4), (files.count, 2), (files.count, 2), (directory.count, 4), (archive.count, 4), (comment.count, 2),
        ])
        directory += [0x50, 0x4B, 5, 6] as [UInt8]
        return archive + directory + end + comment
    }

    /// Numbers one behind the other, each with its count of bytes.
    private static func fields(_ fields: [(value: Int, bytes: Int)]) -> [UInt8] {
        fields.flatMap { Self.little($0.value, $0.bytes) }
    }

    /// A tar archive of files.
    static func tar(_ files: [(name: String, content: [UInt8])]) -> [UInt8] {
        var archive: [UInt8] = []
        for (name, content) in files {
            var header = [UInt8](repeating: 0, count: 512)
            func put(_ text: String, _ place: Int) {
                header.replaceSubrange(place..<(place + text.utf8.count), with: text.utf8)
            }
            let octal = String(content.count, radix: 8)
            put(name, 0)
            put("0000644", 100)
            put(String(repeating: "0", count: 11 - octal.count) + octal, 124)
            put("0", 156)
            put("ustar\u{0}00", 257)
            put("        ", 148)
            let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
            put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ", 148)
            let pad = (512 - content.count % 512) % 512
            archive += header + content + [UInt8](repeating: 0, count: pad)
        }
        return archive + [UInt8](repeating: 0, count: 1_024)
    }
}
