import Testing

@testable import ProxyCore

/// Eight bytes at a time give what one at a time gives: every byte in every place, beside every kind of neighbour.
@Suite("Eight bytes at a time", .timeLimit(.minutes(1)))
struct EightBytesTests {
    /// Lines whose ends lie in each place of a word.
    private static let lines: [[UInt8]] = (0...25).flatMap { count in
        ["a", "-", " ", "Z", "~", "\u{1}"].map { Array(String(repeating: $0, count: count).utf8) }
    }

    /// Every byte in every place of every line.
    private func forEach(_ body: ([UInt8]) -> Void) {
        for line in Self.lines {
            body(line)
            for place in line.indices {
                for byte in UInt8.min...UInt8.max where byte != line[place] {
                    var changed = line
                    changed[place] = byte
                    body(changed)
                }
            }
        }
    }

    @Test("the text of a value is what it is byte by byte")
    func text() {
        self.forEach { line in
            let expected = line.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
            let found = line.withUnsafeBytes { ASCII.isFieldText($0, from: 0, to: line.count) }
            #expect(found == expected, "\(line)")
        }
    }

    @Test("a name ends where it ends byte by byte")
    func names() {
        let signs = Set("!#$%&'*+-.^_`|~".utf8)
        self.forEach { line in
            let expected =
                line.firstIndex { byte in
                    let isLetter = (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    return !isLetter && !(0x30...0x39).contains(byte) && !signs.contains(byte)
                } ?? line.count
            let found = line.withUnsafeBytes { ASCII.tokenEnd($0, from: 0, to: line.count) }
            #expect(found == expected, "\(line)")
        }
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
