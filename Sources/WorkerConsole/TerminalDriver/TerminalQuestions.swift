import Dispatch
import Synchronization

/// Whether answers of the terminal are still to come: whoever gives it back waits for them, but not for long.
final class TerminalQuestions: Sendable {
    /// A terminal that has not answered by then will not.
    private static let lifetime = Duration.seconds(2)
    /// So long the end waits for an answer that may come: longer than a network takes.
    private static let patience = 500

    private struct State {
        var asked = TerminalQuestion(asksBackground: false, asksWidth: false)
        var askedAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let last = DispatchSemaphore(value: 0)

    var asked: TerminalQuestion { self.state.withLock { $0.asked } }

    /// The last answer has not come.
    var isOpen: Bool { self.state.withLock { $0.askedAt != nil } }

    func begin(_ question: TerminalQuestion) {
        self.state.withLock { state in
            state.asked = question
            state.askedAt = .now
        }
    }

    /// Notes an answer; true when no other one will come.
    func isLast(_ answer: TerminalAnswer) -> Bool {
        guard case .cursor = answer else { return false }
        let isFirst = self.state.withLock { state in
            defer { state.askedAt = nil }
            return state.askedAt != nil
        }
        if isFirst { self.last.signal() }
        return isFirst
    }

    /// Waits for the last answer while there is hope for it.
    func awaitLast() {
        let mayCome = self.state.withLock { state in
            defer { state.askedAt = nil }
            return state.askedAt.map { $0.duration(to: .now) < Self.lifetime } ?? false
        }
        if mayCome { _ = self.last.wait(timeout: .now() + .milliseconds(Self.patience)) }
    }
}
