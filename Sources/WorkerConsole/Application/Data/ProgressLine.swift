import Glibc
import Synchronization
import TextOutput

/// How far a transfer has come, on one line of a terminal; nothing where standard error is none.
final class ProgressLine: Sendable {
    private struct State {
        var last: ContinuousClock.Instant?
        var isShown = false
    }

    private let total: Int64
    private let name: String
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    init(total: Int64, name: String) {
        self.total = total
        self.name = String(ObjectText.key(name).prefix(40))
    }

    /// At most ten times a second.
    func show(_ bytes: Int64) {
        guard self.isTerminal else { return }
        let isDue = self.state.withLock { state in
            let now = ContinuousClock.now
            if let last = state.last, last.duration(to: now) < .milliseconds(100), bytes < self.total { return false }
            state.last = now
            state.isShown = true
            return true
        }
        guard isDue else { return }
        let percent = self.total > 0 ? Int(Double(bytes) / Double(self.total) * 100) : 100
        let filled = min(20, max(0, percent / 5))
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
        _ = DescriptorOutput.write(
            "\r\u{1B}[K[\(bar)] \(percent)% \(bytes)/\(self.total) \(self.name)", to: STDERR_FILENO)
    }

    func clear() {
        let mustClear = self.state.withLock { state in
            defer { state.isShown = false }
            return state.isShown
        }
        if mustClear { _ = DescriptorOutput.write("\r\u{1B}[K", to: STDERR_FILENO) }
    }
}
