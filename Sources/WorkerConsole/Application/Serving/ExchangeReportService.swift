import Foundation
import ServiceLifecycle
import TrafficJournal
import WorkerDomain

/// Prints a line for every exchange that has ended, at most 50 ms after its end, each exactly once.
struct ExchangeReportService: Service {
    let journal: Journal
    /// Hides secrets in a target.
    let hiding: @Sendable (String) -> String

    func run() async throws {
        var cursor: JournalCursor?
        var printed = 0
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                printed += try self.print(since: &cursor)
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        // The proxy has drained by now: what is left is final.
        printed += try self.print(since: &cursor)
        let statistics = self.journal.delta(since: cursor).statistics
        let missed = statistics.total - statistics.inFlight - printed
        if missed > 0 {
            StandardError.say(
                "worker-console: \(missed) exchanges were not printed: the reader of standard output was too slow")
        }
    }

    /// Prints what has ended since the cursor, in one write.
    private func print(since cursor: inout JournalCursor?) throws -> Int {
        let delta = self.journal.delta(since: cursor)
        cursor = delta.cursor
        var text = ""
        var count = 0
        for exchange in delta.changed where !exchange.isInFlight {
            text += try ExchangeLine(exchange, target: self.hiding(exchange.target)).text() + "\n"
            count += 1
        }
        if !text.isEmpty { try FileHandle.standardOutput.write(contentsOf: Data(text.utf8)) }
        return count
    }
}
