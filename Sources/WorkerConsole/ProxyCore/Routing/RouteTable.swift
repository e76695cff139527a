/// Decides which paths are forwarded.
struct RouteTable: Sendable, Equatable {
    private enum Pattern: Sendable, Equatable {
        case all
        case exact([UInt8])
        /// `/api/*`: the bytes up to the star, and the same without the slash before it.
        case prefix([UInt8])
    }

    private let patterns: [Pattern]
    private let forwardsAll: Bool

    /// - Parameter routes: `*` or `/*` for all, `/api/*` for what is below `/api` and that itself, `/x` for one path.
    init(_ routes: [String]) {
        self.patterns = routes.map { route in
            if route == "*" || route == "/*" { return .all }
            if route.hasSuffix("*") { return .prefix(Array(route.utf8.dropLast())) }
            return .exact(Array(route.utf8))
        }
        self.forwardsAll = self.patterns.contains(.all)
    }

    /// - Parameter target: Path and query as received.
    func matches(_ target: UnsafeRawBufferPointer) -> Bool {
        if self.forwardsAll { return true }
        let path = target.prefix { $0 != 0x3F }
        guard self.patterns.contains(where: { Self.matches($0, Array(path)) }) else { return false }
        // A backend resolves dot segments: `/api/../admin` must not get out of `/api/*`.
        let normalised = TargetNormalizer.normalise(Array(path))
        return self.patterns.contains { Self.matches($0, normalised) }
    }

    private static func matches(_ pattern: Pattern, _ path: [UInt8]) -> Bool {
        switch pattern {
        case .all: return true
        case .exact(let bytes): return path == bytes
        case .prefix(let bytes):
            if path.starts(with: bytes) { return true }
            return bytes.last == 0x2F && path.elementsEqual(bytes.dropLast())
        }
    }
}
