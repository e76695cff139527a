import Testing

@testable import PythonSource

@Suite("Addresses that a source uses")
struct SourceAddressesTests {
    private func hosts(_ source: String) throws -> [String] {
        let text = try SourceText(decoding: Array(source.utf8))
        return SourceAddresses.findings(in: try PythonParser.statements(of: text, minor: 13)).map {
            "\($0.place) \($0.host)"
        }
    }

    @Test(
        "are found in texts that the source uses",
        arguments: [
            (
                "async def on_fetch(request):\n    return await fetch('http://127.0.0.1:9000/api')\n",
                ["2:24 127.0.0.1:9000"]
            ),
            (
                "BACKEND = 'http://localhost:8080'\nasync def f(r): return await fetch(BACKEND + r.path)\n",
                ["1:11 localhost:8080"]
            ),
            ("x(f'http://10.0.0.5:{port}/a')\n", ["1:5 10.0.0.5:"]),
            ("x(f'https://u:p@host.docker.internal/{y}')\n", ["1:5 host.docker.internal"]),
            ("x('ws://[::1]:80/')\n", ["1:3 [::1]:80"]),
            ("x('postgres://u:p@db.internal:5432/x')\n", ["1:3 db.internal:5432"]),
            ("x('http://2130706433/')\n", ["1:3 2130706433"]), ("x('HTTP://0x7f.1/')\n", ["1:3 0x7f.1"]),
            ("x('http://[::ffff:192.168.0.1]/')\n", ["1:3 [::ffff:192.168.0.1]"]),
            (
                "HOSTS = {'backend': '192.168.1.5', 'x': 'printer.local:9100'}\nprint(HOSTS)\n",
                ["1:21 192.168.1.5", "1:41 printer.local:9100"]
            ),
            ("def f(host='127.0.0.1', n='127.0.0.1'): pass\n", ["1:12 127.0.0.1"]),
            ("x(getattr(env, 'BACKEND_URL', 'http://127.0.0.1:9'))\n", ["1:31 127.0.0.1:9"]),
            ("x = js.fetch('http://a.example, http://100.64.0.1/')\nx\n", ["1:14 100.64.0.1"]),
            ("class A:\n    url = 'http://169.254.169.254/latest'\n", ["2:11 169.254.169.254"]),
            ("if env: U = 'http://127.0.0.1:1'\nelse: U = 'https://a.example'\nfetch(U)\n", ["1:13 127.0.0.1:1"]),
        ])
    func found(source: String, expected: [String]) throws { #expect(try self.hosts(source) == expected) }

    @Test(
        "are none where nobody asks them",
        arguments: [
            "# http://127.0.0.1:9000\nx = 1\n", "\"\"\"Run it at http://localhost:8787\"\"\"\n",
            "def f():\n    'http://localhost'\n    return 1\n",
            "ALLOWED_ORIGINS = ['http://localhost:5173']\nprint(ALLOWED_ORIGINS)\n",
            "h['Access-Control-Allow-Origin'] = 'http://localhost:5173'\n",
            "x({'access-control-allow-origin': 'http://localhost'})\n",
            "if origin == 'http://localhost:3000': pass\n", "x = o in ('http://localhost', 'http://127.0.0.1:1')\n",
            "UNUSED = 'http://127.0.0.1:9'\n",
            "if __name__ == '__main__':\n    run('http://127.0.0.1:8000', port='127.0.0.1:80')\n",
            "async def f(self): return await self.env.SERVICE.fetch('http://localhost/path')\n",
            "stub.fetch(f'http://do.internal/{x}')\n", "u.startswith('http://127.0.0.1')\n",
            "VERSION = '10.0.0.1'\nprint(VERSION)\n",
            "x('https://example.com/?next=a.local')\n", "x(f'http://{host}:80/')\n", "x(f'http://10.0.0.{n}/')\n",
            "x('12:30', '10:0')\n",
            "add_middleware(CORSMiddleware, allow_origins=['http://localhost:3000'])\n", "x('http://')\n",
            "x('://localhost')\n",
        ])
    func none(source: String) throws { #expect(try self.hosts(source) == []) }

    @Test(
        "show the host and its port, and nothing of what stands around them",
        arguments: [
            ("jdbc:sqlserver://localhost:1433;user=sa;password=Hunter2xyz", "localhost:1433"),
            ("jdbc:sqlserver://10.0.0.1;user=sa;password=Hunter2xyz", "10.0.0.1"),
            ("http://localhost:1433Hunter2xyz/", "localhost:1433"), ("http://localhost:Hunter2xyz/", "localhost"),
            ("http://localhost:492912345678", "localhost"), ("http://[::1]Hunter2xyz/", "[::1]"),
            ("http://[::1]:80Hunter2xyz/", "[::1]:80"), ("http://[fe80::1%Hunter2xyz]:80/", "[fe80::1]:80"),
            ("http://sa:Hunter2xyz@localhost:80/", "localhost:80"), ("http://sa:Hun@ter2xyz@localhost/", "localhost"),
            ("http://Hunter2xyz@localhost&password=Hunter2xyz", nil), ("http://localhost|Hunter2xyz", nil),
            ("http://x;password=Hunter2@y.local/", nil), ("Password=Hunter2.local", nil),
            ("Server=tcp:10.0.0.1,1433;Password=Hunter2xyz", nil),
            ("localhost:1433;password=Hunter2xyz", "localhost:1433"),
            ("sa:Hunter2xyz@localhost:80/db", "localhost:80"),
            ("http://localhost:\(String(repeating: "9", count: 9_000))", "localhost"),
            ("[::1]\(String(repeating: "A", count: 9_000))", "[::1]"),
            ("localhost:\(String(repeating: "A", count: 9_000))", "localhost"),
        ] as [(String, String?)])
    func shown(text: String, expected: String?) {
        let found = HostsInText.find(in: text, isWhole: true, mayBeBare: HostsInText.meansHost("DB_URL"))
        #expect(found.map(\.host) == [expected].compactMap { $0 })
    }

    @Test(
        "are no numbers, files, modules and e-mail addresses",
        arguments: [
            ("API_VERSION", "0.1"), ("SERVER_VERSION", "10.2"), ("PROXY_TIMEOUT", "0.5"), ("apiVersion", "10.0.0.1"),
            ("API_VERSION", "10.0.0.1"), ("VERSION_OF_API", "10.0.0.1"), ("TARGET_RELEASE", "10.1.2.3"),
            ("SERVER", "10.0"), ("SERVER", "10.0.0"), ("BACKEND", "1.2.3.4-beta"), ("BACKEND", "10.0.0.1-beta"),
            ("API_HOST", "127.1"), ("API_HOST", "0x7f000001"), ("API_HOST", "0x7f.1"), ("API_HOST", "2130706433"),
            ("API_HOST", "127.1:80"), ("API_HOST", "2130706433:80"), ("API_HOST", "010.0.0.1"), ("API", "10:30"),
            ("x", "127.1:80"), ("API_PRICE", "10.50"), ("API", "10.50"), ("TARGET_ID", "10.20.30.40"),
            ("PROXY_RANGE", "10.0.0.0/8"), ("SERVER_ADMIN", "admin@company.local"), ("x", "a@b.local"),
            ("SERVER", "mailto:admin@company.local"), ("API_MODE", "localhost"), ("GHOST", "localhost"),
            ("SECURITY", "localhost"), ("CAPITAL", "localhost"), ("API_SETTINGS", "a.local"),
            ("TARGET", "settings.local"), ("API_URL", ".env.local"), ("BACKEND_MODULE", "app.internal"),
            ("BACKEND", "my_app.internal"), ("TARGET_FILES", "a.local"), ("SERVER", "./a.local"), ("SERVER", ".."),
            ("SERVER", "."), ("SERVER", ""), ("SERVER", ":80"),
        ])
    func numbers(name: String, text: String) throws {
        #expect(HostsInText.find(in: text, isWhole: true, mayBeBare: HostsInText.meansHost(name)).isEmpty)
        // A constant, and an argument.
        #expect(try self.hosts("\(name) = '\(text)'\nprint(\(name))\nf(\(name)='\(text)')\n") == [])
    }

    @Test(
        "are written without a scheme",
        arguments: [
            ("BACKEND_HOST", "10.0.0.1"), ("backendUrl", "127.0.0.1"), ("HOSTNAME", "db.internal"),
            ("baseurl", "localhost"), ("API_VERSION_URL", "nas.local"), ("upstream", "10.0.0.1:80"),
            ("HOST_1", "0.0.0.0"), ("x", "localhost:80"), ("x", "my_app.internal:80"), ("API_HOST", "[::1]"),
            ("x", "[::1]:80"), ("SERVER_NAME", "nas.lan"), ("SERVERS", "nas.lan."), ("MAIL_SERVER", "mail.local"),
        ])
    func bare(name: String, text: String) {
        let found = HostsInText.find(in: text, isWhole: true, mayBeBare: HostsInText.meansHost(name))
        #expect(found.map(\.host) == [text])
    }
}
