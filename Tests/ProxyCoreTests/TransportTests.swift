import Foundation
import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("IPv6 and Unix sockets", .timeLimit(.minutes(1)))
struct TransportTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test("IPv6 on both sides", .everyEngine)
    func ipv6() async throws {
        let origin = try await ScriptedOrigin.start(host: "::1") { _ in [.send(Self.ok)] }
        try await Bench.run([origin.backend], { $0.listen = [ListenAddress(host: "::1", port: 0)] }) { bench in
            let client = try await RawClient.connect(port: bench.port, host: "::1")
            try await client.send("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n")
            #expect(try await client.answer().text == "ok")
            client.close()
            #expect(await bench.recorder.ended(1).first?.beginning?.downstream.hasPrefix("[::1]:") == true)
        }
        let request = try #require(origin.requests.first)
        #expect(request.fields.value(of: "Host") == "[::1]:\(origin.port)")
        #expect(request.fields.value(of: "X-Forwarded-For") == "::1")
        #expect(request.fields.value(of: "X-Forwarded-Host") == "[::1]:80")
        await origin.stop()
    }

    @Test("a backend on a Unix socket; without one the row says where it should be", .everyEngine)
    func unixSocket() async throws {
        let path = NSTemporaryDirectory() + "wc-\(UInt32.random(in: 0...UInt32.max)).sock"
        let url = try BackendURL(parsing: "unix:\(path)")
        #expect(url.description == "unix:\(path)")
        let backend = Backend(name: "socket", url: url)
        try await Bench.run([backend]) { bench in
            #expect(try await bench.get().status == 502)
            let reason = await bench.recorder.ended(1).first?.summary?.ending.reason
            #expect(reason?.hasPrefix("connect to unix:\(path): ") == true)
            let origin = try await ScriptedOrigin.start(socket: path) { _ in [.send(Self.ok)] }
            #expect(try await bench.get().text == "ok")
            #expect(try await bench.get().text == "ok")
            #expect(await bench.recorder.ended(3).map(\.reused) == [nil, false, true])
            #expect(origin.requests.first?.fields.value(of: "Host") == "localhost")
            await origin.stop()
        }
        try? FileManager.default.removeItem(atPath: path)
    }

    @Test(
        "a path of a Unix socket that cannot be used is refused",
        arguments: [
            "unix:", "unix:relative", "unix://host/x", "unix:/dir/", "unix:/" + String(repeating: "x", count: 120),
        ])
    func badSocketPath(text: String) {
        #expect(throws: BackendURLError.self) { try BackendURL(parsing: text) }
    }
}
