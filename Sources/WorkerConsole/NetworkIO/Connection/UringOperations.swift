import CLinux
import Glibc

/// What a ring has under way for one socket; nothing is prepared twice.
///
/// A method that prepares something is false when there is no room for it in this turn.
struct UringOperations {
    private unowned let engine: UringEngine
    private let descriptor: Int32
    private var isConnecting = false
    /// The repeated receive.
    private(set) var isReceiving = false
    private var isCancellingReceive = false
    /// The repeated wait until something can be read.
    private(set) var isPolling = false
    private var isWaitingForRoom = false

    init(_ engine: UringEngine, _ descriptor: Int32) {
        self.engine = engine
        self.descriptor = descriptor
    }

    mutating func connect(_ source: UringSource, to place: AddressPlace) -> Bool {
        guard !self.isConnecting else { return true }
        self.isConnecting = self.engine.connect(source, self.descriptor, to: place.pointer, length: place.length)
        return self.isConnecting
    }

    mutating func connectEnded() { self.isConnecting = false }

    mutating func receive(_ source: UringSource) -> Bool {
        guard !self.isReceiving else { return true }
        self.isReceiving = self.engine.receive(source, self.descriptor)
        return self.isReceiving
    }

    mutating func stopReceiving(_ source: UringSource) -> Bool {
        guard self.isReceiving, !self.isCancellingReceive else { return true }
        self.isCancellingReceive = self.engine.cancel(source, .receive)
        return self.isCancellingReceive
    }

    mutating func receiveEnded() {
        self.isReceiving = false
        self.isCancellingReceive = false
    }

    mutating func poll(_ source: UringSource) -> Bool {
        guard !self.isPolling else { return true }
        let events = EPOLLIN.rawValue | EPOLLRDHUP.rawValue
        self.isPolling = self.engine.poll(source, self.descriptor, .readable, events: events, repeats: true)
        return self.isPolling
    }

    /// The poll's end is told later.
    func stopPolling(_ source: UringSource) -> Bool { self.engine.cancel(source, .readable) }

    mutating func pollEnded() { self.isPolling = false }

    mutating func waitForRoom(_ source: UringSource) -> Bool {
        guard !self.isWaitingForRoom else { return true }
        self.isWaitingForRoom = self.engine.poll(
            source, self.descriptor, .writable, events: EPOLLOUT.rawValue, repeats: false)
        return self.isWaitingForRoom
    }

    mutating func waitForRoomEnded() { self.isWaitingForRoom = false }

    /// Ends what is under way: no operation may use a number that another socket has got.
    mutating func cancelAll(_ source: UringSource) -> Bool {
        if self.isConnecting, !self.engine.cancel(source, .connect) { return false }
        self.isConnecting = false
        if self.isReceiving, !self.isCancellingReceive, !self.engine.cancel(source, .receive) { return false }
        self.isReceiving = false
        if self.isPolling, !self.engine.cancel(source, .readable) { return false }
        self.isPolling = false
        if self.isWaitingForRoom, !self.engine.cancel(source, .writable) { return false }
        self.isWaitingForRoom = false
        return true
    }
}
