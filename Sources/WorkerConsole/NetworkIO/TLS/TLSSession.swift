import COpenSSL

/// One side of one TLS connection, without I/O: bytes of the peer go in, what is to be sent comes out in a queue.
package final class TLSSession {
    enum Event: Equatable {
        case handshakeDone
        /// So many bytes were decrypted.
        case plaintext(Int)
        /// The peer has said that it will send no more.
        case ended
        /// Nothing more can be done until the peer has sent more.
        case needsMore
        case failed(String)
    }

    private enum Phase: Equatable { case handshaking, open, ended, failed(String) }

    private let context: TLSContext
    private let handle: OpaquePointer
    private let pipe = TLSPipe()
    private var phase = Phase.handshaking
    private var hasSentEnd = false

    /// - Parameters:
    ///   - context: Its settings.
    ///   - handle: Is owned by the session.
    ///   - method: How OpenSSL reaches a ``TLSPipe``.
    ///   - peer: Whom a client wants to reach; `nil` for a server.
    init(context: TLSContext, handle: OpaquePointer, method: OpaquePointer, peer: String?) {
        self.context = context
        self.handle = handle
        let end = self.pipe.makeEnd(method)
        SSL_set_bio(handle, end, end)
        if let peer {
            SSL_set_connect_state(handle)
            self.demand(peer)
        } else {
            SSL_set_accept_state(handle)
        }
    }

    deinit {
        SSL_free(self.handle)
    }

    /// Asks for a server by its name, and believes no other one.
    private func demand(_ peer: String) {
        ERR_clear_error()
        let parameters = SSL_get0_param(self.handle)
        let isSet: Bool
        if let address = SocketAddress(ipAddress: peer, port: 0)?.ipAddress {
            // Addresses are not asked for (RFC 6066 section 3).
            isSet = X509_VERIFY_PARAM_set1_ip_asc(parameters, address) == 1
        } else {
            // A certificate has the name without the dot that may end it.
            let name = peer.hasSuffix(".") ? String(peer.dropLast()) : peer
            X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            // An empty name would let any certificate pass.
            isSet =
                !name.isEmpty && X509_VERIFY_PARAM_set1_host(parameters, name, name.utf8.count) == 1
                && co_set_server_name(self.handle, name) == 1
        }
        if !isSet { self.phase = .failed("\(peer) is not a valid server name") }
        ERR_clear_error()
    }

    /// What the handshake has agreed on; `nil` before its end.
    var facts: TLSFacts? {
        guard SSL_is_init_finished(self.handle) == 1, let version = SSL_get_version(self.handle) else { return nil }
        let cipher = SSL_CIPHER_get_name(SSL_get_current_cipher(self.handle)).map { String(cString: $0) }
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(self.handle, &name, &count)
        let chosen = name.map { String(decoding: UnsafeBufferPointer(start: $0, count: Int(count)), as: UTF8.self) }
        return TLSFacts(version: String(cString: version), cipher: cipher ?? "", applicationProtocol: chosen)
    }

    /// How long the peer's certificate is still valid; `nil` when it brought none.
    var certificateSeconds: Int? {
        guard let certificate = SSL_get1_peer_certificate(self.handle) else { return nil }
        defer { X509_free(certificate) }
        var (days, seconds) = (Int32(0), Int32(0))
        guard let end = X509_get0_notAfter(certificate), ASN1_TIME_diff(&days, &seconds, nil, end) == 1 else {
            return nil
        }
        return Int(days) * 86_400 + Int(seconds)
    }

    /// The peer has said that it will send no more.
    var hasReceivedEnd: Bool { self.phase == .ended }

    /// Something was fed that ``next(into:sending:)`` did not get to.
    var hasInput: Bool { self.pipe.hasInput }

    /// Why nothing can be sent or received any more.
    var failure: String? {
        if case .failed(let reason) = self.phase { reason } else { nil }
    }

    // MARK: - Receiving

    /// Gives bytes of the peer to ``next(into:sending:)``, which `body` calls until it needs more, or as long as it likes:
    /// what is left is kept.
    @inline(__always)
    func feed(_ bytes: UnsafeRawBufferPointer, _ body: () -> Void) {
        switch self.phase {
        case .handshaking, .open: self.pipe.feed(bytes, body)
        case .ended, .failed: break
        }
    }

    /// Decrypts as much as there is and `memory` has room for; what is to be sent to the peer, alerts among it, is put in
    /// `queue`.
    func next(into memory: UnsafeMutableRawBufferPointer, sending queue: inout OutboundQueue) -> Event {
        switch self.phase {
        case .handshaking: self.pipe.sending(to: &queue) { self.handshake() }
        case .open: self.isReadable ? self.pipe.sending(to: &queue) { self.read(memory) } : .needsMore
        case .ended: .ended
        case .failed(let reason): .failed(reason)
        }
    }

    private func handshake() -> Event {
        ERR_clear_error()
        let result = SSL_do_handshake(self.handle)
        guard result != 1 else {
            self.phase = .open
            return .handshakeDone
        }
        return self.event(after: result)
    }

    /// OpenSSL takes no more input than the record needs that it is at, so without both there is nothing to decrypt.
    private var isReadable: Bool { self.pipe.hasInput || SSL_pending(self.handle) > 0 }

    private func read(_ memory: UnsafeMutableRawBufferPointer) -> Event {
        var filled = 0
        while filled < memory.count, self.isReadable {
            var count = 0
            ERR_clear_error()
            let result = SSL_read_ex(self.handle, memory.baseAddress.map { $0 + filled }, memory.count - filled, &count)
            guard result != 1 else {
                filled += count
                continue
            }
            let event = self.event(after: result)
            // What ends the connection is told by the next call.
            return filled > 0 ? .plaintext(filled) : event
        }
        return filled > 0 ? .plaintext(filled) : .needsMore
    }

    private func event(after result: Int32) -> Event {
        switch SSL_get_error(self.handle, result) {
        case SSL_ERROR_WANT_READ: return .needsMore
        case SSL_ERROR_ZERO_RETURN where self.phase == .open:
            self.phase = .ended
            self.pipe.forgetInput()
            return .ended
        case SSL_ERROR_ZERO_RETURN: return self.fail("the peer has ended the handshake")
        default: return self.fail(TLSFailure.takeText(of: self.handle))
        }
    }

    private func fail(_ reason: String) -> Event {
        self.phase = .failed(reason)
        self.pipe.forgetInput()
        return .failed(reason)
    }

    // MARK: - Sending

    /// Encrypts all of `plaintext` into `queue`, in records of up to 16 KiB.
    /// - Returns: False when the session has failed (``failure``) or its end was sent.
    func write(_ plaintext: UnsafeRawBufferPointer, sending queue: inout OutboundQueue) -> Bool {
        guard plaintext.count > 0 else { return true }
        guard self.isEstablished, !self.hasSentEnd else { return false }
        return self.pipe.sending(to: &queue) {
            var count = 0
            ERR_clear_error()
            // The queue takes everything, so a call never has to be repeated with the rest.
            let result = SSL_write_ex(self.handle, plaintext.baseAddress, plaintext.count, &count)
            if result != 1 { _ = self.fail(TLSFailure.takeText(of: self.handle)) }
            return result == 1
        }
    }

    /// Tells the peer that nothing more will be sent.
    func close(sending queue: inout OutboundQueue) {
        guard self.isEstablished, !self.hasSentEnd else { return }
        self.hasSentEnd = true
        ERR_clear_error()
        _ = self.pipe.sending(to: &queue) { SSL_shutdown(self.handle) }
        ERR_clear_error()
    }

    private var isEstablished: Bool {
        switch self.phase {
        case .open, .ended: true
        case .handshaking, .failed: false
        }
    }
}
