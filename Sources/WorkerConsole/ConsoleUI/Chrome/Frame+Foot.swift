import TerminalCanvas
import Widgets
import WorkerDomain

extension Frame {
    func drawFoot(into canvas: inout Canvas) {
        let (columns, rows) = (canvas.size.columns, canvas.size.rows)
        let stateRow = Rect(row: rows - 2, column: 0, rows: 1, columns: columns)
        let toast = self.model.notice.map { notice in
            // What ends with an ellipsis is still going on: nothing is done yet.
            Toast(notice.text, role: notice.isFailure ? .failure : notice.text.hasSuffix("…") ? .active : .ok)
        }
        // A toast stands at the right, in the columns that it needs: what the line says beside it stays where it is.
        let beside = stateRow.splitLeft(max(0, columns - (toast?.columns ?? 0)))
        self.drawState(into: &canvas, in: toast == nil ? stateRow : beside.left, isWhole: toast == nil)
        toast?.draw(into: &canvas, in: beside.rest)
        let keyRow = Rect(row: rows - 1, column: 0, rows: 1, columns: columns)
        var bar = KeyBar(self.hints.map { KeyBar.Hint($0.key, $0.label(self.language)) })
        // In a small window most keys have no room: the one that lists them all always has.
        if self.isCompact, self.model.overlay == nil, self.model.screen?.isTyping != true {
            let key = self.world.keymap.shown("\(GlobalKeys.owner).help", usually: .character("?"))
            bar.last = KeyBar.Hint(key, ChromePhrases.help(self.language))
        }
        bar.draw(into: &canvas, in: keyRow)
    }

    /// Draws what the screen says of its state; with `isWhole` the first item is shown even where it does not fit.
    private func drawState(into canvas: inout Canvas, in line: Rect, isWhole: Bool) {
        let banner = SteeringText.banner(in: self.world, canvas.glyphs.glyphs)
        var spans = self.model.screen?.stateLine(in: self.world) ?? []
        if !banner.isEmpty { spans = banner + Self.continued(spans) }
        if self.model.usesMouse { spans.append(Span(" · \(ChromePhrases.mouseState(self.language))", .dim)) }
        let room = max(0, line.columns - 2)
        let shown = StateLine.fitting(spans, columns: room)
        let used = shown.reduce(0) { $0 + Sanitizer.columns(of: $1.text) }
        guard isWhole || used <= room else { return }
        canvas.write(shown.map { TextRun($0.text, $0.role) }, row: line.row, column: line.column + 1, maxColumns: room)
    }

    /// A state line that follows something.
    private static func continued(_ spans: [Span]) -> [Span] {
        var rest = Array(spans.drop { $0.text.allSatisfy { $0 == " " } })
        guard let first = rest.first else { return [] }
        if !first.text.hasPrefix(" · ") { rest[0].text = " · " + first.text.drop { $0 == " " } }
        return rest
    }

    /// What the key line promises: the keys of the pane, then those of the frame that fit every screen.
    var hints: [KeyHint] {
        var entries = self.model.barEntries
        if self.model.overlay == nil, self.model.screen?.isTyping != true {
            entries += self.model.globalBarEntries.filter { entry in
                GlobalKeys.isBrief(entry.action)
                    && !entries.contains { $0.keys.contains { entry.keys.contains($0) } }
            }
        }
        return Self.joined(entries)
    }

    /// Keys of one label stand together: `e/E`, `↑↓`. Of several keys of one binding the first one is shown.
    static func joined(_ entries: [KeyEntry]) -> [KeyHint] {
        var joined: [(keys: [KeyEvent], label: Phrase)] = []
        for entry in entries {
            guard let key = entry.keys.first else { continue }
            if let index = joined.firstIndex(where: { $0.label == entry.label }) {
                joined[index].keys.append(key)
            } else {
                joined.append(([key], entry.label))
            }
        }
        return joined.map { KeyHint(KeyName.shown($0.keys), $0.label) }
    }
}

/// What of a state line fits.
enum StateLine {
    /// The items from the left that fit whole; the first one is kept in any case.
    ///
    /// An item begins with ` · ` or with two blanks; what follows without them belongs to it.
    static func fitting(_ spans: [Span], columns: Int) -> [Span] {
        var items: [[Span]] = []
        for span in spans where !(items.isEmpty && span.text.utf8.allSatisfy { $0 == 0x20 }) {
            var span = span
            let isItem = span.text.utf8.starts(with: " · ".utf8)
            if items.isEmpty {
                let text = isItem ? span.text.dropFirst(3) : span.text[...]
                span.text = String(text.drop { $0 == " " })
                items.append([span])
            } else if isItem || span.text.utf8.starts(with: "  ".utf8) {
                items.append([span])
            } else {
                items[items.count - 1].append(span)
            }
        }
        var shown: [Span] = []
        var used = 0
        for item in items {
            used += item.reduce(0) { $0 + Sanitizer.columns(of: $1.text) }
            if used > columns, !shown.isEmpty { break }
            shown += item
        }
        return shown
    }
}
