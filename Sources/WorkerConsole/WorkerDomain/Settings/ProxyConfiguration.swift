/// Everything that decides how the proxy behaves; every value has a default.
package struct ProxyConfiguration: Sendable, Equatable {
    /// How the proxy responds to failures.
    package enum ErrorStyle: String, Sendable, Equatable, CaseIterable {
        /// 502, 503 and 504 with a short JSON body that names the exchange.
        case gateway
        /// `500`, `Internal Server Error`, text/plain, as the Worker responds when its backend fails.
        case worker
    }

    /// How the path reaches the backend.
    package enum PathForwarding: String, Sendable, Equatable, CaseIterable {
        /// Byte for byte as the client sent it.
        case bytes = "raw"
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

    /// What becomes of request fields whose names differ from one that the proxy sets or reads only by a sign for a hyphen.
    package enum LookalikeForwarding: String, Sendable, Equatable, CaseIterable { case drop, keep }

    /// How the event loops learn of what arrives.
    package enum Engine: String, Sendable, Equatable, CaseIterable {
        /// io_uring where the kernel gives it, else epoll.
        case auto
        case epoll
        /// epoll where the kernel does not give io_uring.
        case uring = "io_uring"
    }

    /// Where to listen; `127.0.0.1:8787` unless told otherwise.
    package var listen = [ListenAddress(host: "127.0.0.1", port: 8_787)]
    /// Paths that are forwarded: `/api/*` and what is below it, `/x` alone, `/*` all. Others get 404.
    package var routes = ["/*"]
    package var errors = ErrorStyle.gateway
    package var path = PathForwarding.bytes
    package var redirects = RedirectForwarding.keep
    package var lookalikes = LookalikeForwarding.drop
    package var cors = CORSConfiguration()
    /// Sets `CF-Connecting-IP`, `CF-Ray`, `CF-Visitor`, `CDN-Loop` and `X-Real-IP` as Cloudflare's edge does.
    package var setsCloudflareFields = true
    /// The place in `CF-Ray`, three letters: `LOC`.
    package var location = "LOC"
    /// The first bytes of each body that are reported, in bytes; totals are counted always.
    package var captureLimit = 65_536
    package var limits = ProxyLimits()
    package var timeouts = ProxyTimeouts()
    /// A client that closes its sending side this soon after its request still gets its response; later it has left.
    package var halfCloseWindow = Duration.milliseconds(100)
    package var upstream = UpstreamConfiguration()
    package var engine = Engine.auto
    /// Speaks TLS to clients with these files; `nil` speaks plain HTTP.
    package var listenTLS: ListenTLS?

    package init() {}
}
