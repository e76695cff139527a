/// Changes inputs in the same way every time (SplitMix64).
struct FuzzRandom {
    private static let words = [
        "\r\n", "\n", "\r", "\0", " ", "\t", ":", ",", ";", "chunked", "Content-Length: 0\r\n", "0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n", "Connection: close, x\r\n", "Host: a\r\n", "HTTP/1.1", "7fffffffffffffff",
        "99999999999999999999", "-1", "+1", "Upgrade: x\r\n", "\r\n\r\n", "Expect: 100-continue\r\n",
    ].map { Array($0.utf8) }
    private(set) var state: UInt64

    init(state: UInt64) {
        self.state = state
    }

    mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var value = self.state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int(self.next() % UInt64(max(1, limit))) }

    /// Puts in a word, a byte or a part of another input, or takes something away.
    mutating func change(_ input: inout [UInt8], with others: [[UInt8]]) {
        let place = self.below(input.count + 1)
        switch self.below(5) {
        case 0: input.insert(contentsOf: Self.words[self.below(Self.words.count)], at: place)
        case 1: input.insert(UInt8(self.below(256)), at: place)
        case 2: input.removeSubrange(place..<min(input.count, place + 1 + self.below(8)))
        case 3 where place < input.count: input[place] = UInt8(self.below(256))
        default:
            let other = others[self.below(others.count)]
            let start = self.below(other.count)
            input.insert(contentsOf: other[start..<min(other.count, start + 40)], at: place)
        }
    }
}
