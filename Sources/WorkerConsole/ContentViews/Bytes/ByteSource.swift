/// Reads the bytes of something in windows: a captured body, an object, a file, a part of another source.
package protocol ByteSource: Sendable {
    /// How many bytes there are; `nil` while that is not known.
    var size: Int? { get }
    /// Why the bytes end before the content does; `nil` when they do not, or when it is not known yet.
    var ending: ContentEnding? { get }
    /// Reads at most `count` bytes from `offset` on.
    /// - Returns: Fewer than `count` bytes at will; none only at the end or behind it.
    /// - Throws: ``ContentError``; `.cancelled` when the task is cancelled.
    func read(at offset: Int, count: Int) async throws(ContentError) -> [UInt8]
    /// Where a byte that has been read stood before secrets were hidden.
    func place(of offset: Int) -> Int
    /// Which bytes of a range that has just been read stand for a secret.
    func hidden(in range: Range<Int>) -> [Range<Int>]
}

extension ByteSource {
    package var ending: ContentEnding? { nil }

    package func place(of offset: Int) -> Int { offset }

    package func hidden(in range: Range<Int>) -> [Range<Int>] { [] }

    /// The bytes of a range, as many as there are: for the fixed parts of formats.
    ///
    /// The caller bounds how many are wanted.
    func all(at offset: Int, count: Int) async throws(ContentError) -> [UInt8] {
        guard offset >= 0, count > 0 else { return [] }
        var bytes: [UInt8] = []
        while bytes.count < count {
            let (place, overflow) = offset.addingReportingOverflow(bytes.count)
            if overflow { break }
            let part = try await self.read(at: place, count: count - bytes.count)
            if part.isEmpty { break }
            bytes += part.prefix(count - bytes.count)
            if Task.isCancelled { throw ContentError(.cancelled) }
        }
        return bytes
    }

    /// The size, after reading on to the end where it is not known.
    /// - Returns: `nil` when the end is not within `limit` bytes.
    func measuredSize(limit: Int) async throws(ContentError) -> Int? {
        if let size = self.size { return size }
        var place = 0
        while place <= limit {
            let part = try await self.read(at: place, count: 65_536)
            if part.isEmpty { return place }
            place += part.count
            if let size = self.size { return size }
            if Task.isCancelled { throw ContentError(.cancelled) }
        }
        return nil
    }
}

/// Why the bytes of a source end before the content does.
package enum ContentEnding: Sendable, Equatable {
    /// Only the beginning was kept.
    case cut
    /// Decoding stopped at a limit of so many bytes.
    case limit(bytes: Int)
    /// What was encoded ends in the middle.
    case incomplete(coding: String)
    /// What was encoded breaks the rules of its format.
    case damaged(coding: String)
}

/// What went wrong when content was read.
package struct ContentError: Error, Sendable, Equatable {
    package enum Code: Sendable, Equatable {
        /// The source cannot be read; the text is the source's own.
        case unreadable(String)
        case cancelled
    }

    package let code: Code

    package init(_ code: Code) { self.code = code }
}
