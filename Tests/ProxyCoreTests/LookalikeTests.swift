import TestOrigin
import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Names that look like ours, and redirects past the proxy", .timeLimit(.minutes(1)))
struct LookalikeTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    static let names = [
        "X_Forwarded_For", "x_forwarded-for", "X-Forwarded_Host", "X_FORWARDED_PROTO", "X_Forwarded_Port",
        "Content_Length",
        "CONTENT_LENGTH", "Transfer_Encoding", "Keep_Alive", "X_Real_IP", "CF_Connecting_IP", "CF_Ray", "CF_Visitor",
        "Cf_IPCountry", "CDN_Loop", "X_WorkerConsole_Target", "Proxy_Authorization", "True_Client_IP",
        "X.Forwarded.For",
        "Content.Length", "X~Real~IP",
    ]
    static let others = [
        "X_Token", "Cookie_Jar", "Content_Type_X", "Xx_Forwarded_For", "user_id", "_", "Proxied_By", "Cfx_Ray",
    ]

    @Test(
        "by default they are dropped, and others with an underscore go on; a setting keeps them",
        arguments: [false, true])
    func fields(keeps: Bool) async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([origin.backend], { $0.lookalikes = keeps ? .keep : .drop }) { bench in
            let lines = (Self.names + Self.others).map { "\($0): 9\r\n" }.joined()
            let status = try await bench.exchange("GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n").status
            #expect(status == 200)
        }
        let fields = try #require(origin.requests.first?.fields)
        for name in Self.names { #expect((fields.value(of: name) == "9") == keeps, "\(name)") }
        for name in Self.others { #expect(fields.value(of: name) == "9", "\(name)") }
        #expect(fields.value(of: "X-Forwarded-For") == "127.0.0.1")
        await origin.stop()
    }

    @Test("what Connection names is dropped, also where look-alikes are kept")
    func named() async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([origin.backend], { $0.lookalikes = .keep }) { bench in
            _ = try await bench.exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: X_Real_IP\r\nX_Real_IP: 9\r\n\r\n")
        }
        let fields = try #require(origin.requests.first?.fields)
        #expect(fields.value(of: "X_Real_IP") == nil)
        await origin.stop()
    }

    @Test("they are no trailers either")
    func trailers() async throws {
        let origin = try await ScriptedOrigin.answering(Self.ok)
        try await Bench.run([origin.backend]) { bench in
            _ = try await bench.exchange(
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX_Forwarded_For: 1\r\n"
                    + "Content_Length: 9\r\nmy_sum: 2\r\n\r\n")
        }
        let body = try #require(origin.requests.first?.rawBody)
        #expect(String(decoding: body, as: UTF8.self) == "0\r\nmy_sum: 2\r\n\r\n")
        await origin.stop()
    }

    @Test(
        "a redirect to the backend itself goes on as it is, or to the same path here",
        arguments: [ProxyConfiguration.RedirectForwarding.keep, .rewrite])
    func redirects(setting: ProxyConfiguration.RedirectForwarding) async throws {
        let origin = try await ScriptedOrigin.start { request in
            // The path says where it leads; HOST stands for the backend's own place.
            let place = request.fields.value(of: "Host") ?? ""
            let lines = request.target.dropFirst(2).replacing("HOST", with: place).replacing("|", with: "\r\n")
            return [.send("HTTP/1.1 302 Found\r\n\(lines)\r\nContent-Length: 0\r\n\r\n")]
        }
        try await Bench.run([origin.backend], { $0.redirects = setting }) { bench in
            func answer(_ lines: String) async throws -> RawClient.Answer { try await bench.get("/?\(lines)") }
            let own = try await answer("Location:http://HOST/a?b|X-After:1")
            let isKept = setting == .keep
            #expect(own.field("Location")?.hasSuffix("/a?b") == true && own.field("X-After") == "1")
            #expect(own.field("Location")?.hasPrefix("http://") == isKept)
            #expect(own.field("Location") == "/a?b" || isKept)
            #expect(try await answer("Location:http://HOST//evil").field("Location") == "/.//evil" || isKept)
            let refresh = try await answer("Refresh:5;url=http://HOST/a").field("Refresh")
            #expect(refresh == "5;url=/a" || isKept && refresh?.hasSuffix("/a") == true)
            #expect(try await answer("Location:http://other.example/a").field("Location") == "http://other.example/a")
            #expect(try await answer("Location:/a").field("Location") == "/a")
        }
        await origin.stop()
    }
}
