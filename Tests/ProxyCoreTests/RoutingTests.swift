import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Routing and paths")
struct RoutingTests {
    @Test(
        "routes match what they say",
        arguments: [
            (["*"], "/x", true), (["/api/*"], "/api/x?y", true), (["/api/*"], "/api", true),
            (["/api/*"], "/apix", false),
            (["/api/*"], "/api/../admin", false), (["/api/*"], "/api/%2e%2E/admin", false),
            (["/api/*"], "/x/../api/y", false), (["/x"], "/x?q", true), (["/x"], "/x/y", false), ([], "/", false),
        ])
    func routes(routes: [String], path: String, expected: Bool) {
        #expect(Array(path.utf8).withUnsafeBytes { RouteTable(routes).matches($0) } == expected)
    }

    @Test(
        "a path is normalised as a URL is",
        arguments: [
            ("/api/a%2Fb/%E5%BC%A0%20c;v=1/../d", "/api/a%2Fb/d"), ("/api/张", "/api/%E5%BC%A0"), ("/../..", "/"),
            ("/a/.", "/a/"), ("/a/..", "/"), ("/a//b", "/a//b"), ("/a\\b", "/a/b"), ("/?a=../b&c=\"", "/?a=../b&c=%22"),
            ("/a/%2e/b", "/a/b"), ("/{}", "/%7B%7D"), ("/...", "/..."),
        ])
    func normalised(path: String, expected: String) {
        #expect(String(decoding: TargetNormalizer.normalise(Array(path.utf8)), as: UTF8.self) == expected)
    }

    @Test(
        "listen addresses are read as people write them",
        arguments: [
            ("8787", "127.0.0.1:8787"), (":0", "127.0.0.1:0"), ("[::1]:80", "[::1]:80"), ("localhost:1", "localhost:1"),
            ("*:1", "*:1"),
            ("::1", nil), ("a:b", nil), ("1:70000", nil), ("", nil), ("8796:80", nil), ("127.1:80", nil),
            ("0x7f.0.0.1:80", nil), ("0177.0.0.1:80", nil), ("2130706433:1", nil), ("0x2254", nil),
            ("127.0.0.1:80", "127.0.0.1:80"),
        ])
    func addresses(text: String, expected: String?) {
        #expect(ListenAddress(parsing: text)?.description == expected)
    }
}
