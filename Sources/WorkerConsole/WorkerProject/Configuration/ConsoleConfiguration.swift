package import WorkerDomain

/// What `worker-console.toml` says, with the defaults for what it leaves out.
package struct ConsoleConfiguration: Sendable, Equatable {
    package enum ErrorStyle: String, Sendable, Equatable, CaseIterable { case gateway, worker }
    /// How event loops learn of what arrives: io_uring where the kernel gives it, or always the one named.
    package enum Engine: String, Sendable, Equatable, CaseIterable {
        case auto, epoll
        case uring = "io_uring"
    }
    package enum StoreKind: String, Sendable, Equatable, CaseIterable { case local, none }
    package enum ThemeChoice: String, Sendable, Equatable, CaseIterable { case auto, dark, light, mono }
    package enum GlyphChoice: String, Sendable, Equatable, CaseIterable { case auto, unicode, neutral, ascii }
    package enum LanguageChoice: String, Sendable, Equatable, CaseIterable {
        case auto, english = "en", chinese = "zh-CN"
    }

    package struct Listen: Sendable, Equatable {
        package var address = "127.0.0.1"
        /// 0 to 65,535; 0 lets the system choose.
        package var port = 8787
        /// Absolute paths of PEM files, both or none: with them the proxy speaks TLS.
        package var certificate: String?
        package var key: String?
    }
    /// How the connection to one `https` backend is secured.
    package struct BackendTLS: Sendable, Equatable {
        /// Absolute path of a PEM file of the authorities to trust; `nil` for the system's.
        package var authority: String?
        /// Absolute paths of PEM files that are shown to the backend, both or none.
        package var certificate: String?
        package var key: String?
        /// The name that is asked for and verified; `nil` for the host in the URL.
        package var serverName: String?
        /// Verifies nothing.
        package var isInsecure = false

        package init() {}
    }
    /// How a path reaches the backend.
    package enum PathForwarding: String, Sendable, Equatable, CaseIterable { case raw, url }
    /// What becomes of a redirect that names the backend itself.
    package enum RedirectForwarding: String, Sendable, Equatable, CaseIterable { case keep, rewrite }
    /// What becomes of a request field whose name only looks like one of the proxy's.
    package enum LookalikeFields: String, Sendable, Equatable, CaseIterable { case drop, keep }
    package struct CORS: Sendable, Equatable {
        /// `["*"]`, or origins that are echoed.
        package var origins = ["*"]
        package var methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
        package var headers = ["Content-Type", "Authorization"]
        package var exposedHeaders: [String] = []
        /// Seconds; `nil` leaves the header out.
        package var maxAge: Int? = 86_400
        package var allowsCredentials = false
    }
    package struct Proxy: Sendable, Equatable {
        package var errors = ErrorStyle.gateway
        package var engine = Engine.auto
        /// Path patterns that are forwarded; `*` at the end matches any rest.
        package var routes = ["/*"]
        /// Milliseconds.
        package var connectTimeout = 5_000
        package var path = PathForwarding.raw
        package var location = RedirectForwarding.keep
        package var lookalikeHeaders = LookalikeFields.drop
        /// Milliseconds from the first byte of a request to the end of its head.
        package var requestHeadTimeout = 10_000
        /// Milliseconds without a byte of a request's body.
        package var requestBodyTimeout = 30_000
        /// Milliseconds that a request waits for one of the backend's connections.
        package var queueTimeout = 5_000
        /// Milliseconds until the head of the answer.
        package var responseTimeout = 30_000
        /// Milliseconds without a byte of the answer's body.
        package var responseBodyTimeout = 300_000
        /// Milliseconds in which a client takes nothing of its answer.
        package var writeTimeout = 60_000
        /// Milliseconds without a byte in either direction of a tunnel.
        package var tunnelTimeout = 3_600_000
        /// Milliseconds without a byte in a tunnel that one side has ended.
        package var tunnelEndTimeout = 60_000
        /// Milliseconds until the head of the answer for a client that has closed its sending side after its request.
        package var halfCloseTimeout = 800
        /// Milliseconds that what a client still sends is thrown away after a last answer.
        package var lingerTimeout = 2_000
        /// Milliseconds that a client's connection stays open without a request.
        package var idleTimeout = 60_000
        /// Milliseconds that running exchanges have at the end.
        package var drainTimeout = 10_000
        package var maximumConnections = 10_000
        /// Exchanges on one client connection.
        package var maximumRequestsPerConnection = 1_000_000
        /// Bytes.
        package var maximumRequestLineBytes = 16_384
        /// Bytes.
        package var maximumHeadBytes = 65_536
        /// Bytes; 100 MB, as on Cloudflare's smaller plans.
        package var maximumBodyBytes = 100_000_000
        /// Connections to one backend from one event loop.
        package var backendConnections = 4_096
        /// Milliseconds after which an unused connection to a backend is closed.
        package var backendIdleTimeout = 4_000
        /// Milliseconds that the addresses of a backend's name are used; 0 looks up for every connection.
        package var nameLifetime = 30_000
        /// Attempts after the first, where repeating is safe.
        package var retries = 1
    }
    package struct Journal: Sendable, Equatable {
        package var exchanges = 20_000
        package var bytes = 67_108_864
        /// Bytes kept of each body; 0 keeps none.
        package var captureBytes = 65_536
    }
    package struct Redaction: Sendable, Equatable {
        /// Beyond those that are always hidden; lower case.
        package var headers: [String] = []
        package var queryParameters: [String] = []

        package init() {}
    }
    package struct Store: Sendable, Equatable {
        package var kind = StoreKind.local
        /// Where local state lies, as given to `wrangler dev --persist-to`, when it isn't `.wrangler/state`.
        package var path: String?

        package init() {}
    }
    package struct Interface: Sendable, Equatable {
        package var language = LanguageChoice.auto
        package var glyphs = GlyphChoice.auto
        package var theme = ThemeChoice.auto
        /// A name of the time zone database, `local` or `UTC`.
        package var timezone = "local"

        package init() {}
    }

    /// Absolute path of the file; also set when it doesn't exist yet.
    package var path: String?
    package var listen = Listen()
    /// In the order of the file.
    package var backends: [Backend] = []
    /// Name of the backend that new requests go to; `nil` when none is configured.
    package var active: String?
    /// By the name of the backend; backends without an entry are verified against the system's authorities.
    package var backendTLS: [String: BackendTLS] = [:]
    package var proxy = Proxy()
    package var cors = CORS()
    package var journal = Journal()
    package var redaction = Redaction()
    /// By the name of the binding.
    package var stores: [String: Store] = [:]
    package var interface = Interface()
    package var health = Health()
    package var balance = Balance()
    package var canary = Canary()
    /// A request from this machine may name its backend in `X-WorkerConsole-Target`.
    package var takesTargetHeader = false
    /// Dotted keys that are in the file and mean nothing to this version.
    package var unknownKeys: [String] = []

    package init() {}
}
