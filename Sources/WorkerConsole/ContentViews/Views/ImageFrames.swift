/// Counts the frames of pictures that move, by walking over their blocks.
enum ImageFrames {
    /// Blocks are walked over so far.
    private static let limit = 33_554_432

    static func count(_ format: String, in source: any ByteSource) async throws(ContentError) -> Int? {
        switch format {
        case "GIF": try await self.gif(source)
        case "WebP": try await self.webP(source)
        default: nil
        }
    }

    /// Image descriptors (GIF89a, section 20); each block says where the next one is.
    private static func gif(_ source: any ByteSource) async throws(ContentError) -> Int? {
        var reader = SequentialReader(source)
        guard let flags = try await reader.byte(at: 10) else { return nil }
        var place = 13 + (flags & 0x80 != 0 ? 3 << (Int(flags & 7) + 1) : 0)
        var count = 0
        while place < Self.limit, let sign = try await reader.byte(at: place) {
            switch sign {
            case 0x2C:
                count += 1
                guard let flags = try await reader.byte(at: place + 9) else { return count }
                place += 10 + (flags & 0x80 != 0 ? 3 << (Int(flags & 7) + 1) : 0) + 1
            case 0x21: place += 2
            default: return count
            }
            while let length = try await reader.byte(at: place) {
                place += Int(length) + 1
                if length == 0 || place >= Self.limit { break }
            }
        }
        return count
    }

    private static func webP(_ source: any ByteSource) async throws(ContentError) -> Int? {
        let head = ByteReader(try await source.all(at: 0, count: 32))
        guard head.has("VP8X", at: 12), let flags = head.byte(20), flags & 2 != 0 else { return nil }
        var place = 12
        var count = 0
        var steps = 0
        while place < Self.limit, steps < 4_096 {
            let chunk = ByteReader(try await source.all(at: place, count: 8))
            guard let length = chunk.little(4, 4) else { break }
            if chunk.has("ANMF", at: 0) { count += 1 }
            place += 8 + length + length % 2
            steps += 1
        }
        return count
    }
}

/// Single bytes of a source, from a window that moves forward.
struct SequentialReader {
    private let source: any ByteSource
    private var window: [UInt8] = []
    private var start = 0

    init(_ source: any ByteSource) { self.source = source }

    mutating func byte(at place: Int) async throws(ContentError) -> UInt8? {
        if place < self.start || place >= self.start + self.window.count {
            if Task.isCancelled { throw ContentError(.cancelled) }
            self.window = try await self.source.read(at: place, count: 65_536)
            self.start = place
        }
        let index = place - self.start
        return self.window.indices.contains(index) ? self.window[index] : nil
    }
}
