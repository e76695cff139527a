/// The central directory of a zip archive (APPNOTE.TXT 6.3.10, sections 4.3 and 4.4).
struct ZipDirectory: Sendable {
    struct Entry: Sendable {
        let name: [UInt8]
        /// Bit 11 of the flags: the name is UTF-8.
        let isUTF8: Bool
        let isEncrypted: Bool
        let method: Int
        let packed: Int
        let size: Int
        let localOffset: Int
        /// MS-DOS date and time.
        let date: Int
        let time: Int

        var isFolder: Bool { self.name.last == UInt8(ascii: "/") }
    }

    /// The end of the directory and its comment are within so many last bytes.
    private static let tailSize = 65_557
    private static let headerSize = 46

    /// Where the directory is.
    let range: Range<Int>
    /// As its end says.
    let count: Int
    /// Bytes before the archive: of a program that unpacks itself.
    let shift: Int

    /// - Returns: `nil` when the end of the directory is missing: the archive is cut.
    static func find(in source: any ByteSource, size: Int) async throws(ContentError) -> ZipDirectory? {
        let start = max(0, size - Self.tailSize)
        let tail = ByteReader(try await source.all(at: start, count: size - start))
        var place = tail.bytes.count - 22
        while place >= 0, !(tail.byte(place) == 0x50 && tail.little(place, 4) == 0x0605_4B50) { place -= 1 }
        guard place >= 0, var count = tail.little(place + 10, 2), var length = tail.little(place + 12, 4),
            var offset = tail.little(place + 16, 4)
        else { return nil }
        var end = start + place
        if place >= 20, tail.little(place - 20, 4) == 0x0706_4B50, let place64 = tail.little(place - 12, 8) {
            let header = ByteReader(try await source.all(at: place64, count: 56))
            if header.little(0, 4) == 0x0606_4B50, let count64 = header.little(32, 8),
                let length64 = header.little(40, 8), let offset64 = header.little(48, 8)
            {
                (count, length, offset) = (count64, length64, offset64)
                end = place64
            }
        }
        // No length inside is trusted further than the file goes.
        guard length >= 0, offset >= 0, length <= end else { return nil }
        let shift = max(0, end - length - offset)
        let first = end - length
        guard first >= 0 else { return nil }
        return ZipDirectory(range: first..<end, count: count, shift: offset > end ? 0 : shift)
    }

    /// The entry at the start of some bytes of the directory.
    /// - Returns: The entry and its length there; `nil` when the bytes do not hold it.
    static func entry(_ bytes: ArraySlice<UInt8>) -> (entry: Entry, length: Int)? {
        guard bytes.count >= Self.headerSize else { return nil }
        let fixed = ByteReader(Array(bytes.prefix(Self.headerSize)))
        guard fixed.little(0, 4) == 0x0201_4B50, let flags = fixed.little(8, 2), let method = fixed.little(10, 2),
            let time = fixed.little(12, 2), let date = fixed.little(14, 2), var packed = fixed.little(20, 4),
            var size = fixed.little(24, 4), let nameLength = fixed.little(28, 2), let extraLength = fixed.little(30, 2),
            let commentLength = fixed.little(32, 2), var local = fixed.little(42, 4)
        else { return nil }
        let length = Self.headerSize + nameLength + extraLength + commentLength
        guard bytes.count >= length else { return nil }
        let start = bytes.startIndex + Self.headerSize
        let name = Array(bytes[start..<(start + nameLength)])
        let extra = ByteReader(Array(bytes[(start + nameLength)..<(start + nameLength + extraLength)]))
        var place = 0
        while let id = extra.little(place, 2), let count = extra.little(place + 2, 2) {
            if id == 1 {
                // Only what does not fit above is there, in this order.
                var field = place + 4
                func wide(_ value: inout Int) {
                    guard value == 0xFFFF_FFFF, field + 8 <= place + 4 + count, let wide = extra.little(field, 8) else {
                        return
                    }
                    value = wide
                    field += 8
                }
                wide(&size)
                wide(&packed)
                wide(&local)
            }
            place += 4 + count
        }
        // Far beyond any file, so that sums of them do not overflow.
        let most = 1 << 60
        let entry = Entry(
            name: name, isUTF8: flags & 0x800 != 0, isEncrypted: flags & 1 != 0, method: method,
            packed: min(most, packed), size: min(most, size), localOffset: min(most, local), date: date, time: time)
        return (entry, length)
    }

    /// The first entry of a name.
    func entry(named name: String, in source: any ByteSource) async throws(ContentError) -> Entry? {
        let limit = min(self.range.count, 4_194_304)
        var rest = try await source.all(at: self.range.lowerBound, count: limit)[...]
        while let (entry, length) = Self.entry(rest) {
            if entry.name.elementsEqual(name.utf8) { return entry }
            rest = rest.dropFirst(length)
        }
        return nil
    }

    /// The content of an entry; `nil` for a method that cannot be read here, or one with a password.
    func source(of entry: Entry, in archive: any ByteSource, limit: Int) -> (any ByteSource)? {
        guard !entry.isEncrypted else { return nil }
        let packed = ZipEntrySource(archive, local: entry.localOffset + self.shift, packed: entry.packed)
        switch entry.method {
        case 0: return packed
        case 8: return DecodedSource(packed, decoder: Inflater(.raw), coding: "deflate", limit: limit)
        case 93: return DecodedSource(packed, decoder: ZstdDecoder(), coding: "zstd", limit: limit)
        default: return nil
        }
    }
}

/// The packed bytes of an entry: where they begin is said by the header before them.
struct ZipEntrySource: ByteSource {
    private let archive: any ByteSource
    private let local: Int
    private let packed: Int

    init(_ archive: any ByteSource, local: Int, packed: Int) {
        self.archive = archive
        self.local = local
        self.packed = max(0, packed)
    }

    var size: Int? { self.packed }
    var ending: ContentEnding? { self.archive.ending }

    func read(at offset: Int, count: Int) async throws(ContentError) -> [UInt8] {
        guard offset >= 0, offset < self.packed, count > 0 else { return [] }
        let header = ByteReader(try await self.archive.all(at: self.local, count: 30))
        guard header.little(0, 4) == 0x0403_4B50, let name = header.little(26, 2), let extra = header.little(28, 2)
        else {
            return []
        }
        let start = self.local + 30 + name + extra
        return try await self.archive.read(at: start + offset, count: min(count, self.packed - offset))
    }
}
