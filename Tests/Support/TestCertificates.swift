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
        try made.issue("server", for: "DNS:backend.test")
        try made.issue("address", for: "IP:127.0.0.1")
        try made.issue("client", for: "DNS:client.test")
        return made
    }

    /// Makes `name`.pem and `name`.key.
    ///
    /// - Parameters:
    ///   - name: Of the files.
    ///   - alternatives: Names and addresses that the certificate is for; `nil` for `Test <name>` in its subject alone.
    ///   - authority: The name of the certificate that vouches for it.
    ///   - isAuthority: It may vouch for others.
    /// - Throws: ``Failure``.
    package func issue(
        _ name: String, for alternatives: String?, by authority: String = "ca", isAuthority: Bool = false
    ) throws {
        let extensions = [
            "basicConstraints=critical,CA:\(isAuthority ? "TRUE" : "FALSE")",
            isAuthority ? "keyUsage=critical,keyCertSign" : "keyUsage=critical,digitalSignature",
            alternatives.map { "subjectAltName=\($0)" },
        ]
        try self.run(
            ["req", "-x509"] + Self.newKey(self.path("\(name).key")) + [
                "-out", self.path("\(name).pem"), "-subj", "/CN=Test \(name)", "-days", "2",
                "-CA", self.path("\(authority).pem"), "-CAkey", self.path("\(authority).key"),
            ] + extensions.compactMap { $0 }.flatMap { ["-addext", $0] })
    }

    private static func newKey(_ path: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-keyout", path]
    }

    /// Runs openssl to its end.
    package func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program ?? "")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(arguments: arguments) }
    }
}
