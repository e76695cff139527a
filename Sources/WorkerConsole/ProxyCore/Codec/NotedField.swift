/// A field line that forwarding has to look at: dropped, replaced or read.
struct NotedField: Sendable, Equatable {
    /// What the line is. Every other line is forwarded without a look.
    enum Kind: UInt8, Sendable, Equatable {
        case connection, hopByHop, namedByConnection, transferEncoding, contentLength, upgrade, trailer, te
        case host, expect, origin
        /// `X-WorkerConsole-Target`, which is for us alone.
        case target
        /// Differs from one of the others only by a sign in place of a hyphen.
        case lookalike
        case forwardedFor, forwardedProto, forwardedHost, realIP
        case connectingIP, ray, visitor, loop
        case allowOrigin, allowMethods, allowHeaders, allowCredentials, exposeHeaders, maxAge, vary
        case location, refresh
    }

    let kind: Kind
    /// Where the line begins and where the next one does.
    let start: Int32
    let end: Int32
    /// The value without surrounding blanks.
    let valueStart: Int32
    let valueEnd: Int32

    var line: Range<Int> { Int(self.start)..<Int(self.end) }
    var value: Range<Int> { Int(self.valueStart)..<Int(self.valueEnd) }
}

extension [NotedField] {
    /// The first field of this kind.
    func first(_ kind: NotedField.Kind) -> NotedField? {
        for field in self where field.kind == kind { return field }
        return nil
    }
}

extension NotedField.Kind {
    /// The kind of a request field, or `nil` for one that is forwarded as it is.
    @inline(__always)
    static func ofRequest(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Self? {
        func named(_ word: StaticString) -> Bool { ASCII.equals(bytes, start, end, word) }
        if self.isProxyField(bytes, start, end) { return .hopByHop }
        switch end - start {
        case 2: return named("te") ? .te : nil
        case 4: return named("host") ? .host : nil
        case 6:
            if named("expect") { return .expect }
            if named("origin") { return .origin }
            return named("cf-ray") ? .ray : nil
        case 7:
            if named("upgrade") { return .upgrade }
            return named("trailer") ? .trailer : nil
        case 8: return named("cdn-loop") ? .loop : nil
        case 9: return named("x-real-ip") ? .realIP : nil
        case 10:
            if named("connection") { return .connection }
            if named("cf-visitor") { return .visitor }
            return named("keep-alive") ? .hopByHop : nil
        case 14: return named("content-length") ? .contentLength : nil
        case 15: return named("x-forwarded-for") ? .forwardedFor : nil
        case 16:
            if named("x-forwarded-host") { return .forwardedHost }
            return named("cf-connecting-ip") ? .connectingIP : nil
        case 17:
            if named("transfer-encoding") { return .transferEncoding }
            return named("x-forwarded-proto") ? .forwardedProto : nil
        case 22: return named("x-workerconsole-target") ? .target : nil
        default: return nil
        }
    }

    /// The kind of a field of a response, or `nil` for one that is forwarded as it is.
    @inline(__always)
    static func ofResponse(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Self? {
        func named(_ word: StaticString) -> Bool { ASCII.equals(bytes, start, end, word) }
        if self.isProxyField(bytes, start, end) { return .hopByHop }
        switch end - start {
        case 2: return named("te") ? .hopByHop : nil
        case 4: return named("vary") ? .vary : nil
        case 7:
            if named("upgrade") { return .upgrade }
            if named("refresh") { return .refresh }
            return named("trailer") ? .trailer : nil
        case 8: return named("location") ? .location : nil
        case 10:
            if named("connection") { return .connection }
            return named("keep-alive") ? .hopByHop : nil
        case 14: return named("content-length") ? .contentLength : nil
        case 17: return named("transfer-encoding") ? .transferEncoding : nil
        case 22: return named("access-control-max-age") ? .maxAge : nil
        case 27: return named("access-control-allow-origin") ? .allowOrigin : nil
        case 28:
            if named("access-control-allow-headers") { return .allowHeaders }
            return named("access-control-allow-methods") ? .allowMethods : nil
        case 29: return named("access-control-expose-headers") ? .exposeHeaders : nil
        case 32: return named("access-control-allow-credentials") ? .allowCredentials : nil
        default: return nil
        }
    }

    /// True for `Proxy` (which CGI programs take for a setting) and every `Proxy-…`: they are meant for this hop.
    @inline(__always)
    private static func isProxyField(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
        guard end - start >= 5, ASCII.lower(bytes[start]) == 0x70, ASCII.equals(bytes, start, start + 5, "proxy") else {
            return false
        }
        return end - start == 5 || bytes[start + 5] == 0x2D
    }
}
