import WorkerDomain

/// Field lines as arguments of curl's `--header`, so that they go out in their order with their exact bytes.
///
/// curl writes such an argument as it is when something stands behind its first colon, and `Name;` as a field without a
/// value. A line that it would not write so (blanks for a value, no colon, a name that begins with `@`) goes behind the
/// line before it, in the same argument, with the line end between them.
struct CurlFields {
    /// The most bytes that the system lets one argument hold (MAX_ARG_STRLEN, execve(2)), with room to spare.
    private static let argumentLimit = 130_000
    /// The most bytes of all arguments: a system may allow 2 MiB for them and the environment (execve(2)).
    private static let totalLimit = 1_000_000

    /// What goes into one argument: the line that curl looks at, and those that it passes on unseen.
    private struct Argument {
        var lines: [ArraySlice<UInt8>]
        /// It takes the place of the Host that curl writes by itself, with whatever stands behind `Host:`.
        var isHost = false

        /// The bytes on the command line; `nil` when curl would not send them as they are.
        var bytes: [UInt8]? {
            if self.lines.count == 1, CurlFields.isEmptyValue(self.lines[0]) {
                return self.lines[0].dropLast() + [UInt8(ascii: ";")]
            }
            let bytes = Array(self.lines.joined(separator: [0x0D, 0x0A]))
            guard bytes.count <= CurlFields.argumentLimit else { return nil }
            return self.isHost || CurlFields.isSent(bytes) ? bytes : nil
        }
    }

    private var arguments: [Argument] = []
    /// Lines, counted from 1, that curl cannot send.
    private(set) var leftOut: [Int] = []

    init(_ lines: [(number: Int, bytes: ArraySlice<UInt8>)]) {
        /// Lines before the first that curl takes.
        var waiting: [(number: Int, bytes: ArraySlice<UInt8>)] = []
        var total = 0
        let hosts = lines.count { Self.value(of: $0.bytes, ifNamed: "Host") != nil }
        for line in lines {
            total += line.bytes.count + 16
            guard !line.bytes.contains(0), line.bytes.count <= Self.argumentLimit, total <= Self.totalLimit else {
                self.leftOut.append(line.number)
                continue
            }
            if hosts == 1, line.number == lines.first?.number, line.bytes.starts(with: "Host:".utf8) {
                self.arguments.append(Argument(lines: [line.bytes], isHost: true))
            } else if Self.isSent(line.bytes) || Self.isEmptyValue(line.bytes) {
                var argument = Argument(lines: waiting.map(\.bytes) + [line.bytes])
                // What curl acts on must stand where it looks.
                if argument.bytes == nil || (!waiting.isEmpty && Self.isActedOn(line.bytes)) {
                    self.leftOut += waiting.map(\.number)
                    argument.lines = [line.bytes]
                }
                waiting = []
                self.arguments.append(argument)
            } else if var last = self.arguments.popLast() {
                last.lines.append(line.bytes)
                if last.bytes == nil {
                    last.lines.removeLast()
                    self.leftOut.append(line.number)
                }
                self.arguments.append(last)
            } else {
                waiting.append(line)
            }
        }
        self.leftOut += waiting.map(\.number)
        self.leftOut.sort()
    }

    /// The value of the first line of this name that curl looks at; `nil` when it sees none.
    func seen(_ name: String) -> ArraySlice<UInt8>? {
        self.arguments.lazy.compactMap { Self.value(of: $0.lines[0], ifNamed: name) }.first
    }

    /// Writes the arguments of `--header`.
    /// - Parameters:
    ///   - authority: What curl itself puts into Host.
    ///   - unwanted: Fields that curl adds by itself where it sees none of that name.
    /// - Returns: A word of a shell for each, in order.
    func words(authority: String, unwanted: [String]) -> [String] {
        var words: [String] = []
        var arguments = self.arguments[...]
        if let first = arguments.first, first.isHost {
            if first.lines.count == 1, first.lines[0].elementsEqual("Host: \(authority)".utf8) {
                arguments.removeFirst()
            }
        } else {
            words.append("Host:")
        }
        words += arguments.compactMap(\.bytes).map { ShellWord.argument($0) }
        return words + unwanted.filter { self.seen($0) == nil }.map { $0 + ":" }
    }

    // MARK: One line

    static func value(of line: ArraySlice<UInt8>, ifNamed name: String) -> ArraySlice<UInt8>? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon - line.startIndex == name.utf8.count,
            zip(line, name.utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
        else { return nil }
        return line[(colon + 1)...]
    }

    /// True for an argument that curl writes as it is.
    private static func isSent(_ bytes: some Collection<UInt8>) -> Bool {
        guard let first = bytes.first, first != UInt8(ascii: "@"), first != UInt8(ascii: ":"),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return false }
        return bytes[colon...].dropFirst().contains { $0 != 0x20 && !(0x09...0x0D).contains($0) }
    }

    /// True for `Name:`, which curl writes for `Name;`.
    private static func isEmptyValue(_ line: ArraySlice<UInt8>) -> Bool {
        guard let first = line.first, first != UInt8(ascii: "@"), first != UInt8(ascii: ":") else { return false }
        return line.firstIndex(of: UInt8(ascii: ":")) == line.endIndex - 1 && !line.contains(UInt8(ascii: ";"))
    }

    private static func isActedOn(_ line: ArraySlice<UInt8>) -> Bool {
        ["Transfer-Encoding", "Expect", "Content-Length"].contains { self.value(of: line, ifNamed: $0) != nil }
    }
}
