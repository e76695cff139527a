import ArgumentParser
import Foundation
import ProxyCore
import ServiceLifecycle

/// Opens the console on an embedded sample: project, local state, two backends and traffic, all of it real.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Open the console on an embedded sample.",
        discussion: """
            A project like your own in a temporary folder, with local state as wrangler dev leaves it, two sample \
            backends in this process, and gentle traffic through the proxy. The folder is removed at the end.
            """)

    @OptionGroup var serving: ServingOptions
    @OptionGroup var interface: InterfaceOptions

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("worker-console-demo-\(UUID().uuidString.prefix(8).lowercased())").path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            StandardError.say("worker-console: cannot make the sample's folder \(folder): \(error)")
            throw ExitCode.cannotRun
        }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let backends: DemoBackends
        do {
            backends = try await DemoBackends.start()
        } catch {
            StandardError.say("worker-console: cannot start the sample's backends: \(error)")
            throw ExitCode.cannotRun
        }
        let settings: SessionSettings
        do {
            _ = try DemoProject.create(in: folder, backends: backends.backends)
            var made = try ProjectSettings(folder: folder, environment: self.serving.env).session(with: self.serving)
            // The sample's folder goes at the end; nothing of it is kept.
            made.ledger = nil
            settings = made
        } catch {
            await backends.stop()
            StandardError.say("worker-console: cannot set up the sample: \(error)")
            throw ExitCode.cannotRun
        }
        let program = ConsoleProgram(settings: settings, interface: self.interface) { session in
            guard let address = session.addresses.first else { return [] }
            return [DemoTrafficService(host: address.host, port: address.port)]
        }
        do {
            try await program.run()
        } catch {
            await backends.stop()
            throw error
        }
        await backends.stop()
    }
}

/// Sends the sample's traffic through the proxy until the end.
struct DemoTrafficService: Service {
    let host: String
    let port: Int

    func run() async throws {
        let traffic = DemoTraffic(host: self.host, port: self.port)
        await cancelWhenGracefulShutdown { await traffic.run() }
    }
}
