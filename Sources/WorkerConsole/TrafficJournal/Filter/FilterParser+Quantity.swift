extension FilterParser {
    /// `st:500`, `st:5xx`, `st:400-499`, several with commas, `st:none`, `st>=400`.
    mutating func status() throws(TrafficFilterError) -> FilterTerm {
        let example = "st:500, st:5xx or st>=400"
        if self.reader.peek() == ":", let next = self.reader.peek(1), !"<>=!".contains(next) {
            self.reader.advance()
            let place = self.reader
            let text = self.reader.run().lowercased()
            if text == "none" { return .statuses([]) }
            var ranges: [ClosedRange<Int>] = []
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let range = Self.statusRange(part) else {
                    throw place.problem("not a status; write it as \(example)")
                }
                ranges.append(range)
            }
            return .statuses(ranges)
        }
        var sign = ""
        if self.reader.peek() == ":" { self.reader.advance() }
        while let next = self.reader.peek(), "<>=!".contains(next), sign.count < 2 {
            sign.append(next)
            self.reader.advance()
        }
        let place = self.reader
        let text = self.reader.run()
        guard let comparison = FilterTerm.Comparison(rawValue: sign), let status = Self.statusRange(Substring(text)),
            status.count == 1
        else { throw place.problem("a status is missing here; write it as \(example)") }
        return .status(comparison, status.lowerBound)
    }

    /// A count of milliseconds, seconds and so on, to the nanosecond.
    mutating func duration(_ example: String) throws(TrafficFilterError) -> Duration {
        let units: [(String, Double)] = [
            ("", 0), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("min", 60), ("h", 3_600),
            ("d", 86_400),
        ]
        let seconds = try self.quantity(units, named: "a time with its unit (us, ms, s, m, h, d)", example)
        // Ten years are more than any exchange lasts, and keep the arithmetic exact.
        return .nanoseconds(Int64(min(seconds, 315_360_000) * 1e9))
    }

    /// A count of bytes; `k`, `M`, `G` are decimal, `Ki`, `Mi`, `Gi` binary.
    mutating func bytes(_ example: String) throws(TrafficFilterError) -> Int {
        let units: [(String, Double)] = [
            ("", 1), ("b", 1), ("k", 1e3), ("kb", 1e3), ("m", 1e6), ("mb", 1e6), ("g", 1e9), ("gb", 1e9),
            ("ki", 1_024), ("kib", 1_024), ("mi", 1_048_576), ("mib", 1_048_576), ("gi", 1_073_741_824),
            ("gib", 1_073_741_824),
        ]
        return Int(min(try self.quantity(units, named: "a size (B, kB, MB, GB, KiB, MiB, GiB)", example), 1e15))
    }

    /// A whole number.
    mutating func number(example: String) throws(TrafficFilterError) -> UInt64 {
        let place = self.reader
        let text = self.reader.run()
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt64(text) else {
            throw place.problem("a number is missing here; write it as \(example)")
        }
        return number
    }

    /// A decimal number and a unit, 0 or more; a unit of 0 stands for one that must not be left out, except after 0.
    private mutating func quantity(
        _ units: [(String, Double)], named name: String, _ example: String
    ) throws(TrafficFilterError) -> Double {
        let place = self.reader
        let text = self.reader.run()
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text[digits.endIndex...].lowercased()
        guard digits.count <= 18, digits.first?.isNumber ?? false, digits.last?.isNumber ?? false,
            let value = Double(digits), let factor = units.first(where: { $0.0 == unit })?.1, factor > 0 || value == 0
        else { throw place.problem("\(name) is missing here; write it as \(example)") }
        return value * factor
    }

    /// `500`, `5xx` or `400-499`.
    private static func statusRange(_ text: Substring) -> ClosedRange<Int>? {
        func number(_ text: Substring) -> Int? {
            guard text.count == 3, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return Int(text)
        }
        if let exact = number(text) { return exact...exact }
        if text.count == 3, text.hasSuffix("xx"), let first = text.first?.wholeNumberValue, (1...5).contains(first) {
            return first * 100...first * 100 + 99
        }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let low = number(ends[0]), let high = number(ends[1]), low <= high else { return nil }
        return low...high
    }
}
