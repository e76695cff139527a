/// Why a text is no JSON or TOML, and where.
package struct ConfigurationSyntaxError: Error, Sendable, Equatable {
    package let message: String
    package let position: SourcePosition?

    package init(_ message: String, at position: SourcePosition?) {
        self.message = message
        self.position = position
    }
}

/// A text as scalars, with the line and column of each.
struct ConfigurationText {
    /// Levels of nesting that a file may have.
    static let depthLimit = 128

    let scalars: [Unicode.Scalar]
    private var lineStarts: [Int]

    /// - Throws: ``ConfigurationSyntaxError`` when the bytes are no UTF-8 or hold a NUL.
    init(_ bytes: [UInt8]) throws(ConfigurationSyntaxError) {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(bytes.count)
        var starts = [0]
        // One byte order mark is no text; a second one is a character that should not be there.
        var iterator = (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]).makeIterator()
        var decoder = UTF8()
        decoding: while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar):
                if scalar == "\0" {
                    throw ConfigurationSyntaxError(
                        "NUL byte: this is not a text file; save it as UTF-8",
                        at: SourcePosition(line: starts.count, column: scalars.count - (starts.last ?? 0) + 1))
                }
                scalars.append(scalar)
                if scalar == "\n" { starts.append(scalars.count) }
            case .emptyInput: break decoding
            case .error:
                throw ConfigurationSyntaxError(
                    "invalid UTF-8; save the file as UTF-8",
                    at: SourcePosition(line: starts.count, column: scalars.count - (starts.last ?? 0) + 1))
            }
        }
        self.scalars = scalars
        self.lineStarts = starts
    }

    var string: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: self.scalars)
        return String(view)
    }

    /// The index of a place that ``position(_:)`` has given; the end of the text for a place behind it.
    func index(_ position: SourcePosition) -> Int {
        guard self.lineStarts.indices.contains(position.line - 1) else { return self.scalars.count }
        return min(self.lineStarts[position.line - 1] + position.column - 1, self.scalars.count)
    }

    /// What stands from one place up to another.
    func string(from begin: SourcePosition, to end: SourcePosition) -> String {
        let start = self.index(begin)
        return String(String.UnicodeScalarView(self.scalars[start..<max(start, self.index(end))]))
    }

    func position(_ index: Int) -> SourcePosition {
        var low = 0
        var high = self.lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if self.lineStarts[middle] <= index { low = middle } else { high = middle }
        }
        return SourcePosition(line: low + 1, column: index - self.lineStarts[low] + 1)
    }
}
