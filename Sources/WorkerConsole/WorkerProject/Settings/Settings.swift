import WorkerDomain

/// Every key of `worker-console.toml`. Adding one: its row here, and the property that it sets.
///
/// Reading, findings, `worker-console config` and the table in docs/user-guide/configuration.md come from these rows.
package enum Settings {
    /// In the order of the user guide.
    package static let all: [Setting] =
        Self.listen + Self.backends + Self.backendTLS + Self.proxy + Self.proxyTimeouts + Self.proxyLimits + Self.cors
        + Self.health + Self.steering + Self.journal + Self.interface

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
            "PEM file of the certificate that clients get, its chain behind it; with it the proxy speaks TLS, and only TLS"
        ),
        Setting(
            "listen.key", .optional(.file), \.listenKey,
            "PEM file of that certificate's key, without a password; both keys or none"),
        Setting(
            "active", .optional(.name("a name below `backends`")), \.console.active,
            default: "the first backend",
            "backend that new requests go to; it stands above the first table"),
    ]

    private static let backends = [
        Setting("backends.*.url", .optional(.backendURL), \.backend.url, "where a backend listens"),
        Setting(
            "backends.*.weight", .count(0...1_000), \.backend.weight,
            "its part of the requests under a policy that weighs; 0 gets none"),
    ]

    /// These have a meaning only for `https`.
    static let backendTLS = [
        Setting(
            "backends.*.ca", .optional(.file), \.backend.tls.authorityFile, default: "the system's",
            "PEM file of the authorities that may vouch for this backend; the system's are then not asked"),
        Setting(
            "backends.*.certificate", .optional(.file), \.backend.tls.certificateFile,
            "PEM file of a certificate that is shown to the backend"),
        Setting(
            "backends.*.key", .optional(.file), \.backend.tls.keyFile,
            "PEM file of that certificate's key, without a password; both keys or none"),
        Setting(
            "backends.*.server_name",
            .optional(
                .text("a host name", "a host name like \"api.example.com\"") {
                    SettingText.isPlain($0) && !$0.contains(":")
                }), \.backend.tls.serverName, default: "the host in the URL",
            "name that is asked for (SNI) and that the backend's certificate must have"),
        Setting(
            "backends.*.insecure", .flag, \.backend.tls.isInsecure,
            "verifies nothing: whoever is on the path can read and change everything. It is shown as a warning"),
    ]

    private static let proxy = [
        Setting(
            "proxy.engine", .choice, \.console.proxy.engine,
            "how the event loops learn of what arrives; `\"auto\"` takes io_uring where the kernel gives it (Linux 6.1), as does `\"io_uring\"`, else epoll"
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
            "`\"raw\"` passes paths on byte for byte; `\"url\"` normalises them as the Worker does: `..` resolved, what a URL cannot hold percent-encoded"
        ),
        Setting(
            "proxy.location", .choice, \.console.proxy.redirects,
            "redirects (`Location`, `Refresh`) that name the backend itself: `\"keep\"` passes them on as the Worker does, so that they lead past the proxy; `\"rewrite\"` makes them paths of the proxy, as nginx's `proxy_redirect`"
        ),
        Setting(
            "proxy.lookalike_headers", .choice, \.console.proxy.lookalikes,
            "request headers whose names differ from one that the proxy sets or reads only by another sign for a hyphen (`X_Forwarded_For`, `Content_Length`, `CF_Ray`): many backends take them for ours. nginx drops every name with an underscore unless `underscores_in_headers` is on; here others pass"
        ),
        Setting(
            "proxy.target_header", .flag, \.console.steering.takesTargetField,
            "a request from this machine may name its backend: `X-WorkerConsole-Target: green`. The header never reaches a backend"
        ),
        Setting(
            "proxy.retries", .count(0...3), \.console.proxy.upstream.retryLimit,
            "further attempts when a connection ends before the first byte of a response: GET, HEAD and OPTIONS without a body; other requests are never sent twice"
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
            "time that a request waits when all connections to its backend are in use; then 503"),
        Setting(
            "proxy.connect_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.timeouts.connect,
            "time to connect to a backend, TLS included; then 502"),
        Setting(
            "proxy.response_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.timeouts.responseHead,
            "time from the request sent to the head of the response, and in which a backend accepts nothing of a request's body; then 504"
        ),
        Setting(
            "proxy.response_body_timeout_ms", .milliseconds(1...Self.day), \.console.proxy.timeouts.responseBody,
            "time without a byte of the response's body; then both connections end"),
        Setting(
            "proxy.write_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.timeouts.write,
            "time in which a client accepts nothing of its response; then both connections end"),
        Setting(
            "proxy.tunnel_timeout_ms", .milliseconds(1...Self.day), \.console.proxy.timeouts.tunnel,
            "time without a byte in either direction of a tunnel (WebSocket); then it ends"),
        Setting(
            "proxy.tunnel_end_timeout_ms", .milliseconds(1...Self.day), \.console.proxy.timeouts.tunnelEnd,
            "time without a byte in a tunnel that one side has ended; then it ends"),
        Setting(
            "proxy.half_close_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.timeouts.halfClosed,
            "time that a client that closes its sending side right after its request is kept for the head of its response; then it has left"
        ),
        Setting(
            "proxy.linger_timeout_ms", .milliseconds(1...Self.minute), \.console.proxy.timeouts.linger,
            "time that what a client still sends is thrown away after a response that closes its connection"),
        Setting(
            "proxy.idle_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.timeouts.idle,
            "time that a client's connection stays open without a request"),
        Setting(
            "proxy.drain_timeout_ms", .milliseconds(0...Self.hour), \.console.drainTimeout,
            "time that running exchanges have at the end"),
        Setting(
            "proxy.backend_idle_timeout_ms", .milliseconds(1...Self.hour), \.console.proxy.upstream.idleTimeout,
            "time after which an unused connection to a backend is closed; keep it below the backend's own"),
        Setting(
            "proxy.dns_ttl_ms", .milliseconds(0...Self.hour), \.console.proxy.upstream.addressLifetime,
            "time that the addresses of a backend's name are used; 0 looks them up for every connection"),
    ]

    private static let proxyLimits = [
        Setting(
            "proxy.max_connections", .count(1...1_000_000), \.console.proxy.limits.connections,
            "clients' connections at once; more get 503"),
        Setting(
            "proxy.max_requests_per_connection", .count(1...1_000_000_000),
            \.console.proxy.limits.exchangesPerConnection,
            "requests on one client's connection; the last response closes it"),
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
            "connections to one backend from one event loop; further requests wait"),
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
            "time that a preflight's response holds"),
        Setting(
            "cors.credentials", .flag, \.console.proxy.cors.allowsCredentials,
            "allow cookies; an error while `cors.origins` has `\"*\"`"),
    ].map(\.takenOver)

    private static let health = [
        Setting(
            "health.method", .optional(.choice), \.probeMethod, default: "`\"TCP\"`, or `\"GET\"` with a path",
            "what a probe asks; `\"TCP\"` only connects, with TLS where the backend has it"),
        Setting(
            "health.path",
            .optional(
                .text("a path", "a path like \"/health\"") {
                    SettingText.isURLPath($0) && $0.utf8.count <= 1_024
                }), \.probePath, default: "`\"/\"`", "path that a probe asks for"),
        Setting("health.expect", .statuses, \.console.health.passingStatuses, "statuses that pass"),
        Setting(
            "health.interval_ms", .milliseconds(100...Self.hour), \.console.health.interval,
            "time between probes of a backend that is up"),
        Setting(
            "health.fast_ms", .milliseconds(100...Self.hour), \.console.health.fastInterval,
            "… while its state is changing; also the least time between a probe and one that failing requests ask for"),
        Setting(
            "health.down_ms", .milliseconds(100...Self.hour), \.console.health.downInterval, "… while it is down"),
        Setting(
            "health.timeout_ms", .milliseconds(10...600_000), \.console.health.timeout, "how long a probe waits"),
        Setting(
            "health.fall", .count(1...100), \.console.health.fall, "failures in a row after which a backend is down"),
        Setting(
            "health.rise", .count(1...100), \.console.health.rise, "passes in a row after which it is up again"),
        Setting(
            "health.jitter_percent", .part(percent: 0...50), \.console.health.jitter,
            "how much the times vary, so that probes do not fall into step"),
        Setting(
            "health.passive_failures", .count(0...1_000), \.console.steering.passiveFailures,
            "failures among the newest requests that ask for a probe at once; 0 for never"),
        Setting(
            "health.passive_window", .count(1...100_000), \.console.steering.passiveWindow,
            "how many of the newest requests that looks at"),
    ].map(\.takenOver)

    private static let steering = [
        Setting(
            "balance.policy", .choice, \.console.steering.policy, "which backend gets a request; see below"),
        Setting(
            "balance.drain_ms", .milliseconds(0...Self.hour), \.console.steering.drainTimeout,
            "when what still runs on a backend that was left is reported; nothing is cut"
        ).takenOver,
        Setting(
            "balance.remember", .choice, \.console.remember,
            "where the backend of the last switch is remembered: in the program's state folder, as `active` in this file, nowhere"
        ),
        Setting(
            "canary.backend",
            .optional(.name("a name below `backends` that is not active")),
            \.console.canary.backend, "a canary to begin with"),
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
            "requests in the last 30 seconds below which nothing is judged"
        ).takenOver,
        Setting(
            "canary.hold_ms", .milliseconds(0...Self.hour), \.console.steering.canaryRule.hold,
            "how long the rule must be broken before the canary is rolled back; it is announced when that begins"
        ).takenOver,
    ]

    private static let journal = [
        Setting(
            "capture.bytes", .bytes(0...16_777_216), \.console.proxy.captureLimit, "kept of each body; 0 keeps none"),
        Setting("journal.exchanges", .count(1...10_000_000), \.console.journal.exchanges, "exchanges kept"),
        Setting("journal.bytes", .bytes(65_536...17_179_869_184), \.console.journal.bytes, "memory for them"),
        Setting(
            "redaction.headers", .tokens("header names") { $0.lowercased() }, \.console.redaction.headers,
            "headers to hide beyond [those that always are](redaction.md), in either case"),
        Setting(
            "redaction.query", .list("names", "parameter names", where: { !$0.isEmpty }),
            \.console.redaction.queryParameters,
            "query parameters, form fields, JSON members and D1 columns to hide beyond those"),
        Setting(
            "bindings.*.store", .choice, \.store.kind,
            "where a binding's data is read: what `wrangler dev` has stored, or nowhere"
        ).takenOver,
        Setting(
            "bindings.*.path", .optional(.path("a path in quotes")), \.store.path, default: "`.wrangler/state`",
            "where local state lies, as given to `wrangler dev --persist-to`; relative to the file"
        ).takenOver,
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
            "the zone that times are shown in"),
        Setting(
            "keys.*", .keys, \.keys, default: "see the [keys](../reference/keys.md)",
            "keys of an action, which stands in quotes: `\"traffic.copy\" = \"Y\"`; no other action may have them there"
        ),
    ]
}
