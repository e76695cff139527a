package import TextSafety
package import WorkerDomain

/// One exchange as the line that `serve` prints: a JSON object whose keys stand in the order of the alphabet.
///
/// Secrets in the target and in the reason of the end are hidden, and JSON's own escapes keep every control character off
/// the reader's terminal. What is not known is left out.
package enum ExchangeLine {
    /// Appends the line of an exchange that has ended, or is given up.
    /// - Parameters:
    ///   - exchange: The exchange.
    ///   - redaction: Hides what is secret in it.
    ///   - line: Lines before it.
    package static func append(_ exchange: Exchange, redaction: Redaction, to line: inout JSONLine) {
        var route: String?
        var backend: String?
        switch exchange.route {
        case .preflight: route = "preflight"
        case .local: route = "local"
        case .backend(let name): (route, backend) = ("backend", name)
        case nil: break
        }
        let ending = exchange.ending
        line.begin()
        if let backend { line.member("backend", backend) }
        line.member("client", exchange.downstream)
        if let ending { line.member("ended", ending.cause.rawValue) }
        line.member("id", exchange.id.rawValue)
        line.member("method", redaction.target(exchange.method))
        if let total = exchange.timers.total { line.member("ms", milliseconds: total) }
        if let ending { line.member("phase", ending.phase.rawValue) }
        if let reason = ending?.reason { line.member("reason", redaction.message(reason)) }
        line.member("requestBytes", exchange.requestBody.totalBytes)
        line.member("responseBytes", exchange.responseBody.totalBytes)
        line.member("retries", exchange.retries)
        if let reused = exchange.reusedConnection { line.member("reused", reused) }
        if let route { line.member("route", route) }
        if let status = exchange.status { line.member("status", status) }
        line.member("target", redaction.target(exchange.target))
        line.member("time", exchange.startedAt.rfc3339)
        line.begin("timers")
        self.append(exchange.timers, to: &line)
        line.end()
        line.end(isLine: true)
    }

    private static func append(_ timers: ExchangeTimers, to line: inout JSONLine) {
        if let connect = timers.connect { line.member("connect", milliseconds: connect) }
        if let data = timers.data { line.member("data", milliseconds: data) }
        if let queue = timers.queue { line.member("queue", milliseconds: queue) }
        if let head = timers.requestHead { line.member("requestHead", milliseconds: head) }
        if let response = timers.response { line.member("response", milliseconds: response) }
    }
}
