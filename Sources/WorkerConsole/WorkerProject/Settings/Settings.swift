import WorkerDomain

/// Every key of `worker-console.toml`. Adding one: its row here, and the property that it sets.
///
/// Reading, findings, `worker-console config` and the table in docs/user-guide/configuration.md come from these rows.
package enum Settings {
    /// In the order of the user guide.
    package static let all: [Setting] =
        Self.listen + Self.backends + Self.backendTLS + Self.proxy + Self.proxyTimeouts + Self.proxyLimits + Self.cors
        + Self.health + Self.steering + Self.journal + Self.stores + Self.checks + Self.interface

    /// Milliseconds.
    private static let (minute, hour, day) = (60_000, 3_600_000, 86_400_000)

    private static let listen = [
        Setting(
            "listen.address",
            .text(
                "an address without blanks", "an address like \"127.0.0.1\"; the port is listen.port",
                where: { SettingText.isPlain($0) && !HostText.isOddAddress($0) }),
            \.console.proxy.listen[0].host,
            "address that the proxy listens on; an IPv6 one without brackets. `\"localhost\"` is `127.0.0.1` and `::1`, `\"*\"` every address of IPv4 and IPv6, `\"::\"` every one of IPv6 alone"
        ),
        Setting("listen.port", .count(0...65_535), \.console.proxy.listen[0].port, "port; 0 lets the system choose"),
        Setting(
            "listen.certificate", .optional(.file), \.listenCertificate,
            "PEM file of the server certificate, followed by its chain; with it the proxy accepts TLS only"
        ),
        Setting(
            "listen.key", .optional(.file), \.listenKey,
            "PEM file of that certificate's private key, without a password; set both or neither"),
        Setting(
            "active", .optional(.name("a name below `backends`")), \.console.active,
            default: "the first backend",
            "backend that new requests go to; must come before the first table"),
    ]

    private static let backends = [
        Setting("backends.*.url", .optional(.backendURL), \.backend.url, "where a backend listens"),
        Setting(
            "backends.*.weight", .count(0...1_000), \.backend.weight,
            "its share of the requests under a weighted policy; 0 gets none"),
    ]

    /// These have a meaning only for `https`.
    static let backendTLS = [
        Setting(
            "backends.*.ca", .optional(.file), \.backend.tls.authorityFile, default: "the system's",
            "PEM file of the certificate authorities trusted for this backend, instead of the system's"),
        Setting(
            "backends.*.certificate", .optional(.file), \.backend.tls.certificateFile,
            "PEM file of the client certificate sent to the backend"),
        Setting(
            "backends.*.key", .optional(.file), \.backend.tls.keyFile,
            "PEM file of that certificate's private key, without a password; set both or neither"),
        Setting(
            "backends.*.server_name",
            .optional(
                .text("a host name", "a host name like \"api.example.com\"") {
                    SettingText.isPlain($0) && !$0.contains(":")
                }), \.backend.tls.serverName, default: "the host in the URL",
            "name sent as SNI, which the backend's certificate must match"),
        Setting(
            "backends.*.insecure", .flag, \.backend.tls.isInsecure,
            "disables certificate verification: anyone on the path can read and change everything. Shown as a warning"),
    ]

    private static let proxy = [
        Setting(
            "proxy.engine", .choice, \.console.proxy.engine,
            "how the event loops wait for events; `\"auto\"` and `\"io_uring\"` use io_uring if the kernel supports it (Linux 6.1), else epoll"
        ),
        Setting(
            "proxy.errors", .choice, \.console.proxy.errors,
            "`\"gateway\"` responds with 502, 503 and 504; `\"worker\"` with 500 as the Worker does"),
        Setting(
            "proxy.routes",
            .list(
                "paths that start with `/`", "paths that start with /, like \"/api/*\"", where: SettingText.isURLPath),
            \.console.proxy.routes,
            "paths that are forwarded: `\"/api/*\"` is `/api` and what is below it, `\"/x\"` is one path; others get 404, to OPTIONS too"
        ).takenOver,
        Setting(
            "proxy.path", .choice, \.console.proxy.path,
            "`\"raw\"` passes paths on byte for byte; `\"url\"` normalises them as the Worker does: `..` is resolved, characters that a URL cannot contain are percent-encoded"
        ),
        Setting(
            "proxy.location", .choice, \.console.proxy.redirects,
            "redirects (`Location`, `Refresh`) that name the backend itself: `\"keep\"` passes them on as the Worker does, so they bypass the proxy; `\"rewrite\"` makes them paths of the proxy, as nginx's `proxy_redirect`"
        ),
        Setting(
            "proxy.lookalike_headers", .choice, \.console.proxy.lookalikes,
            "request headers whose names differ from a header that the proxy sets or reads only by a character in place of a hyphen (`X_Forwarded_For`, `Content_Length`, `CF_Ray`): many backends confuse them with ours. nginx drops every name with an underscore unless `underscores_in_headers` is on; here other names pass"
        ),
        Setting(
            "proxy.target_header", .flag, \.console.steering.takesTargetField,
            "lets a request from this machine choose its backend: `X-WorkerConsole-Target: green`. The header never reaches a backend"
        ),
        Setting(
            "proxy.retries", .count(0...3), \.console.proxy.upstream.retryLimit,
            "retries when a connection ends before the first byte of a response: GET, HEAD and OPTIONS without a body; other requests are never sent twice"
        ),
    ]

    // A timeout of nothing would end every exchange, so 0 is refused; only waiting at the end may be left out.
    private static let proxyTimeouts = [
        Setting(
            "proxy.request_head_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.timeouts.requestHead,
            "time from the first byte of a request to the end of its head; then 408"),
        Setting(
            "proxy.request_body_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.timeouts.requestBody,
            "time without a byte of a request's body; then 408"),
        Setting(
            "proxy.queue_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.timeouts.queue,
            "how long a request waits when all connections to its backend are in use; then 503"),
        Setting(
            "proxy.connect_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.timeouts.connect,
            "time to connect to a backend, TLS included; then 502"),
        Setting(
            "proxy.response_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.timeouts.responseHead,
            "time from sending the request to the head of the response, and time without the backend accepting any byte of the request's body; then 504"
        ),
        Setting(
            "proxy.response_body_timeout_ms", .milliseconds(1...Self.day), \.console.proxy.timeouts.responseBody,
            "time without a byte of the response's body; then both connections end"),
        Setting(
            "proxy.write_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.timeouts.write,
            "time without the client accepting any byte of its response; then both connections end"),
        Setting(
            "proxy.tunnel_timeout_ms", .milliseconds(1...Self.day), \.console.proxy.timeouts.tunnel,
            "time without a byte in either direction of a tunnel (WebSocket); then it ends"),
        Setting(
            "proxy.tunnel_end_timeout_ms", .milliseconds(1...Self.day), \.console.proxy.timeouts.tunnelEnd,
            "time without a byte in a tunnel that one side has closed; then it ends"),
        Setting(
            "proxy.half_close_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.timeouts.halfClosed,
            "how long a half-closed client is kept while its response head is pending; then it counts as gone"
        ),
        Setting(
            "proxy.linger_timeout_ms", .milliseconds(1...Self.minute), \.console.proxy.timeouts.linger,
            "how long incoming data is discarded after a response that closes the connection"),
        Setting(
            "proxy.idle_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.timeouts.idle,
            "how long a client's connection may stay idle"),
        Setting(
            "proxy.drain_timeout_ms", .milliseconds(0...Self.hour), \.console.drainTimeout,
            "time for exchanges in flight to finish at shutdown"),
        Setting(
            "proxy.backend_idle_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.upstream.idleTimeout,
            "time after which an unused connection to a backend is closed; keep it below the backend's own"),
        Setting(
            "proxy.dns_ttl_ms", .milliseconds(0...Self.hour), \.console.proxy.upstream.addressLifetime,
            "how long resolved addresses of a backend are cached; 0 resolves for every connection"),
    ]

    private static let proxyLimits = [
        Setting(
            "proxy.max_connections", .count(1...1_000_000), \.console.proxy.limits.connections,
            "concurrent client connections; more get 503"),
        Setting(
            "proxy.max_requests_per_connection", .count(1...1_000_000_000),
            \.console.proxy.limits.exchangesPerConnection,
            "requests per client connection; the last response closes it"),
        Setting(
            "proxy.max_request_line_bytes", .bytes(64...1_048_576), \.console.proxy.limits.requestLine,
            "size of a request line; more gets 414"),
        Setting(
            "proxy.max_head_bytes", .bytes(1_024...16_777_216), \.console.proxy.limits.head,
            "size of a head, request line included, and of trailers; more gets 431, of a response 502"),
        Setting(
            "proxy.max_body_bytes", .bytes(0...1_099_511_627_776), \.console.proxy.limits.body,
            "size of a request's body; more gets 413"),
        Setting(
            "proxy.backend_connections", .count(1...65_536), \.console.proxy.upstream.connectionLimit,
            "connections to one backend per event loop; further requests wait"),
    ]

    private static let cors = [
        Setting(
            "cors.origins", .origins, \.console.proxy.cors.origins,
            "origins that are allowed; named ones are echoed, with `Vary: Origin`"),
        Setting("cors.methods", .tokens("methods"), \.console.proxy.cors.methods, "methods that are allowed"),
        Setting(
            "cors.headers", .tokens("header names"), \.console.proxy.cors.headers, "request headers that are allowed"),
        Setting(
            "cors.expose", .tokens("header names"), \.console.proxy.cors.exposedHeaders,
            "response headers that a page may read; when empty, the backend's own list stays"),
        Setting(
            "cors.max_age", .optional(.seconds(0...31_536_000)), \.console.proxy.cors.maxAge,
            "how long browsers may cache a preflight response"),
        Setting(
            "cors.credentials", .flag, \.console.proxy.cors.allowsCredentials,
            "allow cookies; an error while `cors.origins` has `\"*\"`"),
    ].map(\.takenOver)

    private static let health = [
        Setting(
            "health.method", .optional(.choice), \.probeMethod, default: "`\"TCP\"`, or `\"GET\"` with a path",
            "what a probe sends; `\"TCP\"` only connects, with TLS if the backend uses it"),
        Setting(
            "health.path",
            .optional(
                .text("a path", "a path like \"/health\"") {
                    SettingText.isURLPath($0) && $0.utf8.count <= 1_024
                }), \.probePath, default: "`\"/\"`", "path that a probe requests"),
        Setting("health.expect", .statuses, \.console.health.passingStatuses, "statuses that pass"),
        Setting(
            "health.interval_ms", .milliseconds(100...Self.hour), \.console.health.interval,
            "time between probes of a backend that is up"),
        Setting(
            "health.fast_ms", .milliseconds(100...Self.hour), \.console.health.fastInterval,
            "… while its state is changing; also the minimum time before failing requests trigger another probe"),
        Setting(
            "health.down_ms", .milliseconds(100...Self.hour), \.console.health.downInterval, "… while it is down"),
        Setting(
            "health.timeout_ms", .milliseconds(10...600_000), \.console.health.timeout, "how long a probe waits"),
        Setting(
            "health.fall", .count(1...100), \.console.health.fall, "consecutive failures after which a backend is down"),
        Setting(
            "health.rise", .count(1...100), \.console.health.rise, "consecutive successes after which it is up again"),
        Setting(
            "health.jitter_percent", .part(percent: 0...50), \.console.health.jitter,
            "how much the intervals vary, so that probes do not synchronise"),
        Setting(
            "health.passive_failures", .count(0...1_000), \.console.steering.passiveFailures,
            "failures among the latest requests that trigger a probe immediately; 0 for never"),
        Setting(
            "health.passive_window", .count(1...100_000), \.console.steering.passiveWindow,
            "how many of the latest requests are considered"),
    ].map(\.takenOver)

    private static let steering = [
        Setting(
            "balance.policy", .choice, \.console.steering.policy, "which backend gets a request; see below"),
        Setting(
            "balance.drain_ms", .milliseconds(0...Self.hour), \.console.steering.drainTimeout,
            "when requests still running on a drained backend are reported; nothing is closed"
        ).takenOver,
        Setting(
            "balance.remember", .choice, \.console.remember,
            "where the backend of the last switch is remembered: in the program's state folder, as `active` in this file, nowhere"
        ),
        Setting(
            "canary.backend",
            .optional(.name("a name below `backends` that is not active")),
            \.console.canary.backend, "a canary to start with"),
        Setting("canary.percent", .percent(1...99), \.console.canary.percent, "its share of the clients"),
        Setting(
            "canary.max_5xx_percent", .number(0...100, unit: "%"), \.console.steering.canaryRule.serverErrors,
            "more 5xx responses and failures than this break the rule"
        ).takenOver,
        Setting(
            "canary.max_slowdown", .number(0...1_000), \.console.steering.canaryRule.slowdown,
            "a p95 above this many times the other side's breaks it; 0 for no such rule"
        ).takenOver,
        Setting(
            "canary.min_requests", .count(1...1_000_000), \.console.steering.canaryRule.requests,
            "with fewer requests in the last 30 seconds, nothing is judged"
        ).takenOver,
        Setting(
            "canary.hold_ms", .milliseconds(0...Self.hour), \.console.steering.canaryRule.hold,
            "how long the rule must be broken before the canary is rolled back; it is announced when that begins"
        ).takenOver,
    ]

    private static let journal = [
        Setting(
            "capture.bytes", .bytes(0...16_777_216), \.console.proxy.captureLimit,
            "bytes kept of each body; 0 keeps none"),
        Setting("journal.exchanges", .count(1...10_000_000), \.console.journal.exchanges, "exchanges kept"),
        Setting("journal.bytes", .bytes(65_536...17_179_869_184), \.console.journal.bytes, "memory for them"),
        Setting(
            "redaction.headers", .tokens("header names") { $0.lowercased() }, \.console.redaction.headers,
            "headers to hide beyond [those that always are](redaction.md), in upper or lower case"),
        Setting(
            "redaction.query", .list("names", "parameter names", where: { !$0.isEmpty }),
            \.console.redaction.queryParameters,
            "query parameters, form fields, JSON members and D1 columns to hide beyond those"),
    ]

    private static let interface = [
        Setting(
            "ui.language", .choice, \.console.interface.language,
            "`\"auto\"` goes by `LC_ALL`, `LC_MESSAGES`, `LANG`"),
        Setting(
            "ui.glyphs", .choice, \.console.interface.glyphs,
            "`\"auto\"` goes by the locale, `TERM` and how wide the terminal draws"),
        Setting(
            "ui.theme", .choice, \.console.interface.theme,
            "`\"auto\"` goes by the terminal's background, `COLORFGBG`, `NO_COLOR` and `TERM`"),
        Setting(
            "ui.timezone",
            .text(
                "`\"local\"`, `\"UTC\"`, a name like `\"Asia/Shanghai\"`",
                "\"local\", \"UTC\" or a name like \"Asia/Shanghai\""
            ) { SettingText.isPlain($0) && !$0.contains("..") }, \.console.interface.timezone,
            "time zone of displayed times"),
        Setting(
            "keys.*", .keys, \.keys, default: "see the [keys](../reference/keys.md)",
            "keys of an action, whose name is in quotes: `\"traffic.copy\" = \"Y\"`; no other action may have them there"
        ),
    ]
}
