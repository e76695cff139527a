import Foundation
import TestSupport

@testable import NetworkIO

/// The certificates that the TLS tests share: making them takes some tenths of a second.
enum TLSTestFiles {
    /// `nil` when openssl failed.
    static let shared: TestCertificates? = {
        guard TestCertificates.isAvailable, let made = try? TestCertificates.make() else { return nil }
        atexit { TLSTestFiles.shared?.remove() }
        do {
            try Self.addSpecial(to: made)
            return made
        } catch { return nil }
    }()

    static var isAvailable: Bool { self.shared != nil }

    private static func addSpecial(to made: TestCertificates) throws {
        try made.issue("wildcard", for: "DNS:*.wild.test")
        try made.issue("partial", for: "DNS:part*.wild.test")
        try made.issue("subject", for: nil)
        try made.issue("v6", for: "IP:::1")
        try made.issue("between", for: nil, isAuthority: true)
        try made.issue("chained", for: "DNS:backend.test", by: "between")
        try self.join(["chained.pem", "between.pem"], as: "chain.pem", in: made)
        try self.join(["server.key", "server.pem"], as: "both.pem", in: made)
        try made.run([
            "ec", "-in", made.path("server.key"), "-aes128", "-passout", "pass:secret", "-out",
            made.path("locked.key"),
        ])
        try made.run(["ecparam", "-genkey", "-name", "prime256v1", "-out", made.path("parameters.key")])
        // This command makes certificates that end before they begin.
        try made.run([
            "req", "-new", "-key", made.path("server.key"), "-subj", "/CN=old", "-out", made.path("old.csr"),
            "-addext", "subjectAltName=DNS:backend.test",
        ])
        try made.run([
            "x509", "-req", "-in", made.path("old.csr"), "-CA", made.path("ca.pem"), "-CAkey",
            made.path("ca.key"), "-days", "-1", "-copy_extensions", "copyall", "-out", made.path("old.pem"),
        ])
        try made.run([
            "req", "-x509", "-newkey", "rsa:1024", "-noenc", "-keyout", made.path("weak.key"), "-out",
            made.path("weak.pem"), "-subj", "/CN=weak", "-days", "2",
        ])
        try Data("no certificate\n".utf8).write(to: URL(fileURLWithPath: made.path("text.pem")))
        let broken = "-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n"
        try Data(broken.utf8).write(to: URL(fileURLWithPath: made.path("broken.pem")))
        try self.join(["server.pem", "broken.pem"], as: "half.pem", in: made)
    }

    private static func join(_ names: [String], as name: String, in made: TestCertificates) throws {
        let parts = try names.map { try Data(contentsOf: URL(fileURLWithPath: made.path($0))) }
        try parts.reduce(Data(), +).write(to: URL(fileURLWithPath: made.path(name)))
    }

    static func path(_ name: String) -> String { self.shared?.path(name) ?? name }

    static func identity(_ name: String) -> TLSContext.Identity {
        TLSContext.Identity(certificateFile: self.path("\(name).pem"), keyFile: self.path("\(name).key"))
    }

    static func server(_ name: String = "server", protocols: [String] = ["http/1.1"]) throws -> TLSContext {
        try TLSContext.server(identity: self.identity(name), applicationProtocols: protocols)
    }

    /// Believes certificates of `authority`.pem; `nil` believes all.
    static func client(
        _ authority: String? = "ca", identity: String? = nil, protocols: [String] = ["http/1.1"]
    ) throws -> TLSContext {
        try TLSContext.client(
            trust: authority.map { .authorities(file: self.path("\($0).pem")) } ?? .everybody,
            identity: identity.map { self.identity($0) }, applicationProtocols: protocols)
    }
}
