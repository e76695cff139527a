import Foundation
import ServiceLifecycle
import Synchronization
import TrafficJournal
import WorkerDomain

/// Prints a line for every exchange that has ended, at most 50 ms after its end, each once at most.
///
/// A full disk or a reader that has gone costs lines, which are counted and told, and never the traffic.
struct ExchangeReportService: Service {
    let journal: Journal
    /// Hides secrets in a target.
    let hiding: @Sendable (String) -> String
    var output = FileHandle.standardOutput

    func run() async throws {
        let progress = Mutex(Progress())
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                self.print(progress)
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        // The proxy has drained by now: what is left is final.
        self.print(progress)
        let statistics = self.journal.delta(since: progress.withLock { $0.cursor }).statistics
        let missed = statistics.total - statistics.inFlight - progress.withLock { $0.printed }
        if missed > 0 {
            StandardError.say(
                "worker-console: \(missed) exchanges were not printed: standard output could not take them")
        }
    }

    /// How far the printing has come.
    private struct Progress {
        var cursor: JournalCursor?
        var printed = 0
        var isFailing = false
    }

    /// Bytes of lines that are printed in one write, so that falling behind costs no memory.
    private static let writeLimit = 65_536

    /// Prints what has ended since the cursor.
    private func print(_ progress: borrowing Mutex<Progress>) {
        let delta = self.journal.delta(since: progress.withLock { $0.cursor })
        var text = ""
        var count = 0
        for exchange in delta.changed where !exchange.isInFlight {
            guard let line = try? ExchangeLine(exchange, target: self.hiding(exchange.target)).text() else { continue }
            text += line + "\n"
            count += 1
            guard text.utf8.count >= Self.writeLimit else { continue }
            self.write(text, count, progress)
            (text, count) = ("", 0)
        }
        self.write(text, count, progress)
        progress.withLock { $0.cursor = delta.cursor }
    }

    /// Prints whole lines, or says that it cannot.
    private func write(_ text: String, _ count: Int, _ progress: borrowing Mutex<Progress>) {
        let wasFailing = progress.withLock { $0.isFailing }
        var failure: (any Error)?
        if !text.isEmpty {
            do {
                // The write that failed may have ended in the middle of a line.
                try self.output.write(contentsOf: Data(((wasFailing ? "\n" : "") + text).utf8))
            } catch {
                failure = error
            }
        }
        if let failure, !wasFailing {
            let reason = ((failure as NSError).userInfo[NSUnderlyingErrorKey] as? any Error) ?? failure
            StandardError.say(
                "worker-console: cannot write to standard output: \(reason.localizedDescription); lines are lost until "
                    + "it can be written again, and the traffic goes on")
        } else if failure == nil, wasFailing, !text.isEmpty {
            StandardError.say("worker-console: standard output can be written again")
        }
        progress.withLock {
            if failure == nil { $0.printed += count }
            if failure != nil || !text.isEmpty { $0.isFailing = failure != nil }
        }
    }
}
