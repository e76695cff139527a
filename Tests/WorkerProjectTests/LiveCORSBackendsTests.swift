import Synchronization
import Testing
import WorkerDomain

@testable import WorkerProject

/// The live CORS check with several backends, each behind an embedded proxy of its own.
@Suite("Live CORS of every backend", .timeLimit(.minutes(1)))
struct LiveCORSBackendsTests {
    private static let allowed =
        "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: Content-Type\r\nAccess-Control-Max-Age: 600\r\n"

    /// What was asked, and how many proxies ran at once.
    private final class Log: Sendable {
        private let state = Mutex((requests: [String](), running: 0, most: 0))

        func note(_ request: String) { self.state.withLock { $0.requests.append(request) } }
        func start() {
            self.state.withLock { state in
                state.running += 1
                state.most = max(state.most, state.running)
            }
        }
        func stop() { self.state.withLock { $0.running -= 1 } }
        var requests: [String] { self.state.withLock { $0.requests } }
        var running: Int { self.state.withLock { $0.running } }
        var most: Int { self.state.withLock { $0.most } }
    }

    /// Runs the check; `fields` gives the fields of a backend's responses, `nil` for one that does not respond.
    private func run(
        _ names: [String], _ log: Log = Log(), fields: @escaping @Sendable (String) -> String?
    ) async -> CheckResult {
        func backend(_ name: String) -> Backend {
            Backend(name: name, url: BackendURL(scheme: .http, host: "\(name).example", port: 80))
        }
        var context = CheckContext(folder: "/nowhere", backends: names.map(backend))
        context.startCore = { backend in
            log.start()
            return EmbeddedCore(backend: backend) { log.stop() }
        }
        context.ask = { backend, request in
            log.note("\(backend.name) \(request.method) \(request.target)")
            guard let fields = fields(backend.name) else {
                return .failure(CheckRequestFailure(code: "L7TOUT", reason: "no response in time"))
            }
            let status = request.method == "OPTIONS" ? 204 : 200
            return .success(
                CheckResponse(
                    status: status, head: Array("HTTP/1.1 \(status) X\r\n\(fields)\r\n".utf8), body: [],
                    certificateSeconds: nil))
        }
        return await LiveCORSCheck().run(context)[0]
    }

    @Test("every backend is asked, and the evidence names it")
    func every() async {
        let log = Log()
        let result = await self.run(["blue", "green"], log) { _ in Self.allowed }
        #expect(result.outcome == .pass && result.chinese?.summary != nil, "\(result)")
        #expect(log.running == 0)
        for name in ["blue", "green"] {
            for request in ["OPTIONS /", "GET /", "OPTIONS /worker-console-check", "GET /worker-console-check"] {
                #expect(log.requests.contains("\(name) \(request)"), "\(log.requests)")
                #expect(
                    result.evidence.contains { $0.hasPrefix("\(name): \(request), Origin: ") }, "\(result.evidence)")
            }
        }
        #expect(result.evidence.contains { $0.hasPrefix("no backend: GET /, ") }, "\(result.evidence)")
    }

    @Test("a fault of the second backend alone is found, and is said to be its own")
    func second() async {
        let result = await self.run(["blue", "green"]) { $0 == "green" ? "" : Self.allowed }
        #expect(result.outcome == .warn)
        #expect(
            result.summary
                == "green: a browser refuses a response: the response has no Access-Control-Allow-Origin")
        #expect(result.chinese?.summary?.hasPrefix("green：浏览器会拒绝某个响应：") == true, "\(result)")
        #expect(!result.evidence.contains { $0.hasPrefix("blue: ") && $0.contains("Allow-Origin") })
    }

    @Test("a backend that does not respond gets no further requests, and the others are judged")
    func silent() async {
        let log = Log()
        let result = await self.run(["blue", "green"], log) { $0 == "blue" ? nil : Self.allowed }
        #expect(result.outcome == .skip && result.summary == "blue: no response in time", "\(result)")
        #expect(log.requests.contains("green GET /"))
        #expect(log.requests.filter { $0.hasPrefix("blue ") } == ["blue OPTIONS /"])
        #expect(result.evidence.contains { $0.hasPrefix("blue: OPTIONS /, ") && $0.hasSuffix("no response in time") })
        #expect(await self.run(["blue"]) { _ in nil }.outcome == .skip)
    }

    @Test("of many backends a few proxies run at once")
    func many() async {
        let log = Log()
        let names = (0..<60).map { "b\($0)" }
        let result = await self.run(names, log) { _ in Self.allowed }
        #expect(result.outcome == .pass && log.most <= 8 && log.running == 0)
        #expect(log.requests.contains("b49 GET /") && !log.requests.contains("b50 GET /"))
    }
}
