import Foundation
import NetworkIO
import Testing
import WorkerDomain
import WorkerProject

@testable import Application

/// From the keys of `[proxy]` to the parts that keep them.
@Suite("Limits in worker-console.toml")
struct LimitSettingsTests {
    /// One key with its range and where its value arrives.
    struct Key: Sendable, CustomTestStringConvertible {
        let name: String
        let range: ClosedRange<Int>
        let reached: @Sendable (SessionSettings) -> Int

        var testDescription: String { self.name }
        /// A value that is no default.
        var value: Int { self.range.lowerBound + 1_001 <= self.range.upperBound ? 1_087 : self.range.upperBound }
    }

    private static func time(
        _ name: String, _ range: ClosedRange<Int> = 1...3_600_000,
        _ reached: @escaping @Sendable (ProxyConfiguration) -> Duration
    ) -> Key {
        Key(name: name, range: range) { Int(reached($0.proxy) / .milliseconds(1)) }
    }

    private static func size(
        _ name: String, _ range: ClosedRange<Int>, _ reached: @escaping @Sendable (ProxyConfiguration) -> Int
    ) -> Key {
        Key(name: name, range: range) { reached($0.proxy) }
    }

    static let keys = [
        time("request_head_timeout_ms") { $0.timeouts.requestHead },
        time("request_body_timeout_ms") { $0.timeouts.requestBody },
        time("queue_timeout_ms") { $0.timeouts.queue },
        time("connect_timeout_ms") { $0.timeouts.connect },
        time("response_timeout_ms") { $0.timeouts.responseHead },
        time("response_body_timeout_ms", 1...86_400_000) { $0.timeouts.responseBody },
        time("write_timeout_ms") { $0.timeouts.write },
        time("tunnel_timeout_ms", 1...86_400_000) { $0.timeouts.tunnel },
        time("tunnel_end_timeout_ms", 1...86_400_000) { $0.timeouts.tunnelEnd },
        time("half_close_timeout_ms") { $0.timeouts.halfClosed },
        time("linger_timeout_ms", 1...60_000) { $0.timeouts.linger },
        time("idle_timeout_ms") { $0.timeouts.idle },
        time("backend_idle_timeout_ms") { $0.upstream.idleTimeout },
        time("dns_ttl_ms", 0...3_600_000) { $0.upstream.addressLifetime },
        Key(name: "drain_timeout_ms", range: 0...3_600_000) { Int($0.drainTimeout / .milliseconds(1)) },
        size("max_connections", 1...1_000_000) { $0.limits.connections },
        size("max_requests_per_connection", 1...1_000_000_000) { $0.limits.exchangesPerConnection },
        size("max_request_line_bytes", 64...1_048_576) { $0.limits.requestLine },
        size("max_head_bytes", 1_024...16_777_216) { $0.limits.head },
        size("max_body_bytes", 0...1_099_511_627_776) { $0.limits.body },
        size("backend_connections", 1...65_536) { $0.upstream.connectionLimit },
        size("retries", 0...3) { $0.upstream.retryLimit },
    ]

    private func settings(_ console: String) throws -> SessionSettings {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("limits-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try console.write(toFile: folder + "/worker-console.toml", atomically: true, encoding: .utf8)
        return try ProjectSettings(folder: folder, environment: nil).session(with: ServingOptions())
    }

    @Test("each reaches the proxy, within its range and not outside", arguments: keys)
    func reach(key: Key) throws {
        let byDefault = key.reached(try self.settings(""))
        #expect(byDefault != key.value)
        for value in [key.value, key.range.lowerBound, key.range.upperBound] {
            let settings = try self.settings("[proxy]\n\(key.name) = \(value)\n")
            #expect(settings.status.notices.isEmpty)
            #expect(key.reached(settings) == value)
        }
        for value in [key.range.lowerBound - 1, key.range.upperBound + 1] {
            let settings = try self.settings("[proxy]\n\(key.name) = \(value)\n")
            #expect(key.reached(settings) == byDefault)
            let notice = settings.status.notices.first ?? ""
            #expect(notice.contains("worker-console.toml:2:\(key.name.utf8.count + 4): error: \"proxy.\(key.name)\""))
            #expect(notice.contains("from \(key.range.lowerBound) to \(key.range.upperBound)"))
        }
    }

    @Test("the engine reaches the proxy", arguments: ["auto", "epoll", "io_uring"])
    func engine(name: String) throws {
        let settings = try self.settings("[proxy]\nengine = \"\(name)\"\n")
        #expect(settings.status.notices.isEmpty)
        #expect(settings.proxy.engine.rawValue == name)
        #expect(try self.settings("[proxy]\nengine = \"kqueue\"\n").proxy.engine == .auto)
    }

    @Test("what becomes of redirects and look-alike names reaches the proxy")
    func choices() throws {
        let byDefault = try self.settings("").proxy
        #expect(byDefault.redirects == .keep && byDefault.lookalikes == .drop)
        let chosen = try self.settings("[proxy]\nlocation = \"rewrite\"\nlookalike_headers = \"keep\"\n")
        #expect(chosen.status.notices.isEmpty)
        #expect(chosen.proxy.redirects == .rewrite && chosen.proxy.lookalikes == .keep)
    }

    @Test("every number of [proxy] stands in the table above")
    func complete() {
        let numbers = Settings.all.filter { $0.key.hasPrefix("proxy.") && $0.numbers != nil }
        #expect(Set(numbers.map(\.key)) == Set(Self.keys.map { "proxy." + $0.name }))
    }

    @Test("a policy that does not exist is a finding with its place, and the active backend gets every request")
    func policy() throws {
        let settings = try self.settings("[balance]\npolicy = \"wieghted\"\n")
        #expect(settings.steering.policy == .active)
        #expect(settings.status.notices.count == 1)
        let notice = settings.status.notices.first ?? ""
        #expect(notice.hasPrefix("worker-console.toml:2:10: error: \"balance.policy\" must be one of \"active\", "))
        for policy in SteeringSettings.Policy.allCases {
            let settings = try self.settings("[balance]\npolicy = \"\(policy.rawValue)\"\n")
            #expect(settings.status.notices.isEmpty && settings.steering.policy == policy)
        }
    }
}
