package import NetworkIO

/// Everything that decides how the proxy behaves; every value has a default.
package struct ProxyConfiguration: Sendable, Equatable {
    /// How failures are answered.
    package enum ErrorStyle: String, Sendable, Equatable, CaseIterable {
        /// 502, 503 and 504 with a short JSON body that names the exchange.
        case gateway
        /// `500`, `Internal Server Error`, text/plain, as the Worker answers when its backend fails.
        case worker
    }

    /// How the path reaches the backend.
    package enum PathForwarding: String, Sendable, Equatable, CaseIterable {
        /// Byte for byte as the client sent it.
        case bytes
        /// Normalised as a URL, as the Worker does: `..` resolved, what a URL cannot hold percent-encoded.
        case url
    }

    /// What becomes of redirects that name the backend itself.
    package enum RedirectForwarding: String, Sendable, Equatable, CaseIterable {
        /// They go on as the backend wrote them, as through the Worker.
        case keep
        /// They lead to the same path of this proxy.
        case rewrite
    }

    /// Where to listen; `127.0.0.1:8787` unless told otherwise.
    package var listen = [ListenAddress(host: "127.0.0.1", port: 8_787)]
    /// Paths that are forwarded: `/api/*` and what is below it, `/x` alone, `*` all. Others are answered 404.
    package var routes = ["*"]
    package var errors = ErrorStyle.gateway
    package var path = PathForwarding.bytes
    package var redirects = RedirectForwarding.keep
    /// Passes request fields on whose names differ from one that the proxy sets or reads only by a sign for a hyphen.
    package var keepsLookalikes = false
    package var cors = CORSConfiguration()
    /// Sets `CF-Connecting-IP`, `CF-Ray`, `CF-Visitor`, `CDN-Loop` and `X-Real-IP` as Cloudflare's edge does.
    package var setsCloudflareFields = true
    /// The place in `CF-Ray`, three letters: `LOC`.
    package var location = "LOC"
    /// The first bytes of each body that are reported, in bytes; totals are counted always.
    package var captureLimit = 65_536
    package var limits = ProxyLimits()
    package var timeouts = ProxyTimeouts()
    package var upstream = UpstreamConfiguration()
    /// How the event loops learn of what arrives.
    package var engine = EngineChoice.auto
    /// Speaks TLS to clients with these files; `nil` speaks plain HTTP.
    package var listenTLS: ListenTLS?

    package init() {}
}

/// What is refused because it is too much.
package struct ProxyLimits: Sendable, Equatable {
    /// Bytes of the request line; more is answered 414.
    package var requestLine = 16_384
    /// Bytes of a request head or of the head of an answer; more is answered 431 or 502.
    package var head = 65_536
    /// Bytes of a request body; more is answered 413. 100 MB, as on Cloudflare's smaller plans.
    package var body = 100_000_000
    /// Client connections at one time; what comes above is answered 503.
    package var connections = 10_000
    /// Exchanges on one client connection; the last one closes it.
    package var exchangesPerConnection = 1_000_000

    package init() {}
}

/// How long each phase may last.
package struct ProxyTimeouts: Sendable, Equatable {
    /// From the first byte of a request head to its end; then 408.
    package var requestHead = Duration.seconds(10)
    /// Without a byte of the request body; then 408.
    package var requestBody = Duration.seconds(30)
    /// A client connection without a request; then it is closed.
    package var idle = Duration.seconds(60)
    /// Establishing a connection to the backend, TLS included; then 502.
    package var connect = Duration.seconds(5)
    /// Waiting for a place when a backend's connections are all in use; then 503.
    package var queue = Duration.seconds(5)
    /// From the request sent to the head of the answer; then 504.
    package var responseHead = Duration.seconds(30)
    /// Without a byte of the answer's body; then the connection is reset.
    package var responseBody = Duration.seconds(300)
    /// A client that takes nothing of its answer.
    package var write = Duration.seconds(60)
    /// A tunnel without a byte in either direction.
    package var tunnel = Duration.seconds(3_600)
    /// How long what a client still sends is thrown away after an answer that closes its connection.
    package var linger = Duration.seconds(2)
    /// A client that closes its sending side this soon after its request still gets its answer; later it has left.
    package var halfClose = Duration.milliseconds(100)
    /// How long such a client is waited with for the head of its answer: whether it has left cannot be seen before
    /// something is sent to it.
    package var halfClosed = Duration.milliseconds(800)
    /// A tunnel that one side has ended, without a byte in the other direction.
    package var tunnelEnd = Duration.seconds(60)

    package init() {}

    /// The shortest of them, which decides how often they are looked at.
    var shortest: Duration {
        [
            self.requestHead, self.requestBody, self.idle, self.connect, self.queue, self.responseHead,
            self.responseBody, self.write, self.tunnel, self.linger,
            self.halfClosed, self.tunnelEnd,
        ].min() ?? .seconds(1)
    }
}

/// How backends are connected to.
package struct UpstreamConfiguration: Sendable, Equatable {
    /// An unused connection is closed after this time; below the 5 s after which many servers close it themselves.
    package var idleTimeout = Duration.seconds(4)
    /// Unused connections that are kept, for each backend and event loop.
    package var idleLimit = 256
    /// Connections to one backend from one event loop; more requests wait for one of them.
    package var connectionLimit = 4_096
    /// How long the addresses of a name are used before it is looked up again; zero asks for every connection.
    package var addressLifetime = Duration.seconds(30)
    /// Attempts after the first, where repeating is safe.
    package var retryLimit = 1
    /// TLS settings by backend name; a backend without one is verified against the system's authorities.
    package var tls: [String: BackendTLS] = [:]

    package init() {}
}

/// TLS settings of one backend.
package struct BackendTLS: Sendable, Equatable {
    /// A PEM file of the authorities to trust; `nil` for the system's.
    package var authorityFile: String?
    /// PEM files of the certificate chain and the key that we show to the backend; both or none.
    package var certificateFile: String?
    package var keyFile: String?
    /// The name that is asked for and verified; `nil` for the host in the URL.
    package var serverName: String?
    /// Verifies nothing. The connection is then open to anybody on the path.
    package var isInsecure: Bool

    package init(
        authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil,
        serverName: String? = nil, isInsecure: Bool = false
    ) {
        self.authorityFile = authorityFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.serverName = serverName
        self.isInsecure = isInsecure
    }
}

/// What we show to clients that connect with TLS.
package struct ListenTLS: Sendable, Equatable {
    /// A PEM file: our certificate, then those that lead to its authority.
    package var certificateFile: String
    /// A PEM file of the certificate's private key.
    package var keyFile: String

    package init(certificateFile: String, keyFile: String) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}
