import Testing

@testable import NetworkIO

@Suite("TLS contexts", .enabled(if: TLSTestFiles.isAvailable, "openssl makes the certificates"))
struct TLSContextTests {
    private static let noCertificates = "cannot be read as certificates in PEM form"
    private static let noKey = "cannot be read as a private key in PEM form, without a password"

    @Test(
        "files that cannot be used are named, with what is wrong",
        arguments: [
            ("none.pem", "server.key", "none.pem \(noCertificates)"),
            ("text.pem", "server.key", "text.pem \(noCertificates)"),
            ("broken.pem", "server.key", "broken.pem \(noCertificates)"),
            ("half.pem", "server.key", "half.pem \(noCertificates)"),
            ("server.key", "server.key", "server.key \(noCertificates)"),
            (".", "server.key", ". \(noCertificates)"),
            ("server.pem", "none.key", "none.key \(noKey)"),
            ("server.pem", "server.pem", "server.pem \(noKey)"),
            ("server.pem", "locked.key", "locked.key \(noKey)"),
            ("server.pem", ".", ". \(noKey)"),
            ("server.pem", "client.key", "client.key is not the key of FOLDER/server.pem"),
            ("weak.pem", "weak.key", "weak.pem cannot be used: ee key too small"),
        ])
    func badFiles(certificate: String, key: String, text: String) throws {
        let identity = TLSContext.Identity(
            certificateFile: TLSTestFiles.path(certificate), keyFile: TLSTestFiles.path(key))
        let folder = TLSTestFiles.path("")
        let expected = TLSFileError(folder + text.replacing("FOLDER/", with: folder))
        #expect(throws: expected) { try TLSContext.server(identity: identity, applicationProtocols: []) }
        #expect(throws: expected) {
            try TLSContext.client(trust: .system, identity: identity, applicationProtocols: [])
        }
    }

    @Test("an authority file that cannot be used is named", arguments: ["none.pem", "text.pem", "server.key"])
    func badAuthority(name: String) throws {
        let file = TLSTestFiles.path(name)
        #expect(throws: TLSFileError("\(file) \(Self.noCertificates)")) {
            try TLSContext.client(trust: .authorities(file: file), identity: nil, applicationProtocols: [])
        }
    }

    @Test("a key may stand in a file with other things, and behind its parameters")
    func keysAmongOthers() throws {
        let both = TLSTestFiles.path("both.pem")
        _ = try TLSContext.server(
            identity: TLSContext.Identity(certificateFile: both, keyFile: both), applicationProtocols: [])
        // Its certificate is another one's, which shows that the key was read.
        let file = TLSTestFiles.path("parameters.key")
        #expect(throws: TLSFileError("\(file) is not the key of \(both)")) {
            try TLSContext.server(
                identity: TLSContext.Identity(certificateFile: both, keyFile: file), applicationProtocols: [])
        }
    }

    @Test("a client believes the system's authorities, which do not know ours")
    func system() throws {
        let client = try TLSContext.client(trust: .system, identity: nil, applicationProtocols: [])
        let pair = try TLSPair(client, TLSTestFiles.server())
        pair.run()
        #expect(
            pair.client.events == [.failed("certificate verify failed: unable to get local issuer certificate")])
    }
}
