/// The places of a text that are to be hidden, in order, without overlap.
struct SecretRanges {
    struct Part {
        var range: Range<Int>
        /// A bare number of JSON: what stands for it needs quotation marks.
        var needsQuotes = false
    }

    private(set) var parts: [Part] = []
    private var isSorted = true

    var isEmpty: Bool { self.parts.isEmpty }

    mutating func hide(_ range: Range<Int>, needsQuotes: Bool = false) {
        guard !range.isEmpty else { return }
        if let last = self.parts.last, last.range.upperBound > range.lowerBound { self.isSorted = false }
        self.parts.append(Part(range: range, needsQuotes: needsQuotes))
    }

    /// Adds what was found in a part of the same bytes that were decoded.
    mutating func hide(_ other: SecretRanges, through map: MappedBytes) {
        for part in other.parts { self.hide(map.source(of: part.range), needsQuotes: part.needsQuotes) }
    }

    mutating func hide(_ other: SecretRanges) {
        for part in other.parts { self.hide(part.range, needsQuotes: part.needsQuotes) }
    }

    /// In order; what overlaps is one.
    var merged: [Part] {
        guard !self.isSorted else { return self.parts }
        var result: [Part] = []
        for part in self.parts.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            guard let last = result.last, last.range.upperBound > part.range.lowerBound else {
                result.append(part)
                continue
            }
            let union = last.range.lowerBound..<max(last.range.upperBound, part.range.upperBound)
            // Quotation marks belong around a whole value: a wider range brings its own or needs none.
            let isWhole = union == last.range ? last.needsQuotes : union == part.range && part.needsQuotes
            result[result.count - 1] = Part(
                range: union, needsQuotes: isWhole || (part.range == last.range && part.needsQuotes))
        }
        return result
    }

    /// The bytes with dots in these places, and how many places there are.
    func applied(to bytes: [UInt8]) -> (bytes: [UInt8], hidden: Int) {
        let parts = self.merged
        guard !parts.isEmpty else { return (bytes, 0) }
        let mask = Array(Redaction.mask.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var place = 0
        for part in parts {
            output += bytes[place..<part.range.lowerBound]
            if part.needsQuotes { output.append(UInt8(ascii: "\"")) }
            output += mask
            if part.needsQuotes { output.append(UInt8(ascii: "\"")) }
            place = part.range.upperBound
        }
        return (output + bytes[place...], parts.count)
    }
}
