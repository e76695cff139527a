import Testing

@testable import ProxyCore

/// Eight bytes at a time give what one at a time gives: every byte in every place, beside every kind of neighbour.
@Suite("Eight bytes at a time", .timeLimit(.minutes(1)))
struct EightBytesTests {
    /// Lines whose ends lie in each place of a word.
    private static let lines: [[UInt8]] = (0...25).flatMap { count in
        ["a", "-", " ", "Z", "~", "\u{1}"].map { Array(String(repeating: $0, count: count).utf8) }
    }

    /// Looks at every byte in every place of every line, with bytes before and behind that must not count.
    /// - Returns: The lines for which `found` is not `expected`.
    private func differences<Result: Equatable>(
        _ found: (UnsafeRawBufferPointer, Range<Int>) -> Result, _ expected: ([UInt8]) -> Result
    ) -> [[UInt8]] {
        var different: [[UInt8]] = []
        for line in Self.lines {
            for place in 0..<max(1, line.count) {
                for byte in UInt8.min...UInt8.max {
                    var changed = line
                    if !changed.isEmpty { changed[place] = byte }
                    let wanted = expected(changed)
                    for neighbour in [0x01, 0x61] as [UInt8] {
                        let bytes = [neighbour] + changed + [neighbour]
                        let result = bytes.withUnsafeBytes { found($0, 1..<1 + changed.count) }
                        if result != wanted { different.append(changed) }
                    }
                }
            }
        }
        return different
    }

    @Test("the text of a value is what it is byte by byte")
    func text() {
        let different = self.differences { bytes, place in
            ASCII.isFieldText(bytes, from: place.lowerBound, to: place.upperBound)
        } _: { line in
            line.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
        }
        #expect(different == [])
    }

    @Test("a name ends where it ends byte by byte")
    func names() {
        let signs = Set("!#$%&'*+-.^_`|~".utf8)
        let different = self.differences { bytes, place in
            ASCII.tokenEnd(bytes, from: place.lowerBound, to: place.upperBound) - place.lowerBound
        } _: { line in
            line.firstIndex { byte in
                let isLetter = (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                return !isLetter && !(0x30...0x39).contains(byte) && !signs.contains(byte)
            } ?? line.count
        }
        #expect(different == [])
    }

    @Test("words are equal when they are byte by byte")
    func words() {
        let words: [StaticString] = [
            "te", "host", "vary", "close", "expect", "upgrade", "cdn-loop", "x-real-ip", "keep-alive", "content-length",
            "x-forwarded-host", "transfer-encoding", "access-control-expose-headers",
            "access-control-allow-credentials",
        ]
        for word in words {
            let small = Array(word.description.utf8)
            for base in [small, Array(word.description.uppercased().utf8)] {
                for place in base.indices {
                    for byte in UInt8.min...UInt8.max {
                        var changed = base
                        changed[place] = byte
                        let expected = changed.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 } == small
                        // What lies before and behind must not count.
                        let bytes = [0x41] + changed + [0x41]
                        let found = bytes.withUnsafeBytes { ASCII.equals($0, 1, 1 + changed.count, word) }
                        #expect(found == expected, "\(word) \(changed)")
                    }
                }
            }
        }
    }
}
