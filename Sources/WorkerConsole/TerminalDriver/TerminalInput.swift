import CNcurses
import Executors
import Glibc
import Synchronization

/// Reads the keyboard on a thread of its own, so that keys arrive although nobody reads what is shown.
final class TerminalInput: Sendable {
    /// A key may come in pieces: so long an Esc waits for what belongs to it.
    private static let keyPatience: Int32 = 25
    /// The same while the terminal is to answer: the Esc may be the first byte of that.
    private static let answerPatience: Int32 = 200
    /// So long the rest of a report is waited for, and the end of a paste.
    private static let reportPatience: Int32 = 1_000
    private static let pastePatience: Int32 = 2_000

    private struct State {
        var isPaused = false
        var isStopped = false
        /// The terminal may answer until then.
        var answerDeadline: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let wakePipe: WakePipe
    private let take: @Sendable (KeyDecoder.Output) -> Void
    private let ended: @Sendable () -> Void

    /// - Parameters:
    ///   - take: Gets what came, in order, on the thread of this input.
    ///   - ended: Called once, when the terminal has gone.
    /// - Throws: `ThreadUnavailable` when no descriptors are left.
    init(
        take: @escaping @Sendable (KeyDecoder.Output) -> Void, ended: @escaping @Sendable () -> Void
    ) throws(ThreadUnavailable) {
        self.wakePipe = try WakePipe()
        self.take = take
        self.ended = ended
    }

    /// Reads from now on.
    /// - Throws: `ThreadUnavailable` when no thread is left.
    func start(keys: KeySequences) throws(ThreadUnavailable) {
        let box = Unmanaged.passRetained(Start(input: self, keys: keys))
        var handle = pthread_t()
        let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { raw in
            guard let raw else { return nil }
            let start = Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
            start.input.loop(KeyDecoder(keys: start.keys))
            return nil
        }
        let status = pthread_create(&handle, nil, start, box.toOpaque())
        guard status == 0 else {
            box.release()
            throw ThreadUnavailable(code: status)
        }
        pthread_detach(handle)
    }

    /// An Esc that comes before this moment may begin an answer; `nil` for none.
    func expectAnswer(until deadline: ContinuousClock.Instant?) {
        self.state.withLock { $0.answerDeadline = deadline }
    }

    /// Nothing is read while it is paused; a read that goes on is waited for.
    func pause(_ isPaused: Bool) {
        self.state.withLock { $0.isPaused = isPaused }
        self.wakePipe.wake()
    }

    func stop() {
        self.state.withLock { $0.isStopped = true }
        self.wakePipe.wake()
    }

    private func loop(_ decoder: consuming KeyDecoder) {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        var isGone = false
        while !isGone {
            let state = self.state.withLock { $0 }
            if state.isStopped { return }
            let wait = Self.patience(for: decoder, awaitsAnswer: state.answerDeadline.map { $0 > .now } ?? false)
            var places = [self.wakePipe.place]
            if !state.isPaused { places.append(pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)) }
            let found = poll(&places, nfds_t(places.count), wait)
            if found == 0 {
                for output in decoder.isPasting ? decoder.endPaste() : decoder.settle() { self.take(output) }
                continue
            }
            if places[0].revents != 0 { self.wakePipe.drain() }
            guard found > 0, places.count > 1, places[1].revents != 0 else { continue }
            let count = self.state.withLock { state -> Int32 in
                state.isPaused || state.isStopped ? 0 : wc_read(&bytes, Int32(bytes.count))
            }
            isGone = count < 0
            for byte in bytes.prefix(max(0, Int(count))) {
                for output in decoder.byte(byte) { self.take(output) }
            }
        }
        self.ended()
    }

    /// Milliseconds until what waits is given up; -1 when nothing waits.
    private static func patience(for decoder: borrowing KeyDecoder, awaitsAnswer: Bool) -> Int32 {
        if decoder.isPasting { return self.pastePatience }
        guard decoder.isWaiting else { return -1 }
        if decoder.isInReport { return self.reportPatience }
        return awaitsAnswer ? self.answerPatience : self.keyPatience
    }

    private final class Start {
        let input: TerminalInput
        let keys: KeySequences

        init(input: TerminalInput, keys: KeySequences) {
            self.input = input
            self.keys = keys
        }
    }
}
