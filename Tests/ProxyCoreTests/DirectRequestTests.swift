import TestOrigin
import TestSupport
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Requests of checks", .timeLimit(.minutes(1)))
struct DirectRequestTests {
    private func ask(
        _ steps: [ScriptedOrigin.Step], _ request: CheckRequest = CheckRequest("GET", "/a?b"),
        timeout: Duration = .seconds(10), bodyLimit: Int = 64
    ) async throws -> (answer: Result<CheckResponse, CheckRequestFailure>, seen: [ScriptedOrigin.Request]) {
        let origin = try await ScriptedOrigin.start { _ in steps }
        let answer = await NetworkProbe(HealthConfiguration())
            .ask(origin.backend, request, timeout: timeout, bodyLimit: bodyLimit)
        let seen = origin.requests
        await origin.stop()
        return (answer, seen)
    }

    @Test(
        "a body is read by its framing",
        arguments: [
            ("Content-Length: 2\r\n\r\nok", "ok", false),
            ("Transfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n", "ok", false),
            ("\r\nok", "ok", false), ("Content-Length: 0\r\n\r\n", "", false),
            (
                "Content-Length: 100\r\n\r\n" + String(repeating: "x", count: 100), String(repeating: "x", count: 64),
                true
            ),
        ])
    func bodies(rest: String, body: String, isCut: Bool) async throws {
        let (answer, seen) = try await self.ask([.send("HTTP/1.1 200 OK\r\n\(rest)"), .close])
        let response = try answer.get()
        #expect(
            response.status == 200 && String(decoding: response.body, as: UTF8.self) == body && response.isCut == isCut)
        #expect(String(decoding: seen[0].head, as: UTF8.self).hasPrefix("GET /a?b HTTP/1.1\r\nHost: 127.0.0.1:"))
    }

    @Test("informational responses are passed over; a response to HEAD has no body")
    func heads() async throws {
        let early = try await self.ask([
            .send("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\nA: 1\r\n\r\n"), .close,
        ])
        #expect(try early.answer.get().status == 204)
        let head = try await self.ask(
            [.send("HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\n\r\n"), .close], CheckRequest("HEAD", "/"))
        #expect(
            try head.answer.get()
                == CheckResponse(status: 404, head: Array("HTTP/1.1 404 Not Found\r\nContent-Length: 7\r\n\r\n".utf8)))
    }

    @Test("fields of the request are sent, and cannot end a line")
    func fields() async throws {
        let request = CheckRequest("GET", "/", fields: [("Origin", "https://a.example"), ("X-A", "b\r\nX-C: d")])
        let (_, seen) = try await self.ask([.send("HTTP/1.1 204 No\r\n\r\n"), .close], request)
        let head = String(decoding: seen[0].head, as: UTF8.self)
        #expect(head.contains("\r\nOrigin: https://a.example\r\n") && !head.contains("X-C") && !head.contains("X-A"))
    }

    @Test("a target cannot end its line: nothing is sent", arguments: ["/a b", "/a\r\nX: y", "/a\u{7F}"])
    func targets(target: String) async throws {
        let (answer, seen) = try await self.ask(
            [.send("HTTP/1.1 204 No\r\n\r\n"), .close], CheckRequest("GET", target))
        #expect(throws: CheckRequestFailure.self) { try answer.get() }
        #expect(seen.isEmpty)
    }

    @Test("what is no response has its reason, within the time")
    func failures() async throws {
        func code(_ steps: [ScriptedOrigin.Step], _ timeout: Duration = .seconds(10)) async throws -> String? {
            guard case .failure(let failure) = try await self.ask(steps, timeout: timeout).answer else { return nil }
            return failure.code
        }
        #expect(try await code([.send("SSH-2.0\r\n")]) == "L7RSP")
        #expect(try await code([.close]) == "L7RSP")
        #expect(try await code([.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"), .close]) == "L7RSP")
        #expect(try await code([.hold], .milliseconds(50)) == "L7TOUT")
        let closed = try LoopbackSocket.closed()
        let answer = await NetworkProbe(HealthConfiguration()).ask(closed.backend, CheckRequest("GET", "/"))
        guard case .failure(let failure) = answer else { throw CheckRequestFailure(code: "", reason: "a response") }
        #expect(failure == CheckRequestFailure(code: "L4CON", reason: "connection refused"))
    }

    @Test("a certificate says how long it is valid, and who does not trust it has no response")
    func certificate() async throws {
        let certificates = try TestCertificates.make()
        defer { certificates.remove() }
        let server = try await TLSServer.start(
            .openssl,
            TLSServer.Settings(
                certificateFile: certificates.path("address.pem"), keyFile: certificates.path("address.key")))
        defer { server.stop() }
        let backend = Backend(name: "tls", url: BackendURL(scheme: .https, host: "127.0.0.1", port: server.port))
        let trusted = ["tls": BackendTLS(authorityFile: certificates.path("ca.pem"))]
        let response = try await NetworkProbe(HealthConfiguration(), tls: trusted)
            .ask(backend, CheckRequest("GET", "/ok")).get()
        #expect(response.status == 200 && (response.certificateSeconds ?? 0) > 3_600)
        guard
            case .failure(let failure) = await NetworkProbe(HealthConfiguration()).ask(
                backend, CheckRequest("GET", "/"))
        else { throw CheckRequestFailure(code: "", reason: "a response") }
        #expect(failure.code == "L6RSP")
    }
}
