import Glibc
import Synchronization

/// The signals of the process as events.
///
/// They are blocked in every thread, and one thread waits for them: no handler interrupts anything, and none is lost
/// before somebody listens. The first signal to end is an event when somebody listens, else it ends the process as it
/// would without this. The second one is an event too, for those who then wait for nothing any longer, and gives them
/// two seconds. The third one ends the process.
final class SignalWatch: Sendable {
    enum Event: Sendable, Equatable {
        /// SIGTERM, SIGINT or SIGHUP, the last unless it was ignored from the beginning.
        case end
        /// SIGWINCH: the terminal has another size.
        case resized
        /// SIGCONT: the process was stopped and goes on.
        case resumed
    }

    /// What the waiting thread does after a signal.
    enum Verdict: Sendable, Equatable {
        case wait
        /// Ends the process unless it has ended itself by then.
        case waitBriefly
        case endProcess
    }

    /// The one of this process.
    static let process = SignalWatch()

    static let numbers: [Int32] = [SIGTERM, SIGINT, SIGHUP, SIGWINCH, SIGCONT]
    private static let patience = timespec(tv_sec: 2, tv_nsec: 0)

    private struct State {
        var listeners: [Int: AsyncStream<Event>.Continuation] = [:]
        var nextListener = 0
        var ends = 0
        /// SIGHUP was ignored when the process began, as nohup(1) does it, and stays ignored.
        var ignoresHangup = false
        var lastAct: @Sendable () -> Void = {}
    }

    private let state = Mutex(State())

    /// Blocks the signals in this thread and in those that it starts from now on. To be called first of all.
    func block() {
        for number in Self.numbers {
            // With no action of the default kind ncurses leaves the signals alone; a program that is started has the
            // default action again.
            let before = signal(number) { _ in }
            // Whoever starts the program so wants it to outlive the terminal; a console ends with its terminal all the same,
            // because its keyboard has gone.
            if number == SIGHUP, unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
                signal(number, SIG_IGN)
                self.state.withLock { $0.ignoresHangup = true }
            }
        }
        var set = self.set
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Events from now on.
    /// - Parameter keepingPast: False drops events that come while nobody waits for the next one.
    /// - Returns: A stream that has no end of its own.
    func events(keepingPast: Bool = true) -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Event.self, bufferingPolicy: keepingPast ? .bufferingNewest(64) : .bufferingNewest(0))
        let number = self.state.withLock { state in
            state.nextListener += 1
            state.listeners[state.nextListener] = continuation
            return state.nextListener
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
        }
        return stream
    }

    /// What is done right before a signal ends the process, on the thread that waits; it must not wait for anything.
    func beforeEnding(_ act: @escaping @Sendable () -> Void) { self.state.withLock { $0.lastAct = act } }

    /// Waits for signals until the process ends. ``block()`` comes before.
    func wait() -> Never {
        var set = self.set
        var verdict = Verdict.wait
        while true {
            var patience = Self.patience
            let number = verdict == .wait ? sigwaitinfo(&set, nil) : sigtimedwait(&set, nil, &patience)
            if number < 0, errno == EINTR { continue }
            if number < 0 { self.endProcess(by: SIGTERM) }
            verdict = self.take(number)
            if verdict == .endProcess { self.endProcess(by: number) }
        }
    }

    /// Tells everybody who listens.
    func take(_ number: Int32) -> Verdict {
        let event: Event = number == SIGWINCH ? .resized : number == SIGCONT ? .resumed : .end
        let (listeners, ends) = self.state.withLock { state in
            if event == .end { state.ends += 1 }
            return (Array(state.listeners.values), state.ends)
        }
        for listener in listeners { listener.yield(event) }
        guard event == .end else { return ends < 2 ? .wait : .waitBriefly }
        if listeners.isEmpty || ends > 2 { return .endProcess }
        return ends == 1 ? .wait : .waitBriefly
    }

    private var set: sigset_t {
        let ignoresHangup = self.state.withLock { $0.ignoresHangup }
        var set = sigset_t()
        sigemptyset(&set)
        for number in Self.numbers where !(number == SIGHUP && ignoresHangup) { sigaddset(&set, number) }
        return set
    }

    /// Ends the process by the signal's default action, so that a shell sees why.
    private func endProcess(by number: Int32) -> Never {
        self.state.withLock { $0.lastAct }()
        signal(number, SIG_DFL)
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, number)
        raise(number)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        _exit(128 + number)
    }
}
