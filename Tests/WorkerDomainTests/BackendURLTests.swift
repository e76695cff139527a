import Testing
import WorkerDomain

@Suite("BackendURL")
struct BackendURLTests {
    @Test(
        "what a person types is read and written back in one form",
        arguments: [
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
            ("  localhost:3000\n", "http://localhost:3000"),
            ("HTTPS://api.example.com", "https://api.example.com"),
            ("https://api.example.com:443/", "https://api.example.com"),
            ("http://host:80/base/", "http://host/base"),
            ("http://[::1]:9000/a", "http://[::1]:9000/a"),
            ("[fe80::1]", "http://[fe80::1]"),
        ])
    func reads(_ text: String, _ written: String) throws {
        let url = try BackendURL(parsing: text)
        #expect(url.description == written)
        #expect(try BackendURL(parsing: url.description) == url)
    }

    @Test(
        "what is no backend URL is refused with what is wrong",
        arguments: [
            "", "http://", "ftp://host", "http://user:secret@host", "http://host?x=1", "http://host#a", "http://a b",
            "http://host:0", "http://host:65536", "http://host:+80", "http://host:٣", "::1", "http://[::1", "[::1]x",
            "http://ho\u{1B}st", "http://简历.cn", "http://:80",
        ])
    func refuses(_ text: String) {
        #expect(throws: BackendURLError.self) { try BackendURL(parsing: text) }
    }
}
