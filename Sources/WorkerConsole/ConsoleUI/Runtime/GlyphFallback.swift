import TerminalCanvas

/// Replaces the interface's own marks in texts with those of the glyph set in use.
///
/// Frames and graphs ask for their glyphs; sentences and figures hold `·`, `…`, `—`, `→` as they are written. What has no
/// counterpart, a person's own text above all, stays.
enum GlyphFallback {
    private static let neutral = Self.table(for: .neutral)
    private static let ascii = Self.table(for: .ascii)

    static func apply(to canvas: inout Canvas) {
        let table: [String: String]
        switch canvas.glyphs {
        case .unicode: return
        case .neutral: table = self.neutral
        case .ascii: table = self.ascii
        }
        for row in 0..<canvas.size.rows {
            for column in 0..<canvas.size.columns {
                let cell = canvas[row, column]
                guard let first = cell.text.utf8.first, first >= 0x80, let other = table[cell.text] else { continue }
                canvas.write(other, row: row, column: column, role: cell.role)
            }
        }
    }

    private static func table(for set: GlyphSet) -> [String: String] {
        let from = GlyphSet.unicode.glyphs
        let to = set.glyphs
        let members: [KeyPath<Glyphs, String>] = [
            \.up, \.rising, \.warning, \.down, \.idle, \.mock, \.redirect, \.clientGone, \.preflight, \.pointer,
            \.active, \.expanded, \.marked, \.check, \.skipped, \.flag, \.key, \.retry, \.timer, \.cut, \.object,
            \.row, \.ellipsis, \.middleDot, \.unknown, \.bullet, \.times, \.more, \.arrowUp, \.arrowDown,
            \.arrowLeft, \.arrowRight, \.tabLeft, \.tabRight, \.pause, \.horizontal, \.vertical,
        ]
        var table: [String: String] = [:]
        for member in members { table[from[keyPath: member]] = to[keyPath: member] }
        table["“"] = "\""
        table["”"] = "\""
        if set == .ascii { table["⏎"] = "<" }
        return table.filter { $0.value.count == 1 }
    }
}
