import Foundation
import TestSupport
import Testing

@Suite("Spawned programs", .timeLimit(.minutes(1)))
struct SpawnedProgramTests {
    @Test("input goes in, both outputs and the exit code come out")
    func exchange() async throws {
        let much = [UInt8](repeating: 0x61, count: 3 << 20)
        let done = try await SpawnedProgram.run(["sh", "-c", "cat; echo said >&2; exit 7"], input: much)
        #expect(done.status == 7 && done.output == much && done.errorText == "said\n")
        let environment = try await SpawnedProgram.run(["/usr/bin/env"], environment: ["ONLY": "this"])
        #expect(environment.text == "ONLY=this\n")
        await #expect(throws: SystemFailure.self) { try await SpawnedProgram.run(["/no/such/program"]) }
    }

    @Test("one that reads none of its input, and one that does not end, hold nobody up")
    func limits() async throws {
        let much = [UInt8](repeating: 0x61, count: 3 << 20)
        #expect(try await SpawnedProgram.run(["true"], input: much).status == 0)
        let start = ContinuousClock.now
        let done = try await SpawnedProgram.run(["sh", "-c", "echo begun; exec sleep 60"], limit: .milliseconds(200))
        #expect(done.status == -SIGKILL && done.text == "begun\n")
        #expect(start.duration(to: .now) < .seconds(20))
        await #expect(throws: SpawnedProgram.Silent.self) {
            try await SpawnedProgram(["echo", "something else"]).line(beginning: "ACCEPT")
        }
    }

    @Test("it starts with no signal blocked or ignored")
    func signals() async throws {
        let text = try await SpawnedProgram.run(["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"]).text
        let masks = text.split(separator: "\n").compactMap { line in
            line.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
        }
        // The C library keeps signals 32 and 33 to itself.
        #expect(masks.map { $0 & 0x7FFF_FFFF } == [0, 0])
    }

    @Test("its end is also that of what it started")
    func group() async throws {
        let program = try SpawnedProgram(["sh", "-c", "sleep 100 & echo child:$!; wait"])
        let line = try await program.line(beginning: "child:")
        let child = try #require(pid_t(line.dropFirst(6)))
        program.kill()
        // Whoever adopted it may take a moment to notice.
        while kill(child, 0) == 0, try !String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8).contains(") Z ")
        {
            await Task.yield()
        }
        program.kill()
    }
}
