import NetworkIO
import WorkerDomain

/// Serves one connection of a sample backend: lengths and chunked bodies, one request after another.
final class DemoBackendConnection: ConnectionHandler {
    /// Bytes of a head at most; the connection is closed beyond them.
    private static let headLimit = 65_536

    private let name: String
    private let connection: Connection
    private var received: [UInt8] = []
    /// Bytes of the current request's body that are still to come; `nil` between requests.
    private var missing: Int?
    private var bodyBytes = 0
    private var request: (method: String, path: String) = ("", "")
    private var isBusy = false
    private var isClosed = false

    init(_ connection: Connection, name: String) {
        self.connection = connection
        self.name = name
    }

    func opened() {}

    func received(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { self.received += $0 }
        self.serve()
    }

    func inputEnded() {
        if !self.isBusy { self.connection.close() }
    }

    func drained() {}
    func closed(_: TransportError?) { self.isClosed = true }

    private func serve() {
        guard !self.isBusy else { return }
        if self.missing == nil {
            let end = self.received.indices.first { index in
                index >= 3 && self.received[index] == 10 && self.received[(index - 3)...index] == [13, 10, 13, 10]
            }
            guard let end else {
                if self.received.count > Self.headLimit { self.connection.close() }
                return
            }
            let bytes = Array(self.received[...end])
            self.received.removeFirst(end + 1)
            let line = MessageHead.requestLine(of: bytes)
            self.request = (line.method, String(line.target.prefix { $0 != "?" }))
            let length = MessageHead(bytes).value(of: "content-length").flatMap { Int($0) } ?? 0
            self.bodyBytes = max(0, length)
            self.missing = self.bodyBytes
        }
        // A body is counted and thrown away as it comes.
        let taken = min(self.missing ?? 0, self.received.count)
        self.received.removeFirst(taken)
        self.missing = (self.missing ?? 0) - taken
        guard self.missing == 0 else { return }
        self.missing = nil
        self.isBusy = true
        self.respond()
    }

    private func respond() {
        let path = self.request.path
        switch path {
        case "/api/slow": self.send(200, #"{"slow":true,"#, after: .milliseconds(900))
        case "/api/report": self.send(500, #"{"error":"report generator failed","#, after: .milliseconds(30))
        case "/api/reset": self.connection.close()
        case "/api/stream": self.stream(left: 8)
        case "/api/upload": self.send(201, #"{"bytes":\#(self.bodyBytes),"#, after: .milliseconds(40))
        case "/health", "/": self.send(200, #"{"ok":true,"#, after: .zero)
        case "/api/resumes":
            let names = DemoDatabase.people.prefix(20).map { #"{"姓名":"\#($0)"}"# }.joined(separator: ",")
            self.send(200, #"{"resumes":[\#(names)],"#, after: .milliseconds(6))
        default:
            let id = path.hasPrefix("/api/resumes/") ? Int(path.dropFirst("/api/resumes/".count)) : nil
            guard let id, (1...DemoDatabase.people.count).contains(id) else {
                return self.send(404, #"{"error":"not found","#, after: .milliseconds(2))
            }
            self.send(200, #"{"id":\#(id),"姓名":"\#(DemoDatabase.people[id - 1])","#, after: .milliseconds(4))
        }
    }

    private func send(_ status: Int, _ json: String, after delay: Duration) {
        let body = json + "\"backend\":\"\(self.name)\"}\n"
        let reasons = [200: "OK", 201: "Created", 404: "Not Found", 500: "Internal Server Error"]
        let head =
            "HTTP/1.1 \(status) \(reasons[status] ?? "OK")\r\nContent-Type: application/json; charset=utf-8\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n"
        let text = self.request.method == "HEAD" ? head : head + body
        self.later(delay) {
            self.connection.send(Array(text.utf8))
            self.finish()
        }
    }

    private func stream(left: Int) {
        if left == 8 {
            self.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n")
        }
        self.later(.milliseconds(60)) {
            if left == 0 {
                self.write("0\r\n\r\n")
                self.finish()
            } else {
                self.write("8\r\nline  \(left)\n\r\n")
                self.stream(left: left - 1)
            }
        }
    }

    private func later(_ delay: Duration, _ work: @escaping () -> Void) {
        let nanoseconds = delay.components.attoseconds / 1_000_000_000 + delay.components.seconds * 1_000_000_000
        self.connection.loop.schedule(after: nanoseconds) {
            if !self.isClosed { work() }
        }
    }

    private func write(_ text: String) { self.connection.send(Array(text.utf8)) }

    private func finish() {
        self.isBusy = false
        self.serve()
    }
}
