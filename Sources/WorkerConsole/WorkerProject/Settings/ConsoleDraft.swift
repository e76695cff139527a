import WorkerDomain

/// A configuration while its file is read: what the rows of ``Settings`` write to and are shown from.
///
/// Keys that only mean something together stand here one by one; the reader joins them.
struct ConsoleDraft: Sendable {
    enum ProbeMethod: String, Sendable, CaseIterable {
        case tcp = "TCP", head = "HEAD", get = "GET", options = "OPTIONS"
    }

    /// A table below `backends`.
    struct BackendTable: Sendable {
        var url: BackendURL?
        var weight = 1
        var tls = BackendTLS()
    }

    var console = ConsoleConfiguration()
    var listenCertificate: String?
    var listenKey: String?
    var probeMethod: ProbeMethod?
    var probePath: String?
    /// The table below `backends` that is being read.
    var backend = BackendTable()
    /// The table below `bindings` that is being read.
    var store = ConsoleConfiguration.Store()

    init() {}

    /// Takes a configuration apart again.
    init(_ console: ConsoleConfiguration) {
        self.console = console
        self.listenCertificate = console.proxy.listenTLS?.certificateFile
        self.listenKey = console.proxy.listenTLS?.keyFile
        switch console.health.method {
        case .tcp: self.probeMethod = .tcp
        case .http(let method, let path): (self.probeMethod, self.probePath) = (ProbeMethod(rawValue: method), path)
        }
    }

    /// The names that stand for `*` below a table of the file.
    func names(in table: String) -> [String] {
        table == "backends" ? self.console.backends.map(\.name) : self.console.stores.keys.sorted()
    }

    /// Makes this backend and this binding the ones that rows are shown from.
    mutating func select(_ name: String) {
        self.store = self.console.stores[name] ?? ConsoleConfiguration.Store()
        self.backend = BackendTable()
        guard let backend = self.console.backends.first(where: { $0.name == name }) else { return }
        self.backend.url = backend.url
        self.backend.weight = backend.weight
        self.backend.tls = self.console.proxy.upstream.tls[name] ?? BackendTLS()
    }
}
