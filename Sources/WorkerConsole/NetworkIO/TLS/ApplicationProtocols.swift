import COpenSSL

/// The protocols that may be spoken inside of TLS (RFC 7301), the best one first.
final class ApplicationProtocols: Sendable {
    /// Each name behind its length, as the extension has them.
    private let list: [UInt8]

    init(_ names: [String]) {
        self.list = names.flatMap { name in
            precondition((1...255).contains(name.utf8.count), "a protocol's name has 1 to 255 bytes")
            return [UInt8(name.utf8.count)] + Array(name.utf8)
        }
    }

    /// Offers them to servers.
    func offer(on context: OpaquePointer) {
        guard !self.list.isEmpty else { return }
        let isRefused = SSL_CTX_set_alpn_protos(context, self.list, UInt32(self.list.count))
        precondition(isRefused == 0, "the list is well-formed")
    }

    /// Chooses the best one that a client offers; `self` must live as long as the context.
    func choose(on context: OpaquePointer) {
        guard !self.list.isEmpty else { return }
        SSL_CTX_set_alpn_select_cb(
            context,
            { _, chosen, chosenCount, offered, offeredCount, protocols in
                guard let protocols, let offered, let chosen, let chosenCount else { return SSL_TLSEXT_ERR_NOACK }
                return Unmanaged<ApplicationProtocols>.fromOpaque(protocols).takeUnretainedValue()
                    .choose(from: offered, Int(offeredCount), chosen, chosenCount)
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Looks for one of ours in a client's list; tells it as a place there, which OpenSSL keeps valid.
    private func choose(
        from offered: UnsafePointer<UInt8>, _ count: Int, _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>,
        _ chosenCount: UnsafeMutablePointer<UInt8>
    ) -> Int32 {
        let offers = Array(UnsafeBufferPointer(start: offered, count: count))
        for ours in Self.names(self.list) {
            for theirs in Self.names(offers) where self.list[ours] == offers[theirs] {
                chosen.pointee = offered + theirs.lowerBound
                chosenCount.pointee = UInt8(theirs.count)
                return SSL_TLSEXT_ERR_OK
            }
        }
        return SSL_TLSEXT_ERR_NOACK
    }

    /// Where the names stand in a list.
    private static func names(_ list: [UInt8]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        while start < list.count {
            let end = start + 1 + Int(list[start])
            guard end <= list.count else { break }
            ranges.append(start + 1..<end)
            start = end
        }
        return ranges
    }
}
