import Foundation
import ServiceLifecycle
import Synchronization
import TrafficJournal
import WorkerDomain

/// Prints a line for every exchange that has ended, at most 50 ms after its end, each exactly once.
struct ExchangeReportService: Service {
    let journal: Journal
    /// Hides secrets in a target.
    let hiding: @Sendable (String) -> String

    func run() async throws {
        let progress = Mutex(Progress())
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try self.print(progress)
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        // The proxy has drained by now: what is left is final.
        try self.print(progress)
        let statistics = self.journal.delta(since: progress.withLock { $0.cursor }).statistics
        let missed = statistics.total - statistics.inFlight - progress.withLock { $0.printed }
        if missed > 0 {
            StandardError.say(
                "worker-console: \(missed) exchanges were not printed: the reader of standard output was too slow")
        }
    }

    /// How far the printing has come.
    private struct Progress {
        var cursor: JournalCursor?
        var printed = 0
    }

    /// Prints what has ended since the cursor, in one write.
    private func print(_ progress: borrowing Mutex<Progress>) throws {
        let delta = self.journal.delta(since: progress.withLock { $0.cursor })
        var text = ""
        var count = 0
        for exchange in delta.changed where !exchange.isInFlight {
            text += try ExchangeLine(exchange, target: self.hiding(exchange.target)).text() + "\n"
            count += 1
        }
        if !text.isEmpty { try FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) }
        progress.withLock {
            $0.cursor = delta.cursor
            $0.printed += count
        }
    }
}
