import Foundation
import Synchronization
import TestSupport

@testable import S3Storage

/// A real server of the S3 API, one for all tests of the process; ends with it, or after ten minutes.
final class SeaweedServer: Sendable {
    static var isAvailable: Bool { PythonTools.weed != nil }
    static let credentials = S3Credentials(accessKey: "AKIDEXAMPLE", secretKey: "secret/key+EXAMPLE")

    /// Starts the server at the first call.
    static var shared: SeaweedServer? {
        get async { await self.starting.value }
    }

    private static let starting = Task { try? await SeaweedServer() }

    let port: Int
    private let program: SpawnedProgram
    private let folder: String

    private init() async throws {
        let folder = try temporaryFolder()
        let identity: [String: Any] = [
            "identities": [
                [
                    "name": "tests", "actions": ["Admin", "Read", "Write", "List", "Tagging"],
                    "credentials": [
                        ["accessKey": Self.credentials.accessKey, "secretKey": Self.credentials.secretKey]
                    ],
                ]
            ]
        ]
        try JSONSerialization.data(withJSONObject: identity).write(to: URL(fileURLWithPath: folder + "/s3.json"))
        // Its other servers listen 10,000 ports further on as well.
        let ports = try Self.freePorts(4)
        self.folder = folder
        self.port = ports[0]
        // It talks much, and would wait for a reader.
        self.program = try SpawnedProgram([
            "sh", "-c", "exec \"$@\" >/dev/null 2>&1", "sh", "timeout", "-s", "KILL", "600", PythonTools.weed ?? "weed",
            "server", "-dir=\(folder)", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", "-s3.port=\(ports[0])",
            "-s3.config=\(folder)/s3.json", "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.port=\(ports[1])",
            "-volume.port=\(ports[2])",
            "-filer.port=\(ports[3])", "-volume.max=100", "-master.volumeSizeLimitMB=64",
        ])
        SeaweedServer.atEnd(self.program.identifier, folder, ports)
        try await self.waitUntilReady()
    }

    /// The server must not outlive the tests: nobody owns a static value.
    private static func atEnd(_ process: pid_t, _ folder: String, _ ports: [Int]) {
        self.ending.withLock { $0 = (process, folder, ports) }
        atexit {
            SeaweedServer.ending.withLock { ending in
                guard let (process, folder, ports) = ending else { return }
                kill(-process, SIGKILL)
                try? FileManager.default.removeItem(atPath: folder)
                // It puts sockets there, whatever TMPDIR says.
                for part in ["master", "volume", "filer", "s3"] {
                    for port in ports {
                        unlink("/tmp/seaweedfs-\(part)-\(port).sock")
                        unlink("/tmp/seaweedfs-\(part)-grpc-\(port + 10_000).sock")
                    }
                }
            }
        }
    }

    private static let ending = Mutex<(process: pid_t, folder: String, ports: [Int])?>(nil)

    func makeBucket(_ name: String) async throws {
        let endpoint = try S3Endpoint(url: "http://127.0.0.1:\(self.port)", bucket: name)
        let client = S3Client(
            endpoint: endpoint, credentials: FixedCredentials(Self.credentials), transfers: CurlTransfers.shared)
        _ = try await client.perform(S3Client.Call(method: "PUT", body: []), "make a bucket")
    }

    /// One bucket for all tests that only read it; each makes its own objects once.
    static func filled(
        _ bodies: [(key: String, parts: [[UInt8]])], _ put: @escaping @Sendable (String, [UInt8]) async throws -> Void
    ) async throws {
        let task = self.filling.withLock { filling in
            let task =
                filling
                ?? Task {
                    guard let server = await SeaweedServer.shared else { throw CocoaError(.featureUnsupported) }
                    try await server.makeBucket("contract")
                    for body in bodies { try await put(body.key, Array(body.parts.joined())) }
                }
            filling = task
            return task
        }
        try await task.value
    }

    private static let filling = Mutex<Task<Void, any Error>?>(nil)

    /// It says nothing when it is: a bucket can be made.
    private func waitUntilReady() async throws {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            do {
                try await self.makeBucket("ready-\(UUID().uuidString.lowercased())")
                return
            } catch {
                guard ContinuousClock.now < end else { throw error }
            }
        }
    }

    /// Ports that are free, with room for those 10,000 further on.
    private static func freePorts(_ count: Int) throws -> [Int] {
        var ports: [Int] = []
        var port = 20_000 + Int(getpid()) % 10_000
        while ports.count < count {
            port += 1
            if Self.isFree(port), Self.isFree(port + 10_000) { ports.append(port) }
        }
        return ports
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = UInt16(port).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
