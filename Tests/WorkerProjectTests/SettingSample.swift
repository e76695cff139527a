import WorkerProject

/// Values that a test writes for one row of ``Settings``: those that can be used and those that cannot.
struct SettingSample {
    /// As the file and `config` say them; none of them is the default.
    var good: [String]
    var bad: [String]
    /// Lines that the setting needs beside it.
    var companions: [String] = []

    /// The name that stands for `*`.
    static let name = "blue"

    /// `nil` for a row that no sample is known of.
    init?(of setting: Setting) {
        let companions = Self.companions[setting.key] ?? []
        if let range = setting.numbers {
            let (low, high) = (range.lowerBound, range.upperBound)
            let good = [low, low + (high - low) / 2, high].map { "\($0)" }
            let bad = ["\(low - 1)", "\(high + 1)", "true", "\"\(low)\""]
            self.init(good.filter { "`\($0)`" != setting.standard }, bad, companions)
        } else if !setting.names.isEmpty {
            let quoted = setting.names.map { "\"\($0)\"" }
            let good = quoted.filter { "`\($0)`" != setting.standard && $0 != Self.defaults[setting.key] }
            self.init(good, ["\"other\"", "true", "[\(quoted[0])]"], companions)
        } else if setting.range == "`true`, `false`" {
            self.init(["true"], ["\"true\"", "1"], companions)
        } else if let texts = Self.texts[setting.key] {
            self.init(texts.good, texts.bad + ["true", "{ a = 1 }"], companions)
        } else {
            return nil
        }
    }

    private init(_ good: [String], _ bad: [String], _ companions: [String]) {
        self.good = good
        self.bad = bad
        self.companions = companions
    }

    /// What is the default without the table saying it as a value.
    private static let defaults = ["health.method": "\"TCP\""]

    /// Settings that only mean something together with others, or whose range ends at another one's value.
    private static let companions = [
        "listen.certificate": ["listen.key = \"/k.pem\""], "listen.key": ["listen.certificate = \"/c.pem\""],
        "backends.*.certificate": ["backends.blue.key = \"/k.pem\""],
        "backends.*.key": ["backends.blue.certificate = \"/c.pem\""],
        "cors.credentials": ["cors.origins = [\"https://a.example\"]"],
        "health.interval_ms": ["health.fast_ms = 100"], "health.fast_ms": ["health.interval_ms = 3600000"],
        "health.passive_failures": ["health.passive_window = 1000"],
        "health.passive_window": ["health.passive_failures = 1"],
    ]

    private static let texts: [String: (good: [String], bad: [String])] = [
        "listen.address": (["\"::1\"", "\"*\""], ["\"\"", "\"a b\"", "1", "\"8787\"", "\"0x7f.1\""]),
        "bindings.*.endpoint": (
            ["\"https://s3.example.com\"", "\"http://h:9000\""], ["\"s3.example.com\"", "\"\"", "1"]
        ),
        "bindings.*.bucket": (["\"uploads\""], ["\"a b\"", "\"\"", "1"]),
        "bindings.*.region": (["\"auto\""], ["\"a b\"", "\"\"", "1"]),
        "bindings.*.profile": (["\"work\""], ["\"a b\"", "\"\"", "1"]),
        "listen.certificate": (["\"/c.pem\""], ["\"\"", "1"]), "listen.key": (["\"/k.pem\""], ["\"\"", "1"]),
        "active": (["\"green\""], ["\"red\"", "\"a b\""]),
        "backends.*.url": (["\"https://b:1/x\"", "\"https://[::1]:2\""], ["\"ftp://a\"", "\"\"", "1"]),
        "backends.*.ca": (["\"/ca.pem\""], ["\"\"", "1"]),
        "backends.*.certificate": (["\"/c.pem\""], ["\"\"", "1"]),
        "backends.*.key": (["\"/k.pem\""], ["\"\"", "1"]),
        "backends.*.server_name": (["\"api.example.com\""], ["\"a:1\"", "\"a b\"", "\"\""]),
        "proxy.routes": (["[\"/api/*\", \"/x\"]"], ["[\"api\"]", "\"/api\"", "[1]"]),
        "cors.origins": (["[\"https://a.example\"]"], ["\"*\"", "[\"*\", \"https://a.example\"]", "[1]"]),
        "cors.methods": (["[\"GET\"]"], ["[\"G T\"]", "\"GET\""]),
        "cors.headers": (["[\"X-A\"]"], ["[\"a:b\"]", "\"X-A\""]),
        "cors.expose": (["[\"X-A\"]"], ["[\"a:b\"]", "[1]"]),
        "health.path": (["\"/up\""], ["\"up\"", "\"/a b\""]),
        "health.expect": (["[200, \"300-399\", \"400-404\"]"], ["[]", "[\"20\"]", "[\"400-200\"]", "[700]"]),
        "canary.backend": (["\"green\""], ["\"blue\"", "\"red\""]),
        "redaction.headers": (["[\"x-ticket\"]"], ["[\"\"]", "[\"a b\"]"]),
        "checks.ignore_keys": (["[\"time\"]"], ["[\"\"]", "\"time\""]),
        "redaction.query": (["[\"ticket\"]"], ["[\"\"]", "\"ticket\""]),
        "bindings.*.path": (["\"/elsewhere\""], ["\"\"", "3"]),
        "ui.timezone": (["\"UTC\"", "\"Asia/Shanghai\""], ["\"../etc\"", "\"\""]),
    ]
}
