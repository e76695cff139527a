import WorkerDomain

/// What is wrong with the CORS fields of a recorded exchange (Fetch standard, CORS protocol).
struct CORSRules {
    struct Finding: Sendable, Equatable {
        /// The kind, so that one is shown for many: `missing`.
        let kind: String
        let words: String
        /// `nil` for what a check asked itself.
        let exchange: ExchangeID?
        /// The exchange in one line.
        let evidence: String
        /// The browser refuses the response; otherwise it may.
        let isRefused: Bool
    }

    private static let simpleMethods: Set<String> = ["GET", "HEAD", "POST"]

    /// A request and its response.
    struct Conversation {
        let method: String
        let path: String
        let requestHead: [UInt8]
        let status: Int
        let responseHead: [UInt8]
        var exchange: ExchangeID?
    }

    /// - Returns: What a browser refuses, or may; empty for an exchange without `Origin`.
    static func findings(of exchange: Exchange) -> [Finding] {
        guard let status = exchange.status else { return [] }
        return self.findings(
            of: Conversation(
                method: exchange.method, path: String(exchange.path), requestHead: exchange.requestHead, status: status,
                responseHead: exchange.responseHead, exchange: exchange.id))
    }

    static func findings(of exchange: Conversation) -> [Finding] {
        let request = MessageHead(exchange.requestHead)
        guard let origin = request.value(of: "Origin"), !exchange.responseHead.isEmpty else { return [] }
        let status = exchange.status
        let response = MessageHead(exchange.responseHead)
        let method = exchange.method
        var found: [Finding] = []
        func add(_ kind: String, _ words: String, isRefused: Bool = true) {
            found.append(exchange.finding(kind, words, isRefused: isRefused))
        }
        let asked = method == "OPTIONS" ? request.value(of: "Access-Control-Request-Method") : nil
        let allowed = response.fields.filter { Self.isNamed($0.name, "Access-Control-Allow-Origin") }.map(\.value)
        let hasCredentials = Self.values(response, "Access-Control-Allow-Credentials").contains("true")
        guard let allow = allowed.first else {
            add(asked == nil ? "missing" : "preflight", "the response has no Access-Control-Allow-Origin")
            return found
        }
        if allowed.count > 1 || allow.contains(",") {
            add("several", "the response has several values of Access-Control-Allow-Origin")
        } else if allow == "*" {
            if hasCredentials {
                add("credentials", "Access-Control-Allow-Credentials is not valid together with the origin *")
            }
        } else if !allow.hasSameBytes(as: origin) {
            add("origin", "Access-Control-Allow-Origin is another origin than the page's")
        } else if !Self.names(response, "Vary").contains(where: { $0 == "*" || Self.isNamed($0, "Origin") }) {
            add(
                "vary", "the origin is repeated without Vary: Origin, so a cache may give it to another page",
                isRefused: false)
        }
        if let asked {
            found += Self.preflight(
                exchange, asked: asked, request: request, response: response, status: status,
                hasCredentials: hasCredentials)
        }
        return found
    }

    private static func preflight(
        _ exchange: Conversation, asked: String, request: MessageHead, response: MessageHead, status: Int,
        hasCredentials: Bool
    ) -> [Finding] {
        var found: [Finding] = []
        func add(_ kind: String, _ words: String, isRefused: Bool = true) {
            found.append(exchange.finding(kind, words, isRefused: isRefused))
        }
        if !(200...299).contains(status) { add("status", "a preflight needs a status from 200 to 299") }
        let methods = Self.names(response, "Access-Control-Allow-Methods")
        let anyMethod = methods.contains("*") && !hasCredentials
        if !anyMethod, !methods.contains(asked), !Self.simpleMethods.contains(asked) {
            add("method", "the method \(asked) was asked for and is not allowed")
        }
        let headers = Self.names(response, "Access-Control-Allow-Headers").map { $0.lowercased() }
        let anyHeader = headers.contains("*") && !hasCredentials
        for name in Self.names(request, "Access-Control-Request-Headers").map({ $0.lowercased() }).prefix(50) {
            // The wildcard does not include this one.
            if headers.contains(name) || anyHeader && name != "authorization" { continue }
            add("header", "the header \(name) was asked for and is not allowed")
        }
        switch response.value(of: "Access-Control-Max-Age").map({ Int($0) }) {
        case nil: add("age", "without Access-Control-Max-Age a preflight is kept for 5 seconds", isRefused: false)
        case .some(nil): add("age", "Access-Control-Max-Age is not a number of seconds", isRefused: false)
        case .some(let age?):
            if age <= 0 {
                add("age", "every request is preflighted: Access-Control-Max-Age is \(age)", isRefused: false)
            } else if age > 86_400 {
                add(
                    "age", "browsers keep a preflight for a day at most: Access-Control-Max-Age is \(age)",
                    isRefused: false)
            }
        }
        return found
    }

    /// Elements of a list over all fields of a name.
    private static func names(_ head: MessageHead, _ name: String) -> [String] {
        Self.values(head, name).flatMap { value in
            value.split(separator: ",").map { part in
                String(part.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
            }
        }.filter { !$0.isEmpty }
    }

    private static func values(_ head: MessageHead, _ name: String) -> [String] {
        head.fields.filter { Self.isNamed($0.name, name) }.map(\.value)
    }

    private static func isNamed(_ left: String, _ right: String) -> Bool {
        left.lowercased().hasSameBytes(as: right.lowercased())
    }
}

extension CORSRules.Conversation {
    /// `#12 GET /api 500`.
    var line: String { (self.exchange.map { "\($0) " } ?? "") + "\(self.method) \(self.path) \(self.status)" }

    func finding(_ kind: String, _ words: String, isRefused: Bool) -> CORSRules.Finding {
        CORSRules.Finding(
            kind: kind, words: words, exchange: self.exchange, evidence: "\(self.line): \(words)", isRefused: isRefused)
    }
}

extension CORSRules {
    /// What helps against a kind of finding.
    static func fix(for kind: String) -> String {
        switch kind {
        case "missing", "several": "set one Access-Control-Allow-Origin on every response, errors included"
        case "credentials": "repeat the page's origin instead of *, and add Vary: Origin"
        case "method": "add the method to Access-Control-Allow-Methods"
        case "header": "add the header to Access-Control-Allow-Headers"
        case "stranger": "list the origins that may send credentials in cors.origins"
        case "status": "respond to preflights with 204"
        default: "allow the page's origin, and add Vary: Origin"
        }
    }
}
