import Foundation

/// Certificates for one test, in a folder of their own, made by openssl.
struct TestCertificates: Sendable {
    /// The program failed.
    struct Failure: Error { let arguments: [String] }

    private static let program = ["/usr/bin/openssl", "/usr/local/bin/openssl", "/opt/homebrew/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static var isAvailable: Bool { self.program != nil }

    let folder: String

    func path(_ name: String) -> String { "\(self.folder)/\(name)" }

    func remove() { try? FileManager.default.removeItem(atPath: self.folder) }

    /// `ca`, `server` (for `backend.test`), `address` (for 127.0.0.1) and `client` by it, and `other-ca` that vouches for nobody.
    static func make() throws -> TestCertificates {
        let made = TestCertificates(folder: NSTemporaryDirectory() + "wc-tls-\(UInt64.random(in: 0...UInt64.max))")
        try FileManager.default.createDirectory(atPath: made.folder, withIntermediateDirectories: true)
        for name in ["ca", "other-ca"] {
            try made.run(
                ["req", "-x509"] + self.newKey(made.path("\(name).key")) + [
                    "-out", made.path("\(name).pem"), "-subj", "/CN=Test \(name)", "-days", "2",
                    "-addext", "keyUsage=critical,keyCertSign",
                ])
        }
        for (name, alternatives) in [
            ("server", "DNS:backend.test"), ("address", "IP:127.0.0.1"), ("client", "DNS:client.test"),
        ] {
            try made.run(
                ["req", "-x509"] + self.newKey(made.path("\(name).key")) + [
                    "-out", made.path("\(name).pem"), "-subj", "/CN=Test \(name)", "-days", "2",
                    "-CA", made.path("ca.pem"), "-CAkey", made.path("ca.key"),
                    "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=\(alternatives)",
                ])
        }
        return made
    }

    private static func newKey(_ path: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-keyout", path]
    }

    private func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program ?? "")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(arguments: arguments) }
    }

    /// A TLS server that answers only clients with a certificate of `ca`.
    func startServer() throws -> (process: Process, port: Int) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: Self.program ?? "")
        process.arguments = [
            "s_server", "-accept", "127.0.0.1:0", "-cert", self.path("server.pem"), "-key", self.path("server.key"),
            "-CAfile", self.path("ca.pem"), "-Verify", "1", "-verify_return_error", "-www",
        ]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        var text = ""
        // It says `ACCEPT 127.0.0.1:41234` when it listens.
        while !text.contains("ACCEPT") || !text.hasSuffix("\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Failure(arguments: process.arguments ?? []) }
            text += String(decoding: data, as: UTF8.self)
        }
        let line = text.split(separator: "\n").first { $0.hasPrefix("ACCEPT") } ?? ""
        return (process, line.split(separator: ":").last.flatMap { Int($0) } ?? 0)
    }
}
