/// Goes through a TOML text once, before toml++ reads it, and settles where toml++ and wrangler disagree.
///
/// It finds what wrangler refuses and toml++ accepts (bare keys beyond ASCII, integers that a double cannot hold,
/// hexadecimal fractions), strings that are never closed, of which toml++ says only where they break off, and what toml++
/// could not survive (its tables are freed recursively). It writes numbers that
/// toml++ refuses and wrangler reads, like `1e400`, in another form of the same length. Everything else about the syntax
/// is toml++'s to judge.
struct TOMLGuard {
    /// The largest integer that a double and all its neighbours hold exactly, 2^53 - 1.
    static let largestInteger: Int64 = 9_007_199_254_740_991

    /// Something to refuse, and where.
    struct Problem {
        let index: Int
        let message: String
    }

    /// The text for toml++; a place in it is the same place in the file.
    private(set) var scalars: [Unicode.Scalar]
    /// The first thing to refuse; nothing behind it was looked at.
    private(set) var problem: Problem?

    private var index = 0
    /// The brackets that are open, with the levels that the dots of the key before each have added.
    private var open: [(dots: Int, isArray: Bool)] = []
    private var depth = 0
    /// Dots of the key that is being read, or whose value is.
    private var dots = 0
    private var isValue = false

    init(_ scalars: [Unicode.Scalar]) {
        self.scalars = scalars
        while self.problem == nil, self.index < self.scalars.count { self.step() }
    }

    private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        self.index + distance < self.scalars.count ? self.scalars[self.index + distance] : nil
    }

    private mutating func step() {
        let scalar = self.scalars[self.index]
        switch scalar {
        case " ", "\t", "\r": self.index += 1
        case "\n":
            self.index += 1
            self.endValue()
        case "#": while let inside = self.peek(), inside != "\n" { self.advance(past: inside) }
        case "\"", "'": self.skipText(scalar)
        case "[", "{": self.openBracket(scalar)
        case "]", "}":
            self.index += 1
            // The end of a header closes nothing.
            guard let bracket = self.open.popLast() else { return }
            self.depth -= bracket.dots + 1
            self.endValue()
        case ",":
            self.index += 1
            self.endValue()
        case "=":
            self.index += 1
            self.isValue = true
        default: self.word()
        }
    }

    private mutating func advance(past _: Unicode.Scalar) { self.index += 1 }

    /// What follows a value: an element of the array that is open, or else a key.
    private mutating func endValue() {
        self.dots = 0
        self.isValue = self.open.last?.isArray ?? false
    }

    private mutating func openBracket(_ scalar: Unicode.Scalar) {
        let isHeader = self.open.isEmpty && !self.isValue
        if !isHeader {
            self.open.append((self.dots, scalar == "["))
            self.depth += self.dots + 1
            self.endValue()
            self.checkDepth()
        }
        self.index += 1
    }

    private mutating func checkDepth() {
        guard self.depth + self.dots > ConfigurationText.depthLimit else { return }
        self.problem = Problem(
            index: self.index, message: "nested deeper than \(ConfigurationText.depthLimit) levels; make it flatter")
    }

    /// Passes over a quoted text of any of the four kinds.
    private mutating func skipText(_ quote: Unicode.Scalar) {
        let start = self.index
        let isLong = self.peek(1) == quote && self.peek(2) == quote
        self.index += isLong ? 3 : 1
        while let scalar = self.peek() {
            if scalar == quote, !isLong || (self.peek(1) == quote && self.peek(2) == quote) {
                self.index += isLong ? 3 : 1
                // Up to two quotes before the closing ones belong to a long text.
                for _ in 0..<2 where isLong && self.peek() == quote { self.index += 1 }
                return
            }
            if scalar == "\n", !isLong { break }
            self.index += scalar == "\\" && quote == "\"" ? 2 : 1
        }
        let line = self.scalars[..<start].count { $0 == "\n" } + 1
        let closing = String(repeating: String(Character(quote)), count: isLong ? 3 : 1)
        self.problem = Problem(index: start, message: "string opened on line \(line) is not closed; add \(closing)")
    }

    /// A run of scalars without a meaning of their own:  a bare key with its dots, or a value without quotes.
    private mutating func word() {
        let start = self.index
        var isPlain = true
        while let scalar = self.peek() {
            switch scalar {
            case " ", "\t", "\r", "\n", "#", "\"", "'", "[", "]", "{", "}", ",", "=":
                return self.end(word: start..<self.index, isPlain: isPlain)
            case "." where !self.isValue:
                self.dots += 1
                self.checkDepth()
                guard self.problem == nil else { return }
            case "+": isPlain = false
            default: isPlain = isPlain && scalar.isASCII
            }
            self.index += 1
        }
        self.end(word: start..<self.index, isPlain: isPlain)
    }

    private mutating func end(word range: Range<Int>, isPlain: Bool) {
        if self.isValue { return self.checkNumber(range) }
        guard !isPlain else { return }
        let words = self.scalars[range].split(separator: ".", omittingEmptySubsequences: false)
        if let strange = range.first(where: { StrangeScalar.sentence(for: self.scalars[$0]) != nil }),
            let sentence = StrangeScalar.sentence(for: self.scalars[strange])
        {
            self.problem = Problem(index: strange, message: sentence)
            return
        }
        let word = words.first { $0.contains { !$0.isASCII || $0 == "+" } } ?? self.scalars[range]
        var text = ""
        text.unicodeScalars.append(contentsOf: word.prefix(64))
        self.problem = Problem(
            index: word.startIndex,
            message:
                "a key without quotes may contain only A–Z a–z 0–9 _ and -; write \(ConfigurationValue.quoted(text))")
    }

    private mutating func checkNumber(_ range: Range<Int>) {
        guard let number = TOMLNumber(self.scalars[range]) else {
            // Nothing but a number, a date or a word of ASCII letters stands without quotes.
            for index in range {
                guard let sentence = StrangeScalar.sentence(for: self.scalars[index]) else { continue }
                self.problem = Problem(index: index, message: sentence)
                return
            }
            return
        }
        switch number {
        case .integer(let magnitude):
            if let magnitude, magnitude <= UInt64(Self.largestInteger) { return }
            var digits = ""
            digits.unicodeScalars.append(contentsOf: self.scalars[range].prefix(40))
            self.problem = Problem(
                index: range.lowerBound,
                message:
                    "invalid TOML: the integer \(digits) is outside ±\(Self.largestInteger) and would lose digits; put it in quotes"
            )
        case .hexadecimalFraction:
            self.problem = Problem(
                index: range.lowerBound,
                message: "invalid TOML: hexadecimal numbers cannot have a fraction or an exponent")
        case .fraction(let value):
            // Also numbers with more digits than toml++ takes.
            let isFar = !value.isFinite || abs(value) < Double.leastNormalMagnitude || range.count > 60
            let text = Array("\(value)".unicodeScalars)
            guard isFar, text.count <= range.count else { return }
            let blanks = repeatElement(Unicode.Scalar(" "), count: range.count - text.count)
            self.scalars.replaceSubrange(range, with: text + blanks)
        }
    }
}
