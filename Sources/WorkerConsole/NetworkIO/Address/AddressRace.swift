/// Decides which address of a name is tried when (RFC 8305, Happy Eyeballs). Pure: it performs no I/O and reads no clock.
///
/// The families take turns, IPv6 first. The next address is tried when the one before it has failed, or has not responded
/// for 250 ms; the first one that stands wins.
package struct AddressRace: Sendable {
    /// What to do next.
    package enum Step: Sendable, Equatable {
        /// Begin to connect, and ask again.
        case attempt(Int, SocketAddress)
        /// Ask again at this time, and whenever an attempt has failed.
        case wait(until: Int64)
        /// None stands, and none will.
        case fail(TransportError)
    }

    /// Nanoseconds before the next address is tried too (RFC 8305 section 8, Connection Attempt Delay).
    package static let attemptDelay: Int64 = 250_000_000

    private let addresses: [SocketAddress]
    private let deadline: Int64
    private var begun = 0
    private var running = 0
    private var nextAttempt = Int64.min
    private var lastError: TransportError

    /// - Parameters:
    ///   - name: What the addresses are of.
    ///   - addresses: In the resolver's order; one that occurs again is tried once.
    ///   - deadline: When nothing is waited for any longer; in the nanoseconds of the clock that `now` is of.
    package init(_ name: String, _ addresses: [SocketAddress], deadline: Int64) {
        self.addresses = Self.order(addresses)
        self.deadline = deadline
        self.lastError = .nameNotFound(name)
    }

    /// A race of one.
    package init(_ address: SocketAddress, deadline: Int64) {
        self.addresses = [address]
        self.deadline = deadline
        self.lastError = .timedOut
    }

    package mutating func step(now: Int64) -> Step {
        guard now < self.deadline else { return .fail(.timedOut) }
        if self.begun < self.addresses.count {
            guard self.nextAttempt <= now else { return .wait(until: min(self.nextAttempt, self.deadline)) }
            self.nextAttempt = now + Self.attemptDelay
            self.begun += 1
            self.running += 1
            return .attempt(self.begun - 1, self.addresses[self.begun - 1])
        }
        return self.running > 0 ? .wait(until: self.deadline) : .fail(self.lastError)
    }

    /// An attempt that was begun has failed: the next address need not wait.
    package mutating func attemptFailed(_ error: TransportError) {
        self.running -= 1
        self.lastError = error
        self.nextAttempt = .min
    }

    /// The families in turns, IPv6 first, each in its own order.
    private static func order(_ addresses: [SocketAddress]) -> [SocketAddress] {
        var seen = Set<SocketAddress>()
        let unique = addresses.filter { seen.insert($0).inserted }
        let first = unique.filter(\.isV6)
        let second = unique.filter { !$0.isV6 }
        var result: [SocketAddress] = []
        for index in 0..<max(first.count, second.count) {
            if index < first.count { result.append(first[index]) }
            if index < second.count { result.append(second[index]) }
        }
        return result
    }
}
