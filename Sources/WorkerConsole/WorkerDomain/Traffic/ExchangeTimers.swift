/// Where the time of an exchange went; each is `Int64.min`, or `nil`, until its phase has ended.
///
/// Kept in nanoseconds of 64 bits, because every exchange carries six of them and `Duration` costs calls: who records
/// sets those, who reads asks for durations.
package struct ExchangeTimers: Sendable, Equatable {
    /// TR: from the first byte of the request to the end of its head.
    package var requestHeadNanoseconds = Int64.min
    /// Tw: waiting for a backend or for a connection of the pool.
    package var queueNanoseconds = Int64.min
    /// Tc: establishing the upstream connection; zero when one was reused.
    package var connectNanoseconds = Int64.min
    /// Tr: from the request sent to the end of the response head.
    package var responseNanoseconds = Int64.min
    /// Td: from the response head to the last byte.
    package var dataNanoseconds = Int64.min
    /// Ta: all of it.
    package var totalNanoseconds = Int64.min

    package init() {}

    package var requestHead: Duration? { Self.duration(self.requestHeadNanoseconds) }
    package var queue: Duration? { Self.duration(self.queueNanoseconds) }
    package var connect: Duration? { Self.duration(self.connectNanoseconds) }
    package var response: Duration? { Self.duration(self.responseNanoseconds) }
    package var data: Duration? { Self.duration(self.dataNanoseconds) }
    package var total: Duration? { Self.duration(self.totalNanoseconds) }

    /// Takes from `earlier` what is not known here.
    package mutating func complete(with earlier: ExchangeTimers) {
        func known(_ one: Int64, or other: Int64) -> Int64 { one == .min ? other : one }
        self.requestHeadNanoseconds = known(self.requestHeadNanoseconds, or: earlier.requestHeadNanoseconds)
        self.queueNanoseconds = known(self.queueNanoseconds, or: earlier.queueNanoseconds)
        self.connectNanoseconds = known(self.connectNanoseconds, or: earlier.connectNanoseconds)
        self.responseNanoseconds = known(self.responseNanoseconds, or: earlier.responseNanoseconds)
        self.dataNanoseconds = known(self.dataNanoseconds, or: earlier.dataNanoseconds)
        self.totalNanoseconds = known(self.totalNanoseconds, or: earlier.totalNanoseconds)
    }

    private static func duration(_ nanoseconds: Int64) -> Duration? {
        nanoseconds == .min ? nil : .nanoseconds(nanoseconds)
    }
}
