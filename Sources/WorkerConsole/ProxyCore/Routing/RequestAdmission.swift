import WorkerDomain

/// Refuses what is not to be forwarded.
enum RequestAdmission {
    /// Cloudflare gives up after so many hops (error 1019).
    private static let hopLimit = 16

    /// Returns what the client gets, or `nil` for a request that is forwarded.
    ///
    /// `bytes` is where the head is, `fields` are the field lines that the parser has noted in it. `isRouted` says that a
    /// route has this path, `isSurplus` that the client's connection is one too many.
    static func refusal(
        of head: RequestHead, _ bytes: UnsafeRawBufferPointer, fields: [NotedField], isRouted: Bool, isSurplus: Bool,
        _ configuration: ProxyConfiguration
    ) -> LocalResponse? {
        if isSurplus { return .tooManyConnections }
        guard isRouted else { return .noRoute }
        let limit = configuration.limits.body
        if case .length(let length) = head.framing, length > limit {
            return LocalResponse(
                status: 413, error: "request_refused",
                message: "the request body is longer than \(Counted.text(limit, "byte"))")
        }
        guard configuration.setsCloudflareFields, let field = fields.first(.loop) else { return nil }
        var hops = 0
        ASCII.forEachListItem(bytes, from: field.value.lowerBound, to: field.value.upperBound) {
            if ASCII.equals(bytes, $0, $1, "cloudflare") { hops += 1 }
        }
        return hops >= self.hopLimit ? .loop : nil
    }
}
