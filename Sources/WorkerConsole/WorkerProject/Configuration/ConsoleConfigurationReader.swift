import WorkerDomain

/// Reads `worker-console.toml`: what is valid is used, the rest is a finding and keeps its default.
package struct ConsoleConfigurationReader {
    /// Every key, dotted; `*` stands for a name that the user chooses.
    package static let keys =
        [
            "listen.address", "listen.port", "listen.certificate", "listen.key", "active", "backends.*.url",
            "backends.*.ca", "backends.*.certificate", "backends.*.key", "backends.*.server_name",
            "backends.*.insecure",
            "proxy.errors", "proxy.engine", "proxy.routes", "proxy.path", "proxy.location",
            "proxy.lookalike_headers", "proxy.request_head_timeout_ms",
            "proxy.request_body_timeout_ms", "proxy.queue_timeout_ms", "proxy.connect_timeout_ms",
            "proxy.response_timeout_ms", "proxy.response_body_timeout_ms", "proxy.write_timeout_ms",
            "proxy.tunnel_timeout_ms", "proxy.tunnel_end_timeout_ms", "proxy.half_close_timeout_ms",
            "proxy.linger_timeout_ms", "proxy.idle_timeout_ms", "proxy.drain_timeout_ms",
            "proxy.max_connections", "proxy.max_requests_per_connection", "proxy.max_request_line_bytes",
            "proxy.max_head_bytes", "proxy.max_body_bytes", "proxy.backend_connections",
            "proxy.backend_idle_timeout_ms",
            "proxy.dns_ttl_ms", "proxy.retries", "cors.origins", "cors.methods",
            "cors.headers", "cors.expose", "cors.max_age", "cors.credentials", "capture.bytes", "journal.exchanges",
            "journal.bytes", "redaction.headers", "redaction.query", "bindings.*.store", "bindings.*.path",
            "ui.language",
            "ui.glyphs", "ui.theme", "ui.timezone",
        ] + Self.steeringKeys

    let file: String
    private let root: ConfigurationValue
    private var findings: [ConfigurationFinding] = []

    private init(file: String, root: ConfigurationValue) {
        self.file = file
        self.root = root
    }

    package static func read(
        _ root: ConfigurationValue, file: String
    ) -> (ConsoleConfiguration, [ConfigurationFinding]) {
        var reader = ConsoleConfigurationReader(file: file, root: root)
        let configuration = reader.read()
        return (configuration, reader.findings)
    }

    mutating func fail(_ key: String, _ position: SourcePosition?, _ message: String) {
        self.findings.append(
            ConfigurationFinding(.error, file: self.file, at: position, field: key, message: "\"\(key)\" \(message)"))
    }

    func value(_ key: String) -> ConfigurationValue? {
        key.split(separator: ".").reduce(self.root as ConfigurationValue?) { $0?[String($1)] }
    }

    mutating func integer(_ key: String, _ range: ClosedRange<Int>, into target: inout Int) {
        guard let value = self.value(key) else { return }
        guard let number = value.integer, range.contains(number) else {
            return self.fail(
                key, value.position, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        target = number
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, into target: inout Choice)
    where Choice.RawValue == String {
        self.choice(key, self.value(key), into: &target)
    }

    private mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, _ value: ConfigurationValue?, into target: inout Choice
    ) where Choice.RawValue == String {
        guard let value else { return }
        guard let found = value.string.flatMap(Choice.init(rawValue:)) else {
            let names = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            return self.fail(key, value.position, "must be one of \(names)")
        }
        target = found
    }

    private mutating func strings(
        _ key: String, into target: inout [String], _ expected: String, where isValid: (String) -> Bool
    ) {
        guard let value = self.value(key) else { return }
        guard let texts = value.strings, texts.allSatisfy(isValid) else {
            return self.fail(key, value.position, "must be a list of \(expected)")
        }
        target = texts
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
                        || "!#$%&'*+-.^_`|~".unicodeScalars.contains($0))
            }
    }

    static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F }
    }

    private mutating func read() -> ConsoleConfiguration {
        var result = ConsoleConfiguration()
        result.path = self.file
        if let address = self.value("listen.address") {
            if let text = address.string, Self.isPlain(text), !HostText.isOddAddress(text) {
                result.listen.address = text
            } else {
                self.fail(
                    "listen.address", address.position, "must be an address like \"127.0.0.1\"; the port is listen.port"
                )
            }
        }
        self.integer("listen.port", 0...65_535, into: &result.listen.port)
        self.readListenTLS(into: &result.listen)
        self.readBackends(into: &result)
        self.choice("proxy.errors", into: &result.proxy.errors)
        self.choice("proxy.engine", into: &result.proxy.engine)
        self.strings("proxy.routes", into: &result.proxy.routes, "paths that start with /, like \"/api/*\"") {
            $0.hasPrefix("/") && Self.isPlain($0)
        }
        self.choice("proxy.path", into: &result.proxy.path)
        self.choice("proxy.location", into: &result.proxy.location)
        self.choice("proxy.lookalike_headers", into: &result.proxy.lookalikeHeaders)
        self.readTimeouts(into: &result.proxy)
        self.readLimits(into: &result.proxy)
        self.readCORS(into: &result)
        self.integer("capture.bytes", 0...16_777_216, into: &result.journal.captureBytes)
        self.integer("journal.exchanges", 1...10_000_000, into: &result.journal.exchanges)
        self.integer("journal.bytes", 65_536...17_179_869_184, into: &result.journal.bytes)
        self.strings("redaction.headers", into: &result.redaction.headers, "header names", where: Self.isToken)
        result.redaction.headers = result.redaction.headers.map { $0.lowercased() }
        self.strings("redaction.query", into: &result.redaction.queryParameters, "parameter names") { !$0.isEmpty }
        for member in self.value("bindings")?.members ?? [] {
            var store = ConsoleConfiguration.Store()
            self.choice("bindings.\(member.key).store", member.value["store"], into: &store.kind)
            if let path = member.value["path"] {
                if let text = path.string, !text.isEmpty {
                    store.path = PathText.join(PathText.folder(of: self.file), text)
                } else {
                    self.fail("bindings.\(member.key).path", path.position, "must be a path in quotes")
                }
            }
            result.stores[member.key] = store
        }
        self.readSteering(into: &result)
        self.choice("ui.language", into: &result.interface.language)
        self.choice("ui.glyphs", into: &result.interface.glyphs)
        self.choice("ui.theme", into: &result.interface.theme)
        if let zone = self.value("ui.timezone") {
            if let text = zone.string, Self.isPlain(text), !text.contains("..") {
                result.interface.timezone = text
            } else {
                self.fail("ui.timezone", zone.position, "must be \"local\", \"UTC\" or a name like \"Asia/Shanghai\"")
            }
        }
        let keys = Self.keys.map { $0.split(separator: ".").map(String.init)[...] }
        self.findUnknown(self.root, path: [], known: keys, into: &result)
        return result
    }

    private mutating func readBackends(into result: inout ConsoleConfiguration) {
        for member in self.value("backends")?.members ?? [] {
            let key = "backends.\(member.key)"
            guard ConsoleConfigurationWriter.isName(member.key) else {
                self.fail(key, member.keyPosition, "is no name for a backend: use 1 to 64 of A–Z a–z 0–9 . _ -")
                continue
            }
            guard let url = member.value["url"] ?? (member.value.string == nil ? nil : member.value),
                let text = url.string
            else {
                self.fail(
                    key + ".url", member.value.position ?? member.keyPosition,
                    "is missing; write url = \"http://127.0.0.1:9000\"")
                continue
            }
            do {
                let weight = self.weight(of: member.key, in: member.value)
                var backend = Backend(name: member.key, url: try BackendURL(parsing: text), weight: weight)
                if let tls = self.readTLS(of: backend, in: member.value) {
                    backend.isInsecure = tls.isInsecure
                    result.backendTLS[backend.name] = tls
                }
                result.backends.append(backend)
            } catch {
                self.fail(key + ".url", url.position, "can't be used: \(error)")
            }
        }
        result.active = result.backends.first?.name
        guard let active = self.value("active") else { return }
        if let name = active.string, result.backends.contains(where: { $0.name == name }) {
            result.active = name
        } else {
            let names = result.backends.map { "\"\($0.name)\"" }.joined(separator: ", ")
            self.fail(
                "active", active.position, "must name one of the backends: \(names.isEmpty ? "there are none" : names)")
        }
    }

    private mutating func readCORS(into result: inout ConsoleConfiguration) {
        self.strings(
            "cors.origins", into: &result.cors.origins, "origins like \"https://example.com\", or [\"*\"]",
            where: Self.isPlain)
        self.strings("cors.methods", into: &result.cors.methods, "methods", where: Self.isToken)
        self.strings("cors.headers", into: &result.cors.headers, "header names", where: Self.isToken)
        self.strings("cors.expose", into: &result.cors.exposedHeaders, "header names", where: Self.isToken)
        var age = result.cors.maxAge ?? 0
        self.integer("cors.max_age", 0...31_536_000, into: &age)
        result.cors.maxAge = age
        if let flag = self.value("cors.credentials") {
            if let value = flag.bool {
                result.cors.allowsCredentials = value
            } else {
                self.fail("cors.credentials", flag.position, "must be true or false")
            }
        }
        if result.cors.origins.contains("*"), result.cors.origins.count > 1 {
            self.fail(
                "cors.origins", self.value("cors.origins")?.position,
                "has \"*\" beside other origins: \"*\" stands alone")
            result.cors.origins = ["*"]
        }
        if result.cors.allowsCredentials, result.cors.origins.contains("*") {
            self.fail(
                "cors.credentials", self.value("cors.credentials")?.position,
                "can't be true while cors.origins is \"*\"; name the origins")
            result.cors.allowsCredentials = false
        }
    }

    /// Finds the keys that mean nothing; `known` holds what may follow the path.
    private mutating func findUnknown(
        _ table: ConfigurationValue, path: [String], known: [ArraySlice<String>],
        into result: inout ConsoleConfiguration
    ) {
        for member in table.members ?? [] {
            let here = path + [member.key]
            let matches = known.filter { $0.first == "*" || $0.first == member.key }
            if matches.isEmpty {
                let key = here.joined(separator: ".")
                result.unknownKeys.append(key)
                self.findings.append(
                    ConfigurationFinding(
                        .warning, file: self.file, at: member.keyPosition, field: key,
                        message: "unknown key \"\(key)\"; it is ignored"))
            } else if matches.allSatisfy({ $0.count > 1 }) {
                if member.value.members != nil {
                    self.findUnknown(member.value, path: here, known: matches.map { $0.dropFirst() }, into: &result)
                } else if !(here.count == 2 && here[0] == "backends") {
                    self.fail(here.joined(separator: "."), member.value.position, "must be a table")
                }
            }
        }
    }
}
