import Synchronization
import TextSafety

/// The door before every view: what gives access is hidden in the bytes that come through it.
///
/// A body up to ``wholeLimit`` is judged as a whole, as everywhere in the program. A larger one is judged in windows that
/// overlap, so that a value at an edge is seen with what stands around it; what only the place in the whole tells (a
/// member below `"credentials": {`) is judged by the view that knows the place.
final class RedactedSource: ByteSource {
    /// What stands for the bytes of a secret.
    enum Style: Sendable, Equatable {
        /// The mask of ``Redaction``: another length, so that the length of a secret is not told.
        case mask
        /// As many asterisks, so that every byte keeps its place; ``hidden(in:)`` says which they are.
        case inPlace
    }

    static let wholeLimit = 262_144
    private static let step = 32_768
    private static let overlap = 8_192
    private static let mask = Array(Redaction.mask.utf8)

    /// The shown bytes of one step, or of everything.
    private struct Part {
        var index: Int
        var bytes: [UInt8] = []
        /// Where shown bytes and those below stand side by side, both from the part's start.
        var marks: [(shown: Int, below: Int)] = [(0, 0)]
        /// From the part's start.
        var hidden: [Range<Int>] = []
    }

    private struct Memory {
        /// Where each part begins in what is shown, as far as it is known.
        var starts = [0]
        /// The parts used last, newest first.
        var parts: [Part] = []
        var isComplete = false
        var hidden = 0
    }

    private let base: any ByteSource
    private let redaction: Redaction
    private let type: String?
    private let style: Style
    private let isWhole: Bool
    private let encoding: TextEncoding?
    private let memory = Mutex(Memory())

    private init(
        _ base: any ByteSource, _ redaction: Redaction, type: String?, style: Style, isWhole: Bool,
        encoding: TextEncoding?
    ) {
        self.base = base
        self.redaction = redaction
        self.type = type
        self.style = style
        self.isWhole = isWhole
        self.encoding = encoding
    }

    /// The content as it may be shown: what stands for secrets is said by the style; without rules it is `base` itself.
    ///
    /// `base` is without codings, a text as UTF-8; `type` is the declared media type. Bytes that keep their places may be a
    /// text in another encoding.
    static func open(
        _ base: any ByteSource, _ redaction: Redaction, type: String?, style: Style = .mask,
        encoding: TextEncoding? = nil
    ) async throws(ContentError) -> any ByteSource {
        if redaction.isOff { return base }
        var isWhole = base.size.map { $0 <= Self.wholeLimit }
        if isWhole == nil {
            isWhole = try await base.all(at: 0, count: Self.wholeLimit + 1).count <= Self.wholeLimit
        }
        return RedactedSource(base, redaction, type: type, style: style, isWhole: isWhole ?? false, encoding: encoding)
    }

    /// How many values were hidden in what has been read.
    var hiddenCount: Int { self.memory.withLock { $0.hidden } }

    var size: Int? {
        if self.style == .inPlace { return self.base.size }
        return self.memory.withLock { $0.isComplete ? $0.starts.last : nil }
    }

    var ending: ContentEnding? { self.base.ending }

    private var partSize: Int { self.isWhole ? Self.wholeLimit : Self.step }

    func read(at offset: Int, count: Int) async throws(ContentError) -> [UInt8] {
        guard offset >= 0, count > 0 else { return [] }
        let index = try await self.index(of: offset)
        guard let index else { return [] }
        let part = try await self.part(index.part)
        let start = offset - index.start
        guard start < part.bytes.count else { return [] }
        return Array(part.bytes[start..<min(part.bytes.count, start + count)])
    }

    /// The part that holds a shown byte; parts before it are judged on the way, because only then their length is known.
    private func index(of offset: Int) async throws(ContentError) -> (part: Int, start: Int)? {
        if self.style == .inPlace {
            let part = offset / self.partSize
            return (part, part * self.partSize)
        }
        while true {
            let (known, isComplete): ((part: Int, start: Int)?, Bool) = self.memory.withLock { memory in
                guard let last = memory.starts.last, offset < last else { return (nil, memory.isComplete) }
                var low = 0
                var high = memory.starts.count - 1
                while low + 1 < high {
                    let middle = (low + high) / 2
                    if memory.starts[middle] <= offset { low = middle } else { high = middle }
                }
                return ((low, memory.starts[low]), false)
            }
            if let known { return known }
            if isComplete { return nil }
            if Task.isCancelled { throw ContentError(.cancelled) }
            let next = self.memory.withLock { $0.starts.count - 1 }
            _ = try await self.part(next)
        }
    }

