/// How much the journal keeps.
package struct JournalLimits: Sendable, Equatable {
    /// Exchanges kept at most, 1 or more; the ones that ended longest ago go first.
    package var exchanges: Int
    /// Bytes kept at most: heads, captured bodies, and a fixed amount for each exchange.
    package var bytes: Int

    package init(exchanges: Int = 20_000, bytes: Int = 64 << 20) {
        self.exchanges = exchanges
        self.bytes = bytes
    }
}
