import Testing

@testable import NetworkIO

@Suite(
    "TLS sessions", .timeLimit(.minutes(1)), .enabled(if: TLSTestFiles.isAvailable, "openssl makes the certificates"))
struct TLSSessionTests {
    @Test("a handshake agrees on a version, a cipher and a protocol", arguments: [Int.max, 1])
    func handshake(partsOf size: Int) throws {
        let pair = try TLSPair(TLSTestFiles.client(), TLSTestFiles.server())
        #expect(pair.client.session.facts == nil)
        pair.run(partsOf: size)
        #expect(pair.client.events == [.handshakeDone])
        #expect(pair.server.events == [.handshakeDone])
        let facts = TLSFacts(version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", applicationProtocol: "http/1.1")
        #expect(pair.client.session.facts == facts)
        #expect(pair.server.session.facts == facts)
        pair.client.write("a request")
        pair.run(partsOf: size)
        pair.server.write("a response")
        pair.run(partsOf: size)
        #expect(pair.server.text == "a request")
        #expect(pair.client.text == "a response")
    }

    @Test(
        "a server chooses a protocol that it knows, and serves a client without one",
        arguments: [
            (["http/1.1"], "http/1.1"), (["h2", "http/1.1"], "http/1.1"), (["h2"], nil), ([], nil),
            (["http/1.1x"], nil),
        ] as [([String], String?)])
    func applicationProtocol(offered: [String], chosen: String?) throws {
        let pair = try TLSPair(TLSTestFiles.client(protocols: offered), TLSTestFiles.server())
        pair.run()
        #expect(pair.client.events == [.handshakeDone])
        #expect(pair.client.session.facts?.applicationProtocol == chosen)
        #expect(pair.server.session.facts?.applicationProtocol == chosen)
    }

    @Test("many records that arrive at once are handed over at once")
    func manyRecords() throws {
        let pair = try TLSPair.connected()
        for number in 0..<200 { pair.client.write("record \(number);") }
        pair.run()
        #expect(pair.server.text == (0..<200).map { "record \($0);" }.joined())
        #expect(pair.server.plaintextCount == 1)
    }

    @Test("a mebibyte passes both ways in records of 16 KiB", arguments: [Int.max, 5_000])
    func large(partsOf size: Int) throws {
        let pair = try TLSPair.connected()
        let bytes = (0..<1_048_576).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ ($0 >> 8)) }
        pair.client.write(bytes)
        pair.server.write(Array(bytes.reversed()))
        let encrypted = pair.client.takeOutput()
        #expect(encrypted.count == bytes.count + 64 * 22)
        pair.server.receive(encrypted, partsOf: size)
        pair.run(partsOf: size)
        #expect(pair.server.plaintext == bytes)
        #expect(pair.client.plaintext == bytes.reversed())
    }

    @Test("what is not decrypted yet is kept, and comes before what arrives later")
    func kept() throws {
        let pair = try TLSPair.connected()
        pair.client.write("first;")
        pair.client.write("second;")
        let first = pair.client.takeOutput()
        pair.client.write("third")
        let second = pair.client.takeOutput()
        let server = pair.server
        first.withUnsafeBytes { bytes in server.session.feed(bytes) { server.step(room: 4) } }
        #expect(server.text == "firs")
        #expect(server.session.hasInput)
        second.withUnsafeBytes { bytes in server.session.feed(bytes) {} }
        #expect(server.text == "firs")
        server.pump()
        #expect(server.text == "first;second;third")
        #expect(!server.session.hasInput)
    }

    @Test("either side ends its half, and still receives")
    func ends() throws {
        let pair = try TLSPair.connected()
        pair.client.write("the last words")
        pair.client.close()
        pair.client.close()
        #expect(!pair.client.write("one more"))
        pair.run()
        #expect(pair.server.text == "the last words")
        #expect(pair.server.events == [.handshakeDone, .ended])
        #expect(pair.server.session.hasReceivedEnd)
        #expect(!pair.client.session.hasReceivedEnd)
        pair.server.write("an answer")
        pair.server.close()
        pair.run()
        #expect(pair.client.text == "an answer")
        #expect(pair.client.events == [.handshakeDone, .ended])
    }

    @Test("nothing follows an end")
    func afterEnd() throws {
        let pair = try TLSPair.connected()
        pair.client.close()
        let end = pair.client.takeOutput()
        pair.server.receive(end + [UInt8](repeating: 7, count: 100))
        #expect(pair.server.events == [.handshakeDone, .ended])
        pair.server.receive([1, 2, 3])
        #expect(!pair.server.session.hasInput)
        #expect(pair.server.events == [.handshakeDone, .ended])
    }

    @Test("nothing can be written before the handshake, and no end be sent")
    func early() throws {
        let server = try TLSPeer(TLSTestFiles.server().makeServerSession())
        #expect(!server.write("too early"))
        server.close()
        #expect(server.takeOutput().isEmpty)
    }

    // MARK: - Failures

    @Test(
        "a client that does not speak TLS is told apart",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "the peer speaks plain HTTP"),
            ("CONNECT a:1 HTTP/1.1\r\n\r\n", "the peer speaks plain HTTP"),
            ("SSH-2.0-OpenSSH_9.2\r\n", "the peer does not speak TLS"),
            ("\u{16}\u{3}\u{1}\u{0}\u{5}hello", "unexpected message"),
        ])
    func garbageFromClient(text: String, reason: String) throws {
        let server = try TLSPeer(TLSTestFiles.server().makeServerSession())
        server.receive(Array(text.utf8))
        #expect(server.events == [.failed(reason)])
        #expect(server.session.failure == reason)
        server.pump()
        #expect(server.events == [.failed(reason), .failed(reason)])
    }

    @Test(
        "a server that does not speak TLS is told apart",
        arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "\0\0\0\0\0\0\0\0"])
    func garbageFromServer(text: String) throws {
        let client = try TLSPeer(TLSTestFiles.client().makeClientSession(serverName: "a"))
        client.pump()
        client.receive(Array(text.utf8))
        #expect(client.events == [.failed("the peer does not speak TLS")])
    }

    @Test("a damaged record ends both sides, and the other one learns why")
    func damaged() throws {
        let pair = try TLSPair.connected()
        pair.client.write("whole")
        pair.client.write("damaged")
        var bytes = pair.client.takeOutput()
        bytes[bytes.count - 1] ^= 1
        pair.server.receive(bytes)
        #expect(pair.server.text == "whole")
        #expect(pair.server.events == [.handshakeDone, .failed("decryption failed or bad record mac")])
        #expect(!pair.server.write("more"))
        pair.run()
        #expect(pair.client.events == [.handshakeDone, .failed("the peer sent the alert bad record mac")])
    }

    @Test("an old version is refused, with the alert that says so")
    func oldVersion() throws {
        let server = try TLSPeer(TLSTestFiles.server().makeServerSession())
        // A ClientHello of TLS 1.0 with one cipher and no extensions.
        let hello: [UInt8] = [3, 1] + [UInt8](repeating: 9, count: 32) + [0, 0, 2, 0, 0x2f, 1, 0]
        let message = [1, 0, 0, UInt8(hello.count)] + hello
        server.receive([0x16, 3, 1, 0, UInt8(message.count)] + message)
        #expect(server.events == [.failed("the peer does not support TLS 1.2 or later")])
        // A fatal alert: protocol_version.
        #expect(server.takeOutput().suffix(2) == [2, 70])
    }

    @Test("an end in the middle of a handshake is a failure")
    func endOfHandshake() throws {
        let client = try TLSPeer(TLSTestFiles.client().makeClientSession(serverName: "a"))
        client.pump()
        client.receive([0x15, 3, 3, 0, 2, 1, 0])
        #expect(client.events == [.failed("the peer has ended the handshake")])
    }

    // MARK: - Verification

    @Test(
        "a server must prove to be who is wanted",
        arguments: [
            ("server", "ca", "backend.test", nil),
            ("server", "ca", "BACKEND.test.", nil),
            ("server", "ca", "evil.test", "hostname mismatch"),
            ("server", "ca", "127.0.0.1", "IP address mismatch"),
            ("server", "other-ca", "backend.test", "unable to get local issuer certificate"),
            ("server", nil, "evil.test", nil),
            ("server", "server", "backend.test", nil),
            ("address", "ca", "127.0.0.1", nil),
            ("address", "ca", "127.0.0.2", "IP address mismatch"),
            ("address", "ca", "localhost", "hostname mismatch"),
            ("v6", "ca", "::1", nil),
            ("v6", "ca", "0:0:0:0:0:0:0:1", nil),
            ("v6", "ca", "::2", "IP address mismatch"),
            ("wildcard", "ca", "a.wild.test", nil),
            ("wildcard", "ca", "a.b.wild.test", "hostname mismatch"),
            ("wildcard", "ca", "wild.test", "hostname mismatch"),
            ("partial", "ca", "party.wild.test", "hostname mismatch"),
            ("subject", "ca", "backend.test", "hostname mismatch"),
            ("old", "ca", "backend.test", "certificate has expired"),
            ("old", nil, "backend.test", nil),
            ("chain", "ca", "backend.test", nil),
            ("chained", "ca", "backend.test", "unable to get local issuer certificate"),
            ("chained", "between", "backend.test", nil),
            ("ca", "other-ca", "backend.test", "self-signed certificate"),
        ] as [(String, String?, String, String?)])
    func verification(shown: String, authority: String?, name: String, problem: String?) throws {
        let keys = ["old": "server", "chain": "chained"]
        let identity = TLSContext.Identity(
            certificateFile: TLSTestFiles.path("\(shown).pem"),
            keyFile: TLSTestFiles.path("\(keys[shown] ?? shown).key"))
        let server = try TLSContext.server(identity: identity, applicationProtocols: [])
        let pair = try TLSPair(TLSTestFiles.client(authority), server, name: name)
        pair.run()
        guard let problem else {
            #expect(pair.client.events == [.handshakeDone])
            #expect(pair.server.events == [.handshakeDone])
            return
        }
        #expect(pair.client.events == [.failed("certificate verify failed: \(problem)")])
        // The server learns why.
        #expect(pair.server.session.failure?.hasPrefix("the peer sent the alert ") == true)
    }

    @Test("without a name nobody can be verified", arguments: ["", ".", "a\0b"])
    func noName(name: String) throws {
        let client = try TLSPeer(TLSTestFiles.client().makeClientSession(serverName: name))
        client.pump()
        #expect(client.events == [.failed("\(name) is not a valid server name")])
        #expect(client.takeOutput().isEmpty)
    }

    @Test("the name of a server is asked for, an address is not")
    func serverName() throws {
        for (name, isAsked) in [("backend.test", true), ("127.0.0.1", false), ("::1", false)] {
            let client = try TLSPeer(TLSTestFiles.client().makeClientSession(serverName: name))
            client.pump()
            let hello = String(decoding: client.takeOutput(), as: UTF8.self)
            #expect(hello.contains(name) == isAsked)
        }
    }
}
