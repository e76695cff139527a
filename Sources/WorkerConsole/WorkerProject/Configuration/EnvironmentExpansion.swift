/// Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}` in the values of `.env` files as dotenv-expand
/// does, which does it for wrangler.
///
/// A value sees the names before it and the variables of the process, which go first. The first reference of a value is
/// replaced until there is none left, so that what a value brings in is replaced too.
struct EnvironmentExpansion {
    /// Bytes that may be moved for all values together, beside a few for each that is written: names that refer to each
    /// other grow without end.
    static let workLimit = 1_048_576

    /// Variables of the process, over which values of files do not win.
    private let process: [[UInt8]: [UInt8]]
    private var running: [[UInt8]: [UInt8]] = [:]
    private var lengths: Set<Int>
    private var expressions: [[UInt8]: Expression] = [:]
    private var work = Self.workLimit
    /// Results that were kept to find a value that refers to itself.
    private var seenBytes = 0
    /// The limit was reached; what was left of the values stands as it was written.
    var isCut: Bool { self.work < 0 }

    init(process: [String: String] = [:]) {
        self.process = Dictionary(process.map { (Array($0.utf8), Array($1.utf8)) }) { _, last in last }
        self.lengths = Set(self.process.values.map(\.count))
    }

    /// - Parameter values: In the order of the files, each name once.
    /// - Returns: The same names in the same order.
    mutating func expand(_ values: [EnvironmentFile.Entry]) -> [EnvironmentFile.Entry] {
        var result = values
        self.work += 8 * values.reduce(0) { $0 + $1.value.utf8.count }
        for index in Self.order(of: values) {
            let name = Array(values[index].name.utf8)
            let written = Array(values[index].value.utf8)
            var value = written
            if let own = self.process[name], !own.isEmpty, own != written {
                value = own
            } else {
                value = self.expanded(written)
            }
            value = Self.withoutEscapes(value)
            self.running[name] = value
            self.lengths.insert(value.count)
            result[index].value = String(decoding: value, as: UTF8.self)
        }
        return result
    }

    /// A JavaScript object goes through names that are array indices first.
    private static func order(of values: [EnvironmentFile.Entry]) -> [Int] {
        let keyed = values.indices.map { index in (index, Self.arrayIndex(values[index].name)) }
        let numbers = keyed.compactMap { index, number in number.map { (index, $0) } }
        guard !numbers.isEmpty else { return Array(values.indices) }
        return numbers.sorted { $0.1 < $1.1 }.map(\.0) + keyed.filter { $0.1 == nil }.map(\.0)
    }

    private static func arrayIndex(_ name: String) -> UInt32? {
        guard let number = UInt32(name), number < .max, "\(number)" == name else { return nil }
        return number
    }

    // MARK: - One value

    private mutating func expanded(_ value: [UInt8]) -> [UInt8] {
        guard value.contains(UInt8(ascii: "$")) else { return value }
        var text = ReferenceText(value)
        var seen: Set<[UInt8]> = []
        while self.work >= 0, let reference = text.nextReference(&self.work) {
            if self.lengths.contains(text.count), self.seenBytes < Self.workLimit / 4 {
                seen.insert(text.bytes)
                self.seenBytes += text.count
            }
            let expression = self.expression(reference)
            text.replace(reference, with: self.replacement(for: expression, seen: seen), &self.work)
            guard let known = self.running[expression.key], known.count == text.count else { continue }
            self.work -= text.count
            if known == text.bytes { break }
        }
        return text.bytes
    }

    /// What a reference says: a name and, behind an operator, what stands in for its value.
    private struct Expression {
        let key: [UInt8]
        let rest: [UInt8]
        /// `+` and `:+`: the rest stands where there is a value, not where there is none.
        let isAlternative: Bool
    }

    /// References are read once; files repeat them.
    private mutating func expression(_ reference: [UInt8]) -> Expression {
        if let known = self.expressions[reference] { return known }
        let isBraced = reference[1] == UInt8(ascii: "{")
        let text = Array(isBraced ? reference[2..<reference.count - 1] : reference[1...])
        // Without an operator dotenv-expand splits at `null`, as its language writes a missing text.
        let sign = Self.sign(in: text)
        let place = Self.place(of: sign ?? Self.null, in: text)
        let expression = Expression(
            key: place.map { Array(text[..<$0.lowerBound]) } ?? text,
            rest: place.map { Array(text[$0.upperBound...]) } ?? [],
            isAlternative: sign?.last == UInt8(ascii: "+"))
        self.expressions[reference] = expression
        return expression
    }

    private static let null = Array("null".utf8)

    private static func place(of part: [UInt8], in text: [UInt8]) -> Range<Int>? {
        guard text.count >= part.count else { return nil }
        for start in 0...text.count - part.count
        where text[start] == part[0] && text[start..<start + part.count].elementsEqual(part) {
            return start..<start + part.count
        }
        return nil
    }

    private func replacement(for expression: Expression, seen: Set<[UInt8]>) -> [UInt8] {
        let value = self.process[expression.key] ?? self.running[expression.key] ?? []
        if expression.isAlternative { return value.isEmpty ? [] : expression.rest }
        return value.isEmpty || (!seen.isEmpty && seen.contains(value)) ? expression.rest : value
    }

    /// The first of the operators `:+`, `+`, `:-` and `-`.
    private static func sign(in expression: [UInt8]) -> [UInt8]? {
        guard let place = expression.firstIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) else {
            return nil
        }
        let hasColon = place > 0 && expression[place - 1] == UInt8(ascii: ":")
        return Array(expression[(hasColon ? place - 1 : place)...place])
    }

    private static func withoutEscapes(_ value: [UInt8]) -> [UInt8] {
        guard value.contains(UInt8(ascii: "\\")) else { return value }
        var result: [UInt8] = []
        result.reserveCapacity(value.count)
        for (index, byte) in value.enumerated() {
            let isEscape =
                byte == UInt8(ascii: "\\") && index + 1 < value.count && value[index + 1] == UInt8(ascii: "$")
            if !isEscape { result.append(byte) }
        }
        return result
    }
}
