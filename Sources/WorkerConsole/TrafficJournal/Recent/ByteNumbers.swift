/// Numbers byte strings from 0 on, the same bytes always alike.
///
/// What is asked for again and again is found without a copy: the bytes are copied when they are new.
package struct ByteNumbers {
    private struct Key: Hashable {
        let bytes: [UInt8]

        func hash(into hasher: inout Hasher) {
            self.bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        }
    }

    private var numbers: [Key: Int] = [:]

    package init() {}

    package var count: Int { self.numbers.count }

    /// - Returns: The number of these bytes; as many as there were before when they are new.
    package mutating func number(of bytes: [UInt8]) -> Int {
        let key = Key(bytes: bytes)
        if let number = self.numbers[key] { return number }
        self.numbers[key] = self.numbers.count
        return self.numbers.count - 1
    }
}