    private func part(_ index: Int) async throws(ContentError) -> Part {
        if let kept = self.memory.withLock({ memory in memory.parts.first { $0.index == index } }) { return kept }
        let size = self.partSize
        let start = index * size
        let before = min(start, Self.overlap)
        let window = try await self.base.all(at: start - before, count: before + size + Self.overlap)
        let end = min(window.count, before + size)
        let part = self.judged(window, before..<max(before, end), index)
        let isLast = window.count <= before + size
        self.memory.withLock { memory in
            if memory.starts.count == index + 1 {
                memory.starts.append(memory.starts[index] + part.bytes.count)
                memory.hidden += part.hidden.count
                // An empty part ends the content; so does one that nothing follows.
                if isLast { memory.isComplete = true }
            }
            memory.parts.removeAll { $0.index == index }
            memory.parts.insert(part, at: 0)
            if memory.parts.count > 4 { memory.parts.removeLast() }
        }
        return part
    }

    /// In UTF-16 what gives access is ASCII with a zero beside each byte; parts begin at even places.
    private func places(in window: [UInt8]) -> [Redaction.Place] {
        guard self.encoding == .utf16Little || self.encoding == .utf16Big else {
            return self.redaction.places(in: window, type: self.type, isWhole: self.isWhole)
        }
        let low = self.encoding == .utf16Little ? 0 : 1
        let narrow = (0..<window.count / 2).map { unit -> UInt8 in
            window[2 * unit + 1 - low] == 0 ? window[2 * unit + low] : 0xFF
        }
        return self.redaction.places(in: narrow, type: self.type, isWhole: self.isWhole).map { place in
            let range = (2 * place.range.lowerBound)..<(2 * place.range.upperBound)
            return Redaction.Place(range: range, needsQuotes: place.needsQuotes)
        }
    }

    private func judged(_ window: [UInt8], _ range: Range<Int>, _ index: Int) -> Part {
        var part = Part(index: index)
        part.bytes.reserveCapacity(range.count)
        var place = range.lowerBound
        for secret in self.places(in: window) {
            let hidden = secret.range.clamped(to: range)
            guard !hidden.isEmpty else { continue }
            part.bytes += window[place..<hidden.lowerBound]
            part.hidden.append((hidden.lowerBound - range.lowerBound)..<(hidden.upperBound - range.lowerBound))
            switch self.style {
            case .inPlace: part.bytes += repeatElement(UInt8(ascii: "*"), count: hidden.count)
            // One that began in the part before has its mask there.
            case .mask where secret.range.lowerBound >= range.lowerBound:
                part.marks.append((part.bytes.count, hidden.lowerBound - range.lowerBound))
                if secret.needsQuotes { part.bytes.append(UInt8(ascii: "\"")) }
                part.bytes += Self.mask
                if secret.needsQuotes { part.bytes.append(UInt8(ascii: "\"")) }
            case .mask: break
            }
            part.marks.append((part.bytes.count, hidden.upperBound - range.lowerBound))
            place = hidden.upperBound
        }
        part.bytes += window[place..<range.upperBound]
        return part
    }

    func place(of offset: Int) -> Int {
        if self.style == .inPlace { return self.base.place(of: offset) }
        let place = self.memory.withLock { memory in
            var low = 0
            var high = memory.starts.count
            while low + 1 < high {
                let middle = (low + high) / 2
                if memory.starts[middle] <= offset { low = middle } else { high = middle }
            }
            let below = low * self.partSize
            let inner = offset - memory.starts[low]
            guard let part = memory.parts.first(where: { $0.index == low }) else { return below + inner }
            let next = part.marks.firstIndex { $0.shown > inner } ?? part.marks.count
            let mark = part.marks[max(0, next - 1)]
            let (moved, limit) = (
                mark.below + inner - mark.shown, next < part.marks.count ? part.marks[next].below : .max
            )
            return below + min(moved, limit)
        }
        return self.base.place(of: place)
    }

    func hidden(in range: Range<Int>) -> [Range<Int>] {
        guard self.style == .inPlace else { return [] }
        return self.memory.withLock { memory in
            memory.parts.flatMap { part in
                let start = part.index * self.partSize
                return part.hidden.map { ($0.lowerBound + start)..<($0.upperBound + start) }
                    .filter { $0.overlaps(range) }
            }
        }
    }
}
