import NetworkIO
import Testing
import WorkerDomain

@testable import ProxyCore

/// Who a client is: the texts that go into heads and into the list, and that connections from one address share them.
@Suite("Where clients come from", .timeLimit(.minutes(1)))
struct ClientAddressTests {
    private func address(_ text: String, _ port: Int) throws -> SocketAddress {
        try #require(SocketAddress(ipAddress: text, port: port))
    }

    @Test(
        "the text is the address with its port",
        arguments: [
            ("127.0.0.1", 53_412, "127.0.0.1:53412"), ("127.0.0.1", 0, "127.0.0.1:0"), ("127.0.0.1", 7, "127.0.0.1:7"),
            ("10.20.30.40", 80, "10.20.30.40:80"), ("255.255.255.255", 65_535, "255.255.255.255:65535"),
            ("192.168.100.100", 10_000, "192.168.100.100:10000"), ("1.2.3.4", 9_999, "1.2.3.4:9999"),
            ("1.2.3.4", 100, "1.2.3.4:100"), ("::1", 443, "[::1]:443"),
            ("2001:db8:1111:2222:3333:4444:5555:6666", 50_001, "[2001:db8:1111:2222:3333:4444:5555:6666]:50001"),
            ("::ffff:127.0.0.1", 1_000, "[::ffff:127.0.0.1]:1000"),
        ])
    func text(ip: String, port: Int, text: String) throws {
        var known = ClientAddresses(ProxyConfiguration())
        // The second time it is known.
        for _ in 1...2 {
            let client = known.identity(of: try self.address(ip, port))
            #expect(client.text == text)
            #expect(client.text == (try self.address(ip, port)).description)
            #expect(client.address.bytes == Array(ip.utf8))
        }
    }

    @Test("a client without an IP address has a name that says so")
    func unknown() {
        var known = ClientAddresses(ProxyConfiguration())
        #expect(known.identity(of: nil).text == "unknown:0")
        #expect(known.identity(of: .unix(path: "/run/x")).text == "unknown:0")
        #expect(
            String(decoding: known.identity(of: nil).address.fields, as: UTF8.self).contains("X-Real-IP: unknown\r\n"))
    }

    @Test("the fields are those of the configuration")
    func fields() throws {
        var plain = ProxyConfiguration()
        plain.setsCloudflareFields = false
        var known = ClientAddresses(plain)
        let client = try known.identity(of: self.address("10.0.0.1", 1)).address
        #expect(String(decoding: client.fields, as: UTF8.self) == "X-Forwarded-Proto: http\r\n")
        var other = ClientAddresses(ProxyConfiguration())
        let all = try other.identity(of: self.address("10.0.0.1", 1)).address
        #expect(
            String(decoding: all.fields, as: UTF8.self)
                == "X-Forwarded-Proto: http\r\nX-Real-IP: 10.0.0.1\r\nCF-Connecting-IP: 10.0.0.1\r\n"
                + "CF-Visitor: {\"scheme\":\"http\"}\r\n")
    }

    @Test("connections from one address share their texts, and never those of another")
    func sharing() throws {
        var known = ClientAddresses(ProxyConfiguration())
        let first = try known.identity(of: self.address("127.0.0.1", 1_000)).address
        let second = try known.identity(of: self.address("127.0.0.1", 2_000)).address
        #expect(first === second)
        // Far more addresses than there are places.
        for high in 0...9 {
            for low in 0...255 {
                for ip in ["10.0.\(high).\(low)", "2001:db8::\(high):\(low)", "2001:db8:\(high):\(low)::1"] {
                    let client = try known.identity(of: self.address(ip, 40_000))
                    #expect(client.text == (try self.address(ip, 40_000)).description)
                    #expect(client.address.bytes == Array((try self.address(ip, 1)).ipAddress?.utf8 ?? "".utf8))
                }
            }
        }
    }

    @Test("two scopes of one link-local address are two addresses")
    func scopes() {
        var known = ClientAddresses(ProxyConfiguration())
        let high = UInt64(0xFE80_0000_0000_0000).bigEndian
        let one = known.identity(of: .v6(high, UInt64(1).bigEndian, port: 5, scope: 1))
        let two = known.identity(of: .v6(high, UInt64(1).bigEndian, port: 5, scope: 2))
        #expect(one.text == "[fe80::1]:5")
        #expect(two.text == "[fe80::1]:5")
        #expect(one.address !== two.address)
    }
}
