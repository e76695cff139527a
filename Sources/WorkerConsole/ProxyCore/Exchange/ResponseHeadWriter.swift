import NetworkIO
import WorkerDomain

/// How the end of a response is told to the client.
enum ResponseFraming: Equatable {
    /// There is no body, or the Content-Length that the backend gave stands.
    case asGiven
    case chunked
    /// The end of the connection ends the body: all that an HTTP/1.0 client understands.
    case untilClose
}

/// Writes the head that the client gets: the backend's lines without those that end here, then ours.
enum ResponseHeadWriter {
    /// What is said about the connection.
    enum Persistence { case silent, close, keepAlive }

    /// Sends the head; `sent` gets it as it was sent, for the journal.
    @inline(__always)
    static func send(
        _ bytes: UnsafeRawBufferPointer, head: ResponseHead, fields: [NotedField], cors: CORSFields, origin: [UInt8]?,
        framing: ResponseFraming, connection: Persistence, rewriting backend: BackendURL?, to client: Connection,
        sent: (UnsafeRawBufferPointer) -> Void
    ) {
        client.send(atMost: self.size(of: head, cors: cors, origin: origin)) { memory in
            var out = HeadOutput(memory)
            self.write(
                bytes, head: head, fields: fields, cors: cors, origin: origin, framing: framing,
                connection: connection, rewriting: backend, into: &out)
            sent(out.written)
            return out.count
        }
    }

    /// The most bytes that ``write(_:head:fields:cors:origin:framing:connection:into:)`` writes.
    static func size(of head: ResponseHead, cors: CORSFields, origin: [UInt8]?) -> Int {
        // Every received byte is written once at most, and the values that are written anew a second time.
        2 * head.end + cors.size(origin: origin) + 160
    }

    @inline(__always)
    static func write(
        _ bytes: UnsafeRawBufferPointer, head: ResponseHead, fields: [NotedField], cors: CORSFields, origin: [UInt8]?,
        framing: ResponseFraming, connection: Persistence, rewriting backend: BackendURL?, into out: inout HeadOutput
    ) {
        out.writeStaticString("HTTP/1.1 ")
        out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[head.statusStart..<(head.lineEnd + 2)]))
        var copied = head.fieldsStart
        var varies = false
        var upgrade: Range<Int>?
        for field in fields {
            switch field.kind {
            case .connection, .hopByHop, .namedByConnection, .transferEncoding: break
            case .upgrade: upgrade = field.value
            case .trailer: if framing == .chunked { continue }
            case .allowOrigin, .allowMethods, .allowHeaders, .allowCredentials, .maxAge: break
            case .exposeHeaders: guard cors.replacesExposedHeaders else { continue }
            // A 204 must not have one (RFC 9110 section 8.6), and clients have waited for a body because of it.
            case .contentLength: guard head.status == 204 || head.status < 200 else { continue }
            case .vary:
                if cors.variesByOrigin {
                    ASCII.forEachListItem(bytes, from: field.value.lowerBound, to: field.value.upperBound) {
                        if ASCII.equals(bytes, $0, $1, "origin") || ASCII.equals(bytes, $0, $1, "*") { varies = true }
                    }
                }
                continue
            case .location, .refresh:
                guard let value = Self.redirect(bytes, field, past: backend) else { continue }
                out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[copied..<Int(field.valueStart)]))
                out.writeBytes(value)
                copied = Int(field.valueEnd)
                continue
            case .te, .host, .expect, .origin, .forwardedFor, .forwardedProto, .forwardedHost, .realIP, .connectingIP,
                .ray, .visitor, .loop, .target, .lookalike:
                continue
            }
            if copied < Int(field.start) {
                out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[copied..<Int(field.start)]))
            }
            copied = Int(field.end)
        }
        if copied < head.fieldsEnd {
            out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[copied..<head.fieldsEnd]))
        }
        // A 426 names the protocol that is required, which is meant for the client (RFC 9110 section 15.5.22).
        let namesUpgrade = head.status == 101 || head.status == 426
        if namesUpgrade, let upgrade {
            out.writeStaticString("Connection: Upgrade\r\nUpgrade: ")
            out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[upgrade]))
            out.writeStaticString("\r\n")
        }
        if !head.isInformational { cors.write(origin: origin, variesAlready: varies, into: &out) }
        if framing == .chunked { out.writeStaticString("Transfer-Encoding: chunked\r\n") }
        switch connection {
        case .silent: break
        case .close: out.writeStaticString("Connection: close\r\n")
        case .keepAlive: out.writeStaticString("Connection: keep-alive\r\n")
        }
        out.writeStaticString("\r\n")
    }

    /// What a redirect to the backend itself becomes; `nil` for one that stays as it is.
    private static func redirect(
        _ bytes: UnsafeRawBufferPointer, _ field: NotedField, past backend: BackendURL?
    ) -> [UInt8]? {
        guard let backend else { return nil }
        var start = field.value.lowerBound
        if field.kind == .refresh {
            // `5; url=http://…`, the URL in quotes or not.
            guard
                let url = field.value.first(where: {
                    ASCII.equals(bytes, $0, min($0 + 4, field.value.upperBound), "url=")
                })
            else { return nil }
            start = url + 4
            if start < field.value.upperBound, bytes[start] == 0x22 || bytes[start] == 0x27 { start += 1 }
        }
        guard let path = backend.path(ofRedirect: bytes[start..<field.value.upperBound]) else { return nil }
        return Array(bytes[field.value.lowerBound..<start]) + path
    }
}
