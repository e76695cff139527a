import WorkerDomain

/// The keys of the proxy's limits, of its time limits and of TLS.
extension ConsoleConfigurationReader {
    mutating func readTimeouts(into proxy: inout ConsoleConfiguration.Proxy) {
        // A limit of nothing would end every exchange, so 0 is refused; only waiting at the end may be left out.
        self.integer("proxy.request_head_timeout_ms", 1...3_600_000, into: &proxy.requestHeadTimeout)
        self.integer("proxy.request_body_timeout_ms", 1...3_600_000, into: &proxy.requestBodyTimeout)
        self.integer("proxy.queue_timeout_ms", 1...3_600_000, into: &proxy.queueTimeout)
        self.integer("proxy.connect_timeout_ms", 1...3_600_000, into: &proxy.connectTimeout)
        self.integer("proxy.response_timeout_ms", 1...3_600_000, into: &proxy.responseTimeout)
        self.integer("proxy.response_body_timeout_ms", 1...86_400_000, into: &proxy.responseBodyTimeout)
        self.integer("proxy.write_timeout_ms", 1...3_600_000, into: &proxy.writeTimeout)
        self.integer("proxy.tunnel_timeout_ms", 1...86_400_000, into: &proxy.tunnelTimeout)
        self.integer("proxy.tunnel_end_timeout_ms", 1...86_400_000, into: &proxy.tunnelEndTimeout)
        self.integer("proxy.half_close_timeout_ms", 1...3_600_000, into: &proxy.halfCloseTimeout)
        self.integer("proxy.linger_timeout_ms", 1...60_000, into: &proxy.lingerTimeout)
        self.integer("proxy.idle_timeout_ms", 1...3_600_000, into: &proxy.idleTimeout)
        self.integer("proxy.drain_timeout_ms", 0...3_600_000, into: &proxy.drainTimeout)
        self.integer("proxy.backend_idle_timeout_ms", 1...3_600_000, into: &proxy.backendIdleTimeout)
        self.integer("proxy.dns_ttl_ms", 0...3_600_000, into: &proxy.nameLifetime)
    }

    mutating func readLimits(into proxy: inout ConsoleConfiguration.Proxy) {
        self.integer("proxy.max_connections", 1...1_000_000, into: &proxy.maximumConnections)
        self.integer("proxy.max_requests_per_connection", 1...1_000_000_000, into: &proxy.maximumRequestsPerConnection)
        self.integer("proxy.max_request_line_bytes", 64...1_048_576, into: &proxy.maximumRequestLineBytes)
        self.integer("proxy.max_head_bytes", 1_024...16_777_216, into: &proxy.maximumHeadBytes)
        self.integer("proxy.max_body_bytes", 0...1_099_511_627_776, into: &proxy.maximumBodyBytes)
        self.integer("proxy.backend_connections", 1...65_536, into: &proxy.backendConnections)
        self.integer("proxy.retries", 0...3, into: &proxy.retries)
    }

    mutating func readListenTLS(into listen: inout ConsoleConfiguration.Listen) {
        let pair = self.pair("listen", in: self.value("listen"))
        listen.certificate = pair?.certificate
        listen.key = pair?.key
    }

    /// What the file says of TLS to this backend; `nil` for nothing.
    mutating func readTLS(of backend: Backend, in table: ConfigurationValue) -> ConsoleConfiguration.BackendTLS? {
        let names = ["ca", "certificate", "key", "server_name", "insecure"]
        guard let first = names.first(where: { table[$0] != nil }) else { return nil }
        let key = "backends.\(backend.name)"
        guard backend.url.scheme == .https else {
            self.fail("\(key).\(first)", table[first]?.position, "has a meaning only when the url begins with https://")
            return nil
        }
        var tls = ConsoleConfiguration.BackendTLS()
        tls.authority = self.path("\(key).ca", table["ca"])
        let pair = self.pair(key, in: table)
        tls.certificate = pair?.certificate
        tls.key = pair?.key
        if let name = table["server_name"] {
            if let text = name.string, Self.isPlain(text), !text.contains(":") {
                tls.serverName = text
            } else {
                self.fail("\(key).server_name", name.position, "must be a host name like \"api.example.com\"")
            }
        }
        if let flag = table["insecure"] {
            if let value = flag.bool {
                tls.isInsecure = value
            } else {
                self.fail("\(key).insecure", flag.position, "must be true or false")
            }
        }
        return tls
    }

    /// A certificate and its key: one without the other is of no use.
    private mutating func pair(
        _ key: String, in table: ConfigurationValue?
    ) -> (certificate: String, key: String)? {
        let certificate = self.path("\(key).certificate", table?["certificate"])
        let privateKey = self.path("\(key).key", table?["key"])
        if let certificate, let privateKey { return (certificate, privateKey) }
        if certificate != nil, table?["key"] == nil {
            self.fail("\(key).certificate", table?["certificate"]?.position, "needs \"\(key).key\" beside it")
        } else if privateKey != nil, table?["certificate"] == nil {
            self.fail("\(key).key", table?["key"]?.position, "needs \"\(key).certificate\" beside it")
        }
        return nil
    }

    private mutating func path(_ key: String, _ value: ConfigurationValue?) -> String? {
        guard let value else { return nil }
        guard let text = value.string, !text.isEmpty, !text.contains("\0") else {
            self.fail(key, value.position, "must be the path of a PEM file, in quotes")
            return nil
        }
        return PathText.join(PathText.folder(of: self.file), text)
    }
}
