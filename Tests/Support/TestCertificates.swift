import Foundation

/// Certificates for one test, in a folder of their own, made by openssl.
package struct TestCertificates: Sendable {
    /// The program failed.
    package struct Failure: Error { let arguments: [String] }

    private static let program = ["/usr/bin/openssl", "/usr/local/bin/openssl", "/opt/homebrew/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    package static var isAvailable: Bool { self.program != nil }

    package let folder: String

    package func path(_ name: String) -> String { "\(self.folder)/\(name)" }

    package func remove() { try? FileManager.default.removeItem(atPath: self.folder) }

    /// `ca`, `server` (for `backend.test`), `address` (for 127.0.0.1) and `client` by it, and `other-ca` that vouches
    /// for nobody.
    package static func make() throws -> TestCertificates {
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
}
