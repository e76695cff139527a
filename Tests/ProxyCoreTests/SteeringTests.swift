import Synchronization
import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Backends, CORS and errors", .timeLimit(.minutes(1)))
struct SteeringTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test("a switch counts for new requests at once, and running ones finish where they began", .everyEngine)
    func activate() async throws {
        let blue = try await ScriptedOrigin.start { _ in [.hold, .send(Self.ok)] }
        let green = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([blue.backend, green.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("GET /old HTTP/1.1\r\nHost: a\r\n\r\n")
            while blue.requests.isEmpty { await Task.yield() }
            try await bench.server.backends.activate(green.backend.name)
            #expect(try await bench.get("/new").status == 200)
            #expect(green.requests.map(\.target) == ["/new"])
            let old = try #require(bench.server.backends.snapshot().backends.first)
            #expect(old.isDraining && old.inFlight == 1)
            blue.release()
            #expect(try await client.answer().status == 200)
            _ = await bench.recorder.ended(2)
            let snapshot = bench.server.backends.snapshot()
            #expect(snapshot.backends.map(\.inFlight) == [0, 0])
            #expect(snapshot.backends.map(\.requests) == [1, 1])
            #expect(snapshot.switches.map(\.to) == [green.backend.name])
            client.close()
        }
        await blue.stop()
        await green.stop()
    }

    @Test("no backend, then one that is added, and one that cannot be saved", .everyEngine)
    func add() async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([]) { bench in
            let answer = try await bench.get()
            #expect(answer.status == 503)
            #expect(answer.text.contains("--backend"))
            #expect(answer.field("Access-Control-Allow-Origin") == "*")
            try await bench.server.backends.add(origin.backend)
            #expect(try await bench.get().status == 200)
            await #expect(throws: BackendControlError.self) { try await bench.server.backends.add(origin.backend) }
            await #expect(throws: BackendControlError.self) { try await bench.server.backends.activate("none") }
        }
        await origin.stop()
        let registry = BackendRegistry(backends: []) { backend throws(BackendControlError) in
            throw BackendControlError(.notSaved, operation: "add \(backend.name)", reason: "read-only")
        }
        await #expect(throws: BackendControlError.self) { try await registry.add(origin.backend) }
        #expect(registry.snapshot().backends.isEmpty)
    }

    @Test(
        "configured origins are echoed, others are not, and caches are told", .everyEngine,
        arguments: [("https://a.example", true), ("https://b.example", false), (nil, false)])
    func corsList(origin: String?, isAllowed: Bool) async throws {
        let backend = try await ScriptedOrigin.answering(
            "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nVary: Accept\r\nContent-Length: 0\r\n\r\n")
        try await Bench.run(
            [backend.backend],
            {
                $0.cors.origins = .list(["https://a.example"])
                $0.cors.allowsCredentials = true
            }
        ) { bench in
            let field = origin.map { "Origin: \($0)\r\n" } ?? ""
            for method in ["GET", "OPTIONS"] {
                let answer = try await bench.exchange("\(method) / HTTP/1.1\r\nHost: a\r\n\(field)\r\n")
                #expect(answer.field("Access-Control-Allow-Origin") == (isAllowed ? origin : nil))
                #expect(answer.field("Access-Control-Allow-Credentials") == (isAllowed ? "true" : nil))
                #expect(answer.fields.fields.contains { $0.name == "Vary" && $0.value == "Origin" })
            }
        }
        await backend.stop()
    }

    @Test("a star never goes with credentials")
    func corsStar() {
        var configuration = CORSConfiguration()
        configuration.allowsCredentials = true
        let cors = CORSFields(configuration)
        let lines = [UInt8](unsafeUninitializedCapacity: cors.size(origin: nil)) { memory, count in
            var out = HeadOutput(UnsafeMutableRawBufferPointer(memory))
            cors.write(origin: nil, into: &out)
            count = out.count
        }
        let text = String(decoding: lines, as: UTF8.self)
        #expect(text.contains("Allow-Origin: *"))
        #expect(!text.contains("Credentials"))
    }

    @Test("paths outside the routes are answered 404 by the proxy", .everyEngine)
    func routes() async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([origin.backend], { $0.routes = ["/api/*"] }) { bench in
            #expect(try await bench.get("/api/x").status == 200)
            let answer = try await bench.get("/other")
            #expect(answer.status == 404)
            #expect(answer.field("Content-Type") == "application/json")
            #expect(bench.recorder.records.last?.route == .local)
        }
        await origin.stop()
    }

    @Test("a port in use names itself, its process and another one", .everyEngine)
    func portInUse() async throws {
        try await Bench.run([]) { bench in
            var configuration = ProxyConfiguration()
            configuration.listen = [ListenAddress(host: "127.0.0.1", port: bench.port)]
            let second = ProxyServer(configuration: configuration, backends: [], sink: Recorder())
            let error = await #expect(throws: ProxyError.self) { try await second.start() }
            #expect(error?.code == .addressInUse)
            #expect(error?.address?.port == bench.port)
            #expect(error?.holder != nil)
            #expect(error?.reason.contains("--listen 127.0.0.1:\(bench.port + 1)") == true)
        }
    }

    @Test("draining lets a running exchange finish, and stopping ends one that does not", .everyEngine)
    func drain() async throws {
        let origin = try await ScriptedOrigin.start { _ in [.hold, .send(Self.ok)] }
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            while origin.requests.isEmpty { await Task.yield() }
            async let drained: Void = bench.server.drain(deadline: .seconds(5))
            while await (try? RawClient.connect(port: bench.port)) != nil { await Task.yield() }
            origin.release()
            #expect(try await client.answer().field("Connection") == "close")
            await drained
            #expect(await bench.recorder.ended(1).first?.summary?.ending == .completed)
        }
        await origin.stop()
        let silent = try await ScriptedOrigin.start { _ in [.hold] }
        let recorder = try await Bench.run([silent.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            while silent.requests.isEmpty { await Task.yield() }
            let isOver = Mutex(false)
            async let drained: Void = {
                await bench.server.drain(deadline: .seconds(5))
                isOver.withLock { $0 = true }
            }()
            while await (try? RawClient.connect(port: bench.port)) != nil { await Task.yield() }
            try await bench.pass(.seconds(5), isExact: false) { isOver.withLock { $0 } }
            await drained
            #expect(bench.server.inFlight == 1)
            return bench.recorder
        }
        #expect(await recorder.ended(1).first?.summary?.ending.cause == .shutdown)
        await silent.stop()
    }
}
