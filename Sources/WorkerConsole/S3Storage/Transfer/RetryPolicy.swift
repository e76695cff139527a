import CCurl
import WorkerDomain

/// When a request is sent again, and how long before that nothing happens.
struct RetryPolicy: Sendable {
    /// All together, the first included.
    var attempts = 5
    var first = Duration.milliseconds(200)
    var longest = Duration.seconds(20)
    /// A server that asks for more is not waited for.
    var patience = Duration.seconds(60)
    /// From 0 to 1: so that those who failed together do not come back together.
    var jitter: @Sendable () -> Double = { .random(in: 0...1) }
    var sleep: @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }

    /// True for what a server may do another time.
    static func isRetryable(status: Int) -> Bool { [408, 429, 500, 502, 503, 504].contains(status) }

    /// How long to wait before attempt number `attempt` + 1, from 1 on.
    func pause(after attempt: Int, retryAfter: Duration?) -> Duration {
        let doubled = self.first * (1 << min(attempt - 1, 16))
        let most = min(doubled, self.longest)
        // Half of it at least, so that a server is never asked again at once.
        let pause = most / 2 + (most / 2) * self.jitter()
        return max(pause, retryAfter ?? .zero)
    }

    /// `Retry-After`: seconds, or a date (RFC 9110, 10.2.3).
    static func retryAfter(_ value: String?, now: WallTime) -> Duration? {
        guard let value else { return nil }
        if let seconds = Int(value) { return seconds >= 0 ? .seconds(min(seconds, 1_000_000)) : nil }
        let time = curl_getdate(value, nil)
        guard time >= 0 else { return nil }
        return max(.zero, WallTime(millisecondsSinceEpoch: Int64(time) * 1_000).since(now))
    }
}
