import WorkerDomain

/// The names of a database that a statement may hold, and which of them are meant at a place.
struct StatementNames: Sendable, Equatable {
    let tables: [String]
    /// By table; those that have not been read are not in it.
    var columns: [ByteString: [String]] = [:]

    /// What stands left of the cursor and what may stand there instead.
    struct Candidates: Sendable, Equatable {
        /// Characters of the beginning that has been typed.
        let typed: Int
        let names: [String]
    }

    /// - Parameters:
    ///   - before: The statement up to the cursor.
    ///   - statement: All of it: tables behind the cursor count as well.
    /// - Returns: `nil` when no name fits.
    func candidates(before: String, in statement: String) -> Candidates? {
        let characters = Array(before)
        var start = characters.count
        while start > 0, Self.isPart(characters[start - 1]) { start -= 1 }
        let typed = String(characters[start...])
        var names: [String]
        if start > 0, characters[start - 1] == "." {
            names = self.columns(qualifiedBy: Self.name(endingAt: start - 1, of: characters), in: statement)
        } else {
            let isTable = ["from", "join", "into", "update", "table", ","].contains(
                Self.word(before: start, of: characters).lowercased())
            let columns = self.tables(in: statement).flatMap { self.columns(of: $0) }
            names = isTable ? self.tables + columns : columns + self.tables
        }
        names = Self.unique(names.filter { Self.folded($0).starts(with: Self.folded(typed)) })
        // Nothing is completed that is there already.
        guard let first = names.first, names.count > 1 || !first.hasSameBytes(as: typed) else { return nil }
        return Candidates(typed: typed.count, names: names.map { Self.written($0) })
    }

    // MARK: Tables of a statement

    private func columns(of table: String) -> [String] {
        self.tables.first { Self.isSame($0, table) }.flatMap { self.columns[ByteString($0)] } ?? []
    }

    /// Tables that the statement names, in its order.
    private func tables(in statement: String) -> [String] {
        let words = Set(Self.words(of: statement).map { Self.folded($0) })
        return self.tables.filter { words.contains(Self.folded($0)) }
    }

    /// The columns of a table, or of what an alias stands for: `from users u`, `join users as u`.
    private func columns(qualifiedBy name: String, in statement: String) -> [String] {
        let direct = self.columns(of: name)
        if !direct.isEmpty { return direct }
        let words = Self.words(of: statement)
        for (index, word) in words.enumerated() where index > 0 && Self.isSame(word, name) {
            let before = words[index - 1].lowercased() == "as" ? index - 2 : index - 1
            guard before >= 0 else { continue }
            let columns = self.columns(of: words[before])
            if !columns.isEmpty { return columns }
        }
        return []
    }

    // MARK: Words

    /// SQLite compares names without the case of ASCII letters.
    private static func folded(_ name: String) -> [UInt8] {
        name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    private static func isSame(_ left: String, _ right: String) -> Bool { self.folded(left) == self.folded(right) }

    private static func isPart(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "$"
    }

    /// Names and words of a statement; what stands between quotes is one.
    private static func words(of statement: String) -> [String] {
        var words: [String] = []
        var word = ""
        var quote: Character?
        for character in statement.prefix(20_000) {
            if let open = quote {
                if character == open {
                    // A text between single quotes is no name.
                    if open != "'" { words.append(word) }
                    word = ""
                    quote = nil
                } else {
                    word.append(character)
                }
            } else if self.isPart(character) {
                word.append(character)
            } else {
                if !word.isEmpty { words.append(word) }
                word = ""
                if character == "\"" || character == "'" || character == "`" { quote = character }
                if character == "[" { quote = "]" }
            }
        }
        return word.isEmpty || quote != nil ? words : words + [word]
    }

    /// The word, or the comma of a list of tables, that stands before a place.
    private static func word(before end: Int, of characters: [Character]) -> String {
        var end = end
        while end > 0, characters[end - 1].isWhitespace { end -= 1 }
        if end > 0, characters[end - 1] == "," {
            // Only behind FROM a comma is followed by a table.
            let words = self.words(of: String(characters[..<(end - 1)])).map { $0.lowercased() }
            let clause = words.last { ["from", "select", "where", "by", "set", "on", "values"].contains($0) }
            return clause == "from" ? "," : ""
        }
        var start = end
        while start > 0, self.isPart(characters[start - 1]) { start -= 1 }
        return String(characters[start..<end])
    }

    /// The name that ends before a dot, without its quotes.
    private static func name(endingAt end: Int, of characters: [Character]) -> String {
        guard end > 0 else { return "" }
        if characters[end - 1] == "\"", let open = characters[..<(end - 1)].lastIndex(of: "\"") {
            return String(characters[(open + 1)..<(end - 1)])
        }
        var start = end
        while start > 0, self.isPart(characters[start - 1]) { start -= 1 }
        return String(characters[start..<end])
    }

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<[UInt8]> = []
        return names.filter { seen.insert(Array($0.utf8)).inserted }
    }

    /// As the statement has to write it: in quotes unless it is a plain word that means nothing else.
    private static func written(_ name: String) -> String {
        let isPlain =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                byte == 0x5F || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF)
            }
        let startsWithDigit = name.utf8.first.map { (0x30...0x39).contains($0) } ?? true
        return isPlain && !startsWithDigit && !self.reserved.contains(name.lowercased())
            ? name : DatabaseText.quoted(name: name)
    }

    /// Words that SQLite takes for its own where a name stands (sqlite.org/lang_keywords.html), the common ones.
    private static let reserved: Set<String> = [
        "add", "all", "alter", "and", "as", "autoincrement", "between", "case", "check", "collate", "commit",
        "constraint", "create", "default", "deferrable", "delete", "distinct", "drop", "else", "escape", "except",
        "exists", "foreign", "from", "group", "having", "in", "index", "insert", "intersect", "into", "is", "isnull",
        "join", "limit", "not", "nothing", "notnull", "null", "on", "or", "order", "primary", "references",
        "returning", "select", "set", "table", "then", "to", "transaction", "union", "unique", "update", "using",
        "values", "when", "where",
    ]
}
