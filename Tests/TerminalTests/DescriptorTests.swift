import Foundation
import TestSupport
import Testing

/// The program when it has no file descriptor left.
@Suite(
    "no descriptor left", .enabled(if: FileManager.default.isExecutableFile(atPath: TmuxSession.program)),
    .timeLimit(.minutes(2)))
struct DescriptorTests {
    /// An origin that closes each connection after its answer, so that every request needs a new descriptor.
    private static let origin = #"""
        import http.server
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(b"ok")
            def log_message(self, *_): pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print(f"port {server.server_port}", flush=True)
        server.serve_forever()
        """#

    private static let request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    /// Nanoseconds of processor time that a process has used.
    private static func processorTime(_ process: pid_t) throws -> Int {
        let stat = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        let fields = stat.split(separator: ")").last?.split(separator: " ").compactMap { Int($0) } ?? []
        // utime and stime, the 14th and 15th field; the second is the name in brackets and the third a letter.
        return (fields[10] + fields[11]) * (1_000_000_000 / sysconf(Int32(_SC_CLK_TCK)))
    }

    @Test(
        "who is connected is served, who comes waits, it is said once, and it costs no processor time",
        arguments: ["epoll", "io_uring"], ["127.0.0.1", "localhost"])
    func exhausted(engine: String, host: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("few-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try "[proxy]\nengine = \"\(engine)\"\ndns_ttl_ms = 0\n[health]\ninterval_ms = 60000\n".write(
            toFile: folder + "/worker-console.toml", atomically: true, encoding: .utf8)
        let origin = try SpawnedProgram(["python3", "-c", Self.origin])
        let port = try await origin.line(beginning: "port ").dropFirst("port ".count)
        let program = try SpawnedProgram([
            "/bin/sh", "-c",
            "ulimit -n 64; exec \(TmuxSession.program) serve \(folder) -q --loops 2 --listen 127.0.0.1:0 "
                + "--backend http://\(host):\(port) 2>&1",
        ])
        let line = try await program.line(beginning: "worker-console: serving http://127.0.0.1:")
        let digits = line.dropFirst("worker-console: serving http://127.0.0.1:".count).prefix { $0.isNumber }
        let place = try #require(Int(digits))
        let clients = try (0..<6).map { _ in try LoopbackSocket.connected(to: place) }
        func expectAnswer(_ client: LoopbackSocket) throws {
            try client.send(Self.request)
            let answer = client.receive(until: "\r\n\r\nok")
            #expect(answer.hasPrefix("HTTP/1.1 200"))
        }
        for client in clients { try expectAnswer(client) }
        var crowd = try (0..<100).map { _ in try LoopbackSocket.connected(to: place) }
        let told = try await program.line(beginning: "worker-console: out of file descriptors")
        #expect(told.contains("limit 64") && told.contains("ulimit -n"))
        let before = try Self.processorTime(program.identifier)
        let start = ContinuousClock.now
        while start.duration(to: .now) < .seconds(1.5) {
            for client in clients {
                try expectAnswer(client)
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        let used = try Self.processorTime(program.identifier) - before
        #expect(used < 600_000_000, "\(used / 1_000_000) ms of 1,500")
        // All at once: more than there are descriptors in reserve.
        for client in clients { try client.send(Self.request) }
        for client in clients { #expect(client.receive(until: "\r\n\r\nok").hasPrefix("HTTP/1.1 200")) }
        let late = try LoopbackSocket.connected(to: place)
        try late.send(Self.request)
        crowd = []
        #expect(late.receive(until: "\r\n\r\nok").hasPrefix("HTTP/1.1 200"))
        withExtendedLifetime(crowd) {}
        kill(program.identifier, SIGTERM)
        let last = try await program.line(beginning: "worker-console: ")
        #expect(last.hasPrefix("worker-console: stopped"), "said more than once: \(last)")
    }

    @Test("a limit that is too low is said before anything starts", arguments: [5, 8, 12, 13, 20, 30])
    func tooLow(limit: Int) async throws {
        let command =
            "exec 2>&1; ulimit -n \(limit); exec \(TmuxSession.program) serve / --listen 127.0.0.1:0 --backend 9"
        let program = try SpawnedProgram(["/bin/sh", "-c", command])
        let line = try await program.line(beginning: "worker-console: only ")
        #expect(line.hasSuffix("raise the limit: ulimit -n 1024"))
        #expect(await program.status(within: .seconds(20)) == 2)
    }
}
