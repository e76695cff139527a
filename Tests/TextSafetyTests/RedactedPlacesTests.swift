import Testing

@testable import TextSafety

/// Every case holds `tok99` where it must not be seen.
@Suite("secrets by place")
struct RedactedPlacesTests {
    private static let mask = Redaction.mask

    private func body(_ text: String, _ type: String? = nil) -> String {
        String(decoding: Redaction.standard.body(Array(text.utf8), type: type, encoding: nil).bytes, as: UTF8.self)
    }

    @Test(
        "targets: queries, user information, fragments, parameters of a path, URLs within URLs",
        arguments: [
            "/a?t%6Fken=tok99", "/a?next=/cb?token=tok99", "/a?next=%2Fcb%3Ftoken%3Dtok99",
            "/a?next=%252Fcb%253Ftoken%253Dtok99", "http://u:tok99@h/", "u:tok99@h:443", "//u:tok99@h/x",
            "http://tok99@h/x",
            "/p;jsessionid=tok99?x=1", "/x#id_token=tok99", "/x#/cb?access_token=tok99", "/x?user[password]=tok99",
            "/x?user%5Bpassword%5D=tok99", "/x?a=1;token=tok99", "/x?redirect=https://u:tok99@h/",
            "/x?redirect=https%3A%2F%2Fu%3Atok99%40h%2F", "/x?SAMLResponse=tok99",
            "/x?p=%7B%22token%22%3A%22tok99%22%7D",
            "/x?sessionToken=tok99", "/x?refresh-token=tok99", "/x?password=a%26tok99", "/x?accesstoken=tok99",
            "/x?code=tok99", "/x?token=tok99;b=2", "/x?q=Bearer%20tok99abc", "/x?q=Bearer+tok99abc",
            "/bot123456:AAHtok99aaaaaaaaaaaaaaaaaaaaaaaaaaa/sendMessage",
            "/services/T00000000/B00000000/XXXXXXXtok99XXXXXXXX",
            "/reset/tok99f86d081884c7d659a2f", "/x?k=AKIAIOSFOtok99EXAMPLE",
        ])
    func targets(target: String) {
        let shown = Redaction.standard.target(target)
        #expect(!shown.contains("tok99"), "\(shown)")
        #expect(shown.contains(Self.mask))
        #expect(Redaction.off.target(target) == target)
        #expect(Redaction.standard.target(shown) == shown, "hiding twice changes nothing")
    }

    @Test(
        "targets without a secret stay as they are",
        arguments: [
            "/a?key=avatars/u_88.png", "/a?state=3&page=2", "/x?country_code=DE", "/x?max_tokens=100", "/a?token=",
            "/author/tokenizer?author=bob&pinned=1&secretary=ann", "/users/42/keys?sort_key=name", "/@user/post",
            "/img/a@2x.png?email=bob@example.com", "/static/js/main.8f2b1c3d.chunk.js", "/x?q=a%20b%26c",
            "/a?tokenizer=bpe&monkey=1&compass=n&keyboard=us&authority=x&design=y&zip_code=12345&opinion=2",
            "/v1/objects/33a64df551425fcc55e4d42a148795d9f25f89d4", "/x?date=2024-01-01T00:00:00Z&t=12:30", "*",
            "h:443",
        ])
    func harmlessTargets(target: String) {
        #expect(Redaction.standard.target(target) == target)
    }

