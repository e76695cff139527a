/// Tells paths that name different things of one kind from paths of different kinds.
enum RoutePattern {
    /// Bytes of a path that are looked at.
    private static let limit = 512

    /// Appends the path of a target with `:id` for segments of digits only, and for those of 8 or more hexadecimal digits
    /// and dashes with a digit among them.
    ///
    /// By bytes and without a text of its own: thousands of paths are read when a screen is opened.
    static func append(pathOf target: Span<UInt8>, to pattern: inout [UInt8]) {
        let end = self.end(ofPathIn: target)
        var start = 0
        while start <= end {
            var place = start
            var digits = 0
            var isHexadecimal = true
            while place < end, target[place] != 0x2F {
                switch target[place] {
                case 0x30...0x39: digits += 1
                case 0x61...0x66, 0x41...0x46, 0x2D: break
                default: isHexadecimal = false
                }
                place += 1
            }
            let count = place - start
            if isHexadecimal, digits > 0, digits == count || count >= 8 {
                for byte in ":id".utf8 { pattern.append(byte) }
            } else {
                for index in start..<place { pattern.append(target[index]) }
            }
            if place < end { pattern.append(0x2F) }
            start = place + 1
        }
    }

    /// Where the query begins, or so far that no character is cut in two.
    private static func end(ofPathIn target: Span<UInt8>) -> Int {
        var end = 0
        while end < min(target.count, self.limit), target[end] != 0x3F { end += 1 }
        guard end == self.limit, end < target.count else { return end }
        while end > self.limit - 4, target[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }
}
