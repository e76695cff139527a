import Glibc
import Synchronization
import TextOutput
import TextSafety
import TrafficJournal
import WorkerDomain

/// Prints a line for every exchange that has ended, at most 50 ms after its end, each once at most.
///
/// A full disk, a reader that has gone or one that does not read costs lines, which are counted and told, and neither the
/// traffic nor the end of the program.
final class ExchangeReport: Sendable {
    /// What came of the texts that were handed to the output.
    private struct Written {
        var lines = 0
        var isFailing = false
    }

    /// How far the printing has come.
    private struct Progress {
        var ended: EndedExchanges
        /// Exchanges that were read and not handed to the output yet.
        var rest: ArraySlice<Exchange> = []
    }

    /// Bytes of lines that are printed in one write, so that falling behind costs no memory.
    private static let writeLimit = 65_536
    /// Bytes that wait for the reader before no more are made.
    private static let waitingLimit = 262_144
    /// At the end: how long a reader is waited for that takes nothing, and one that goes on taking.
    private static let patience = Duration.seconds(1)
    private static let longestPatience = Duration.seconds(5)

    private let journal: Journal
    private let redaction: Redaction
    private let output: OutputQueue
    private let written = Mutex(Written())

    /// - Parameters:
    ///   - journal: Where the exchanges come from.
    ///   - redaction: Hides secrets.
    ///   - output: The descriptor that is written to.
    init(journal: Journal, redaction: Redaction, output: Int32) {
        self.journal = journal
        self.redaction = redaction
        self.output = OutputQueue(output)
    }

    /// Prints until the task is cancelled, and then what has ended by that time, as far as somebody reads it.
    func run() async {
        var progress = Progress(ended: EndedExchanges(of: self.journal))
        repeat {
            // What the output did not take is tried again by time, everything else waits for an event.
            if self.print(&progress) { await self.event(after: progress.ended.version) }
            try? await Task.sleep(for: .milliseconds(50))
        } while !Task.isCancelled
        let start = ContinuousClock.now
        repeat {
            if self.print(&progress), self.output.waitingBytes == 0 { break }
            // This task is cancelled: another one has to wait for it.
            await Task { try? await Task.sleep(for: .milliseconds(5)) }.value
        } while self.mayWait(since: start)
        let statistics = self.journal.delta(since: JournalCursor(version: self.journal.version)).statistics
        let missed = statistics.total - statistics.inFlight - self.written.withLock { $0.lines }
        if missed > 0 {
            StandardError.say(
                "\(Counted.text(missed, "exchange was", "exchanges were")) not printed: standard output could "
                    + "not take \(missed == 1 ? "it" : "them")")
        }
    }

    /// Waits until the journal has another version, or the task is cancelled.
    private func event(after version: UInt64) async {
        let (events, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.journal.whenChanged(from: version, for: self) { continuation.yield() }
        for await _ in events { return }
    }

    private func mayWait(since start: ContinuousClock.Instant) -> Bool {
        let lastMove = max(start, self.output.lastWrite)
        return .now < min(lastMove + Self.patience, start + Self.longestPatience)
    }

    /// Hands over what has ended, as far as the output takes it.
    /// - Returns: True when that was all.
    private func print(_ progress: inout Progress) -> Bool {
        while self.output.waitingBytes < Self.waitingLimit {
            if progress.rest.isEmpty {
                progress.rest = progress.ended.next()[...]
                if progress.rest.isEmpty { return true }
            }
            var lines = JSONLine(capacity: Self.writeLimit + 4_096)
            var count = 0
            while lines.bytes.count < Self.writeLimit, let exchange = progress.rest.popFirst() {
                ExchangeLine.append(exchange, redaction: self.redaction, to: &lines)
                count += 1
            }
            self.write(lines.bytes, count)
        }
        return false
    }

    private func write(_ lines: [UInt8], _ count: Int) {
        guard !lines.isEmpty else { return }
        _ = self.output.submit(lines) { failure in
            let wasFailing = self.written.withLock { written in
                defer { written.isFailing = failure != nil }
                if failure == nil { written.lines += count }
                return written.isFailing
            }
            if let failure, !wasFailing {
                let reason = failure == EPIPE ? "standard output was closed" : DescriptorOutput.reason(failure)
                StandardError.say(
                    "cannot write to standard output: \(reason); lines are lost until it can be "
                        + "written again, and the traffic goes on")
            } else if failure == nil, wasFailing {
                StandardError.say("standard output can be written again")
            }
        }
    }
}
