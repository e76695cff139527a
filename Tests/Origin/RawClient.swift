import Synchronization
import TestSupport
package import WorkerDomain

/// A client that sends exactly these bytes and sees exactly what comes; every wait ends after ten seconds.
package final class RawClient: Sendable {
    /// How the other side ended the connection.
    package enum Ending: Sendable, Equatable { case open, closed, reset }

    /// One answer.
    package struct Answer: Sendable, Equatable {
        /// Status line and fields, final empty line included.
        package let head: [UInt8]
        /// The payload; what came of it, when the connection ended early.
        package let body: [UInt8]
        /// False when the connection ended before the body did.
        package let isComplete: Bool

        package var fields: MessageHead { MessageHead(self.head) }
        package var status: Int { Int(self.fields.startLine.dropFirst(9).prefix(3)) ?? 0 }
        package var text: String { String(decoding: self.body, as: UTF8.self) }
        package func field(_ name: String) -> String? { self.fields.value(of: name) }
    }

    /// A wait that took too long.
    package struct Timeout: Error {}

    /// The connection has ended, so that what was waited for cannot come, or what was to be sent cannot go.
    package struct Ended: Error {}

    private static let patience = Duration.seconds(10)

    private let connection: ClientConnection

    private init(_ connection: ClientConnection) {
        self.connection = connection
    }

    /// A client that a test did not close may be waited for by the other side: it reads on until that ends the connection.
    deinit { self.connection.abandon() }

    package static func connect(port: Int, host: String = "127.0.0.1") async throws -> RawClient {
        let connection = try ClientConnection()
        return try await withCheckedThrowingContinuation { continuation in
            do {
                try SmallThread.start {
                    do throws(SocketError) {
                        let socket = try Socket.connect(host: host, port: port, until: Deadline(in: self.patience))
                        continuation.resume(returning: RawClient(connection))
                        connection.run(socket)
                    } catch {
                        continuation.resume(throwing: error)
                    }
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Sends and reads one answer on a connection of its own.
    package static func exchange(port: Int, _ request: String, toHead: Bool = false) async throws -> Answer {
        let client = try await self.connect(port: port)
        defer { client.close() }
        try await client.send(request)
        return try await client.answer(toHead: toHead)
    }

    package func send(_ text: String) async throws { try await self.send(Array(text.utf8)) }

    /// Returns when the system has taken all of it.
    package func send(_ bytes: [UInt8]) async throws { try await self.put(bytes) }

    /// Sends without waiting until the system has taken it.
    package func post(_ bytes: [UInt8]) { self.connection.put(ClientConnection.Output(bytes: bytes)) }

    /// Closes only the sending side, after everything was sent.
    package func finish() async throws { try await self.put(nil) }

    package func close() { self.connection.end(isReset: false) }

    /// Closes with a reset; returns when that is done.
    package func reset() async throws {
        self.connection.end(isReset: true)
        _ = try await self.wait(isForOver: true) { $0.isOver ? true : nil }
    }

    /// Reads, or leaves what comes in the socket.
    package func setReading(_ isReading: Bool) async throws { self.connection.change { $0.isReading = isReading } }

    /// What has come and was not taken by ``answer(toHead:)``.
    package var received: [UInt8] { self.connection.state.withLock { $0.received } }

    /// Waits for one answer and takes it; a 1xx counts as one.
    package func answer(toHead: Bool = false) async throws -> Answer {
        try await self.wait { state in
            guard let end = RawMessage.headEnd(state.received) else {
                return state.ending == .open ? nil : Answer(head: state.received, body: [], isComplete: false)
            }
            let head = Array(state.received[..<end])
            let fields = MessageHead(head)
            let rest = Array(state.received[end...])
            let status = Int(fields.startLine.dropFirst(9).prefix(3)) ?? 0
            if toHead || status < 200 || status == 204 || status == 304 {
                state.received = rest
                return Answer(head: head, body: [], isComplete: true)
            }
            let hasLength = fields.value(of: "Content-Length") != nil || fields.value(of: "Transfer-Encoding") != nil
            if hasLength, let payload = RawMessage.payload(of: rest, head: fields) {
                state.received = Array(rest[payload.length...])
                return Answer(head: head, body: payload.bytes, isComplete: true)
            }
            guard state.ending != .open else { return nil }
            state.received = []
            return Answer(head: head, body: rest, isComplete: !hasLength && state.ending == .closed)
        }
    }

    /// Waits until so many bytes have come.
    package func bytes(_ count: Int) async throws -> [UInt8] {
        try await self.wait { state in
            guard state.received.count >= count else { return nil }
            let bytes = Array(state.received[..<count])
            state.received.removeFirst(count)
            return bytes
        }
    }

    /// Sends so many bytes of `x` as fast as they are taken.
    package func flood(_ count: Int) async throws {
        var left = count
        let block = [UInt8](repeating: 0x78, count: 65_536)
        while left > 0 {
            let size = min(left, block.count)
            try await self.put(size == block.count ? block : Array(block.prefix(size)))
            self.connection.state.withLock { $0.flooded += size }
            left -= size
        }
    }

    /// Bytes that ``flood(_:)`` has handed to the system.
    package var floodedBytes: Int { self.connection.state.withLock { $0.flooded } }

    /// Keeps nothing of what comes from now on.
    package func startDiscarding() {
        self.connection.state.withLock { state in
            state.discarded = (state.discarded ?? 0) + state.received.count
            state.received = []
        }
    }

    /// Waits until so many bytes have come and been thrown away.
    package func discard(_ count: Int) async throws {
        self.startDiscarding()
        _ = try await self.wait(atMost: .seconds(60)) { ($0.discarded ?? 0) >= count ? true : nil }
    }

    /// Waits until the other side ends the connection.
    package func ending() async throws -> Ending {
        try await self.wait { $0.ending == .open ? nil : $0.ending }
    }

    private func put(_ bytes: [UInt8]?) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            self.connection.put(ClientConnection.Output(bytes: bytes, continuation: continuation))
        }
    }

    private func wait<Value: Sendable>(
        atMost limit: Duration = RawClient.patience, isForOver: Bool = false,
        _ condition: @escaping @Sendable (inout ClientConnection.State) -> Value?
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            self.connection.wait(
                ClientConnection.Waiter(
                    deadline: Deadline(in: limit),
                    attempt: { state in
                        guard let value = condition(&state) else { return false }
                        continuation.resume(returning: value)
                        return true
                    }, fail: { continuation.resume(throwing: $0) }, isForOver: isForOver))
        }
    }
}
