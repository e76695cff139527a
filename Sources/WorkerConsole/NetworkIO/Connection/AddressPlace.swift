import Glibc

/// Where an address lies while a ring connects to it.
final class AddressPlace {
    let pointer: UnsafeMutablePointer<sockaddr_storage>
    let length: socklen_t

    init(_ address: SocketAddress) {
        let place = UnsafeMutablePointer<sockaddr_storage>.allocate(capacity: 1)
        self.pointer = place
        self.length =
            address.withStorage { storage, length in
                place.initialize(to: storage.pointee)
                return length
            } ?? 0
    }

    deinit {
        self.pointer.deallocate()
    }
}
