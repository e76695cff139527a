package import WorkerDomain

/// A lenient reading of messages for tests: what a simple peer would understand.
package enum RawMessage {
    /// The index after the empty line that ends a head; `nil` when it is not there.
    package static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 0...(bytes.count - 4)
        where bytes[index] == 13 && bytes[index + 1] == 10 && bytes[index + 2] == 13 && bytes[index + 3] == 10 {
            return index + 4
        }
        return nil
    }

    /// The payload that a head announces.
    ///
    /// - Returns: The payload, and how many bytes it took with its framing; `nil` when it is not complete.
    package static func payload(of bytes: [UInt8], head: MessageHead) -> (bytes: [UInt8], length: Int)? {
        if head.value(of: "Transfer-Encoding")?.lowercased() == "chunked" { return self.dechunk(bytes) }
        let length = head.value(of: "Content-Length").flatMap { Int($0) } ?? 0
        return bytes.count >= length ? (Array(bytes[..<length]), length) : nil
    }

    /// Takes the chunked coding off; `nil` when the last chunk is missing.
    package static func dechunk(_ bytes: [UInt8]) -> (bytes: [UInt8], length: Int)? {
        var result: [UInt8] = []
        var position = 0
        while let lineEnd = bytes[position...].firstIndex(of: 10) {
            let digits = bytes[position..<lineEnd].prefix { $0 != 13 && $0 != 0x3B }
            guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
            position = lineEnd + 1
            if size == 0 {
                while let end = bytes[position...].firstIndex(of: 10) {
                    let isEmpty = end - position <= 1
                    position = end + 1
                    if isEmpty { return (result, position) }
                }
                return nil
            }
            guard position + size + 2 <= bytes.count else { return nil }
            result += bytes[position..<(position + size)]
            position += size + 2
            if position > bytes.count { return nil }
        }
        return nil
    }
}