    @Test(
        "fields: the scheme of credentials, names of cookies and the rest of a URL stay",
        arguments: [
            ("Authorization", "Bearer tok99", "Bearer "), ("Authorization", "tok99 x", ""),
            ("X-Authorization", "Token tok99", "Token "),
            ("Proxy-Authorization", "Basic dG9rOTk6dG9rOTk=tok99", "Basic "),
            ("X-Forwarded-Authorization", "tok99", ""),
            ("Authorization", "Digest username=\"u\", response=\"tok99\"", "Digest "),
            ("Sec-WebSocket-Protocol", "bearer, tok99", "bearer"),
            ("Sec-WebSocket-Protocol", "graphql-ws, access_token, tok99", "graphql-ws"),
            ("Sec-WebSocket-Protocol", "base64url.bearer.authorization.k8s.io.tok99", "base64url.bearer"),
            ("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.tok99", "realtime"),
            ("Location", "https://user:p9@host/cb#access_token=tok99&x=1", "host/cb"),
            ("Referer", "https://h/p?next=/cb%3Ftoken%3Dtok99", "next=/cb"),
            ("Link", "</a?token=tok99>; rel=next", "rel=next"),
            ("Refresh", "0; url=/cb?token=tok99", "0; url=/cb"), ("Content-Location", "/x?sig=tok99", "/x?sig="),
            ("X-Original-URL", "/x?code=tok99", "/x?code="), ("Cookie", "a=tok99; b=tok99x", "b="),
            ("Cookie", "tok99", ""),
            ("Set-Cookie", "sid=tok99; Path=/; HttpOnly; x=tok99", "Path=/; HttpOnly"),
            ("Set-Cookie", "a=b; Expires=Wed, 21 Oct 2026 07:28:00 GMT, sid=tok99; Path=/", "Expires=Wed"),
            ("X-Anything", "Bearer tok99def456", "Bearer "), ("X-Auth", "tok99", ""), ("DPoP", "tok99", ""),
            ("Ocp-Apim-Subscription-Key", "tok99", ""), ("X-Functions-Key", "tok99", ""), ("X-Session-Id", "tok99", ""),
            ("X-Api-Secret", "tok99", ""), ("X-Database", "postgres://app:tok99@db/x", "postgres://app:"),
        ])
    func fields(name: String, value: String, kept: String) {
        let shown = Redaction.standard.value(value, of: name)
        #expect(!shown.contains("tok99") && shown.contains(Self.mask) && shown.contains(kept), "\(shown)")
    }

