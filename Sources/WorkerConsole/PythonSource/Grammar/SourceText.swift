/// A place in a source file, both counted from 1; columns are Unicode scalars.
package struct SourcePlace: Sendable, Hashable, CustomStringConvertible {
    package let line: Int
    let column: Int

    init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package var description: String { "\(self.line):\(self.column)" }
}

/// Why a source cannot be read as Python.
package struct SourceError: Error, Sendable, Equatable {
    enum Code: String, Sendable, Equatable {
        /// Larger than ``SourceText/limit``.
        case tooLarge
        /// Not text at all.
        case binary
        /// The declared encoding is one that is not read here, or the bytes are not in it.
        case encoding
        /// Not Python: the interpreter refuses it too.
        case syntax
        /// A bound of this reader was reached; the interpreter may accept it.
        case tooComplex
    }
    let code: Code
    package let place: SourcePlace
    /// What is wrong, in the interpreter's words where it has some: `expected ':'`.
    package let message: String
    /// What to write instead; `nil` when there is nothing to say.
    package let fix: String?

    init(
        _ code: Code, _ message: String, at place: SourcePlace = SourcePlace(line: 1, column: 1), fix: String? = nil
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.fix = fix
    }
}

/// Python source as UTF-8, whatever it was encoded in.
///
/// Encodings follow the language reference, section 2.1.4 (PEP 263): a UTF-8 byte order mark, or a `coding:` comment in
/// one of the first two lines, else UTF-8.
package struct SourceText: Sendable, Equatable {
    /// The largest source that is read, in bytes.
    package static let limit = 4 * 1024 * 1024

    let bytes: [UInt8]

    /// - Parameter data: The bytes of the file.
    /// - Throws: ``SourceError`` — `.tooLarge`, `.binary`, `.encoding` or, where the interpreter refuses it too, `.syntax`.
    init(decoding data: [UInt8]) throws(SourceError) {
        guard data.count <= Self.limit else {
            throw SourceError(.tooLarge, "\(data.count) bytes are more than the \(Self.limit) that are read")
        }
        var body = data[...]
        let hasMark = body.starts(with: [0xEF, 0xBB, 0xBF])
        if hasMark { body = body.dropFirst(3) }
        let cookie = Self.declaredEncoding(of: body)
        if body.contains(0) { throw SourceError(.binary, "source code cannot contain null bytes") }
        switch cookie ?? "utf-8" {
        case "utf-8", "utf8", "utf-8-sig", "utf-8-unix", "u8":
            // The interpreter knows one name for it beside a byte order mark.
            if hasMark, let cookie, !cookie.hasPrefix("utf-8") {
                throw SourceError(.syntax, "encoding problem: \(cookie) with BOM")
            }
            guard let text = String(validating: body, as: UTF8.self) else {
                let control = body.prefix(1024).count { $0 < 9 || ($0 > 13 && $0 < 32 && $0 != 27) }
                if control > 16 { throw SourceError(.binary, "the file is not text") }
                throw SourceError(.syntax, "the bytes are not UTF-8 and no encoding is declared")
            }
            self.bytes = Array(text.utf8)
        case "latin-1", "latin1", "iso-8859-1", "iso8859-1", "l1", "iso-latin-1", "iso-latin-1-unix":
            guard !hasMark else { throw SourceError(.syntax, "encoding problem: \(cookie ?? "") with BOM") }
            self.bytes = body.flatMap { byte in byte < 0x80 ? [byte] : [0xC0 | byte >> 6, 0x80 | byte & 0x3F] }
        case "ascii", "us-ascii":
            guard body.allSatisfy({ $0 < 0x80 }) else {
                throw SourceError(.syntax, "the file declares ASCII and has other bytes")
            }
            self.bytes = Array(body)
        default:
            throw SourceError(.encoding, "the declared encoding \(cookie ?? "") is not read here")
        }
    }

    /// The name in a `coding:` comment of the first two lines, lower-case with `-` for `_`; `nil` without one.
    private static func declaredEncoding(of body: ArraySlice<UInt8>) -> String? {
        for (index, line) in body.prefix(2048).split(
            maxSplits: 2, omittingEmptySubsequences: false, whereSeparator: { $0 == 10 || $0 == 13 }
        ).prefix(2).enumerated() {
            let text = line.drop { $0 == 32 || $0 == 9 || $0 == 12 }
            if text.first == UInt8(ascii: "#") {
                if let name = Self.cookie(in: text) { return name }
            } else if !text.isEmpty && index == 0 {
                return nil
            }
        }
        return nil
    }

    /// What follows `coding:` or `coding=` in a comment.
    private static func cookie(in comment: ArraySlice<UInt8>) -> String? {
        let word = Array("coding".utf8)
        var rest = comment
        while rest.count > word.count {
            defer { rest = rest.dropFirst() }
            let end = rest.startIndex + word.count
            guard rest.starts(with: word), rest[end] == UInt8(ascii: ":") || rest[end] == UInt8(ascii: "=") else {
                continue
            }
            let name = rest[(end + 1)...].drop { $0 == 32 || $0 == 9 }.prefix { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
            guard !name.isEmpty else { continue }
            return String(decoding: name.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: "-") : $0 }, as: UTF8.self)
                .lowercased()
        }
        return nil
    }
}
