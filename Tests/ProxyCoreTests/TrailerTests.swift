import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Trailers", .everyEngine, .timeLimit(.minutes(1)))
struct TrailerTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    @Test("trailers of a request go on, in their order and spelling, and forbidden ones do not")
    func request() async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([origin.backend]) { bench in
            let answer = try await bench.exchange(
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: x-Sum, Y\r\n\r\n"
                    + "2\r\nab\r\n0\r\nx-Sum: 1\r\nHost: evil\r\nContent-Length: 9\r\nTransfer-Encoding: x\r\n"
                    + "Authorization: Basic x\r\nCF-Ray: 1\r\nX-Forwarded-For: 1.2.3.4\r\nx-Sum: 2\r\nY:z\r\n\r\n")
            #expect(answer.status == 200)
        }
        let request = try #require(origin.requests.first)
        #expect(
            String(decoding: request.rawBody, as: UTF8.self) == "2\r\nab\r\n0\r\nx-Sum: 1\r\nx-Sum: 2\r\nY:z\r\n\r\n")
        #expect(request.fields.value(of: "Trailer") == "x-Sum, Y")
        await origin.stop()
    }

    @Test(
        "trailers of an answer go on to a client that gets chunks, and only to such a one", arguments: ["1.1", "1.0"])
    func answer(version: String) async throws {
        let origin = try await ScriptedOrigin.answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Sum\r\n\r\n2\r\nok\r\n"
                + "0\r\nSum: 1\r\nSet-Cookie: a=b\r\nAccess-Control-Allow-Origin: x\r\nContent-Type: y\r\n\r\n")
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            try await client.send(
                "GET / HTTP/\(version)\r\nHost: a\r\nTE: gzip;q=0.5, trailers\r\nConnection: TE, close\r\n\r\n")
            #expect(try await client.ending() == .closed)
            let text = String(decoding: client.received, as: UTF8.self)
            #expect(text.hasSuffix(version == "1.1" ? "2\r\nok\r\n0\r\nSum: 1\r\n\r\n" : "\r\n\r\nok"))
            #expect(text.contains("Trailer: Sum\r\n") == (version == "1.1"))
            #expect(await bench.recorder.ended(1).first?.summary?.ending == .completed)
        }
        #expect(origin.requests.first?.fields.value(of: "TE") == (version == "1.1" ? "trailers" : nil))
        await origin.stop()
    }

    @Test("a connection is used again after trailers, on both sides")
    func keepAlive() async throws {
        let origin = try await ScriptedOrigin.answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nSum: 1\r\n\r\n")
        try await Bench.run([origin.backend]) { bench in
            let client = try await RawClient.connect(port: bench.port)
            for _ in 0..<3 {
                try await client.send(
                    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: b\r\n\r\n")
                #expect(try await client.answer().text == "ok")
            }
            client.close()
            #expect(await bench.recorder.ended(3).map(\.reused) == [false, true, true])
        }
        await origin.stop()
    }

    @Test(
        "trailers that do not parse or are longer than a head may be are refused",
        arguments: [
            "A : b", "A", ": b", " A: b", "A: b\r\n c", "A: \0", "A(: b", "A: b\rc",
            "A: " + String(repeating: "x", count: 3_000),
        ])
    func refused(line: String) async throws {
        let broken = "1\r\na\r\n0\r\n\(line)\r\n\r\n"
        let origin = try await ScriptedOrigin.start { request in
            request.method == "GET"
                ? [.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(broken)"), .close]
                : [.send(Self.ok)]
        }
        try await Bench.run([origin.backend], { $0.limits.head = 2_048 }) { bench in
            let refused = try await bench.exchange(
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(broken)")
            #expect(refused.status == 400)
            let cut = try await bench.get()
            #expect(!cut.isComplete)
            let causes = await bench.recorder.ended(2).map { $0.summary?.ending.cause }
            #expect(causes == [.requestRefused, .backendMalformed])
        }
        #expect(origin.requests.filter { $0.method == "POST" }.allSatisfy { !$0.isComplete })
        await origin.stop()
    }
}
