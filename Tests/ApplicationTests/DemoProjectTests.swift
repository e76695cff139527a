import Foundation
import LocalState
import ProxyCore
import Testing
import TrafficJournal
import WorkerDomain
import WorkerProject

@testable import Application

@Suite("Demo", .timeLimit(.minutes(2)))
struct DemoProjectTests {
    @Test("the project's files and its local state are there")
    func project() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("demo-\(UUID().uuidString)").path
        let backend = Backend(name: "blue", url: BackendURL(scheme: .http, host: "127.0.0.1", port: 9_000))
        let project = try DemoProject.create(in: folder, backends: [backend])
        defer { project.remove() }
        for name in ["wrangler.toml", "worker.py", "worker-console.toml", ".wrangler/state/v3"] {
            #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"), "\(name)")
        }
        let text = try String(contentsOfFile: "\(folder)/worker-console.toml", encoding: .utf8)
        #expect(text.contains("url = \"http://127.0.0.1:9000\""))
        #expect(throws: (any Error).self) { try DemoProject.create(in: folder) }
    }

    @Test("every deploy check of the sample passes")
    func checks() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("demo-\(UUID().uuidString)").path
        let backends = try await DemoBackends.start()
        let project = try DemoProject.create(in: folder, backends: backends.backends)
        let report = await ProjectChecks.runner(folder: folder, environment: nil) { [] }.run()
        project.remove()
        await backends.stop()
        for finding in report.results where finding.outcome != .pass && finding.outcome != .skip {
            Issue.record("\(finding)")
        }
        #expect(report.results.count == DeployChecks.all.count)
    }

    @Test(
        "every check of local state waits for what is still being written",
        arguments: ["bindings.local", "bindings.d1", "bindings.r2"])
    func checksOfState(id: String) async throws {
        let check = try #require(DeployChecks.all.first { $0.id == id })
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("demo-\(UUID().uuidString)").path
        let project = try DemoProject.prepare(in: folder)
        // It is written only once somebody waits for it.
        let (asked, ask) = AsyncStream.makeStream(of: Void.self)
        let filling = Task {
            for await _ in asked {}
            try project.fill()
        }
        let runner = ProjectChecks.runner(
            folder: folder, environment: nil, checks: [check], backends: { [] },
            stateIsReady: {
                ask.finish()
                _ = await filling.result
            })
        let results = await runner.run().results
        #expect(!results.isEmpty)
        for result in results { #expect(!result.summary.contains("nothing stored"), "\(result.summary)") }
        ask.finish()
        try await filling.value
        project.remove()
    }

    @Test("what was stored reads back")
    func state() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("demo-\(UUID().uuidString)").path
        let project = try DemoProject.create(in: folder)
        defer { project.remove() }
        let settings = try ProjectSettings(folder: folder, environment: nil)
        let resources = settings.storeRequests().compactMap(\.resource)
        #expect(resources.map(\.binding.name) == ["DB", "UPLOADS_BUCKET", "EXPORTS_BUCKET"])
        let probe = BindingProbe()
        for resource in resources {
            let health = await probe.health(of: resource, timeout: .seconds(5))
            #expect(health.state == .healthy && (health.items ?? 0) > 5, "\(resource.binding.name) \(health)")
        }
    }

    // The proxy changes an exchange that it is already changing when a client leaves in the middle of a write.
    @Test("traffic of every kind goes through the proxy and is one row each")
    func traffic() async throws {
        let backends = try await DemoBackends.start()
        let journal = Journal()
        var configuration = ProxyConfiguration()
        configuration.listen = [ListenAddress(host: "127.0.0.1", port: 0)]
        let proxy = ProxyServer(configuration: configuration, backends: backends.backends, sink: journal)
        let address = try #require(try await proxy.start().first)
        await DemoTraffic(host: "127.0.0.1", port: address.port).run(count: 120, pause: .milliseconds(5))
        await proxy.stop()
        await backends.stop()
        let delta = journal.delta(since: nil)
        #expect(delta.changed.count == 120 && delta.statistics.inFlight == 0 && delta.statistics.dropped == 0)
        for filter in [
            "preflight", "st:201", "st:404", "st:500", "flag:aborted", "path:/api/stream st:200", "dur>500ms",
        ] {
            let parsed = try TrafficFilter(parsing: filter)
            #expect(delta.changed.contains { parsed.matches($0, now: $0.startedAt) }, "\(filter)")
        }
    }
}
