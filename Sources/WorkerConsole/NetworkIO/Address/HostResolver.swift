import CLinux
import Glibc
import Synchronization

/// Looks names up on threads of its own, because the system's resolver may block for half a minute.
///
/// A thread lives as long as there is something to look up; there are never more than ``threadLimit``.
package final class HostResolver: Sendable {
    /// Finds the addresses of a name, with this port; it may block.
    package typealias Lookup = @Sendable (_ host: String, _ port: Int) throws(TransportError) -> [SocketAddress]
    package typealias Answer = Result<[SocketAddress], TransportError>

    private struct Job {
        let host: String
        let port: Int
        let done: @Sendable (Answer) -> Void
    }

    private struct State {
        var waiting: [Job] = []
        var threads = 0
    }

    static let threadLimit = 8
    private let lookup: Lookup
    private let state = Mutex(State())

    package init(_ lookup: @escaping Lookup = HostResolver.system) {
        self.lookup = lookup
    }

    /// Looks a name up; while all threads are busy it waits its turn.
    /// - Parameters:
    ///   - host: A name, or an address in its usual form.
    ///   - port: The port of the addresses.
    ///   - done: Called once, on one of the threads: it must not block.
    func resolve(_ host: String, port: Int, _ done: @escaping @Sendable (Answer) -> Void) {
        let needsThread = self.state.withLock { state in
            state.waiting.append(Job(host: host, port: port, done: done))
            guard state.threads < Self.threadLimit else { return false }
            state.threads += 1
            return true
        }
        guard needsThread, !DetachedThread.start(name: "wc-names", { self.work() }) else { return }
        // The threads that there are do it; without any, nobody ever would.
        let lost = self.state.withLock { state in
            state.threads -= 1
            guard state.threads == 0 else { return [Job]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for job in lost { job.done(.failure(.system(errno: EAGAIN))) }
    }

    /// The addresses of a name.
    package func addresses(of host: String, port: Int) async throws(TransportError) -> [SocketAddress] {
        try await withCheckedContinuation { (continuation: CheckedContinuation<Answer, Never>) in
            self.resolve(host, port: port) { continuation.resume(returning: $0) }
        }.get()
    }

    private func work() {
        while let job = self.next() {
            do throws(TransportError) {
                job.done(.success(try self.lookup(job.host, job.port)))
            } catch {
                job.done(.failure(error))
            }
        }
    }

    private func next() -> Job? {
        self.state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.threads -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    /// Asks the system: its files, then DNS, as it is set up; `localhost` is known. The addresses come in the order of RFC 6724.
    package static let system: Lookup = { (host, port) throws(TransportError) in
        // The system would read `9100` and `127.1` as addresses that nobody means.
        if let last = host.split(separator: ".").last, last.first.map({ ("0"..."9").contains($0) }) == true,
            last.allSatisfy({ $0.isHexDigit || $0 == "x" || $0 == "X" }),
            SocketAddress(ipAddress: host, port: port) == nil
        {
            throw .nameNotFound(host)
        }
        // `localhost` and names within it are the loopback's and no business of DNS (RFC 6761, section 6.3): where no file of
        // the system has them, each question would hold a descriptor until nobody answers.
        if host.split(separator: ".").last?.lowercased() == "localhost" {
            return ["::1", "127.0.0.1"].compactMap { SocketAddress(ipAddress: $0, port: port) }
        }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        var code = getaddrinfo(host, String(port), &hints, &list)
        if code == EAI_SYSTEM, errno == EMFILE || errno == ENFILE, DescriptorReserve.process.release() {
            code = getaddrinfo(host, String(port), &hints, &list)
        }
        guard code == 0 else {
            let error = TransportError(errno: errno)
            throw code == EAI_SYSTEM && error == .noDescriptors ? error : .nameNotFound(host)
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let info = next?.pointee {
            next = info.ai_next
            guard let raw = info.ai_addr, let address = SocketAddress(raw, length: info.ai_addrlen) else { continue }
            addresses.append(address)
        }
        return addresses
    }
}

extension SocketAddress {
    /// Reads an address that the system keeps in memory of its own.
    fileprivate init?(_ raw: UnsafePointer<sockaddr>, length: socklen_t) {
        var storage = sockaddr_storage()
        let count = min(Int(length), MemoryLayout<sockaddr_storage>.size)
        withUnsafeMutableBytes(of: &storage) { place in
            place.copyMemory(from: UnsafeRawBufferPointer(start: raw, count: count))
        }
        self.init(storage)
    }
}
