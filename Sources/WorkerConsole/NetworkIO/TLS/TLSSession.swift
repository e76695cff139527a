import COpenSSL

/// One side of one TLS connection, without I/O.
package final class TLSSession {
    enum Event: Equatable {
        case handshakeDone
        case plaintext(Int)
        case ended
        case needsMore
        case failed(String)
    }
    var facts: TLSFacts? { nil }
    var hasReceivedEnd: Bool { false }
    func feed(_ bytes: UnsafeRawBufferPointer) {}
    func next(into memory: UnsafeMutableRawBufferPointer) -> Event { .needsMore }
    func write(_ plaintext: UnsafeRawBufferPointer) -> Int { 0 }
    func takeOutput(_ body: (UnsafeRawBufferPointer) -> Void) {}
    func close() {}
}
