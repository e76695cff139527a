import NetworkIO
import WorkerDomain

/// Writes the head that the backend gets: the received lines without those that end here, then ours.
///
/// A class, because copying its fields for every request is measurable.
final class RequestHeadWriter: Sendable {
    private let raySuffix: [UInt8]
    private let setsCloudflareFields: Bool
    private let normalises: Bool

    init(_ configuration: ProxyConfiguration) {
        self.raySuffix = Array("-\(configuration.location)\r\n".utf8)
        self.setsCloudflareFields = configuration.setsCloudflareFields
        self.normalises = configuration.path == .url
    }

    /// Sends the head that was parsed from `bytes`.
    @inline(__always)
    func send(
        _ bytes: UnsafeRawBufferPointer, head: RequestHead, fields: [NotedField], entry: BackendEntry,
        client: ClientAddress, ray: UInt64, to upstream: Connection
    ) {
        let path = self.path(of: head, bytes)
        upstream.send(atMost: self.size(of: head, path: path, entry: entry, client: client)) { memory in
            var out = HeadOutput(memory)
            self.write(
                bytes, head: head, path: path, fields: fields, entry: entry, client: client, ray: ray, into: &out)
            return out.count
        }
    }

    /// The most bytes that ``write(_:head:path:fields:entry:client:ray:into:)`` writes.
    @inline(__always)
    func size(of head: RequestHead, path: [UInt8]?, entry: BackendEntry, client: ClientAddress) -> Int {
        // Every received byte is written once, the values that move to another field a second time.
        2 * head.end + (path?.count ?? 0) + entry.basePath.count + entry.hostLine.count + client.bytes.count
            + client.fields.count + self.raySuffix.count + 320
    }

    /// The target to forward in place of the received one; `nil` when it goes on byte for byte.
    @inline(__always)
    func path(of head: RequestHead, _ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard self.normalises else { return nil }
        return TargetNormalizer.normalise(Array(bytes[head.targetStart..<head.targetEnd]))
    }

    /// Writes the head that was parsed from `bytes`, with the lines `fields` that the parser noted.
    @inline(__always)
    func write(
        _ bytes: UnsafeRawBufferPointer, head: RequestHead, path: [UInt8]?, fields: [NotedField], entry: BackendEntry,
        client: ClientAddress, ray: UInt64, into out: inout HeadOutput
    ) {
        out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[head.start...head.methodEnd]))
        if !entry.basePath.isEmpty { out.writeBytes(entry.basePath) }
        if let path {
            out.writeBytes(path)
        } else {
            out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[head.targetStart..<head.targetEnd]))
        }
        out.writeStaticString(" HTTP/1.1\r\n")
        out.writeBytes(entry.hostLine)
        var copied = head.fieldsStart
        var hasForwardedFor = false
        var takesTrailers = false
        var host: Range<Int>?
        var loop: Range<Int>?
        for field in fields {
            switch field.kind {
            case .connection, .hopByHop, .namedByConnection, .transferEncoding, .forwardedProto, .forwardedHost,
                .target, .lookalike, .upgrade:
                break
            case .host: host = field.value
            case .trailer: if head.framing == .chunked { continue }
            case .te: takesTrailers = takesTrailers || Self.namesTrailers(bytes, field.value)
            case .forwardedFor: hasForwardedFor = true
            case .expect: if head.expectsContinue { continue }
            case .loop:
                guard self.setsCloudflareFields else { continue }
                loop = field.value
            case .realIP, .connectingIP, .ray, .visitor: guard self.setsCloudflareFields else { continue }
            case .contentLength, .origin, .allowOrigin, .allowMethods, .allowHeaders, .allowCredentials,
                .exposeHeaders, .maxAge, .vary, .location, .refresh:
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
        if head.framing == .chunked { out.writeStaticString("Transfer-Encoding: chunked\r\n") }
        if head.wantsUpgrade { Self.writeUpgrade(bytes, fields, into: &out) }
        if takesTrailers, !head.isHTTP10 { out.writeStaticString("TE: trailers\r\nConnection: TE\r\n") }
        out.writeStaticString("X-Forwarded-For: ")
        if hasForwardedFor {
            for field in fields where field.kind == .forwardedFor && !field.value.isEmpty {
                out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[field.value]))
                out.writeStaticString(", ")
            }
        }
        out.writeBytes(client.bytes)
        out.writeStaticString("\r\n")
        out.writeBytes(client.fields)
        if let host, !host.isEmpty {
            out.writeStaticString("X-Forwarded-Host: ")
            Self.writeLine(bytes, host, into: &out)
        }
        if self.setsCloudflareFields {
            out.writeStaticString("CDN-Loop: ")
            if let loop, !loop.isEmpty {
                out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[loop]))
                out.writeStaticString(", ")
            }
            out.writeStaticString("cloudflare\r\nCF-Ray: ")
            Self.writeHex(ray, into: &out)
            out.writeBytes(self.raySuffix)
        }
        out.writeStaticString("\r\n")
    }

    private static func writeUpgrade(
        _ bytes: UnsafeRawBufferPointer, _ fields: [NotedField], into out: inout HeadOutput
    ) {
        out.writeStaticString("Connection: Upgrade\r\nUpgrade: ")
        var written = out
        var isFirst = true
        UpgradeProtocols.forEach(bytes, fields) { first, last in
            if !isFirst { written.writeStaticString(", ") }
            isFirst = false
            written.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[first..<last]))
        }
        out = written
        out.writeStaticString("\r\n")
    }

    /// True when a TE field says that trailers are welcome; we pass them on, so we may say so too.
    private static func namesTrailers(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) -> Bool {
        var found = false
        ASCII.forEachListItem(bytes, from: value.lowerBound, to: value.upperBound) {
            if ASCII.equals(bytes, $0, $1, "trailers") { found = true }
        }
        return found
    }

    @inline(__always)
    private static func writeLine(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, into out: inout HeadOutput) {
        out.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[range]))
        out.writeStaticString("\r\n")
    }

    @inline(__always)
    private static func writeHex(_ value: UInt64, into out: inout HeadOutput) {
        // Eight digits make one integer.
        func digits(_ half: UInt32) -> UInt64 {
            var result: UInt64 = 0
            var shift = 28
            while shift >= 0 {
                let digit = UInt64((half >> UInt32(shift)) & 0xF)
                result = result << 8 | (digit < 10 ? 0x30 + digit : 0x57 + digit)
                shift -= 4
            }
            return result.bigEndian
        }
        withUnsafeBytes(
            of: (digits(UInt32(truncatingIfNeeded: value >> 32)), digits(UInt32(truncatingIfNeeded: value)))
        ) { out.writeBytes($0) }
    }
}
