import Foundation
import TestOrigin
import Testing
import WorkerDomain

/// The ways in which either side ends a connection.
@Suite("Ends of connections", .timeLimit(.minutes(1)), .serialized)
struct EndingTests {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let part = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"

    @Test(
        "an origin closes or resets before, within and after an answer",
        arguments: [
            ([ScriptedOrigin.Step.close], RawClient.Ending.closed), ([.reset], .reset),
            ([.send(Self.part), .close], .closed), ([.send(Self.part), .hold, .reset], .reset),
            ([.send(ScriptedOriginTests.ok), .close], .closed), ([.send("HTTP/1.1 20"), .close], .closed),
        ])
    func origin(steps: [ScriptedOrigin.Step], expected: RawClient.Ending) async throws {
        let origin = try await ScriptedOrigin.start { _ in steps }
        let client = try await RawClient.connect(port: origin.port)
        try await client.send(Self.get)
        let isPart = steps.count > 1
        if isPart { #expect(try await client.bytes(9) == Array("HTTP/1.1 ".utf8)) }
        origin.release()
        #expect(try await client.ending() == expected)
        #expect(origin.requests.count == 1)
        // Nothing more can come: this does not wait for its ten seconds.
        await #expect(throws: RawClient.Ended.self) { try await client.bytes(1_000) }
        client.close()
        await origin.stop()
    }

    @Test("an answer that breaks off is not complete; one without a length that is reset neither")
    func incomplete() async throws {
        for steps in [
            [ScriptedOrigin.Step.send(Self.part), .close], [.send("HTTP/1.1 200 OK\r\n\r\nhalf"), .hold, .reset],
        ] {
            let origin = try await ScriptedOrigin.start { _ in steps }
            let client = try await RawClient.connect(port: origin.port)
            try await client.send(Self.get)
            while client.received.count < 23 { await Task.yield() }
            origin.release()
            let answer = try await client.answer()
            #expect(answer.status == 200 && !answer.isComplete && answer.text == "half")
            client.close()
            await origin.stop()
        }
    }

    @Test("a client's close and reset end the origin's connection, whatever it is doing", arguments: [true, false])
    func client(isReset: Bool) async throws {
        let origin = try await ScriptedOrigin.start { _ in [.hold] }
        for request in [Self.get, "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf", ""] {
            let client = try await RawClient.connect(port: origin.port)
            try await client.send(request)
            while origin.openConnections == 0 { await Task.yield() }
            if isReset { try await client.reset() } else { client.close() }
            while origin.openConnections > 0 { await Task.yield() }
            await #expect(throws: RawClient.Ended.self) { try await client.send("late") }
            #expect(try await client.ending() == .closed)
        }
        // Of a reset that comes right behind it, a request may go unread.
        #expect(isReset || origin.requests.map(\.isComplete) == [true, false])
        await origin.stop()
    }

    @Test("after its own end each side still gets what the other one sends")
    func halfClose() async throws {
        let origin = try await ScriptedOrigin.start(closesWithPeer: false) { _ in
            [.send("bye"), .finish, .sink(5), .hold]
        }
        let client = try await RawClient.connect(port: origin.port)
        try await client.send(Self.get)
        #expect(try await client.bytes(3) == Array("bye".utf8))
        #expect(try await client.ending() == .closed)
        try await client.send("later")
        while origin.sunkBytes < 5 { await Task.yield() }
        #expect(origin.openConnections == 1)
        try await client.finish()
        // Both have ended: nothing holds the connection any more.
        while origin.openConnections > 0 { await Task.yield() }
        client.close()
        await origin.stop()
    }

    @Test("a client that has closed its side gets the answer, where the origin does not close with it")
    func answerAfterEnd() async throws {
        let origin = try await ScriptedOrigin.start(closesWithPeer: false) { _ in
            [.hold, .send(ScriptedOriginTests.ok), .close]
        }
        let client = try await RawClient.connect(port: origin.port)
        try await client.send(Self.get)
        try await client.finish()
        while origin.requests.isEmpty { await Task.yield() }
        origin.release()
        #expect(try await client.answer().text == "ok")
        #expect(try await client.ending() == .closed)
        client.close()
        await origin.stop()
    }

    @Test("a stopped origin refuses, ends its connections, and frees its port")
    func stop() async throws {
        let origin = try await ScriptedOrigin.start { _ in [.hold, .send("never")] }
        let clients = [try await RawClient.connect(port: origin.port), try await RawClient.connect(port: origin.port)]
        try await clients[0].send(Self.get)
        while origin.openConnections < 2 { await Task.yield() }
        await origin.stop()
        #expect(origin.openConnections == 0)
        for client in clients {
            #expect(try await client.ending() != .open)
            client.close()
        }
        await #expect(throws: SocketError.self) { try await RawClient.connect(port: origin.port) }
        let again = try await ScriptedOrigin.start(port: origin.port) { _ in [.send(ScriptedOriginTests.ok)] }
        #expect(try await RawClient.exchange(port: origin.port, Self.get).text == "ok")
        await again.stop()
    }

    @Test("IPv6 and Unix sockets carry the same")
    func families() async throws {
        let six = try await ScriptedOrigin.start(host: "::1") { _ in [.send(ScriptedOriginTests.ok)] }
        let client = try await RawClient.connect(port: six.port, host: "::1")
        try await client.send(Self.get)
        #expect(try await client.answer().text == "ok")
        client.close()
        #expect(six.url.description == "http://[::1]:\(six.port)")
        await six.stop()
        let path = NSTemporaryDirectory() + "wc-\(UInt32.random(in: 0...UInt32.max)).sock"
        let unix = try await ScriptedOrigin.start(socket: path) { _ in [.send(ScriptedOriginTests.ok)] }
        #expect(unix.url.socketPath == path)
        await unix.stop()
        try FileManager.default.removeItem(atPath: path)
        await #expect(throws: SocketError.self) {
            try await ScriptedOrigin.start(socket: path + "/no/folder") { _ in [] }
        }
    }

    @Test("a thousand clients at once need no task's thread, and leave no thread and no descriptor behind")
    func thousand() async throws {
        func count(_ folder: String) throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/\(folder)").count
        }
        let origin = try await ScriptedOrigin.start { _ in [.hold, .send(ScriptedOriginTests.ok)] }
        let (threads, descriptors) = (try count("task"), try count("fd"))
        var clients: [RawClient] = []
        for _ in 0..<1_000 {
            let client = try await RawClient.connect(port: origin.port)
            client.post(Array(Self.get.utf8))
            clients.append(client)
        }
        while origin.requests.count < 1_000 { await Task.yield() }
        #expect(try count("task") >= 2_000)
        origin.release()
        for client in clients {
            #expect(try await client.answer().status == 200)
            client.close()
        }
        clients = []
        // Other tests of this process may have some of their own at the moment.
        while try count("task") > threads + 50 || count("fd") > descriptors + 50 { await Task.yield() }
        #expect(origin.openConnections == 0)
        await origin.stop()
    }
}
