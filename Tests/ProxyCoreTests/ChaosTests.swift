import Foundation
import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

/// A backend of its own process, so that it can really be stopped, killed and started again.
@Suite("A backend that is paused, killed and started again", .everyEngine, .timeLimit(.minutes(2)))
struct ChaosTests {
    typealias Cause = ExchangeEnding.Cause
    typealias Phase = ExchangeEnding.Phase

    /// What one kind of request must have come to.
    private struct Expectation: Sendable {
        var status: Int
        var cause = Cause.completed
        var phase = Phase.done
        var retries = 0
        /// What it may have come to as well, by who was faster.
        var alternative: ExchangeEnding?
        /// The client can see that the answer is whole.
        var isComplete = true
    }

    /// What was asked for in one part of the test, and what it must have come to.
    private struct Sent: Sendable {
        let target: String
        let expected: Expectation
    }

    private static let whole = Expectation(status: 200)
    private static let unreachable = Expectation(status: 502, cause: .backendUnreachable, phase: .connect)
    private static let silent = Expectation(status: 504, cause: .backendTimeout, phase: .responseHead)
    private static let broken = Expectation(status: 502, cause: .backendAborted, phase: .responseHead)

    /// Connections of this machine with this port at one of their ends that somebody has not closed yet.
    private static func connections(with port: Int) throws -> Int {
        let table = try String(contentsOfFile: "/proc/self/net/tcp", encoding: .utf8)
        let suffix = ":" + String(format: "%04X", port)
        return table.split(separator: "\n").dropFirst().count { line in
            let columns = line.split(separator: " ")
            // Established, or closed by the other side only.
            return columns.count > 3 && (columns[1].hasSuffix(suffix) || columns[2].hasSuffix(suffix))
                && ["01", "08"].contains(columns[3])
        }
    }

