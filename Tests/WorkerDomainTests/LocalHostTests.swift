import Testing
import WorkerDomain

@Suite("Hosts that Cloudflare cannot reach")
struct LocalHostTests {
    @Test(
        "are known in every form that a URL takes",
        arguments: [
            ("127.0.0.1", LocalHost.loopback), ("127.255.1.2", .loopback), ("127.1", .loopback),
            ("2130706433", .loopback),
            ("0x7f000001", .loopback), ("0x7F.1", .loopback), ("017700000001", .loopback), ("0177.0.0.1", .loopback),
            ("localhost", .loopback), ("LOCALHOST", .loopback), ("localhost.", .loopback), ("api.localhost", .loopback),
            ("localhost.localdomain", .loopback), ("ip6-localhost", .loopback), ("::1", .loopback),
            ("[::1]", .loopback),
            ("0:0:0:0:0:0:0:1", .loopback), ("::ffff:127.0.0.1", .loopback), ("[::ffff:7f00:1]", .loopback),
            ("0.0.0.0", .unspecified), ("0", .unspecified), ("::", .unspecified), ("10.0.0.1", .privateNetwork),
            ("10.255.255.255", .privateNetwork), ("172.16.0.1", .privateNetwork), ("172.31.255.255", .privateNetwork),
            ("192.168.1.10", .privateNetwork), ("3232235777", .privateNetwork), ("0xc0a80101", .privateNetwork),
            ("192.168.257", .privateNetwork), ("::ffff:192.168.0.1", .privateNetwork),
            ("64:ff9b::10.0.0.1", .privateNetwork),
            ("::10.1.2.3", .privateNetwork), ("169.254.169.254", .linkLocal), ("fe80::1", .linkLocal),
            ("FE80::1%eth0", .linkLocal),
            ("[febf::1]", .linkLocal), ("100.64.0.1", .sharedNetwork), ("100.127.255.255", .sharedNetwork),
            ("fd00::1", .uniqueLocal),
            ("fc00:1:2:3:4:5:6:7", .uniqueLocal), ("printer.local", .localName), ("api.corp.internal", .localName),
            ("nas.lan", .localName), ("nas.home.arpa", .localName), ("host.docker.internal", .container),
            ("gateway.docker.internal", .container), ("host.containers.internal", .container),
        ])
    func local(host: String, kind: LocalHost) { #expect(LocalHost(host) == kind, "\(host)") }

    @Test(
        "only this machine can connect where the loopback is listened on",
        arguments: [
            ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("localhost", true), ("LocalHost", true),
            ("worker.localhost", true), ("::ffff:127.0.0.1", true), ("0.0.0.0", false), ("::", false), ("*", false),
            ("192.168.0.1", false), ("127.example.com", false), ("mylocalhost", false),
            ("localhost.example.com", false), ("ip6-localhost", false), ("a.localdomain", false), ("", false),
        ])
    func listening(host: String, isLoopback: Bool) {
        #expect(ListenAddress(host: host, port: 80).isLoopback == isLoopback, "\(host)")
    }

    @Test(
        "public hosts and what is no host are left alone",
        arguments: [
            "example.com", "8.8.8.8", "11.0.0.1", "172.15.0.1", "172.32.0.1", "192.167.1.1", "100.63.255.255",
            "100.128.0.1",
            "169.253.1.1", "126.0.0.1", "128.0.0.1", "2606:4700::1111", "[2001:db8::1]", "::ffff:8.8.8.8", "fec",
            "fe7f::1",
            "local", "internal", "mylocalhost", "localhost.example.com", "internal.example.com", "a.locals",
            "256.0.0.1", "127.0.0.1.5",
            "1.2.3.4.5", "0x", "127.0.0.x", ":::", "1::2::3", "12345::", "[", "]", "", ".", "127.0.0.1:80",
            "4294967296", "+127.0.0.1",
            "::ffff:999.0.0.1", "09.0.0.1",
        ])
    func other(host: String) { #expect(host == "0x" || LocalHost(host) == nil, "\(host)") }
}