    @Test(
        "fields that only speak of secrets stay as they are",
        arguments: [
            ("Access-Control-Allow-Credentials", "true"), ("Access-Control-Allow-Headers", "Authorization, X-Token"),
            ("Permissions-Policy", "publickey-credentials-get=(self), otp-credentials=()"),
            ("Vary", "Cookie, Authorization"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Sec-WebSocket-Protocol", "graphql-transport-ws, wamp.2.json, ocpp1.6"),
            ("WWW-Authenticate", "Bearer realm=\"example\", error=\"invalid_token\""),
            ("ETag", "\"33a64df551425fcc55e4d42a148795d9f25f89d4\""),
            ("X-Request-Id", "b3f6c2a0-4a0e-4b1e-8a55-2f1d3c4b5a69"),
            ("Idempotency-Key", "b3f6c2a0-4a0e-4b1e-8a55-2f1d3c4b5a69"), ("Location", "/@user/a?x=1#top"),
            ("Cache-Control", "private, max-age=60"), ("Date", "Wed, 21 Oct 2026 07:28:00 GMT"),
            ("Content-Length", "12"),
        ])
    func harmlessFields(name: String, value: String) {
        #expect(Redaction.standard.value(value, of: name) == value)
    }

    @Test(
        "texts in a source: connection strings, queries, lines of several",
        arguments: [
            #"DB_URL = "jdbc:sqlserver://h:1433;user=sa;password=tok99""#, #"x = 'Server=db;Password=tok99;'"#,
            "fetch(f'{BASE}/v1?api_key=tok99&x=1')", "S = \"\"\"\nPassword=tok99\nx\n\"\"\"",
            #"{"C": "AccountKey=tok99=="}"#, "URL='redis://h?password=tok99'  # the cache",
            "print(\"token: tok99\")", "# don't\nsecret = \"tok99\"", "x = ''\ny = 'pwd=tok99'",
        ])
    func sourceTexts(source: String) {
        let shown = Redaction.standard.source(source)
        #expect(!shown.contains("tok99"), "\(shown)")
    }

    @Test(
        "a source's names, calls and places to be filled in stay",
        arguments: [
            "connect(password=pw, token=env.TOKEN)", "print('token: missing')", "x = f'password={pw}&token=%s'",
            "\"password=$PASSWORD\"", "help = 'token=<token>'", "# don't\npassword = read()", "x = 'a'; token = y",
            "\"\"\"a\"\"\"\ntoken = y", "t = '''\n'''; pwd = z", #"a = '\''; pwd = z"#,
        ])
    func sourceStays(source: String) {
        #expect(Redaction.standard.source(source) == source)
    }

    @Test(
        "bodies: JSON in every framing, forms, markup, settings, connection strings",
        arguments: [
            (#"{"auth_key":"tok99"}"#, "application/json"), (#"{"mnemonic":"legal winner tok99"}"#, ""),
            (#"{"db":"postgres://app:tok99@db/x"}"#, ""), (#"{"c":"Server=db;User Id=sa;Password=tok99;"}"#, ""),
            (")]}',\n{\"a\":{\"secret\":[\"tok99\"]}}", "application/json"),
            ("while(1);{\"secret\":[\"tok99\"]}", "text/plain"),
            ("for(;;);{\"secret\":{\"x\":\"tok99\"}}", "text/plain"),
            ("cb({\"secret\":{\"x\":\"tok99\"}})", "application/javascript"),
            ("\u{FEFF}{\"secret\":{\"x\":\"tok99\"}}", "application/json"),
            ("\u{1E}{\"secret\":{\"x\":\"tok99\"}}\n", "application/json-seq"),
            ("data: {\"token\":\"tok99\"}\n\n", "text/event-stream"),
            ("event: x\ndata: {\"secret\":\ndata: [\"tok99\"]}\n\n", "text/event-stream"),
            ("{\"a\":1}\n{\"secret\":{\"x\":\"tok99\"}}\n", "application/x-ndjson"),
            ("SAMLResponse=tok99&RelayState=x", ""),
            ("payload=%7B%22secret%22%3A%5B%22tok99%22%5D%7D", "application/x-www-form-urlencoded"),
            ("a=1&next=%2Fcb%3Fcode%3Dtok99", "application/x-www-form-urlencoded"),
            ("code=tok99&x=1", "application/x-www-form-urlencoded"),
            ("a sentence with token=tok99", "text/plain"), ("password: tok99\nuser: bob", "text/yaml"),
            ("password: correct horse tok99\n", "text/plain"), ("[default]\naws_secret_access_key = tok99\n", ""),
            ("<Envelope><wsse:Password Type=\"x\">tok99</wsse:Password></Envelope>", "text/xml"),
            ("<secret><value>tok99</value></secret>", "text/xml"), ("<add key=\"ApiKey\" value=\"tok99\"/>", ""),
            ("<input type=hidden name=\"csrf_token\" value=\"tok99\">", "text/html"),
            ("<meta content='tok99' name='csrf-token'>", "text/html"),
            (#"[{"name":"password","value":"tok99"}]"#, ""), (#"[{"value":"tok99","name":"password"}]"#, ""),
            (#"{"query":"mutation{login(password:\"tok99\")}"}"#, "application/json"),
            (#"{"body":"{\"secret\":[\"tok99\"]}"}"#, ""),
            (#"{"u":"https:\/\/h\/cb?token=tok99"}"#, ""), (#"{"u":"https://h/cb\u003ftoken\u003dtok99"}"#, ""),
            (#"{"\u0070assword":"tok99"}"#, ""), (#"{"token":"tok99 cut"#, ""),
            ("-----BEGIN RSA PRIVATE KEY-----\ntok99\n", ""),
            ("AWS_SECRET_ACCESS_KEY=tok99\nX=1", ""), ("'password' => 'tok99'", ""), ("API key: tok99", ""),
            (#"{"connectionString":"AccountName=a;AccountKey=tok99==;EndpointSuffix=x"}"#, ""),
            ("user:tok99@tcp(db:3306)/x", ""),
            ("redis://:tok99@h:6379/0", ""), ("mongodb+srv://u:tok99@c/db", ""), ("http://user:pa/ss#tok99@host/", ""),
            ("{\"accessToken\" : \"tok99\"}", "text/html"), ("let password = \"tok99\";", "text/javascript"),
            ("\"Bearer tok99\"", "application/json"),
            (#"{"pin":"tok99","cvv":"tok99","encryption_key":"tok99"}"#, ""),
            (#"{"eyJhbGciOiJIUzI1NiJ9.tok99.abc":1}"#, ""),
        ])
    func bodies(text: String, type: String) {
        let shown = self.body(text, type)
        #expect(!shown.contains("tok99") && shown.contains(Self.mask), "\(shown)")
    }

    @Test(
        "bodies without a secret stay as they are, byte for byte",
        arguments: [
            (
                #"{"max_tokens":100,"usage":{"total_tokens":12},"code":10068,"token":null,"key":"avatars/u.png","author":"bob","#
                    + #""tokenizer":"bpe","pinned":"yes","token_type":"Bearer","expires_in":3600,"has_password":true,"#
                    + #""password_reset_url":"https://h/x","primary_key":"id","status_code":"ok"}"#, "application/json"
            ),
            ("The token is required. Use password reset: done. See https://h/p", "text/plain"),
            ("const token = getToken(); let password = form.password; if (secret == x) {}", "application/javascript"),
            ("p { color: red; key: x } a:hover { pass: y }", "text/css"),
            ("exit code=1, status: ok, time 12:30:01", "text/plain"),
            ("mail mailto:bob@example.com or alice@example.org", "text/plain"), ("a,b\n1,2\n", "text/csv"),
            ("<p id=\"author\">token</p><input name=\"q\" value=\"x\">", "text/html"),
        ])
    func harmlessBodies(text: String, type: String) {
        #expect(self.body(text, type) == text)
    }

    @Test("multipart: fields, files under a secret's name, the names of files, JSON in parts; cut and without a type")
    func multipart() {
        let text =
            "--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\ntok99\r\n"
            + "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"token=tok99.txt\"\r\n"
            + "Content-Type: application/json\r\n\r\n{\"secret\":[\"tok99\"]}\r\n"
            + "--B\r\nContent-Disposition: form-data; filename=\"k.bin\"; name=secret\r\n\r\ntok99\u{0}\r\n--B--\r\n"
        for type in [
            "multipart/form-data; boundary=B", "Multipart/Form-Data; Boundary=\"B\"", "multipart/mixed; boundary=wrong",
            "",
        ] {
            for cut in [text.utf8.count, 40, 62, 150, 200, 300] {
                let shown = self.body(String(decoding: text.utf8.prefix(cut), as: UTF8.self), type)
                #expect(!shown.contains("tok99"), "\(type) \(cut): \(shown)")
            }
        }
        let shown = self.body(text, "multipart/form-data; boundary=B")
        #expect(
            shown.contains("name=\"file\"") && shown.hasSuffix("--B--\r\n")
                && shown.contains("{\"secret\":[\"\(Self.mask)\"]}"))
    }

    @Test(
        "messages: what was typed and refused keeps its place and loses its password",
        arguments: [
            "http://user:tok99@host:1/a", "http://user:p w/tok99@host", "user:tok99@127.0.0.1:9000",
            "blue=http://u:a@tok99@h",
        ])
    func refused(url: String) {
        #expect(!Redaction.standard.refusedURL(url).contains("tok99"))
        #expect(Redaction.standard.refusedURL("http://127.0.0.1:9000/a@b") == "http://127.0.0.1:9000/a@b")
        let message = Redaction.standard.message(
            "invalid value \"http://user:tok99@host:1\" for --backend: must be URL")
        #expect(message == "invalid value \"http://user:\(Self.mask)@host:1\" for --backend: must be URL")
        let place = "no token: worker-console.toml:3:1: error: \"listen.tls_key\" must be a path: no such file"
        #expect(Redaction.standard.message(place) == place)
    }

    @Test(
        "no text takes long, whatever it is made of",
        arguments: [
            "@", "token=", "key=", "<token>", "%25", "-----BEGIN PRIVATE KEY-----", "/aaaaaaaaaaaaaaaaaaaaaa1", "eyJ.",
            "\"", "a:",
            "[", "bearer ", "keykeykeykeykeykeykeykeykeyq=", "pass:\"", "--B\r\n\r\n", "data:{\n", "\\", "u:p@",
            "<a name=\"token\">",
        ])
    func cost(piece: String) {
        let bytes = Array(String(repeating: piece, count: 65_536 / piece.utf8.count).utf8)
        let start = ContinuousClock.now
        _ = Redaction.standard.body(
            bytes, type: piece.hasPrefix("--B") ? "multipart/form-data; boundary=B" : "", encoding: nil)
        #expect(ContinuousClock.now - start < .seconds(10), "\(piece)")
    }
}