    /// Sends so many requests at once, and checks what their clients get.
    private func ask(
        _ bench: Bench, _ count: Int, _ target: String, method: String = "GET", _ expected: Expectation
    ) async throws -> [Sent] {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<count {
                group.addTask {
                    let body = method == "POST" ? "Content-Length: 5\r\n\r\nhello" : "\r\n"
                    let answer = try await bench.exchange("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\(body)")
                    #expect(answer.status == expected.status, "\(method) \(target)")
                    #expect(answer.isComplete == expected.isComplete, "\(method) \(target)")
                }
            }
            try await group.waitForAll()
        }
        return [Sent](repeating: Sent(target: target, expected: expected), count: count)
    }

    @Test("every request has one row with the right ending, and nothing stays open")
    func process() async throws {
        let backend = try await BackendProcess.start()
        let target = Backend(name: "b", url: BackendURL(scheme: .http, host: "127.0.0.1", port: backend.port))
        try await Bench.run(
            [target],
            {
                // What a paused backend does not take ends by the time limit of the answer's head.
                $0.timeouts.requestBody = .seconds(1_000_000)
            }
        ) { bench in
            var sent = try await self.ask(bench, 32, "/ok?healthy", Self.whole)

            try backend.signal(SIGSTOP)
            async let paused = self.ask(bench, 32, "/ok?paused", Self.silent)
            while self.rows(of: "/ok?paused", bench).count(where: { $0.reused != nil }) < 32 {
                try Task.checkCancellation()
                await Task.yield()
            }
            try await bench.pass(.seconds(30)) { bench.ended == 64 }
            sent += try await paused
            sent += try await self.upload(bench)
            try backend.signal(SIGCONT)
            sent += try await self.ask(bench, 32, "/ok?resumed", Self.whole)

            sent += try await self.kill(backend, bench)
            sent += try await self.ask(bench, 32, "/ok?dead", Self.unreachable)
            let again = try await BackendProcess.start(port: backend.port)
            sent += try await self.ask(bench, 32, "/ok?restarted", Self.whole)

            let rows = await bench.recorder.ended(sent.count)
            self.compare(rows, with: sent)
            let status = bench.server.backends.snapshot().backends.first
            #expect(status?.inFlight == 0 && status?.requests == sent.count)
            #expect(status?.failures == sent.count { $0.expected.cause != .completed })
            // Clients have closed theirs, the pool's grow too old: what was opened is given back.
            while bench.server.connections > 0 {
                try Task.checkCancellation()
                await Task.yield()
            }
            while try Self.connections(with: backend.port) > 0 {
                try Task.checkCancellation()
                await bench.advance(by: .seconds(1))
            }
            try again.signal(SIGKILL)
        }
    }

    private func rows(of target: String, _ bench: Bench) -> [Recorder.Record] {
        bench.recorder.records.filter { $0.line.target == target }
    }

    /// An upload that a paused backend does not take: its system's buffers do, until they are full.
    private func upload(_ bench: Bench) async throws -> [Sent] {
        let client = try await RawClient.connect(port: bench.port)
        try await client.send("POST /ok?upload HTTP/1.1\r\nHost: a\r\nContent-Length: 90000000\r\n\r\n")
        let flood = Task { try? await client.flood(90_000_000) }
        while self.rows(of: "/ok?upload", bench).first?.reused == nil {
            try Task.checkCancellation()
            await Task.yield()
        }
        let count = bench.ended
        try await bench.advance(until: { bench.ended > count })
        #expect(try await client.answer().status == 504)
        client.close()
        _ = await flood.value
        return [
            Sent(
                target: "/ok?upload", expected: Expectation(status: 504, cause: .backendTimeout, phase: .requestBody))
        ]
    }

    /// Kills the backend while it holds requests, answers and uploads.
    private func kill(_ backend: BackendProcess, _ bench: Bench) async throws -> [Sent] {
        let known = bench.recorder.records.count
        // A process that is killed closes one socket after the other: the second try may still meet its listener.
        let retried = Expectation(
            status: 502, cause: .backendUnreachable, phase: .connect, retries: 1,
            alternative: ExchangeEnding(cause: .backendAborted, phase: .responseHead))
        let cut = Expectation(
            status: 200, cause: .backendAborted, phase: .responseBody, isComplete: false)
        return try await withThrowingTaskGroup(of: [Sent].self) { group in
            // Nothing of an answer was seen, so a GET is tried again: then nobody listens any more.
            group.addTask { try await self.ask(bench, 8, "/hold?get", retried) }
            group.addTask { try await self.ask(bench, 8, "/hold?post", method: "POST", Self.broken) }
            group.addTask { try await self.ask(bench, 8, "/stream", cut) }
            while true {
                let rows = bench.recorder.records.dropFirst(known)
                let isSent = rows.count { $0.reused != nil } == 24
                if isSent, rows.count(where: { $0.status == 200 }) == 8 { break }
                try Task.checkCancellation()
                await Task.yield()
            }
            try backend.signal(SIGKILL)
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    private func compare(_ rows: [Recorder.Record], with sent: [Sent]) {
        #expect(rows.count == sent.count)
        let byTarget = Dictionary(grouping: rows) { $0.line.target }
        for (target, group) in Dictionary(grouping: sent, by: \.target) {
            let found = byTarget[target] ?? []
            #expect(found.count == group.count, "\(target)")
            guard let expected = group.first?.expected else { continue }
            for row in found {
                #expect(row.status == expected.status, "\(target)")
                let (cause, phase) = (row.summary?.ending.cause, row.summary?.ending.phase)
                let isAlternative = cause == expected.alternative?.cause && phase == expected.alternative?.phase
                let isExpected = cause == expected.cause && phase == expected.phase
                #expect(isExpected || (isAlternative && cause != nil), "\(target): \(row)")
                #expect(row.retries == expected.retries, "\(target)")
            }
        }
    }
}

/// A small server in a process of its own, which ends with the test's.
private final class BackendProcess: Sendable {
    struct Failure: Error { let reason: String }

    private static let program = """
        import asyncio, os, sys

        async def serve(reader, writer):
            try:
                while True:
                    head = await reader.readuntil(b"\\r\\n\\r\\n")
                    length = head.lower().partition(b"content-length:")[2].split(b"\\r")[0].strip()
                    await reader.readexactly(int(length or 0))
                    target = head.split(b" ")[1]
                    if target.startswith(b"/stream"):
                        writer.write(b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n4\\r\\npart\\r\\n")
                        await writer.drain()
                    if not target.startswith(b"/ok"):
                        await asyncio.sleep(600)
                    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.close()

        def parent():
            sys.stdin.buffer.read()
            os._exit(0)

        async def main():
            server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
            # In one piece, also where the environment asks for unbuffered output: the test reads once.
            sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\\n")
            sys.stdout.flush()
            asyncio.get_running_loop().run_in_executor(None, parent)
            await asyncio.wait_for(server.serve_forever(), 100)

        asyncio.run(main())
        """

    let port: Int
    private let identifier: pid_t
    /// Its end tells the process that the test's is gone.
    private let life: Pipe

    private init(port: Int, identifier: pid_t, life: Pipe) {
        self.port = port
        self.identifier = identifier
        self.life = life
    }

    static func start(port: Int = 0) async throws -> BackendProcess {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", self.program, "\(port)"]
        let (output, life) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardInput = life
        try process.run()
        let line = output.fileHandleForReading.availableData
        try output.fileHandleForReading.close()
        guard let port = Int(String(decoding: line, as: UTF8.self).dropLast()) else {
            throw Failure(reason: "python3 did not start to serve")
        }
        return BackendProcess(port: port, identifier: process.processIdentifier, life: life)
    }

    func signal(_ number: Int32) throws {
        guard kill(self.identifier, number) == 0 else { throw Failure(reason: "signal \(number): errno \(errno)") }
    }
}
