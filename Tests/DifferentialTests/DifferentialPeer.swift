import Foundation
import NetworkIO
import ProxyCore
import Synchronization
import TestOrigin
import TestSupport
import WorkerDomain

/// One proxy under test, with an origin behind it that nobody else uses.
struct DifferentialPeer: Sendable {
    enum Kind: String, Sendable, CaseIterable { case ours, nginx, haproxy }

    /// What the origin answers to the case's request.
    final class Script: Sendable {
        let answer = Mutex<DifferentialCase?>(nil)
    }

    let kind: Kind
    let port: Int
    let origin: ScriptedOrigin
    let script: Script
    private let process: ServerProcess?
    private let server: ProxyServer?
    let counter: Counter?

    /// Starts one; `engine` is that of this program's own. It is `nil` when the program is not on this machine.
    static func start(_ kind: Kind, _ engine: ProxyConfiguration.Engine) async throws -> DifferentialPeer? {
        let script = Script()
        let origin = try await ScriptedOrigin.start { request in
            let good = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsentinel"
            guard let answer = script.answer.withLock({ $0 }), request.target == "/case" else { return [.send(good)] }
            switch answer.ending {
            case .stay: return [.bytes(answer.bytes)]
            case .close: return [.bytes(answer.bytes), .close]
            case .reset: return [.bytes(answer.bytes), .wait(.milliseconds(50)), .reset]
            }
        }
        if kind == .ours {
            let counter = Counter()
            var configuration = Self.configuration
            configuration.engine = engine
            let server = ProxyServer(configuration: configuration, backends: [origin.backend], sink: counter)
            let port = try await server.start().first?.port ?? 0
            return DifferentialPeer(
                kind: kind, port: port, origin: origin, script: script, process: nil, server: server, counter: counter)
        }
        // A port that was free a moment ago.
        let probe = try await ScriptedOrigin.answering("")
        let port = probe.port
        await probe.stop()
        let process = try ServerProcess.start(kind, port: port, originPort: origin.port)
        guard let process else {
            await origin.stop()
            return nil
        }
        try await process.waitUntilServing(port: port)
        return DifferentialPeer(
            kind: kind, port: port, origin: origin, script: script, process: process, server: nil, counter: nil)
    }

    func stop() async {
        self.process?.stop()
        await self.server?.stop()
        await self.origin.stop()
    }

    /// The time limits are a second everywhere, so that a message that never becomes whole ends soon.
    private static var configuration: ProxyConfiguration {
        var configuration = ProxyConfiguration()
        configuration.listen = [ListenAddress(host: "127.0.0.1", port: 0)]
        configuration.timeouts.requestHead = .seconds(1)
        configuration.timeouts.requestBody = .seconds(1)
        configuration.timeouts.idle = .seconds(1)
        configuration.timeouts.responseHead = .seconds(1)
        configuration.timeouts.responseBody = .seconds(1)
        configuration.timeouts.tunnel = .seconds(1)
        configuration.timeouts.linger = .milliseconds(500)
        return configuration
    }
}

/// Counts what is reported.
final class Counter: EventSink {
    private let state = Mutex((began: 0, forwarded: 0, ended: 0))

    func note(_ event: ExchangeEvent, of _: ExchangeID) {
        self.state.withLock { state in
            switch event {
            case .began(let beginning):
                state.began += 1
                if beginning.connection != nil { state.forwarded += 1 }
            case .connected: state.forwarded += 1
            case .ended: state.ended += 1
            case .routed, .retried, .responded: break
            }
        }
    }

    /// Exchanges that began; those that were given to a backend, each attempt counted.
    var counts: (began: Int, forwarded: Int, ended: Int) { self.state.withLock { $0 } }
}
