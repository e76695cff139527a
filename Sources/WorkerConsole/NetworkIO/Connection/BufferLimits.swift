/// How much of a connection's data is held in memory.
package struct BufferLimits: Sendable, Equatable {
    /// Bytes that are read at once, at most.
    package var read: Int
    /// Reads of one connection in one turn of the loop.
    package var readsAtOnce: Int
    /// Bytes that wait to be sent when ``Connection/isCongested`` becomes true.
    package var high: Int
    /// It becomes false again at so many.
    package var low: Int

    package init(read: Int, readsAtOnce: Int, high: Int, low: Int) {
        self.read = read
        self.readsAtOnce = readsAtOnce
        self.high = high
        self.low = low
    }

    package static let ordinary = BufferLimits(read: 262_144, readsAtOnce: 4, high: 131_072, low: 65_536)
}
