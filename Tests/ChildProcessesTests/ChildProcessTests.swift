import Foundation
import Testing

@testable import ChildProcesses

@Suite("ChildProcess", .serialized)
struct ChildProcessTests {
    private func shell(
        _ script: String, input: String = "", limit: Int = 65_536, time: Duration = .seconds(20)
    ) async throws(ChildProcess.Failure) -> ChildProcess.Output {
        try await ChildProcess(
            executable: "/bin/sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin"]
        )
        .run(input: Array(input.utf8), outputLimit: limit, timeLimit: time)
    }

    private func text(_ output: ChildProcess.Output) -> String { String(decoding: output.bytes, as: UTF8.self) }

    @Test("an exit code and the output come back", arguments: [0, 1, 77, 255])
    func exits(code: Int32) async throws {
        let output = try await self.shell("printf hello; exit \(code)")
        #expect(output == ChildProcess.Output(ending: .exited(code: code), bytes: Array("hello".utf8), isCut: false))
    }

    @Test("a signal is told from an exit code", arguments: [SIGTERM, SIGKILL, SIGABRT, SIGPIPE])
    func signals(number: Int32) async throws {
        #expect(try await self.shell("kill -\(number) $$").ending == .signalled(number))
    }

    @Test("input of every size arrives, and its end is seen", arguments: [0, 1, 65_536, 3_000_000])
    func input(size: Int) async throws {
        let input = String(repeating: "x", count: size)
        #expect(self.text(try await self.shell("wc -c", input: input)).contains("\(size)"))
        #expect(try await self.shell("cat", input: input, limit: 4_000_000).bytes.count == size)
    }

    @Test("a program that does not read its input is no failure")
    func unread() async throws {
        let output = try await self.shell("exec <&-; printf done", input: String(repeating: "x", count: 3_000_000))
        #expect(self.text(output) == "done" && output.ending == .exited(code: 0))
    }

    @Test("output past the limit is read and dropped")
    func limited() async throws {
        let output = try await self.shell("head -c 5000000 /dev/zero", limit: 1_000)
        #expect(output.bytes.count == 1_000 && output.isCut && output.ending == .exited(code: 0))
        #expect(try await self.shell("printf 12345", limit: 5).isCut == false)
        #expect(try await self.shell("printf 12345", limit: 0).isCut)
    }

    @Test("standard error goes nowhere, and the environment is what was given")
    func surroundings() async throws {
        #expect(self.text(try await self.shell("echo loud >&2; readlink /proc/self/fd/2")) == "/dev/null\n")
        let names = self.text(try await self.shell("env")).split(separator: "\n").map { $0.prefix { $0 != "=" } }
        #expect(Set(names).subtracting(["PWD", "SHLVL", "_", "OLDPWD"]) == ["PATH"])
    }

    @Test("a program that takes too long is killed with all that it has started")
    func timeout() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("child-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let start = ContinuousClock.now
        await #expect(throws: ChildProcess.Failure.timedOut) {
            try await self.shell(
                "trap '' TERM HUP; sleep 60 & echo $! $$ > \(folder.path)/ids; wait", time: .milliseconds(500))
        }
        #expect(ContinuousClock.now - start < .seconds(15))
        let ids = try String(contentsOf: folder.appendingPathComponent("ids"), encoding: .utf8)
            .split(whereSeparator: \.isWhitespace).compactMap { pid_t($0) }
        #expect(ids.count == 2)
        for id in ids { #expect(try await Self.isGone(id)) }
    }

    @Test("a program that has closed its output and goes on is killed in the end")
    func silent() async throws {
        await #expect(throws: ChildProcess.Failure.timedOut) {
            try await self.shell("exec >&- <&-; sleep 60", time: .milliseconds(300))
        }
        #expect(try await self.shell("exec >&- <&-; sleep 0.2; exit 3").ending == .exited(code: 3))
    }

    @Test("a cancelled task kills the program")
    func cancelled() async throws {
        let start = ContinuousClock.now
        let task = Task { try await self.shell("echo up; sleep 60", time: .seconds(60)) }
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        await #expect(throws: ChildProcess.Failure.cancelled) { try await task.value }
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await self.shell("sleep 60", time: .seconds(60))
        }
        await #expect(throws: ChildProcess.Failure.cancelled) { try await early.value }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test(
        "what cannot be started says why",
        arguments: [
            ("/nonexistent/python3", ENOENT), ("/etc/hostname/python3", ENOTDIR), ("/etc/passwd", EACCES),
            ("/usr", EACCES),
        ])
    func missing(path: String, code: Int32) async {
        await #expect(throws: ChildProcess.Failure.cannotStart(code: code)) {
            try await ChildProcess(executable: path, arguments: [], environment: [:])
                .run(outputLimit: 10, timeLimit: .seconds(5))
        }
    }

    @Test("a file that is no program says so")
    func unrunnable() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("child-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        let attributes = [FileAttributeKey.posixPermissions: 0o755]
        #expect(FileManager.default.createFile(atPath: file, contents: Data("text".utf8), attributes: attributes))
        await #expect(throws: ChildProcess.Failure.cannotStart(code: ENOEXEC)) {
            try await ChildProcess(executable: file, arguments: [], environment: [:])
                .run(outputLimit: 10, timeLimit: .seconds(5))
        }
    }

    @Test("the program gets no descriptor but its three, and this process keeps none and no zombie")
    func descriptors() async throws {
        _ = try await self.shell("true")
        let before = try Self.sockets()
        // What the test runner itself has left open is not ours to close.
        let inherited = Set(try Self.inheritable())
        for _ in 0..<20 {
            _ = try? await self.shell("exit 3")
            _ = try? await self.shell("sleep 60", time: .milliseconds(5))
            _ = try? await ChildProcess(executable: "/none", arguments: [], environment: [:])
                .run(outputLimit: 1, timeLimit: .seconds(5))
        }
        let listed = self.text(try await self.shell("ls /proc/$$/fd"))
        let seen = Set(listed.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) })
        #expect(seen.subtracting(inherited).isSubset(of: [0, 1, 2]), "\(listed)")
        #expect(try Self.sockets() <= before)
        #expect(try Self.zombies() == [])
    }

    @Test("many at once end each with its own output")
    func concurrent() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<24 {
                group.addTask {
                    self.text(try await self.shell("cat; printf -- -\(number)", input: "in")) == "in-\(number)"
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }

    // MARK: - What the system says of this process

    /// A grandchild belongs to init now, and may take a moment to die and to be reaped.
    private static func isGone(_ id: pid_t) async throws -> Bool {
        for _ in 0..<100 {
            guard let line = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8) else { return true }
            if line.contains(") Z ") { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    private static func entries() throws -> [Int32] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
    }

    private static func sockets() throws -> Int {
        try self.entries().count {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))?.hasPrefix("socket")
                == true
        }
    }

    private static func inheritable() throws -> [Int32] {
        try self.entries().filter { descriptor in
            let flags = fcntl(descriptor, F_GETFD)
            return flags >= 0 && flags & FD_CLOEXEC == 0
        }
    }

    private static func zombies() throws -> [pid_t] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.filter { id in
            guard let line = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
                let end = line.range(of: ") Z ")
            else { return false }
            return line[end.upperBound...].hasPrefix("\(getpid()) ")
        }
    }
}
