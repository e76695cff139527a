import Testing
import WorkerDomain

@testable import WorkerProject

@Suite("Probes, policies and canaries in worker-console.toml")
struct SteeringConfigurationTests {
    private static let backends =
        "[backends.blue]\nurl = \"http://a\"\n[backends.green]\nurl = \"http://b\"\nweight = 3\n"

    private func read(_ text: String) throws -> (ConsoleConfiguration, [ConfigurationFinding]) {
        ConsoleConfigurationReader.read(try TOMLReader.parse(Array(text.utf8)), file: "/x/worker-console.toml")
    }

    @Test("every key is read")
    func all() throws {
        let (console, findings) = try self.read(
            """
            [health]
            method = "HEAD"
            path = "/health"
            expect = [204, "3xx", "400-404"]
            interval_ms = 9000
            fast_ms = 900
            down_ms = 800
            timeout_ms = 700
            fall = 4
            rise = 5
            jitter_percent = 6
            passive_failures = 7
            passive_window = 80
            [balance]
            policy = "weighted"
            drain_ms = 100
            remember = "file"
            [canary]
            backend = "green"
            percent = 25
            max_5xx_percent = 0.5
            max_slowdown = 3
            min_requests = 9
            hold_ms = 4000
            [proxy]
            target_header = true

            """ + Self.backends)
        #expect(findings.isEmpty, "\(findings)")
        let health = console.health
        #expect(health.method == .http(method: "HEAD", path: "/health"))
        #expect(health.passingStatuses == [204...204, 300...399, 400...404])
        let times = [health.interval, health.fastInterval, health.downInterval, health.timeout]
        #expect(times == [9_000, 900, 800, 700].map { .milliseconds($0) })
        #expect(health.fall == 4 && health.rise == 5 && health.jitter == 0.06)
        let steering = console.steering
        #expect([steering.passiveFailures, steering.passiveWindow] == [7, 80])
        #expect(steering.policy == .weighted && steering.drainTimeout == .milliseconds(100))
        #expect(console.remember == .file && steering.takesTargetField)
        #expect(console.canary.backend == "green" && console.canary.percent == 25)
        #expect(steering.canaryRule.serverErrors == 0.5 && steering.canaryRule.slowdown == 3)
        #expect(steering.canaryRule.requests == 9 && steering.canaryRule.hold == .seconds(4))
        #expect(console.backends.map(\.weight) == [1, 3])
    }

    @Test("times that do not go together are told in whole milliseconds, and do not count as set")
    func longerThanInterval() throws {
        let (console, findings) = try self.read("[health]\nfast_ms = 20000\ninterval_ms = 10001\n")
        let message = "\"health.fast_ms\" is 20000 and so longer than health.interval_ms, which is 10001"
        #expect(findings.map(\.message) == [message])
        #expect(console.places.keys.sorted() == ["health.interval_ms"])
        #expect(console.health.fastInterval == console.health.interval)
    }

    @Test("a path alone asks with GET")
    func path() throws {
        let (console, findings) = try self.read("[health]\npath = \"/up\"\n")
        #expect(findings.isEmpty && console.health.method == .http(method: "GET", path: "/up"))
    }

    @Test(
        "what cannot be used is said",
        arguments: [
            ("health.method", "[health]\nmethod = \"get\"\n"), ("health.path", "[health]\npath = \"up\"\n"),
            ("health.path", "[health]\nmethod = \"TCP\"\npath = \"/up\"\n"),
            ("health.expect", "[health]\nexpect = [\"20\"]\n"), ("health.expect", "[health]\nexpect = []\n"),
            ("health.expect", "[health]\nexpect = [\"400-200\"]\n"), ("health.expect", "[health]\nexpect = [700]\n"),
            ("health.interval_ms", "[health]\ninterval_ms = 1\n"),
            ("health.fast_ms", "[health]\nfast_ms = 20000\n"), ("health.fall", "[health]\nfall = 0\n"),
            ("health.jitter_percent", "[health]\njitter_percent = 51\n"),
            ("health.passive_failures", "[health]\npassive_failures = 60\n"),
            ("balance.policy", "[balance]\npolicy = 3\n"), ("balance.remember", "[balance]\nremember = \"disk\"\n"),
            ("canary.percent", "[canary]\npercent = 100\n"), ("canary.backend", "[canary]\nbackend = \"blue\"\n"),
            ("canary.max_5xx_percent", "[canary]\nmax_5xx_percent = -1\n"),
            ("proxy.target_header", "[proxy]\ntarget_header = 1\n"),
            ("backends.blue.weight", "[backends.blue]\nurl = \"http://a\"\nweight = 1001\n"),
        ])
    func refused(key: String, text: String) throws {
        let full = text.contains("[backends") ? text : text + Self.backends
        let (_, findings) = try self.read(full)
        #expect(findings.map(\.field) == [key], "\(findings)")
    }
}
