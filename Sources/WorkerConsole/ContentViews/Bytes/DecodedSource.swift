import Synchronization

/// What a decoder makes of another source: decoded as far as somebody reads, kept, and bounded.
///
/// A megabyte of a compression bomb becomes a gigabyte: decoding stops at the limit, and ``ending`` says so. Everything
/// decoded is kept up to there, so that reading backwards costs nothing.
final class DecodedSource<Decoder: StreamDecoder & ~Copyable>: ByteSource {
    /// Bytes that are read from below at once.
    private static var step: Int { 65_536 }

    private struct Progress {
        var pieces: [[UInt8]] = []
        var size = 0
        var isDone = false
        var ending: ContentEnding?

        mutating func append(_ bytes: ArraySlice<UInt8>, step: Int) {
            var rest = bytes
            while !rest.isEmpty {
                if self.pieces.last.map({ $0.count >= step }) ?? true {
                    self.pieces.append([])
                    self.pieces[self.pieces.count - 1].reserveCapacity(step)
                }
                let room = step - self.pieces[self.pieces.count - 1].count
                self.pieces[self.pieces.count - 1] += rest.prefix(room)
                self.size += min(room, rest.count)
                rest = rest.dropFirst(room)
            }
        }
    }

    /// What only the holder of the turn uses.
    private struct Work: ~Copyable {
        var decoder: Decoder
        var input: [UInt8] = []
        var used = 0
        var offset = 0
        var isLast = false
    }

    private let base: any ByteSource
    private let coding: String
    private let limit: Int
    private let progress = Mutex(Progress())
    private let work: Mutex<Work>
    private let turn = Turn()

    /// - Parameters:
    ///   - base: The encoded bytes.
    ///   - decoder: At the start of its stream.
    ///   - coding: The name of the format, for ``ContentEnding``.
    ///   - limit: So many bytes are decoded at most.
    init(_ base: any ByteSource, decoder: consuming sending Decoder, coding: String, limit: Int) {
        self.base = base
        self.coding = coding
        self.limit = max(1, limit)
        self.work = Mutex(Work(decoder: decoder))
    }

    var size: Int? { self.progress.withLock { $0.isDone ? $0.size : nil } }
    var ending: ContentEnding? { self.progress.withLock { $0.ending } }

    func read(at offset: Int, count: Int) async throws(ContentError) -> [UInt8] {
        guard offset >= 0, count > 0 else { return [] }
        while true {
            if let bytes = self.decoded(at: offset, count: count) { return bytes }
            if Task.isCancelled { throw ContentError(.cancelled) }
            await self.turn.take()
            defer { self.turn.end() }
            // Somebody else may have decoded it meanwhile.
            if self.progress.withLock({ $0.isDone || $0.size > offset }) { continue }
            try await self.advance()
        }
    }

    /// - Returns: `nil` while it has not been decoded.
    private func decoded(at offset: Int, count: Int) -> [UInt8]? {
        self.progress.withLock { progress in
            guard offset < progress.size else { return progress.isDone ? [] : nil }
            // All pieces but the last have the same size.
            var index = offset / Self.step
            var start = offset % Self.step
            var bytes: [UInt8] = []
            while index < progress.pieces.count, bytes.count < count {
                let piece = progress.pieces[index]
                guard start < piece.count else { break }
                bytes += piece[start..<min(piece.count, start + count - bytes.count)]
                index += 1
                start = 0
            }
            return bytes
        }
    }

    /// Decodes about one step further.
    private func advance() async throws(ContentError) {
        let wanted: Int? = self.work.withLock { work in
            work.input.count - work.used < Self.step / 2 && !work.isLast ? work.offset : nil
        }
        if let wanted {
            let more = try await self.base.read(at: wanted, count: Self.step)
            self.work.withLock { work in
                work.input.removeFirst(work.used)
                work.used = 0
                work.input += more
                work.offset += more.count
                work.isLast = more.isEmpty
            }
        }
        let room = min(Self.step, self.limit - self.progress.withLock { $0.size })
        let (output, state, isStuck, isUsedUp) = self.work.withLock { work in
            var output: [UInt8] = []
            let (used, state) = work.decoder.decode(
                work.input[work.used...], isLast: work.isLast, into: &output, room: max(1, room))
            work.used += min(max(0, used), work.input.count - work.used)
            // Nothing more comes, and nothing came of it.
            let isStuck = work.isLast && used == 0 && output.isEmpty
            return (output, state, isStuck, work.isLast && work.used == work.input.count)
        }
        let baseEnding = self.base.ending
        self.progress.withLock { progress in
            let left = self.limit - progress.size
            progress.append(output.prefix(left), step: Self.step)
            switch state {
            case .ended:
                progress.isDone = true
                // What ends with its input ends as that does.
                if isUsedUp { progress.ending = baseEnding }
            case .damaged:
                progress.isDone = true
                progress.ending = .damaged(coding: self.coding)
            case .going where output.count > left || (left == 0 && !output.isEmpty):
                progress.isDone = true
                progress.ending = .limit(bytes: self.limit)
            case .going where isStuck:
                progress.isDone = true
                progress.ending = baseEnding ?? .incomplete(coding: self.coding)
            case .going: break
            }
            if state != .going, output.count > left { progress.ending = .limit(bytes: self.limit) }
        }
    }
}
