/// Bytes that are in memory.
package struct MemorySource: ByteSource {
    private let bytes: [UInt8]
    package let ending: ContentEnding?

    /// - Parameters:
    ///   - bytes: The content.
    ///   - isCut: It is only the beginning of what there was.
    package init(_ bytes: [UInt8], isCut: Bool = false) {
        self.bytes = bytes
        self.ending = isCut ? .cut : nil
    }

    package var size: Int? { self.bytes.count }

    package func read(at offset: Int, count: Int) async throws(ContentError) -> [UInt8] {
        guard offset >= 0, offset < self.bytes.count, count > 0 else { return [] }
        if offset == 0, count >= self.bytes.count { return self.bytes }
        return Array(self.bytes[offset..<min(self.bytes.count, offset + min(count, self.bytes.count))])
    }
}

/// A part of another source.
struct SliceSource: ByteSource {
    private let base: any ByteSource
    private let range: Range<Int>

    init(_ base: any ByteSource, _ range: Range<Int>) {
        self.base = base
        self.range = range
    }

    var size: Int? {
        guard let size = self.base.size else { return nil }
        return max(0, min(size, self.range.upperBound) - self.range.lowerBound)
    }

    var ending: ContentEnding? {
        // A slice up to the end, wherever that is.
        if self.range.upperBound == Int.max { return self.base.ending }
        guard let size = self.base.size, size < self.range.upperBound else { return nil }
        return self.base.ending ?? .cut
    }

    func read(at offset: Int, count: Int) async throws(ContentError) -> [UInt8] {
        guard offset >= 0, offset < self.range.count, count > 0 else { return [] }
        return try await self.base.read(
            at: self.range.lowerBound + offset, count: min(count, self.range.count - offset))
    }
}
