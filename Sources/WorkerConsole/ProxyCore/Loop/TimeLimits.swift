/// The configured time limits in nanoseconds.
struct TimeLimits {
    let requestHead: Int64
    let requestBody: Int64
    let idle: Int64
    let connect: Int64
    let queue: Int64
    let responseHead: Int64
    let responseBody: Int64
    let write: Int64
    let tunnel: Int64
    let linger: Int64
    let halfClose: Int64
    let halfClosed: Int64
    let tunnelEnd: Int64

    init(_ timeouts: ProxyTimeouts) {
        self.requestHead = timeouts.requestHead.nanoseconds
        self.requestBody = timeouts.requestBody.nanoseconds
        self.idle = timeouts.idle.nanoseconds
        self.connect = timeouts.connect.nanoseconds
        self.queue = timeouts.queue.nanoseconds
        self.responseHead = timeouts.responseHead.nanoseconds
        self.responseBody = timeouts.responseBody.nanoseconds
        self.write = timeouts.write.nanoseconds
        self.tunnel = timeouts.tunnel.nanoseconds
        self.linger = timeouts.linger.nanoseconds
        self.halfClose = timeouts.halfClose.nanoseconds
        self.halfClosed = timeouts.halfClosed.nanoseconds
        self.tunnelEnd = timeouts.tunnelEnd.nanoseconds
    }
}
