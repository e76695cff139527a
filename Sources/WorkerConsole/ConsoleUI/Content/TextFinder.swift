package import TerminalCanvas
package import Widgets

/// Finds a text in lines and marks where it stands; case does not matter.
package struct TextFinder: Sendable, Equatable {
    /// Characters of a line that are looked at.
    private static let lineLimit = 20_000

    /// What is looked for; empty when nothing is.
    package private(set) var query = ""
    /// What is typed; `nil` while nothing is.
    package var field: TextField?
    /// The line of the newest hit.
    private(set) var line: Int?

    package init() {}

    package mutating func begin() { self.field = TextField(self.query, limit: 200) }

    package mutating func clear() { self = TextFinder() }

    /// Takes a key while the text is typed.
    /// - Returns: True when the text is complete and can be looked for.
    package mutating func take(_ key: KeyEvent) -> Bool {
        switch key {
        case .enter:
            self.query = self.field?.text ?? ""
            self.field = nil
            self.line = nil
            return !self.query.isEmpty
        case .escape: self.field = nil
        default: _ = self.field?.handle(key)
        }
        return false
    }

    /// Goes on from this line at the next search.
    mutating func note(hit line: Int) { self.line = line }

    /// Looks for what another finder looks for.
    mutating func use(_ query: String) {
        guard query != self.query else { return }
        self.query = query
        self.line = nil
    }

    /// The next line that holds the text, from the newest hit on, else from `start` on; behind the last comes the first.
    package mutating func seek(_ step: Int, from start: Int, count: Int, line body: (Int) -> [TextRun]) -> Int? {
        guard count > 0, !self.query.isEmpty else { return nil }
        let needle = Self.folded(self.query)
        var index = self.line.map { $0 + step } ?? start
        for _ in 0..<count {
            index = (index % count + count) % count
            if !Self.hits(of: needle, in: Self.characters(of: body(index))).isEmpty {
                self.line = index
                return index
            }
            index += step
        }
        return nil
    }

    /// Whether a line holds the text.
    func isIn(_ line: [TextRun]) -> Bool {
        !self.query.isEmpty && !Self.hits(of: Self.folded(self.query), in: Self.characters(of: line)).isEmpty
    }

    /// The line with what is looked for marked.
    package func marked(_ line: [TextRun]) -> [TextRun] {
        guard !self.query.isEmpty else { return line }
        let needle = Self.folded(self.query)
        let hits = Self.hits(of: needle, in: Self.characters(of: line))
        guard !hits.isEmpty else { return line }
        var runs: [TextRun] = []
        var place = 0
        // Hits come in the order of the text: one look at each character and each hit.
        var next = 0
        for run in line {
            var text = ""
            var isHit = false
            for character in run.text {
                while next < hits.count, hits[next] + needle.count <= place { next += 1 }
                let isInside = next < hits.count && hits[next] <= place
                if isInside != isHit, !text.isEmpty {
                    runs.append(TextRun(text, isHit ? .match : run.role))
                    text = ""
                }
                isHit = isInside
                text.append(character)
                place += 1
            }
            if !text.isEmpty { runs.append(TextRun(text, isHit ? .match : run.role)) }
        }
        return runs
    }

    /// The prompt with the field, in one row.
    package func draw(_ field: TextField, into canvas: inout Canvas, in line: Rect, label: String) {
        canvas.fill(line)
        let used = canvas.write(
            " \(label) \(canvas.glyphs.glyphs.active) ", row: line.row, column: line.column, role: .key)
        let place = Rect(row: line.row, column: line.column + used, rows: 1, columns: line.columns - used - 1)
        field.draw(into: &canvas, in: place, role: .strong)
    }

    // MARK: Matching

    private static func folded(_ text: String) -> [Character] {
        // Character by character, so that places stay those of the text.
        text.map { $0.lowercased().first ?? $0 }
    }

    private static func characters(of line: [TextRun]) -> [Character] {
        var characters: [Character] = []
        for run in line {
            let room = self.lineLimit - characters.count
            guard room > 0 else { break }
            characters += self.folded(String(run.text.prefix(room)))
        }
        return characters
    }

    /// Where the text begins, hits that overlap left out.
    private static func hits(of needle: [Character], in text: [Character]) -> [Int] {
        guard !needle.isEmpty, text.count >= needle.count else { return [] }
        var hits: [Int] = []
        var place = 0
        while place + needle.count <= text.count {
            if text[place] == needle[0], text[place..<(place + needle.count)].elementsEqual(needle) {
                hits.append(place)
                place += needle.count
            } else {
                place += 1
            }
        }
        return hits
    }
}
