import Foundation
import TestSupport
import Testing
import TextSafety
import TrafficJournal
import WorkerDomain

@testable import Application

@Suite("Exchange report", .timeLimit(.minutes(1)))
struct ExchangeReportTests {
    private func record(_ number: UInt64, in journal: Journal) {
        let id = ExchangeID(rawValue: number)
        journal.record(
            .began(
                ExchangeEvent.Beginning(
                    startedAt: WallTime(millisecondsSinceEpoch: 0), downstream: "127.0.0.1:1",
                    requestHead: Array("GET /\(number)?token=abc HTTP/1.1\r\n\r\n".utf8))), of: id)
        journal.record(
            .ended(
                ExchangeEvent.Summary(
                    ending: .completed, timers: ExchangeTimers(), requestBody: CapturedBody(),
                    responseBody: CapturedBody())), of: id)
    }

    @Test("each exchange is one line")
    func lines() async throws {
        let journal = Journal()
        for number in 1...3 { self.record(UInt64(number), in: journal) }
        let pipe = Pipe()
        let report = ExchangeReport(
            journal: journal, redaction: .standard,
            output: pipe.fileHandleForWriting.fileDescriptor)
        let task = Task { await report.run() }
        task.cancel()
        await task.value
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let lines = text.split(separator: "\n")
        #expect(lines.count == 3 && !text.contains("abc") && text.contains(Redaction.mask))
    }

    @Test("a reader that begins to read at the end gets every line, in the order in which the exchanges ended")
    func manyLines() async throws {
        let journal = Journal()
        // More than the output holds while nobody reads.
        let count = 5_000
        for number in 1...count { self.record(UInt64(number), in: journal) }
        let pipe = Pipe()
        let report = ExchangeReport(
            journal: journal, redaction: .standard, output: pipe.fileHandleForWriting.fileDescriptor)
        let task = Task { await report.run() }
        task.cancel()
        let reading = Task.detached { pipe.fileHandleForReading.readDataToEndOfFile() }
        await task.value
        try pipe.fileHandleForWriting.close()
        let lines = String(decoding: await reading.value, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == count)
        for (index, line) in lines.enumerated() where !line.contains("/\(index + 1)?") {
            Issue.record("line \(index + 1) is \(line)")
            break
        }
    }

    @Test("a full disk costs lines, not the report")
    func fullDisk() async throws {
        let journal = Journal()
        self.record(1, in: journal)
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let report = ExchangeReport(journal: journal, redaction: .off, output: full.fileDescriptor)
        let task = Task { await report.run() }
        task.cancel()
        await task.value
    }
}
