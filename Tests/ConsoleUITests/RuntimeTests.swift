import TerminalCanvas
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI

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
        let runtime = ConsoleRuntime(services: services, terminal: terminal, options: ConsoleOptions(now: { now }))
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
}
