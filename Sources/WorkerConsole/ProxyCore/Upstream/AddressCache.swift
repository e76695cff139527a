import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Remembers the addresses of names for a limited time.
///
/// The system's resolver does not tell how long an answer holds, so the lifetime is a setting. A failure is never
/// remembered; several who ask at once wait for one answer.
final class AddressCache: Sendable {
    /// Looks a name up; it may block.
    typealias Lookup = @Sendable (_ host: String, _ port: Int) throws -> [SocketAddress]

    private struct Key: Hashable {
        let host: String
        let port: Int
    }
    private enum Entry: Sendable {
        case pending(EventLoopFuture<[SocketAddress]>)
        case known([SocketAddress], until: Int64)
    }

    /// Names that are kept; only configured backends are looked up, so this is a bound, not a tuning.
    private static let limit = 1_024
    private let lifetime: Int64
    private let lookup: Lookup
    private let now: @Sendable () -> Int64
    private let entries = Mutex<[Key: Entry]>([:])

    /// - Parameters:
    ///   - lifetime: How long an answer is used; zero asks every time.
    ///   - lookup: The system's resolver, or a test's.
    ///   - now: Nanoseconds of a monotonic clock.
    init(
        lifetime: Duration, lookup: @escaping Lookup = AddressCache.system,
        now: @escaping @Sendable () -> Int64 = { SystemTime.now() }
    ) {
        self.lifetime = lifetime.nanoseconds
        self.lookup = lookup
        self.now = now
    }

    /// The addresses of a name, in the resolver's order.
    func addresses(of host: String, port: Int, on loop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        let key = Key(host: host, port: port)
        let promise = loop.makePromise(of: [SocketAddress].self)
        let known: EventLoopFuture<[SocketAddress]>? = self.entries.withLock { entries in
            switch entries[key] {
            case .pending(let future): return future.hop(to: loop)
            case .known(let addresses, let until) where self.now() < until:
                return loop.makeSucceededFuture(addresses)
            case .known, nil: break
            }
            if entries.count >= Self.limit { entries.removeAll() }
            entries[key] = .pending(promise.futureResult)
            return nil
        }
        if let known {
            promise.completeWith(known)
            return known
        }
        let lookup = self.lookup
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) { try lookup(host, port) }.whenComplete { result in
            self.entries.withLock { entries in
                if case .success(let addresses) = result, self.lifetime > 0, !addresses.isEmpty {
                    entries[key] = .known(addresses, until: self.now() + self.lifetime)
                } else {
                    entries[key] = nil
                }
            }
            promise.completeWith(result)
        }
        return promise.futureResult
    }

    /// Asks the system: its files, then DNS, as it is set up.
    static let system: Lookup = { host, port in
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0 else { throw NameLookupError(host: host) }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let info = next?.pointee {
            next = info.ai_next
            guard let raw = info.ai_addr else { continue }
            switch info.ai_family {
            case AF_INET:
                let address = UnsafeRawPointer(raw).loadUnaligned(as: sockaddr_in.self)
                addresses.append(SocketAddress(address, host: host))
            case AF_INET6:
                let address = UnsafeRawPointer(raw).loadUnaligned(as: sockaddr_in6.self)
                addresses.append(SocketAddress(address, host: host))
            default: continue
            }
        }
        return addresses
    }
}

/// The system knows no address of a name.
struct NameLookupError: Error {
    let host: String
}

/// Answers NIO's race of addresses from the cache.
struct CachedResolver: Resolver, Sendable {
    let cache: AddressCache
    let loop: any EventLoop

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        self.cache.addresses(of: host, port: port, on: self.loop).map { $0.filter { $0.protocol == .inet } }
    }

    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        self.cache.addresses(of: host, port: port, on: self.loop).map { $0.filter { $0.protocol == .inet6 } }
    }

    /// A lookup that nobody waits for any more serves the next one.
    func cancelQueries() {}
}
