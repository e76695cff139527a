import NIOCore
import WorkerDomain

/// Answers one connection of a sample backend: lengths and chunked bodies, one request after another.
final class DemoBackendHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bytes of a head at most; the connection is closed beyond them.
    private static let headLimit = 65_536

    private let name: String
    private var received: [UInt8] = []
    /// Bytes of the current request's body that are still to come; `nil` between requests.
    private var missing: Int?
    private var bodyBytes = 0
    private var request: (method: String, path: String) = ("", "")
    private var isBusy = false

    init(name: String) {
        self.name = name
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.received += self.unwrapInboundIn(data).readableBytesView
        self.serve(context)
    }

    func errorCaught(context: ChannelHandlerContext, error _: any Error) { context.close(promise: nil) }

    private func serve(_ context: ChannelHandlerContext) {
        guard !self.isBusy else { return }
        if self.missing == nil {
            let end = self.received.indices.first { index in
                index >= 3 && self.received[index] == 10 && self.received[(index - 3)...index] == [13, 10, 13, 10]
            }
            guard let end else {
                if self.received.count > Self.headLimit { context.close(promise: nil) }
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
        self.answer(context)
    }

    private func answer(_ context: ChannelHandlerContext) {
        let path = self.request.path
        switch path {
        case "/api/slow": self.send(context, 200, #"{"slow":true,"#, after: .milliseconds(900))
        case "/api/report": self.send(context, 500, #"{"error":"report generator failed","#, after: .milliseconds(30))
        case "/api/reset": context.close(promise: nil)
        case "/api/stream": self.stream(context, left: 8)
        case "/api/upload": self.send(context, 201, #"{"bytes":\#(self.bodyBytes),"#, after: .milliseconds(40))
        case "/health", "/": self.send(context, 200, #"{"ok":true,"#, after: .zero)
        case "/api/resumes":
            let names = DemoDatabase.people.prefix(20).map { #"{"姓名":"\#($0)"}"# }.joined(separator: ",")
            self.send(context, 200, #"{"resumes":[\#(names)],"#, after: .milliseconds(6))
        default:
            let id = path.hasPrefix("/api/resumes/") ? Int(path.dropFirst("/api/resumes/".count)) : nil
            guard let id, (1...DemoDatabase.people.count).contains(id) else {
                return self.send(context, 404, #"{"error":"not found","#, after: .milliseconds(2))
            }
            self.send(context, 200, #"{"id":\#(id),"姓名":"\#(DemoDatabase.people[id - 1])","#, after: .milliseconds(4))
        }
    }

    private func send(_ context: ChannelHandlerContext, _ status: Int, _ json: String, after delay: TimeAmount) {
        let body = json + "\"backend\":\"\(self.name)\"}\n"
        let reasons = [200: "OK", 201: "Created", 404: "Not Found", 500: "Internal Server Error"]
        let head =
            "HTTP/1.1 \(status) \(reasons[status] ?? "OK")\r\nContent-Type: application/json; charset=utf-8\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n"
        let text = self.request.method == "HEAD" ? head : head + body
        self.later(context, delay) { handler, context in
            handler.write(context, text)
            handler.finish(context)
        }
    }

    private func stream(_ context: ChannelHandlerContext, left: Int) {
        if left == 8 {
            self.write(context, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n")
        }
        self.later(context, .milliseconds(60)) { handler, context in
            if left == 0 {
                handler.write(context, "0\r\n\r\n")
                handler.finish(context)
            } else {
                handler.write(context, "8\r\nline  \(left)\n\r\n")
                handler.stream(context, left: left - 1)
            }
        }
    }

    private func later(
        _ context: ChannelHandlerContext, _ delay: TimeAmount,
        _ work: @escaping (DemoBackendHandler, ChannelHandlerContext) -> Void
    ) {
        let bound = NIOLoopBound((self, context, work), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: delay) {
            let (handler, context, work) = bound.value
            if context.channel.isActive { work(handler, context) }
        }
    }

    private func write(_ context: ChannelHandlerContext, _ text: String) {
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }

    private func finish(_ context: ChannelHandlerContext) {
        self.isBusy = false
        self.serve(context)
    }
}
