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
    /// The keys of the action below `keys` that is being read.
    var keys: [String] = []

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

    /// Calls a closure once for each name that stands for `*` below a table of the file, with the draft that shows its values.
    func forEachName(in table: String, _ body: (String, ConsoleDraft) -> Void) {
        var draft = self
        if table == "backends" {
            for backend in self.console.backends {
                draft.backend = BackendTable(
                    url: backend.url, weight: backend.weight,
                    tls: self.console.proxy.upstream.tls[backend.name] ?? BackendTLS())
                body(backend.name, draft)
            }
        } else if table == "keys" {
            for choice in self.console.keys {
                draft.keys = choice.keys
                body(choice.action, draft)
            }
        } else {
            for (name, store) in self.console.stores.sorted(by: { $0.key < $1.key }) {
                draft.store = store
                body(name, draft)
            }
        }
    }
}
