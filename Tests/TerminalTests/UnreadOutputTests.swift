import Foundation
import TestSupport
import Testing

/// Whoever does not read what the program writes must not keep it from ending.
@Suite(
    "output that nobody reads", .enabled(if: FileManager.default.isExecutableFile(atPath: TmuxSession.program)),
    .serialized, .timeLimit(.minutes(3)))
struct UnreadOutputTests {
    private static let leavesScreen = "\u{1B}[?1049l"

    @Test(
        "serve ends although nobody reads what it prints",
        arguments: [
            // Messages are read until the port is known, then nothing; and lines that go into a pipe of their own.
            "exec \(TmuxSession.program) serve --listen 127.0.0.1:0 2>&1",
            "exec \(TmuxSession.program) serve --listen 127.0.0.1:0 2>&1 > >(exec sleep 30)",
        ])
    func serve(script: String) async throws {
        let program = try SpawnedProgram(["/bin/bash", "-c", script])
        let line = try await program.line(beginning: "worker-console: serving http://127.0.0.1:")
        let digits = line.dropFirst("worker-console: serving http://127.0.0.1:".count).prefix { $0.isNumber }
        let client = try LoopbackSocket.connected(to: try #require(Int(digits)))
        let target = String(repeating: "x", count: 8_000)
        for _ in 0..<200 {
            try client.send("OPTIONS /\(target) HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 204"))
        }
        let start = ContinuousClock.now
        kill(program.identifier, SIGTERM)
        #expect(await program.status(within: .seconds(10)) == 0)
        #expect(start.duration(to: .now) < .seconds(5))
    }

    private func demo(_ signals: [Int32]) async throws -> DeafTerminal.Outcome {
        try await DeafTerminal.run(
            [TmuxSession.program, "demo", "--listen", "127.0.0.1:0"], mark: "x12523-site", signals: signals)
    }

    @Test("the console ends in a terminal that nobody reads, and gives it back", arguments: [SIGTERM, SIGINT, SIGHUP])
    func console(number: Int32) async throws {
        let outcome = try await self.demo([number])
        #expect(outcome.wasBlocked)
        #expect(outcome.signal == 0 && outcome.code == 0)
        #expect(outcome.seconds < 4)
        #expect(outcome.isRestored)
        #expect(outcome.rest.contains(Self.leavesScreen))
    }

    @Test("q ends it as a signal does", arguments: ["q", "\u{3}", ":quit\r"])
    func key(keys: String) async throws {
        let outcome = try await DeafTerminal.run(
            [TmuxSession.program, "demo", "--listen", "127.0.0.1:0"], mark: "x12523-site", signals: [], keys: keys)
        #expect(outcome.wasBlocked)
        #expect(outcome.signal == 0 && outcome.code == 0)
        #expect(outcome.seconds < 4)
        #expect(outcome.isRestored)
        #expect(outcome.rest.contains(Self.leavesScreen))
    }

    @Test("signals that end the process at once give it back too")
    func hurried() async throws {
        let outcome = try await self.demo([SIGTERM, SIGTERM, SIGTERM])
        #expect(outcome.wasBlocked && outcome.signal == Int(SIGTERM) && outcome.seconds < 3)
        #expect(outcome.isRestored && outcome.rest.contains(Self.leavesScreen))
    }

    @Test("so does a crash", arguments: [SIGSEGV, SIGABRT, SIGQUIT])
    func crash(number: Int32) async throws {
        let outcome = try await self.demo([number])
        #expect(outcome.wasBlocked && outcome.signal == Int(number) && outcome.seconds < 3)
        #expect(outcome.isRestored && outcome.rest.contains(Self.leavesScreen))
    }
}
