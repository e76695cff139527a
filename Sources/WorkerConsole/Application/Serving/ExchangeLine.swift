import FoundationEssentials
import TextSafety
import WorkerDomain

/// One exchange as the line that `serve` prints: a JSON object with keys in a fixed order.
///
/// Secrets in the query are hidden, and JSON's own escapes keep every control character off the reader's terminal.
struct ExchangeLine: Encodable {
    struct Timers: Encodable {
        var requestHead: Double?
        var queue: Double?
        var connect: Double?
        var response: Double?
        var data: Double?
    }
    let id: UInt64
    let time: String
    let client: String
    let method: String
    let target: String
    let status: Int?
    let route: String?
    let backend: String?
    let requestBytes: Int
    let responseBytes: Int
    let ms: Double?
    let timers: Timers
    let retries: Int
    let reused: Bool?
    let ended: String?
    let phase: String?
    let reason: String?

    /// - Parameters:
    ///   - exchange: One that has ended, or is given up.
    ///   - redaction: Hides what is secret in its target and in the reason of its end.
    init(_ exchange: Exchange, redaction: Redaction) {
        self.id = exchange.id.rawValue
        self.time = exchange.startedAt.rfc3339
        self.client = exchange.downstream
        self.method = redaction.target(exchange.method)
        self.target = redaction.target(exchange.target)
        self.status = exchange.status
        switch exchange.route {
        case .preflight: (self.route, self.backend) = ("preflight", nil)
        case .local: (self.route, self.backend) = ("local", nil)
        case .backend(let name): (self.route, self.backend) = ("backend", name)
        case nil: (self.route, self.backend) = (nil, nil)
        }
        self.requestBytes = exchange.requestBody.totalBytes
        self.responseBytes = exchange.responseBody.totalBytes
        self.ms = exchange.timers.total.map(Self.milliseconds)
        self.timers = Timers(
            requestHead: exchange.timers.requestHead.map(Self.milliseconds),
            queue: exchange.timers.queue.map(Self.milliseconds),
            connect: exchange.timers.connect.map(Self.milliseconds),
            response: exchange.timers.response.map(Self.milliseconds),
            data: exchange.timers.data.map(Self.milliseconds))
        self.retries = exchange.retries
        self.reused = exchange.reusedConnection
        self.ended = exchange.ending?.cause.rawValue
        self.phase = exchange.ending?.phase.rawValue
        self.reason = (exchange.ending?.reason).map { redaction.message($0) }
    }

    /// The line, without its end. C1, bidi and zero-width characters are escaped as `\uXXXX` too, which JSON allows
    /// for every character.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        let json = String(decoding: try encoder.encode(self), as: UTF8.self)
        return ControlCharacters.escaped(json: json)
    }

    private static func milliseconds(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return (Double(seconds) * 1_000_000 + Double(attoseconds / 1_000_000_000_000)).rounded() / 1_000
    }
}
