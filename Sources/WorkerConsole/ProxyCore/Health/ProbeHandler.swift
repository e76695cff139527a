import NIOCore
import NIOTLS
import Synchronization
import WorkerDomain

/// A flag that an event loop sets and a task reads.
final class ConnectedFlag: Sendable {
    private let flag = Atomic(false)

    var value: Bool { self.flag.load(ordering: .relaxed) }

    func set() { self.flag.store(true, ordering: .relaxed) }
}

/// The connection of one probe.
final class ProbeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let backend: Backend
    private let configuration: HealthConfiguration
    private let promise: EventLoopPromise<ProbeOutcome>
    private let isConnected: ConnectedFlag
    private var received = ByteBuffer()

    init(
        backend: Backend, configuration: HealthConfiguration, promise: EventLoopPromise<ProbeOutcome>,
        isConnected: ConnectedFlag
    ) {
        self.backend = backend
        self.configuration = configuration
        self.promise = promise
        self.isConnected = isConnected
    }

    func channelActive(context: ChannelHandlerContext) {
        if self.backend.url.scheme == .http { self.ask(context) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent { self.ask(context) }
    }

    private func ask(_ context: ChannelHandlerContext) {
        self.isConnected.set()
        switch self.configuration.method {
        case .tcp:
            let code = self.backend.url.scheme == .https ? "L6OK" : "L4OK"
            self.promise.succeed(ProbeOutcome(code: code, detail: "connected", passed: true))
        case .http(let method, let path):
            let text =
                "\(method) \(self.backend.url.basePath)\(path) HTTP/1.1\r\nHost: \(self.backend.url.bracketedHost):"
                + "\(self.backend.url.port)\r\nUser-Agent: worker-console-health\r\nAccept: */*\r\nConnection: close\r\n\r\n"
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = self.unwrapInboundIn(data)
        guard self.received.readableBytes < 65_536 else { return }
        self.received.writeBuffer(&buffer)
        var parser = ResponseHeadParser(headLimit: 65_536)
        let outcome = self.received.withUnsafeReadableBytes { parser.parse($0, searched: 0, toHead: true) }
        switch outcome {
        case .incomplete:
            return
        case .malformed(let reason):
            self.promise.succeed(ProbeOutcome(code: "L7RSP", detail: reason))
        case .complete(let head):
            let passed = self.configuration.passingStatuses.contains { $0.contains(head.status) }
            self.promise.succeed(
                ProbeOutcome(code: passed ? "L7OK" : "L7STS", detail: "status \(head.status)", passed: passed))
        }
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let code = !self.isConnected.value && self.backend.url.scheme == .https ? "L6RSP" : "L7RSP"
        self.promise.succeed(ProbeOutcome(code: code, detail: ConnectFailure.text(of: error)))
        context.close(promise: nil)
    }

    func channelInactive(context _: ChannelHandlerContext) {
        let code = self.isConnected.value ? "L7RSP" : "L6RSP"
        self.promise.succeed(ProbeOutcome(code: code, detail: "the backend closed the connection without an answer"))
    }
}
