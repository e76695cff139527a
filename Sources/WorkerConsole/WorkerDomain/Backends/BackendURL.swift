import TextSafety

/// Where a backend listens: scheme, host, port, and a path that is put before every request's path; or a Unix socket.
package struct BackendURL: Sendable, Hashable, CustomStringConvertible {
    package enum Scheme: String, Sendable, Hashable { case http, https }

    package let scheme: Scheme
    /// Host name or address; an IPv6 address without its brackets.
    package let host: String
    /// 1 to 65,535.
    package let port: Int
    /// Empty, or a path that starts with `/` and does not end with one.
    package let basePath: String
    /// The path of a Unix socket, at most 107 bytes; scheme, host and port are then `http`, `localhost` and 80.
    package let socketPath: String?

    package init(scheme: Scheme, host: String, port: Int, basePath: String = "") {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.basePath = basePath
        self.socketPath = nil
    }

    /// A backend that listens on a Unix socket, without TLS.
    package init(socketPath: String) {
        self.scheme = .http
        self.host = "localhost"
        self.port = 80
        self.basePath = ""
        self.socketPath = socketPath
    }

    /// Reads `http://host[:port][/path]`, `https://…`, `host:port`, which means http, `9000` for a port of
    /// 127.0.0.1, or `unix:/path/of/a.sock`.
    ///
    /// - Parameter text: As a person or a configuration wrote it; surrounding blanks are ignored.
    /// - Throws: ``BackendURLError`` with what is wrong and what to write instead.
    package init(parsing text: String) throws(BackendURLError) {
        func fail(_ problem: String) -> BackendURLError { BackendURLError(text: text, problem: problem) }
        var rest = Substring(text)
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        guard rest.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else {
            throw fail("it contains blanks, control bytes or non-ASCII letters")
        }
        if rest.hasPrefix("unix:") {
            let path = rest.dropFirst("unix:".count)
            guard path.first == "/", !path.hasPrefix("//"), path.last != "/" else {
                throw fail("the path of the socket must be absolute: unix:/run/app.sock")
            }
            guard path.utf8.count <= 107 else { throw fail("the path of the socket is longer than 107 bytes") }
            self.init(socketPath: String(path))
            return
        }
        let bare = rest.prefix { $0 != "/" }
        if !bare.isEmpty, bare.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // A number alone is a port of this machine.
            rest = "127.0.0.1:" + rest
        }
        var scheme = Scheme.http
        if let colon = rest.firstRange(of: "://") {
            guard let known = Scheme(rawValue: rest[..<colon.lowerBound].lowercased()) else {
                throw fail("the scheme must be http or https")
            }
            scheme = known
            rest = rest[colon.upperBound...]
        }
        guard !rest.contains("?"), !rest.contains("#") else { throw fail("it must not have a query or fragment") }
        let authority = rest.prefix { $0 != "/" }
        var path = rest[authority.endIndex...]
        while path.last == "/" { path.removeLast() }
        guard !authority.contains("@") else { throw fail("it must not have a user or password") }
        var host = authority
        var portText: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else {
                throw fail("the bracket of the IPv6 address is not closed")
            }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let tail = authority[authority.index(after: end)...]
            let isAddress =
                host.contains(":") && host.prefix { $0 != "%" }.allSatisfy { $0.isHexDigit || ":.".contains($0) }
            guard isAddress else { throw fail("brackets must enclose an IPv6 address") }
            guard tail.isEmpty || tail.first == ":" else { throw fail("only a port may follow the address") }
            portText = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
            guard !host.contains(":") else { throw fail("an IPv6 address needs brackets: [::1]:9000") }
        }
        guard !host.isEmpty else { throw fail("the host is missing") }
        guard !HostText.isOddAddress(host) else {
            throw fail("\(host) is neither a host name nor an IPv4 address")
        }
        var port = scheme == .https ? 443 : 80
        if let portText {
            guard let number = Int(portText), (1...65_535).contains(number), portText.allSatisfy(\.isNumber) else {
                throw fail("the port must be a number from 1 to 65535")
            }
            port = number
        }
        self.init(scheme: scheme, host: String(host), port: port, basePath: String(path))
    }

    package var description: String {
        if let path = self.socketPath { return "unix:\(path)" }
        let isDefaultPort = self.port == (self.scheme == .https ? 443 : 80)
        return "\(self.scheme.rawValue)://\(self.bracketedHost)\(isDefaultPort ? "" : ":\(self.port)")\(self.basePath)"
    }

    /// What a connection is made to, for a person: `127.0.0.1:9000` or `unix:/run/app.sock`.
    package var place: String {
        self.socketPath.map { "unix:\($0)" } ?? "\(self.bracketedHost):\(self.port)"
    }

    /// The host as a URL writes it: an IPv6 address in brackets.
    package var bracketedHost: String { self.host.contains(":") ? "[\(self.host)]" : self.host }
}

/// Says why a text is no backend URL.
package struct BackendURLError: Error, Sendable, Equatable, CustomStringConvertible {
    /// As it was written, with a password that may be in it: ``description`` hides that.
    package let text: String
    /// What is wrong, as the end of the sentence `"…" is not a backend URL: `.
    package let problem: String

    package var description: String {
        let shown = ControlCharacters.json(Redaction.standard.refusedURL(self.text))
        return "\(shown) is not a backend URL: \(self.problem); write it as http://127.0.0.1:9000"
    }
}
