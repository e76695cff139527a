import Synchronization
import TerminalCanvas
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite struct RuntimeTests {
    @Test("a switch is asked for, done, shown and undone; q gives the terminal back", .timeLimit(.minutes(1)))
    func backendSwitch() async throws {
        let terminal = HeadlessTerminal()
        let backends = PilotBackends()
        let journal = Journal()
        let services = Services(
            journal: journal, backends: backends, worker: PilotWorker(), resources: Pilot.resources(),
            checks: PilotChecks())
        let now = Pilot.now
        let runtime = try ConsoleRuntime(
            services: services, terminal: terminal, options: ConsoleOptions(now: { now }), catalog: .all)
        let running = Task { try await runtime.run() }
        #expect(await terminal.waitForText("Needs attention") != nil)
        terminal.send(.key(.character("t")))
        #expect(await terminal.waitForText("Switch backend") != nil)
        terminal.send(.key(.enter))
        #expect(await terminal.waitForText("blue → green") != nil)
        #expect(backends.snapshot().active?.backend.name == "green")
        terminal.send(.key(.character("u")))
        #expect(await terminal.waitForText("green → blue") != nil)
        terminal.send(.key(.character("2")))
        #expect(await terminal.waitForText("‹2 Traffic›") != nil)
        journal.record(
            .began(
                ExchangeEvent.Beginning(
                    startedAt: now, downstream: "127.0.0.1:1", requestHead: Array("GET /hello HTTP/1.1\r\n\r\n".utf8))),
            of: ExchangeID(rawValue: 1))
        #expect(await terminal.waitForText("/hello") != nil)
        terminal.send(.key(.character("q")))
        try await running.value
        #expect(await !terminal.isOpen)
    }

    @Test("it is said although the clock was looked at before the news of going on", arguments: [1, 2, 754])
    func tickBefore(seconds: Int64) {
        var model = Pilot.model()
        let now = Pilot.time(Double(seconds))
        _ = model.tick(now: now)
        model.resumed(at: now)
        let said = model.notice?.text ?? ""
        #expect(said.contains("paused for \(seconds == 1 ? 0 : seconds) s"), "\(said)")
    }

    @Test("a process that was stopped says for how long when it goes on", .timeLimit(.minutes(1)))
    func stoodStill() async throws {
        let terminal = HeadlessTerminal()
        let services = Services(
            journal: Journal(), backends: PilotBackends(), worker: PilotWorker(), resources: Pilot.resources(),
            checks: PilotChecks())
        let clock = StoppedClock()
        let runtime = try ConsoleRuntime(
            services: services, terminal: terminal, options: ConsoleOptions(now: { clock.now }), catalog: .all)
        let running = Task { try await runtime.run() }
        #expect(await terminal.waitForText("Needs attention") != nil)
        clock.stop(seconds: 754)
        terminal.send(.resumed)
        #expect(await terminal.waitForText("paused for 754 s") != nil)
        // The console goes on.
        terminal.send(.key(.character("2")))
        #expect(await terminal.waitForText("‹2 Traffic›") != nil)
        terminal.send(.key(.character("q")))
        try await running.value
    }
}

/// A wall clock that stands, and jumps as it does for a process that was stopped.
private final class StoppedClock: Sendable {
    private let nanoseconds = Atomic(Pilot.now.nanosecondsSinceEpoch)

    var now: WallTime { WallTime(nanosecondsSinceEpoch: self.nanoseconds.load(ordering: .relaxed)) }

    func stop(seconds: Int64) {
        self.nanoseconds.add(seconds * 1_000_000_000, ordering: .relaxed)
    }
}
