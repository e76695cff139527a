import TextSafety

/// One word of a shell's command line that stands for exact bytes, in bash, zsh, dash and any other POSIX shell.
///
/// Nothing that steers a terminal stands in it, and no line is so long that a shell without an editor of its own cuts it
/// (4,095 bytes, termios(3)).
struct ShellWord {
    /// A text beyond this many characters goes on in another line.
    private static let lineLimit = 1_000

    private var text = "'"
    private var columns = 0

    private init() {}

    /// The bytes as one word; it holds no NUL, which no argument can, and does not end with a line feed.
    static func argument(_ bytes: some Collection<UInt8>) -> String {
        if self.isPlain(bytes) { return String(decoding: bytes, as: UTF8.self) }
        return self.literal(bytes) ?? "\"$(printf \(self.format(bytes)))\""
    }

    /// The bytes between single quotes, where nothing but the quote itself is special; `nil` when that would put what
    /// steers a terminal into the command.
    static func literal(_ bytes: some Collection<UInt8>) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self),
            text.unicodeScalars.allSatisfy({ $0 == "\n" || !ControlCharacters.isUnsafe($0) }),
            // Older shells take up their history in the second line of a quoted text.
            !(text.utf8.contains(UInt8(ascii: "!")) && text.utf8.contains(UInt8(ascii: "\n")))
        else { return nil }
        var word = ShellWord()
        for scalar in text.unicodeScalars {
            word.put(scalar == "'" ? "'\\''" : String(scalar))
            if scalar == "\n" { word.columns = 0 }
        }
        return word.text + "'"
    }

    /// The format that makes a shell's own printf write the bytes; any bytes, of any number.
    static func format(_ bytes: some Collection<UInt8>) -> String {
        var word = ShellWord()
        var rest = bytes[...]
        // A dash at the start would be an option.
        if rest.first == UInt8(ascii: "-") { word.put(Self.octal(rest.removeFirst())) }
        if let text = String(validating: rest, as: UTF8.self) {
            for scalar in text.unicodeScalars { word.put(Self.printed(scalar)) }
        } else {
            for byte in rest { word.put(byte < 0x80 ? Self.printed(Unicode.Scalar(byte)) : Self.octal(byte)) }
        }
        return word.text + "'"
    }

    /// A scalar as a format of printf has it between single quotes.
    private static func printed(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\\": "\\\\"
        case "%": "%%"
        // Within double quotes a shell with history reads the mark, and no single quote keeps it from that.
        case "'", "!": self.octal(UInt8(truncatingIfNeeded: scalar.value))
        default:
            ControlCharacters.isUnsafe(scalar)
                ? String(scalar).utf8.map(self.octal).joined() : String(scalar)
        }
    }

    private mutating func put(_ piece: String) {
        if self.columns >= Self.lineLimit {
            self.text += "'\\\n'"
            self.columns = 0
        }
        self.text += piece
        self.columns += piece.utf8.count
    }

    /// Three octal digits end by themselves: what follows cannot join them.
    private static func octal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }

    /// A word that needs no quotes. Neither an option nor, for zsh, the name of a command begins it.
    private static func isPlain(_ bytes: some Collection<UInt8>) -> Bool {
        guard let first = bytes.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "=") else { return false }
        return bytes.count <= Self.lineLimit
            && bytes.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "-_./:=,@%+".utf8.contains(byte)
            }
    }
}
