package import WorkerDomain

/// What `worker-console.toml` says, with the defaults for what it leaves out.
///
/// Which keys there are, and which property each of them sets, is in ``Settings``.
package struct ConsoleConfiguration: Sendable, Equatable {
    package enum StoreKind: String, Sendable, Equatable, CaseIterable { case local, folder, s3, none }
    /// How a bucket is named in the URLs of an S3 server.
    package enum AddressingStyle: String, Sendable, Equatable, CaseIterable { case auto, path, host }
    package enum ThemeChoice: String, Sendable, Equatable, CaseIterable { case auto, dark, light, mono }
    package enum GlyphChoice: String, Sendable, Equatable, CaseIterable { case auto, unicode, neutral, console, ascii }
    package enum LanguageChoice: String, Sendable, Equatable, CaseIterable {
        case auto, english = "en", chinese = "zh-CN"
    }

    /// Where the choice of a backend is remembered.
    package enum Memory: String, Sendable, Equatable, CaseIterable {
        /// In the program's state folder.
        case state
        /// In `worker-console.toml`.
        case file
        case none
    }

    package struct Redaction: Sendable, Equatable {
        /// Beyond those that are always hidden; lowercase.
        package var headers: [String] = []
        package var queryParameters: [String] = []

        package init() {}
    }

    package struct Store: Sendable, Equatable {
        package var kind = StoreKind.local
        /// Where local state lies, as given to `wrangler dev --persist-to`, when it isn't `.wrangler/state`; of a plain
        /// folder the folder itself.
        package var path: String?
        /// Of an S3 server: `https://host`.
        package var endpoint: String?
        /// The bucket's name there; `nil` for the binding's own.
        package var bucket: String?
        package var region: String?
        /// Of `~/.aws`.
        package var profile: String?
        package var addressing = AddressingStyle.auto

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

    /// Keys that a person has chosen for an action of the console.
    package struct KeyChoice: Sendable, Equatable {
        /// `traffic.copy`.
        package let action: String
        /// As they are written: `Y`, `ctrl-y`.
        package let keys: [String]

        package init(_ action: String, _ keys: [String]) {
            self.action = action
            self.keys = keys
        }
    }

    /// A canary to begin with.
    package struct Canary: Sendable, Equatable {
        /// `nil` for none.
        package var backend: String?
        package var percent = 10
    }

    /// Absolute path of the file; also set when it doesn't exist yet.
    package var path: String?
    /// In the order of the file.
    package var backends: [Backend] = []
    /// Name of the backend that new requests go to; `nil` when none is configured.
    package var active: String?
    package var proxy = ProxyConfiguration()
    /// How long running exchanges have at the end.
    package var drainTimeout = Duration.seconds(10)
    package var journal = JournalLimits()
    package var redaction = Redaction()
    /// By the name of the binding.
    package var stores: [String: Store] = [:]
    package var interface = Interface()
    /// In the order of the file.
    package var keys: [KeyChoice] = []
    package var health = HealthConfiguration()
    package var steering = SteeringSettings()
    /// Members of JSON that may differ between two backends, and between the embedded core and the Worker.
    package var ignoredKeys: [String] = []
    package var canary = Canary()
    package var remember = Memory.state
    /// Where the values stand that the file sets, by dotted key.
    package var places: [String: SourcePosition] = [:]
    /// Dotted keys that are in the file and mean nothing to this version.
    package var unknownKeys: [String] = []

    package init() {}
}
