import TerminalCanvas
import Widgets
import WorkerDomain

/// The help: the keys of the pane, grouped and with a sentence each, those of the frame, marks and commands.
struct HelpView: Sendable, Equatable {
    /// What is looked for; `nil` while nothing was.
    private var field: TextField?
    private var isTyping = false
    private var offset = 0
    /// The screens in a sentence each instead of the keys.
    var showsTour = false { didSet { self.offset = 0 } }
    /// The tour of the first start: any key that does not scroll closes it.
    private(set) var isGreeting = false

    init() {}

    static var greeting: HelpView {
        var help = HelpView()
        help.showsTour = true
        help.isGreeting = true
        return help
    }

    mutating func beginTyping() {
        self.field = self.field ?? TextField(limit: 60)
        self.isTyping = true
        self.offset = 0
    }

    mutating func paste(_ text: String) { if self.isTyping { self.field?.paste(text) } }

    mutating func move(by rows: Int) { self.offset = max(0, min(self.offset + rows, 2_000)) }

    /// Takes a key of the field.
    mutating func type(_ key: KeyEvent) {
        switch key {
        case .enter: self.isTyping = false
        case .escape:
            self.field = nil
            self.isTyping = false
        default: if self.field?.handle(key) == true { self.offset = 0 }
        }
    }

    /// Keys are text for what is looked for.
    var takesText: Bool { self.isTyping }

    // MARK: Drawing

    private static let keyColumns = 12

    /// - Returns: The size of its window, for pages.
    func draw(into canvas: inout Canvas, in body: Rect, model: ConsoleModel) -> Rect {
        let language = model.world.language
        let lines = self.lines(of: model, glyphs: canvas.glyphs.glyphs, columns: min(body.columns, 78) - 4)
        let columns = min(body.columns, 78)
        let rows = min(body.rows, max(8, lines.count + 2))
        let place = Rect(
            row: body.row + (body.rows - rows) / 2, column: body.column + (body.columns - columns) / 2, rows: rows,
            columns: columns)
        let title =
            self.isGreeting
            ? KeyPhrases.tourTitle(language)
            : ChromePhrases.helpTitle(language, model.catalog.title(of: model.current)(language))
        var inner = Box(title: title, isFocused: true).draw(into: &canvas, in: place)
        if let field = self.field {
            let (top, rest) = inner.splitTop(1)
            canvas.write("/", row: top.row, column: top.column + 1, role: .key)
            field.draw(
                into: &canvas, in: Rect(row: top.row, column: top.column + 2, rows: 1, columns: top.columns - 3),
                role: .strong, isFocused: self.isTyping)
            inner = rest
        }
        let first = max(0, min(self.offset, lines.count - inner.rows))
        for (line, runs) in lines.dropFirst(first).prefix(inner.rows).enumerated() {
            canvas.write(runs, row: inner.row + line, column: inner.column + 1, maxColumns: inner.columns - 2)
        }
        ScrollBar(count: lines.count, window: first..<min(lines.count, first + inner.rows)).draw(
            into: &canvas, in: inner)
        return inner
    }

    private func lines(of model: ConsoleModel, glyphs: Glyphs, columns: Int) -> [[TextRun]] {
        let language = model.world.language
        if self.showsTour { return Self.tour(of: model, columns: columns) }
        let query = self.field?.text.lowercased() ?? ""
        var lines: [[TextRun]] = []
        func add(_ title: String, _ rows: [[TextRun]]) {
            guard !rows.isEmpty else { return }
            if !lines.isEmpty { lines.append([]) }
            lines.append([TextRun(title, .title)])
            lines += rows
        }
        for group in KeyGroup.allCases {
            let entries = model.screen?.entries(in: model.world).filter { $0.group == group } ?? []
            add(group.title(language), Self.rows(of: entries, query, glyphs, language, columns: columns))
        }
        add(
            ChromePhrases.helpEverywhere(language),
            Self.rows(of: model.globalEntries, query, glyphs, language, columns: columns))
        let legend = model.screen.map { Swift.type(of: $0).legend } ?? []
        add(
            KeyPhrases.legend(language),
            legend.filter { Self.holds($0.meaning, query) }.flatMap { line in
                Self.row(Pane.marked(line.mark, glyphs), line.meaning(language), .name, columns: columns)
            })
        add(
            ChromePhrases.helpCommands(language),
            CommandLine.usages(in: model.catalog).filter { query.isEmpty || $0.lowercased().contains(query) }.map {
                [TextRun(" :" + $0)]
            })
        if lines.isEmpty { lines.append([TextRun(KeyPhrases.nothing(language), .dim)]) }
        return lines
    }

    private static func holds(_ phrase: Phrase, _ query: String) -> Bool {
        query.isEmpty || phrase.english.lowercased().contains(query) || phrase.chinese.contains(query)
    }

    /// Entries with one sentence each; those of one sentence stand together.
    private static func rows(
        of entries: [KeyEntry], _ query: String, _ glyphs: Glyphs, _ language: Language, columns: Int
    ) -> [[TextRun]] {
        var merged: [(keys: [KeyEvent], entry: KeyEntry)] = []
        for entry in entries
        where self.holds(entry.help, query) || self.holds(entry.label, query) || entry.shownKeys.lowercased() == query {
            if let last = merged.last, last.entry.help == entry.help {
                merged[merged.count - 1].keys += entry.keys
            } else {
                merged.append((entry.keys, entry))
            }
        }
        return merged.flatMap { keys, entry in
            let shown = KeyName.shown(keys).replacing(GlyphSet.unicode.glyphs.enter, with: glyphs.enter)
            let text = entry.help(language)
            let warned = entry.danger == .destructive ? "\(glyphs.warning) \(text)" : text
            return self.row(shown, warned, .key, columns: columns)
        }
    }

    private static func row(_ mark: String, _ text: String, _ role: Role, columns: Int) -> [[TextRun]] {
        let pad = String(repeating: " ", count: max(1, self.keyColumns - Sanitizer.columns(of: mark)))
        let indent = max(self.keyColumns, Sanitizer.columns(of: mark) + 1)
        let wrapped = Wrapping.lines(of: text, columns: max(8, columns - indent - 1))
        return wrapped.enumerated().map { index, line in
            index == 0
                ? [TextRun(" " + mark + pad, role), TextRun(line)]
                : [TextRun(String(repeating: " ", count: indent + 1)), TextRun(line)]
        }
    }

    /// Every screen in a sentence, and where the rest is found.
    private static func tour(of model: ConsoleModel, columns: Int) -> [[TextRun]] {
        let (language, keymap) = (model.world.language, model.world.keymap)
        var lines: [[TextRun]] = []
        func add(_ text: String) {
            lines += Wrapping.lines(of: text, columns: max(8, columns - 3)).map { [TextRun("  " + $0)] }
        }
        for (index, screen) in model.catalog.screens.enumerated() {
            let usual = KeyEvent.character(Character("\(min(index + 1, 9))"))
            let key = keymap.shown("\(GlobalKeys.owner).screen-\(index + 1)", usually: usual)
            lines.append([TextRun("\(key) ", .key), TextRun(screen.title(language), .title)])
            add(screen.summary(language))
        }
        lines.append([])
        add(KeyPhrases.tourMore(language, keymap.shown("\(GlobalKeys.owner).help", usually: .character("?"))))
        return lines
    }
}
