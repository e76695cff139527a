package import WorkerDomain

/// What `worker-console.toml` says, with the defaults for what it leaves out.
package struct ConsoleConfiguration: Sendable, Equatable {
    package enum ErrorStyle: String, Sendable, Equatable, CaseIterable { case gateway, worker }
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
    }
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
        /// Path patterns that are forwarded; `*` at the end matches any rest.
        package var routes = ["/*"]
        /// Milliseconds.
        package var connectTimeout = 5_000
        /// Milliseconds until the head of the answer.
        package var responseTimeout = 60_000
        /// Milliseconds without a byte in either direction.
        package var idleTimeout = 60_000
        /// Milliseconds that running exchanges have at the end.
        package var drainTimeout = 10_000
        package var maximumConnections = 10_000
        /// Bytes.
        package var maximumHeadBytes = 131_072
        /// Bytes.
        package var maximumBodyBytes = 104_857_600
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
