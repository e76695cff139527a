/// Where a backend listens: scheme, host, port, and a path that is put before every request's path.
package struct BackendURL: Sendable, Hashable, CustomStringConvertible {
    package enum Scheme: String, Sendable, Hashable { case http, https }

    package let scheme: Scheme
    /// Host name or address; an IPv6 address without its brackets.
    package let host: String
    /// 1 to 65,535.
    package let port: Int
    /// Empty, or a path that starts with `/` and does not end with one.
    package let basePath: String

    package init(scheme: Scheme, host: String, port: Int, basePath: String = "") {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.basePath = basePath
    }

    /// Reads `http://host[:port][/path]`, `https://…`, or `host:port`, which means http.
    ///
    /// - Parameter text: As a person or a configuration wrote it; surrounding blanks are ignored.
    /// - Throws: ``BackendURLError`` with what is wrong and what to write instead.
    package init(parsing text: String) throws(BackendURLError) {
        func fail(_ problem: String) -> BackendURLError { BackendURLError(text: text, problem: problem) }
        var rest = Substring(text)
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        guard rest.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else {
            throw fail("it has blanks, control bytes or letters outside ASCII")
        }
        var scheme = Scheme.http
        if let colon = rest.firstRange(of: "://") {
            guard let known = Scheme(rawValue: rest[..<colon.lowerBound].lowercased()) else {
                throw fail("the scheme must be http or https")
            }
            scheme = known
            rest = rest[colon.upperBound...]
        }
        guard !rest.contains("?"), !rest.contains("#") else { throw fail("a query or fragment has no place in it") }
        let authority = rest.prefix { $0 != "/" }
        var path = rest[authority.endIndex...]
        while path.last == "/" { path.removeLast() }
        guard !authority.contains("@") else { throw fail("user and password have no place in it") }
        var host = authority
        var portText: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw fail("the bracket of the IPv6 address is open") }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let tail = authority[authority.index(after: end)...]
            guard tail.isEmpty || tail.first == ":" else { throw fail("only a port may follow the address") }
            portText = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
            guard !host.contains(":") else { throw fail("an IPv6 address stands in brackets: [::1]:9000") }
        }
        guard !host.isEmpty else { throw fail("the host is missing") }
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
        let isDefaultPort = self.port == (self.scheme == .https ? 443 : 80)
        return "\(self.scheme.rawValue)://\(self.bracketedHost)\(isDefaultPort ? "" : ":\(self.port)")\(self.basePath)"
    }

    /// The host as a URL writes it: an IPv6 address in brackets.
    package var bracketedHost: String { self.host.contains(":") ? "[\(self.host)]" : self.host }
}

/// Says why a text is no backend URL.
package struct BackendURLError: Error, Sendable, Equatable, CustomStringConvertible {
    package let text: String
    /// What is wrong, as the end of the sentence `"…" is no backend URL: `.
    package let problem: String

    package var description: String {
        "\"\(self.text)\" is no backend URL: \(self.problem); write it as http://127.0.0.1:9000"
    }
}
