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

    /// Until when the last answer may come; `nil` when it has, or nothing was asked.
    var deadline: ContinuousClock.Instant? { self.state.withLock { $0.askedAt.map { $0 + Self.lifetime } } }

    func begin(_ question: TerminalQuestion) {
        // What answers before have left.
        while self.last.wait(timeout: .now()) == .success {}
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
    /// - Returns: True when no answer is on its way any more, as far as anybody knows.
    func awaitLast() -> Bool {
        guard let deadline = self.deadline, deadline > .now else { return true }
        // An answer that comes meanwhile is taken, so the question stands until after the wait.
        let hasCome = self.last.wait(timeout: .now() + .milliseconds(Self.patience)) == .success
        self.state.withLock { $0.askedAt = nil }
        return hasCome
    }
}
