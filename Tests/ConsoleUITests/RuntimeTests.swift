import TerminalCanvas
import Testing
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI

@Suite struct RuntimeTests {
    @Test("a switch is asked for, done, shown and undone; q gives the terminal back", .timeLimit(.minutes(1)))
    func backendSwitch() async throws {
        let terminal = PilotTerminal()
        let backends = PilotBackends()
        let journal = Journal()
        let services = Services(
            journal: journal, backends: backends, worker: PilotWorker(), resources: Pilot.resources(),
            checks: PilotChecks())
        let now = Pilot.now
        let runtime = ConsoleRuntime(services: services, terminal: terminal, options: ConsoleOptions(now: { now }))
        let running = Task { try await runtime.run() }
        #expect(await terminal.sees("Needs attention"))
        terminal.press(.character("t"))
        #expect(await terminal.sees("Switch backend"))
        terminal.press(.enter)
        #expect(await terminal.sees("blue → green"))
        #expect(backends.snapshot().active?.backend.name == "green")
        terminal.press(.character("u"))
        #expect(await terminal.sees("green → blue"))
        terminal.press(.character("2"))
        #expect(await terminal.sees("‹2 Traffic›"))
        journal.record(
            .began(
                ExchangeBeginning(
                    startedAt: now, downstream: "127.0.0.1:1", requestHead: Array("GET /hello HTTP/1.1\r\n\r\n".utf8))),
            of: ExchangeID(rawValue: 1))
        #expect(await terminal.sees("/hello"))
        terminal.press(.character("q"))
        try await running.value
        #expect(await terminal.isClosed)
    }
}
