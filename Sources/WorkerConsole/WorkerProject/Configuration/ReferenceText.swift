/// A value while its references are replaced: a text with a gap, where the next one begins.
///
/// What is replaced is found where JavaScript would find it: a reference by a search from the front, its text by another,
/// and `$$`, `$&`, `` $` `` and `$'` in what takes its place mean what they mean there.
struct ReferenceText {
    private static let dollar = UInt8(ascii: "$")

    private var before: [UInt8] = []
    /// In reverse, so that text is put in at the gap.
    private var after: [UInt8]
    /// Where dollar signs stand before the gap, in order.
    private var dollars: [Int] = []

    init(_ bytes: [UInt8]) { self.after = bytes.reversed() }

    var count: Int { self.before.count + self.after.count }
    var bytes: [UInt8] { self.before + self.after.reversed() }

    /// Moves the gap to the next reference, and returns it with its dollar sign and braces.
    mutating func nextReference(_ work: inout Int) -> [UInt8]? {
        while let byte = self.after.last {
            if byte == Self.dollar, self.before.last != UInt8(ascii: "\\"), let reference = self.reference(&work) {
                return reference
            }
            self.forward()
            work -= 1
        }
        return nil
    }

    private mutating func forward() {
        guard let byte = self.after.popLast() else { return }
        if byte == Self.dollar { self.dollars.append(self.before.count) }
        self.before.append(byte)
    }

    private mutating func back(to place: Int, _ work: inout Int) {
        work -= self.before.count - place
        while self.before.count > place, let byte = self.before.popLast() { self.after.append(byte) }
        while let last = self.dollars.last, last >= place { self.dollars.removeLast() }
    }

    private func peek(_ distance: Int) -> UInt8? {
        distance < self.after.count ? self.after[self.after.count - 1 - distance] : nil
    }

    /// The reference that begins at the gap.
    private func reference(_ work: inout Int) -> [UInt8]? {
        var end = 2
        if self.peek(1) == UInt8(ascii: "{") {
            while let byte = self.peek(end), byte != UInt8(ascii: "{"), byte != UInt8(ascii: "}") { end += 1 }
            work -= end
            guard end > 2, self.peek(end) == UInt8(ascii: "}") else { return nil }
            end += 1
        } else {
            guard let first = self.peek(1), Self.isName(first), !(0x30...0x39).contains(first) else { return nil }
            while let byte = self.peek(end), Self.isName(byte) { end += 1 }
        }
        return self.after.suffix(end).reversed()
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x5F, 0x61...0x7A: true
        default: false
        }
    }

    /// Puts a text in the place of a reference's, at the first place where that stands: an escaped one, perhaps.
    mutating func replace(_ reference: [UInt8], with text: [UInt8], _ work: inout Int) {
        if let earlier = self.dollars.first(where: { self.stands(reference, at: $0) }) {
            self.back(to: earlier, &work)
        }
        self.after.removeLast(reference.count)
        let new = self.substitution(text, for: reference, limit: max(0, work))
        work -= new.count + self.dollars.count + 1
        self.after.append(contentsOf: new.reversed())
        // What stood alone before may be a reference now.
        if let first = self.dollars.first { self.back(to: first, &work) }
    }

    private func stands(_ text: [UInt8], at place: Int) -> Bool {
        text.indices.allSatisfy { index in
            let here = place + index
            return text[index] == (here < self.before.count ? self.before[here] : self.peek(here - self.before.count))
        }
    }

    /// The text with what JavaScript puts in for its dollar signs; it is cut soon after it has `limit` bytes.
    private func substitution(_ text: [UInt8], for reference: [UInt8], limit: Int) -> [UInt8] {
        guard text.contains(Self.dollar) else { return text }
        var result: [UInt8] = []
        var index = 0
        while index < text.count, result.count <= limit {
            let next = index + 1 < text.count ? text[index + 1] : 0
            index += 2
            switch (text[index - 2], next) {
            case (Self.dollar, Self.dollar): result.append(Self.dollar)
            case (Self.dollar, UInt8(ascii: "&")): result += reference
            case (Self.dollar, UInt8(ascii: "`")): result += self.before
            case (Self.dollar, UInt8(ascii: "'")): result += self.after.reversed()
            default:
                index -= 1
                result.append(text[index - 1])
            }
        }
        return result
    }
}
