import Glibc
import Synchronization
import TextSafety
import TrafficJournal
import WorkerDomain

/// Prints a line for every exchange that has ended, at most 50 ms after its end, each once at most.
///
/// A full disk or a reader that has gone costs lines, which are counted and told, and never the traffic.
struct ExchangeReport: Sendable {
    let journal: Journal
    let redaction: Redaction
    /// The descriptor that is written to.
    let output: Int32

    /// How far the printing has come.
    private struct Progress {
        var cursor: JournalCursor?
        var printed = 0
        var isFailing = false
    }

    /// Bytes of lines that are printed in one write, so that falling behind costs no memory.
    private static let writeLimit = 65_536

    /// Prints until the task is cancelled, and then what has ended by that time.
    func run() async {
        var progress = Progress()
        repeat {
            self.print(&progress)
            try? await Task.sleep(for: .milliseconds(50))
        } while !Task.isCancelled
        self.print(&progress)
        let statistics = self.journal.delta(since: progress.cursor).statistics
        let missed = statistics.total - statistics.inFlight - progress.printed
        if missed > 0 {
            StandardError.say(
                "worker-console: \(missed) exchanges were not printed: standard output could not take them")
        }
    }

    /// Prints what has ended since the cursor.
    private func print(_ progress: inout Progress) {
        let delta = self.journal.delta(since: progress.cursor)
        var text = ""
        var count = 0
        for exchange in delta.changed where !exchange.isInFlight {
            guard let line = try? ExchangeLine(exchange, redaction: self.redaction).text() else { continue }
            text += line + "\n"
            count += 1
            guard text.utf8.count >= Self.writeLimit else { continue }
            self.write(text, count, &progress)
            (text, count) = ("", 0)
        }
        self.write(text, count, &progress)
        progress.cursor = delta.cursor
    }

    /// Prints whole lines, or says that it cannot.
    private func write(_ text: String, _ count: Int, _ progress: inout Progress) {
        guard !text.isEmpty else { return }
        // The write that failed may have ended in the middle of a line.
        let failure = DescriptorOutput.write((progress.isFailing ? "\n" : "") + text, to: self.output)
        if let failure, !progress.isFailing {
            let reason = failure == EPIPE ? "standard output was closed" : DescriptorOutput.reason(failure)
            StandardError.say(
                "worker-console: cannot write to standard output: \(reason); lines are lost until it can be written "
                    + "again, and the traffic goes on")
        } else if failure == nil, progress.isFailing {
            StandardError.say("worker-console: standard output can be written again")
        }
        progress.isFailing = failure != nil
        if failure == nil { progress.printed += count }
    }
}
