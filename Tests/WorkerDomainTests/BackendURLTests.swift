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
            ("[fe80::1]", "http://[fe80::1]"), ("9100", "http://127.0.0.1:9100"), (" 80 ", "http://127.0.0.1"),
            ("9100/base", "http://127.0.0.1:9100/base"), ("http://0.0.0.0:80", "http://0.0.0.0"),
            ("192.168.1.255:1", "http://192.168.1.255:1"), ("3com.example:80", "http://3com.example"),
            ("http://x.0y", "http://x.0y"), ("[::ffff:127.0.0.1]:1", "http://[::ffff:127.0.0.1]:1"),
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
            // What the system would read as another address than anybody means.
            "http://9100", "https://9100/", "127.1:80", "127.0.1", "1.2.3.4.5:80", "0x7f.0.0.1", "0x7f000001:80",
            "0177.0.0.1", "http://017700000001", "2130706433:80", "http://0", "256.0.0.1", "127.0.0.01", "127.0.0.1.",
            "a.9100", "a.0x10", "0x:80", "1.2.3.0X4", "http://[9100]", "[1.2.3.4]:80", "0", "65536",
            "99999999999999999999",
            "http://1..2", "http://127.0.0.1.:80",
        ])
    func refuses(_ text: String) {
        #expect(throws: BackendURLError.self) { try BackendURL(parsing: text) }
    }
}
