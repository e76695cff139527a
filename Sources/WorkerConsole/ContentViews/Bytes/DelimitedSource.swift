import Synchronization

/// A part of another source that ends before a delimiter on a line of its own; how long it is shows while it is read.
struct DelimitedSource: ByteSource {
    private static let step = 65_536

    private final class Progress: Sendable {
        struct State {
            /// No delimiter begins before this, from the part's start.
            var searched = 0
            var end: Int?
        }

        let state = Mutex(State())
    }

    private let base: any ByteSource
    private let start: Int
    /// A line feed and the delimiter.
    private let mark: [UInt8]
    private let progress = Progress()

    init(_ base: any ByteSource, start: Int, delimiter: [UInt8]) {
        self.base = base
        self.start = start
        self.mark = [0x0A] + delimiter
    }

    var size: Int? { self.progress.state.withLock { $0.end } }
    var ending: ContentEnding? { self.base.ending }

    func read(at offset: Int, count: Int) async throws(ContentError) -> [UInt8] {
        guard offset >= 0, count > 0 else { return [] }
        let wanted = offset + min(count, Self.step)
        while true {
            let (searched, end) = self.progress.state.withLock { ($0.searched, $0.end) }
            if end != nil || searched > offset { break }
            if Task.isCancelled { throw ContentError(.cancelled) }
            // A delimiter at the very start has its line feed before it.
            let from = searched == 0 ? -1 : searched
            let bytes = try await self.base.all(at: self.start + from, count: Self.step + self.mark.count)
            self.progress.state.withLock { state in
                guard state.end == nil, state.searched == searched else { return }
                if let found = bytes.firstRange(of: self.mark) {
                    let hasReturn = found.lowerBound > 1 && bytes[found.lowerBound - 1] == 0x0D
                    state.end = max(0, from + found.lowerBound - (hasReturn ? 1 : 0))
                } else if bytes.count < Self.step + self.mark.count {
                    state.end = max(0, from + bytes.count)
                } else {
                    // A carriage return before it belongs to it.
                    state.searched = from + Self.step - 1
                }
            }
        }
        let (searched, end) = self.progress.state.withLock { ($0.searched, $0.end) }
        let limit = min(wanted, end ?? searched)
        guard offset < limit else { return [] }
        return try await self.base.read(at: self.start + offset, count: limit - offset)
    }
}
