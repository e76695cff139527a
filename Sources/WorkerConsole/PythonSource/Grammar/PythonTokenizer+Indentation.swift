/// Indentation (language reference, section 2.1.8).
extension PythonTokenizer {
    /// Reads the blanks at the start of a line; true when the line holds nothing.
    mutating func readIndentation() throws(SourceError) -> Bool {
        var column = 0
        var alternate = 0
        // A joined line keeps the indentation of where it began.
        var joined: Indentation?
        scan: while self.offset < self.bytes.count {
            switch self.peek() {
            case 32:
                column += 1
                alternate += 1
            case 9:
                column = (column / 8 + 1) * 8
                alternate += 1
            case 12: (column, alternate) = (0, 0)
            case UInt8(ascii: "\\"):
                if joined == nil, column > 0 { joined = Indentation(column: column, alternate: alternate) }
                try self.joinLines()
                continue scan
            default: break scan
            }
            self.offset += 1
        }
        switch self.peek() {
        case UInt8(ascii: "#"), 10, 13:
            self.skipComment()
            if self.offset < self.bytes.count { self.stepOverLineEnd() }
            return true
        default:
            if self.offset >= self.bytes.count { return true }
        }
        try self.indent(to: joined ?? Indentation(column: column, alternate: alternate))
        return false
    }

    private mutating func indent(to next: Indentation) throws(SourceError) {
        guard let top = self.indents.last else { return }
        if next.column == top.column {
            guard next.alternate == top.alternate else { throw self.mixed() }
        } else if next.column > top.column {
            guard next.alternate > top.alternate else { throw self.mixed() }
            guard self.indents.count < 100 else { throw self.fail("too many levels of indentation") }
            self.indents.append(next)
            self.add(.indent, from: self.offset)
        } else {
            while let current = self.indents.last, current.column > next.column {
                self.indents.removeLast()
                self.add(.dedent, from: self.offset)
            }
            guard let current = self.indents.last, current.column == next.column else {
                throw self.fail(
                    "unindent does not match any outer indentation level",
                    fix: "indent the line to match one of the enclosing blocks")
            }
            guard current.alternate == next.alternate else { throw self.mixed() }
        }
    }

    private mutating func mixed() -> SourceError {
        self.fail(
            "inconsistent use of tabs and spaces in indentation", fix: "indent with spaces only or with tabs only")
    }
}
