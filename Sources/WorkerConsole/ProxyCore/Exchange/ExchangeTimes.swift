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
        if self.head > 0 { timers.requestHeadNanoseconds = self.head - self.started }
        if self.connected > 0 {
            let connection = self.connection(reused: self.connecting == 0)
            timers.queueNanoseconds = connection.queueNanoseconds
            timers.connectNanoseconds = connection.connectNanoseconds
        }
        if self.responded > 0 {
            if self.sent > 0 { timers.responseNanoseconds = self.responseNanoseconds }
            timers.dataNanoseconds = now - self.responded
        }
        timers.totalNanoseconds = now - self.started
        return timers
    }

    /// How long the connection was waited for.
    @inline(__always)
    func connection(reused: Bool) -> ExchangeConnection {
        let begin = self.connecting > 0 ? self.connecting : self.connected
        return ExchangeConnection(
            queueNanoseconds: begin - self.head, connectNanoseconds: self.connected - begin, reused: reused)
    }

    /// From the request sent to the head of the response; zero when the response came before the request was sent, or
    /// when nothing was sent because the proxy responded by itself.
    @inline(__always)
    var responseNanoseconds: Int64 {
        guard self.sent > 0 else { return 0 }
        return max(0, self.responded - max(self.sent, self.connected))
    }
}
