import CommandLineArguments
import Dispatch
import OperatingSystem
import ProxyCore
import TextSafety
import WorkerDomain

/// Opens the console on an embedded sample: project, local state, two backends and traffic, all of it real.
struct DemoCommand: Command {
    static let declaration = CommandDeclaration(
        name: "demo",
        abstract: "Open the console on an embedded sample.",
        discussion: """
            A project like your own in a temporary folder, with local state as wrangler dev stores it, two sample \
            backends in this process, and light traffic through the proxy. The folder is removed on exit.
            """,
        parameters: ServingOptions.parameters + [ServingOptions.readOnly] + InterfaceOptions.parameters)

    let serving: ServingOptions
    let interface: InterfaceOptions

    init(_ arguments: Arguments) throws(UsageError) {
        var serving = try ServingOptions(arguments)
        serving.isReadOnly = arguments[ServingOptions.readOnly]
        self.serving = serving
        self.interface = InterfaceOptions(arguments)
    }

    func run() async throws(CommandFailure) {
        let suffix = ControlCharacters.hexadecimal(.random(in: 0 ... .max), digits: 8)
        let folder = "\(Folders.temporary)/worker-console-demo-\(suffix)"
        do throws(SystemError) {
            try Folders.makeNew(folder, mode: 0o700)
        } catch {
            throw .cannotRun(
                "cannot create the sample's folder \(folder): \(error.reason); set TMPDIR to use another place")
        }
        defer { try? Folders.remove(folder) }
        let backends: DemoBackends
        do {
            backends = try await DemoBackends.start()
        } catch {
            throw .cannotRun("cannot start the sample's backends: \(error)")
        }
        let outcome = await Result(of: { () async throws(CommandFailure) in
            try await self.open(folder, backends: backends)
        })
        await backends.stop()
        try outcome.get()
    }

    private func open(_ folder: String, backends: DemoBackends) async throws(CommandFailure) {
        var settings: SessionSettings
        let project: DemoProject
        do {
            project = try DemoProject.prepare(in: folder, backends: backends.backends)
            settings = try ProjectSettings(folder: folder, environment: self.serving.env ?? "").session(
                with: self.serving)
        } catch {
            let reason = (error as? SystemError)?.reason ?? "\(error)"
            throw .cannotRun("cannot set up the sample in \(folder): \(reason)")
        }
        // The sample's folder goes at the end; nothing of it is kept.
        settings.ledger = nil
        // What CLOUDFLARE_ENV names is of another project.
        settings.environment = self.serving.env ?? ""
        settings.opened?.environment = self.serving.env ?? ""
        let (filling, filled) = AsyncStream.makeStream(of: Void.self)
        let waiting = Task { for await _ in filling {} }
        settings.stateIsReady = { await waiting.value }
        let program = ConsoleProgram(settings: settings, interface: self.interface) { session in
            await self.fill(project, session)
            filled.finish()
            guard let address = session.addresses.first else { return }
            await DemoTraffic(host: address.host, port: address.port).run()
        }
        try await program.run()
    }

    /// The screen opens before its contents are written, which takes longer than people like to wait.
    private func fill(_ project: DemoProject, _ session: Session) async {
        let failure = await withCheckedContinuation { (continuation: CheckedContinuation<StorageError?, Never>) in
            DispatchQueue.global().async {
                do throws(StorageError) {
                    try project.fill()
                    continuation.resume(returning: nil)
                } catch {
                    continuation.resume(returning: error)
                }
            }
        }
        if let failure {
            session.worker.update { $0.notices.append("cannot set up the sample: \(failure)") }
        }
        await session.worker.probeBindings()
    }
}
