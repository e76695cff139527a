/// What a connection has to do for its output after a call of it.
struct OutputNeeds: OptionSet {
    let rawValue: UInt8

    /// Flush at the end of the turn.
    static let flush = OutputNeeds(rawValue: 1)
    /// Flush in the next turn: what came after what the wire is sending cannot wait for an event.
    static let nextFlush = OutputNeeds(rawValue: 2)
    /// Call ``ConnectionOutput/renewAllowance()`` after ``RateLimit/interval``.
    static let allowance = OutputNeeds(rawValue: 4)
    /// Tell that it has drained (``ConnectionOutput/takeDrained()``).
    static let telling = OutputNeeds(rawValue: 8)
    /// End the connection: nothing more can be sent (``ConnectionOutput/failure``).
    static let end = OutputNeeds(rawValue: 16)
}
