import Synchronization

/// Remembers the addresses of names for a limited time, for all event loops.
///
/// The system's resolver does not tell how long a result holds, so the lifetime is a setting. A failure is never
/// remembered; several who ask at once wait for one lookup.
package final class AddressCache: Sendable {
    private typealias Waiter = LoopBound<(HostResolver.Answer) -> Void>

    private struct Key: Hashable {
        let host: String
        let port: Int
    }

    private struct Known {
        let addresses: [SocketAddress]
        let end: Int64
    }

    private struct State {
        var known: [Key: Known] = [:]
        /// Who waits for the lookup that is on its way.
        var waiting: [Key: [Waiter]] = [:]
    }

    private enum Found {
        case known([SocketAddress])
        case isLookedUp
        case unknown
    }

    /// Names that are kept; only configured backends are looked up, so this is a bound, not a tuning.
    private static let limit = 1_024
    private let lifetime: Int64
    private let resolver: HostResolver
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())

    /// - Parameters:
    ///   - lifetime: Nanoseconds for which a result is used; 0 asks every time.
    ///   - resolver: Looks names up.
    ///   - now: Nanoseconds of a monotonic clock.
    package init(
        lifetime: Int64, resolver: HostResolver = HostResolver(),
        now: @escaping @Sendable () -> Int64 = SystemClock.monotonic
    ) {
        self.lifetime = lifetime
        self.resolver = resolver
        self.now = now
    }

    /// Finds the addresses of a name, in the resolver's order.
    /// - Parameters:
    ///   - host: The name.
    ///   - port: The port of the addresses.
    ///   - loop: Whose thread this is called on.
    ///   - done: Called once on the loop, never from within this call, unless the loop has ended. It may be released on
    ///     another thread, so it holds what belongs to the loop weakly.
    package func addresses(
        of host: String, port: Int, on loop: EventLoop, _ done: @escaping (HostResolver.Answer) -> Void
    ) {
        let key = Key(host: host, port: port)
        let waiter = LoopBound(done, on: loop)
        switch self.find(key, or: waiter) {
        case .known(let addresses): loop.later { done(.success(addresses)) }
        case .isLookedUp: break
        case .unknown: self.resolver.resolve(host, port: port) { self.settle(key, $0) }
        }
    }

    private func find(_ key: Key, or waiter: Waiter) -> Found {
        self.state.withLock { state in
            if let known = state.known[key], self.now() < known.end { return .known(known.addresses) }
            state.waiting[key, default: []].append(waiter)
            return state.waiting[key]?.count == 1 ? .unknown : .isLookedUp
        }
    }

    private func settle(_ key: Key, _ answer: HostResolver.Answer) {
        let waiting = self.state.withLock { state in
            state.known[key] = nil
            if case .success(let addresses) = answer, self.lifetime > 0, !addresses.isEmpty {
                let now = self.now()
                if state.known.count >= Self.limit { state.known = state.known.filter { now < $0.value.end } }
                if state.known.count >= Self.limit { state.known.removeAll() }
                let (end, overflow) = now.addingReportingOverflow(self.lifetime)
                state.known[key] = Known(addresses: addresses, end: overflow ? .max : end)
            }
            return state.waiting.removeValue(forKey: key) ?? []
        }
        for waiter in waiting { waiter.execute { $0(answer) } }
    }
}
