import Dispatch
import Glibc
import Synchronization

/// Writes to one descriptor on a thread of its own, so that a reader that does not read holds nobody else up.
///
/// What waits is bounded; a text that does not fit is refused. Lines go out whole, as far as the system does that.
final class OutputQueue: Sendable {
    private struct State {
        var waitingBytes = 0
        /// Somebody has waited in vain; until something is written again nobody waits.
        var isStalled = false
        /// The last write failed, maybe in the middle of a line.
        var breaksLine = false
        var lastWrite = ContinuousClock.now
    }

    /// What every pipe takes as one piece or not at all (PIPE_BUF).
    private static let pieceSize = 4_096

    private let descriptor: Int32
    private let limit: Int
    private let thread: DispatchQueue
    private let state = Mutex(State())

    /// - Parameters:
    ///   - descriptor: Where to write; not closed here.
    ///   - limit: Bytes that may wait.
    init(_ descriptor: Int32, limit: Int = 1 << 20) {
        self.descriptor = descriptor
        self.limit = limit
        self.thread = DispatchQueue(label: "output \(descriptor)")
    }

    /// Bytes that wait for the reader.
    var waitingBytes: Int { self.state.withLock { $0.waitingBytes } }

    /// When the reader last took something; the beginning when it never has.
    var lastWrite: ContinuousClock.Instant { self.state.withLock { $0.lastWrite } }

    /// Writes lines when their turn comes.
    /// - Parameters:
    ///   - lines: Whole lines in UTF-8.
    ///   - done: Called on the queue's thread: `nil` when all was written, else the `errno` of the write that failed.
    /// - Returns: False when too much waits already; `done` is not called then.
    func submit(_ lines: [UInt8], _ done: @escaping @Sendable (Int32?) -> Void = { _ in }) -> Bool {
        let count = lines.count
        let isTaken = self.state.withLock { state in
            guard state.waitingBytes == 0 || state.waitingBytes + count <= self.limit else { return false }
            state.waitingBytes += count
            return true
        }
        guard isTaken else { return false }
        self.thread.async {
            let failure = self.write(lines)
            self.state.withLock { state in
                state.waitingBytes -= count
                state.breaksLine = failure != nil
            }
            done(failure)
        }
        return true
    }

    /// Writes a text and waits until it is written, but not for long: a text whose reader does not read is left waiting.
    func say(_ text: String, patience: Duration = .seconds(1)) {
        let written = DispatchSemaphore(value: 0)
        let mayWait = !self.state.withLock { $0.isStalled }
        guard self.submit(Array(text.utf8), { _ in written.signal() }), mayWait else { return }
        let (seconds, attoseconds) = patience.components
        let nanoseconds = Int(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        guard written.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .timedOut else { return }
        self.state.withLock { $0.isStalled = true }
    }

    private func write(_ lines: [UInt8]) -> Int32? {
        let lines = self.state.withLock { $0.breaksLine } ? [UInt8(ascii: "\n")] + lines : lines
        for piece in Self.pieces(of: lines) {
            if let failure = DescriptorOutput.write(piece, to: self.descriptor) { return failure }
            self.state.withLock { state in
                state.isStalled = false
                state.lastWrite = .now
            }
        }
        return nil
    }

    /// Cuts a text behind the ends of lines; a line that is too long for one piece makes several.
    static func pieces(of text: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var rest = text[...]
        while rest.count > self.pieceSize {
            let head = rest.prefix(self.pieceSize)
            let end = head.lastIndex(of: 0x0A).map { $0 + 1 } ?? head.endIndex
            pieces.append(rest[..<end])
            rest = rest[end...]
        }
        if !rest.isEmpty { pieces.append(rest) }
        return pieces
    }
}
