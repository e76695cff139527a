import NetworkIO

/// Sends gentle traffic of every kind through the proxy's own port, about five requests a second.
package struct DemoTraffic: Sendable {
    /// Requests that wait for their responses at most; more are not begun.
    private static let limit = 16

    private let host: String
    private let port: Int
    private let seed: UInt64

    /// - Parameters:
    ///   - host: Where the proxy listens.
    ///   - port: Where the proxy listens.
    ///   - seed: The same seed sends the same requests.
    package init(host: String, port: Int, seed: UInt64 = 20_251_223) {
        self.host = host
        self.port = port
        self.seed = seed
    }

    /// Sends until the task is cancelled, or until `count` requests were sent; then waits for those that are open.
    package func run(count: Int = .max, pause: Duration = .milliseconds(200)) async {
        guard let address = SocketAddress(ipAddress: self.host, port: self.port),
            // Without a descriptor for it there is no traffic, and the console says that none is left.
            let started = try? await LoopThread.start(name: "demo-traffic", make: { DemoClient(loop: $0, address) })
        else { return }
        let (thread, client) = started
        var random = DemoRandom(state: self.seed)
        await withTaskGroup(of: Void.self) { group in
            var open = 0
            for number in 0..<count {
                if Task.isCancelled { break }
                if open == Self.limit {
                    await group.next()
                    open -= 1
                }
                let request = DemoRequest.random(using: &random, number: number)
                group.addTask {
                    _ = await client.submit(resuming: { client, continuation in
                        client.send(request) { continuation.resume(returning: ()) }
                    })
                }
                open += 1
                let factor = Double.random(in: 0.6...1.4, using: &random)
                do { try await Task.sleep(for: pause * factor) } catch { break }
            }
            if Task.isCancelled { client.execute { $0.closeAll() } }
        }
        await thread.stop()
    }
}

/// One request of the demo's traffic.
struct DemoRequest: Sendable, Equatable {
    let bytes: [UInt8]
    /// The client leaves before the response.
    let isAborted: Bool

    static func random(using random: inout DemoRandom, number: Int) -> DemoRequest {
        let person = Int.random(in: 1...42, using: &random)
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30: return self.make("GET", "/api/resumes/\(person)")
        case 30..<45: return self.make("GET", "/api/resumes?city=%E4%B8%8A%E6%B5%B7&page=\(person)")
        case 45..<57:
            return self.make(
                "OPTIONS", "/api/upload",
                ["Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type"])
        case 57..<67:
            let size = Int.random(in: 200...40_000, using: &random)
            return self.make(
                "POST", "/api/upload?kind=resume", ["Content-Type: application/pdf"],
                Array("%PDF-1.4\n".utf8) + [UInt8](repeating: 0x20, count: size))
        case 67..<73:
            return self.make(
                "PUT", "/api/upload?key=%E5%BC%A0%E4%B8%89-%E7%AE%80%E5%8E%86.json", ["Content-Type: application/json"],
                Array(#"{"姓名":"张三","number":\#(number)}"#.utf8))
        case 73..<79: return self.make("GET", "/api/missing/\(number)")
        case 79..<84: return self.make("POST", "/api/report", ["Content-Type: application/json"], Array("{}".utf8))
        case 84..<89: return self.make("GET", "/api/slow")
        case 89..<93: return self.make("GET", "/api/stream")
        case 93..<95: return self.make("GET", "/api/reset")
        case 95..<98: return self.make("GET", "/api/slow?leaves=early", isAborted: true)
        default: return self.make("DELETE", "/api/resumes/\(person)")
        }
    }

    private static func make(
        _ method: String, _ target: String, _ fields: [String] = [], _ body: [UInt8] = [], isAborted: Bool = false
    ) -> DemoRequest {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: localhost", "Origin: https://resume.example.cn"] + fields
        lines += ["User-Agent: worker-console-demo", "Accept: */*", "Connection: close"]
        if !body.isEmpty { lines.append("Content-Length: \(body.count)") }
        return DemoRequest(
            bytes: Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body, isAborted: isAborted)
    }
}

/// The same numbers for the same seed (SplitMix64).
struct DemoRandom: RandomNumberGenerator, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
