import TerminalCanvas
import Widgets
import WorkerDomain

extension Pane {
    /// Tabs inside a pane.
    static func tabs(_ titles: [(text: String, isSelected: Bool)], _ canvas: inout Canvas, row: Int, in rect: Rect) {
        let selected = titles.firstIndex { $0.isSelected } ?? 0
        TabBar(titles.map(\.text), selected: selected).draw(
            into: &canvas, in: Rect(row: row, column: rect.column + 1, rows: 1, columns: rect.columns - 1))
    }

    /// The field that is typed in, with the cursor.
    static func input(_ field: TextField, _ canvas: inout Canvas, _ rect: Rect, isFocused: Bool = true) {
        field.draw(into: &canvas, in: rect, role: .strong, isFocused: isFocused)
    }

    /// A phrase with the marks `▲ ✖ ✓` in the canvas's own glyphs.
    static func marked(_ text: String, _ glyphs: Glyphs) -> String {
        guard glyphs != GlyphSet.unicode.glyphs else { return text }
        return text.replacing("▲", with: glyphs.warning).replacing("✖", with: glyphs.cross)
            .replacing("✓", with: glyphs.check).replacing("→", with: glyphs.arrowRight)
            .replacing("·", with: glyphs.middleDot).replacing("…", with: glyphs.ellipsis)
    }

    /// That what is shown is not what `wrangler dev` would use.
    static func findingSpans(_ findings: [StoreFinding], _ language: Language) -> [Span] {
        findings.compactMap { finding in
            guard case .oldName(let stored, _) = finding else { return nil }
            return Span(" · \(StoragePhrases.oldData(language, stored))", .warning)
        }
    }

    /// What has changed a moment ago, and whether changes are not seen at all.
    static func changeSpans(_ marks: ChangeMarks, isBlind: Bool, _ language: Language) -> [Span] {
        var spans: [Span] = []
        for (count, phrase, role) in [
            (marks.added, StoragePhrases.countNew, Role.ok), (marks.changed, StoragePhrases.countChanged, .warning),
            (marks.removed, StoragePhrases.countGone, .warning),
        ] where count > 0 {
            spans.append(Span(" · \(phrase(language, ScreenFormat.count(count)))", role))
        }
        if isBlind { spans.append(Span(" · \(StoragePhrases.notWatched(language))", .warning)) }
        return spans
    }

    /// Where the data is: LOCAL or REMOTE with the host that is asked for it, and the binding.
    static func placeSpans(of resource: BoundResource, _ language: Language) -> [Span] {
        let name = Span(" \(resource.binding.name)")
        if let host = resource.host { return [Span("\(StoragePhrases.remote(language)) \(host)", .danger), name] }
        // What is at Cloudflare and not read here has a URL in place of a path.
        let isRemote = resource.place.contains("://")
        return [
            isRemote ? Span(StoragePhrases.remote(language), .danger) : Span(StoragePhrases.local(language), .strong),
            name,
        ]
    }
}
