import Testing
import WorkerDomain

@Suite("Redirects of a backend")
struct RedirectTests {
    @Test(
        "a redirect to the backend itself has a path of the proxy",
        arguments: [
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000/a?b#c", "/a?b#c"),
            ("http://127.0.0.1:9000", "HTTP://127.0.0.1:9000", "/"),
            ("http://127.0.0.1:9000", "//127.0.0.1:9000/a", "/a"),
            ("http://127.0.0.1:9000", "http://localhost:9000/a", "/a"),
            ("http://127.0.0.1:9000", "http://u:p@127.0.0.1:9000?x", "/?x"),
            ("http://127.0.0.1:9000", "http://[::1]:9000/a", "/a"),
            ("https://API.example.com", "https://api.EXAMPLE.com:443/", "/"),
            ("http://b/base", "http://b/base/x", "/x"), ("http://b/base", "http://b/base", "/"),
            // Never the name of another host.
            ("http://b", "http://b//evil.example/x", "/.//evil.example/x"),
            ("http://b", "http://b/\\evil", "/./\\evil"),
            ("http://b", "http://b\\/evil", "/.//evil"), ("http://b", "http://b\\evil", "/evil"),
        ])
    func own(backend: String, location: String, path: String) throws {
        let url = try BackendURL(parsing: backend)
        #expect(url.isNamed(byRedirect: location.utf8))
        #expect(url.path(ofRedirect: location.utf8).map { String(decoding: $0, as: UTF8.self) } == path)
    }

    @Test(
        "any other redirect stays as it is",
        arguments: [
            ("http://127.0.0.1:9000", "/a"), ("http://127.0.0.1:9000", "http://127.0.0.1:9001/a"),
            ("http://b", "https://b/"),
            ("http://b", "http://b.evil.example/"), ("http://b", "http://bb/"), ("http://b", "http://b:x/"),
            ("http://b", "http:b/"), ("http://b", ""), ("unix:/run/a.sock", "http://localhost/"),
            ("http://b:9000", "http://evil@c:9000/"),
        ])
    func other(backend: String, location: String) throws {
        let url = try BackendURL(parsing: backend)
        #expect(!url.isNamed(byRedirect: location.utf8) && url.path(ofRedirect: location.utf8) == nil)
    }

    @Test("above the backend's base path there is no path of the proxy")
    func above() throws {
        let url = try BackendURL(parsing: "http://b/base")
        #expect(url.isNamed(byRedirect: "http://b/other".utf8) && url.path(ofRedirect: "http://b/basement".utf8) == nil)
    }
}
