import WorkerDomain

/// What several keys say together, once all of them are read.
extension ConsoleConfigurationReader {
    mutating func join(_ root: ConfigurationValue) {
        self.joinPair("listen", in: root["listen"], \.listenCertificate, \.listenKey)
        if let certificate = self.draft.listenCertificate, let key = self.draft.listenKey {
            self.draft.console.proxy.listenTLS = ListenTLS(certificateFile: certificate, keyFile: key)
        }
        self.joinBackends()
        self.joinCORS()
        self.joinHealth()
    }

    /// A certificate and its key: one without the other is of no use.
    mutating func joinPair(
        _ table: String, in value: ConfigurationValue?, _ certificate: WritableKeyPath<ConsoleDraft, String?>,
        _ key: WritableKeyPath<ConsoleDraft, String?>
    ) {
        if self.draft[keyPath: certificate] != nil, self.draft[keyPath: key] != nil { return }
        for (name, other, path) in [("certificate", "key", certificate), ("key", "certificate", key)] {
            if self.draft[keyPath: path] != nil, value?[other] == nil {
                self.fail("\(table).\(name)", value?[name]?.position, "needs \"\(table).\(other)\" as well")
            }
            self.draft[keyPath: path] = nil
        }
    }

    private mutating func joinBackends() {
        let names = self.draft.console.backends.map(\.name)
        if let active = self.draft.console.active, !names.contains(active) {
            self.fail(
                "active", self.place("active"),
                "must name one of the backends: \(Self.quoted(names) ?? "there are none")")
            self.draft.console.active = nil
        }
        self.draft.console.active = self.draft.console.active ?? names.first
        let others = names.filter { $0 != self.draft.console.active }
        if let canary = self.draft.console.canary.backend, !others.contains(canary) {
            self.fail(
                "canary.backend", self.place("canary.backend"),
                "must name a backend that is not the active one: \(Self.quoted(others) ?? "there is none")")
            self.draft.console.canary.backend = nil
        }
    }

    private mutating func joinCORS() {
        guard self.draft.console.proxy.cors.allowsCredentials, self.draft.console.proxy.cors.origins == .any else {
            return
        }
        self.fail(
            "cors.credentials", self.place("cors.credentials"),
            "cannot be true while cors.origins is \"*\"; list the origins")
        self.draft.console.proxy.cors.allowsCredentials = false
    }

    private mutating func joinHealth() {
        let path = self.draft.probePath
        switch self.draft.probeMethod ?? (path == nil ? .tcp : .get) {
        case .tcp:
            self.draft.console.health.method = .tcp
            if path != nil {
                self.fail(
                    "health.path", self.place("health.path"), "has no effect while health.method is \"TCP\"")
            }
        case let method: self.draft.console.health.method = .http(method: method.rawValue, path: path ?? "/")
        }
        let (failures, window) = (
            self.draft.console.steering.passiveFailures, self.draft.console.steering.passiveWindow
        )
        if failures > window {
            self.fail(
                "health.passive_failures", self.place("health.passive_failures") ?? self.place("health.passive_window"),
                "cannot be greater than health.passive_window, which is \(window)")
            self.draft.console.steering.passiveFailures = window
        }
        let (fast, interval) = (self.draft.console.health.fastInterval, self.draft.console.health.interval)
        if fast > interval {
            self.fail(
                "health.fast_ms", self.place("health.fast_ms") ?? self.place("health.interval_ms"),
                "is \(fast.wholeMilliseconds) and so longer than health.interval_ms, which is "
                    + "\(interval.wholeMilliseconds)")
            self.draft.console.health.fastInterval = interval
        }
    }

    private func place(_ key: String) -> SourcePosition? { self.draft.console.places[key] }

    /// `"blue", "green"`; `nil` for no name.
    private static func quoted(_ names: [String]) -> String? {
        names.isEmpty ? nil : names.map { "\"\($0)\"" }.joined(separator: ", ")
    }
}
