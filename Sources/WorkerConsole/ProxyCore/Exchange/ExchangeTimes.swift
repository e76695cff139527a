import WorkerDomain

/// When the phases of one exchange ended, in nanoseconds of the monotonic clock; 0 for what has not happened.
struct ExchangeTimes {
    var started: Int64 = 0
    /// The request's head was complete.
    var head: Int64 = 0
    var connecting: Int64 = 0
    var connected: Int64 = 0
    /// The last byte of the request was passed on.
    var sent: Int64 = 0
    /// The response's head was there.
    var responded: Int64 = 0

    /// Where the time went, as HAProxy splits it (configuration manual, 8.4).
    @inline(__always)
    func timers(now: Int64) -> ExchangeTimers {
        var timers = ExchangeTimers()
        if self.head > 0 { timers.requestHead = .nanoseconds(self.head - self.started) }
        if self.connected > 0 {
            let connection = self.connection(reused: self.connecting == 0)
            timers.queue = connection.queue
            timers.connect = connection.connect
        }
        if self.responded > 0 {
            if self.sent > 0 { timers.response = self.response }
            timers.data = .nanoseconds(now - self.responded)
        }
        timers.total = .nanoseconds(now - self.started)
        return timers
    }

    /// How long the connection was waited for.
    @inline(__always)
    func connection(reused: Bool) -> ExchangeConnection {
        let begin = self.connecting > 0 ? self.connecting : self.connected
        return ExchangeConnection(
            queue: .nanoseconds(begin - self.head), connect: .nanoseconds(self.connected - begin), reused: reused)
    }

    /// From the request sent to the head of the response; zero when the response came before the request was sent, or
    /// when nothing was sent because the proxy responded by itself.
    @inline(__always)
    var response: Duration {
        guard self.sent > 0 else { return .zero }
        return .nanoseconds(max(0, self.responded - max(self.sent, self.connected)))
    }
}
