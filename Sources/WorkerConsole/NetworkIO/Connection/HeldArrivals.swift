/// What arrived on a wire while its connection did not want it: bytes, and the end behind them.
struct HeldArrivals {
    enum End {
        case orderly
        case failed(TransportError)
    }

    private var bytes: [UInt8] = []
    private var end: End?

    var hasBytes: Bool { !self.bytes.isEmpty }
    var isEmpty: Bool { self.bytes.isEmpty && self.end == nil }

    mutating func add(_ more: UnsafeRawBufferPointer) { self.bytes.append(contentsOf: more) }

    mutating func add(_ end: End) { self.end = end }

    mutating func takeBytes() -> [UInt8] {
        defer { self.bytes = [] }
        return self.bytes
    }

    mutating func takeEnd() -> End? { self.end.take() }
}
