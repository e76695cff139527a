import CommandLineArguments
import Foundation
import ProxyCore
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain
import WorkerProject

@testable import Application

@Suite("A session from start to end", .timeLimit(.minutes(1)))
struct SessionRunTests {
    /// A project folder with this worker-console.toml.
    private func settings(_ console: String) throws -> SessionSettings {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("run-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try console.write(toFile: folder + "/worker-console.toml", atomically: true, encoding: .utf8)
        var settings = try ProjectSettings(folder: folder, environment: nil).session(with: ServingOptions())
        settings.ledger = nil
        return settings
    }

    @Test("what runs beside the proxy probes the backends by itself")
    func probes() async throws {
        let origin = try LoopbackSocket.listening()
        let session = try await Session.start(
            self.settings("listen.port = 0\n[backends.blue]\nurl = \"http://127.0.0.1:\(origin.port)\"\n"))
        await session.run(signals: SignalWatch()) {
            while session.backends.snapshot().active?.health != .up, !Task.isCancelled { await Task.yield() }
        }
        #expect(session.backends.snapshot().active?.health == .up)
        #expect(session.worker.status().state == .draining)
    }

    @Test("what the foreground throws comes out after everything has ended")
    func failure() async throws {
        struct Failure: Error {}
        let session = try await Session.start(self.settings("listen.port = 0\n"))
        await #expect(throws: Failure.self) {
            try await session.run(signals: SignalWatch()) { () async throws(Failure) in throw Failure() }
        }
        #expect(session.worker.status().state == .draining)
    }

    @Test("a signal while exchanges are waited for cuts them, and they are recorded")
    func hurry() async throws {
        let origin = try LoopbackSocket.listening()
        let session = try await Session.start(
            self.settings(
                "listen.port = 0\n[proxy]\ndrain_timeout_ms = 3600000\n[backends.blue]\n"
                    + "url = \"http://127.0.0.1:\(origin.port)\"\n"))
        let signals = SignalWatch()
        let address = try #require(session.addresses.first)
        let client = try LoopbackSocket.connected(to: address.port)
        try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let running = Task {
            await session.run(signals: signals) {
                while session.journal.delta(since: nil).statistics.inFlight == 0, !Task.isCancelled {
                    await Task.yield()
                }
            }
        }
        while session.worker.status().state != .draining { await Task.yield() }
        // Until somebody listens: the session does so a moment after it says that it drains.
        while session.journal.delta(since: nil).statistics.inFlight > 0, !Task.isCancelled {
            _ = signals.take(SIGTERM)
            await Task.yield()
        }
        await running.value
        #expect(session.journal.delta(since: nil).changed.first?.ending?.cause == .shutdown)
    }

    @Test("a port in use is said before the screen is there, and ends with 2")
    func portInUse() async throws {
        let first = try await Session.start(self.settings("listen.port = 0\n"))
        let port = try #require(first.addresses.first).port
        let second = try self.settings("listen.port = \(port)\n")
        await #expect {
            _ = try await Session.start(second)
        } throws: { error in
            guard let failure = error as? CommandFailure else { return false }
            return failure.exitCode == 2 && failure.message?.contains("already used by") == true
        }
        await first.server.stop()
    }
}
