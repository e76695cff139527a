import TerminalCanvas
import Widgets
import WorkerDomain

/// The list of everything that can be done, narrowed by typing.
struct Palette: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        let title: String
        /// The key or command that does the same.
        let hint: String
        let action: ConsoleAction
    }

    var field = TextField(limit: 200)
    var list = ListViewport()
    private let entries: [Entry]
    private(set) var shown: [Entry]

    /// - Parameters:
    ///   - entries: What the pane with the focus offers.
    ///   - world: As it is now.
    ///   - catalog: The screens that can be gone to.
    init(entries: [KeyEntry], in world: World, catalog: ScreenCatalog) {
        let own = entries.filter { $0.group != .move }.map { entry in
            Entry(
                title: Self.title(of: entry, world.language), hint: entry.shownKeys, action: .press(entry.action))
        }
        self.entries = own + Self.entries(in: world, catalog)
        self.shown = self.entries
        self.list.update(count: self.shown.count)
    }

    mutating func narrow() {
        let query = self.field.text
        let ranked = self.entries.enumerated().compactMap { offset, entry in
            Self.score(query, in: entry.title + " " + entry.hint).map { (score: $0, offset: offset, entry: entry) }
        }
        self.shown = ranked.sorted { ($0.score, $0.offset) < ($1.score, $1.offset) }.map(\.entry)
        self.list.update(count: self.shown.count)
        self.list.home()
    }

    var selected: Entry? { self.list.selected.flatMap { self.shown.indices.contains($0) ? self.shown[$0] : nil } }

    /// How well the letters of `query` stand in `text` in their order: characters jumped over, fewer is better; `nil`
    /// when they do not.
    static func score(_ query: String, in text: String) -> Int? {
        var wanted = Array(query.lowercased().filter { $0 != " " })[...]
        var jumped = 0
        for character in text.lowercased() {
            guard let next = wanted.first else { return jumped }
            if character == next { wanted = wanted.dropFirst() } else { jumped += 1 }
        }
        return wanted.isEmpty ? jumped : nil
    }

    /// - Returns: The window of the list.
    func draw(into canvas: inout Canvas, in area: Rect, language: Language) -> Rect {
        let columns = min(area.columns, 66)
        let rows = min(area.rows, 18)
        let place = Rect(
            row: area.row + (area.rows - rows) / 2, column: area.column + (area.columns - columns) / 2, rows: rows,
            columns: columns)
        let inner = Box(
            title: ChromePhrases.paletteTitle(language), note: "\(self.shown.count)/\(self.entries.count)",
            isFocused: true
        ).draw(into: &canvas, in: place)
        let (top, rest) = inner.splitTop(1)
        canvas.write(canvas.glyphs.glyphs.active, row: top.row, column: top.column + 1, role: .key)
        self.field.draw(
            into: &canvas, in: Rect(row: top.row, column: top.column + 3, rows: 1, columns: top.columns - 4),
            role: .strong)
        Table(
            columns: [
                TableColumn("", .flexible(minimum: 20)),
                TableColumn("", .fixed(min(24, inner.columns / 3)), alignment: .right, priority: 1),
            ], emptyText: ChromePhrases.paletteNone(language), showsHeading: false
        ).draw(into: &canvas, in: rest, viewport: self.list) { index in
            TableRow([TableCell(self.shown[index].title), TableCell(self.shown[index].hint, .dim)])
        }
        return rest
    }

    /// The sentence of the help without its full stop: it stands in a list.
    private static func title(of entry: KeyEntry, _ language: Language) -> String {
        let text = entry.help(language)
        return text.hasSuffix(".") || text.hasSuffix("。") ? String(text.dropLast()) : text
    }

    private static func entries(in world: World, _ catalog: ScreenCatalog) -> [Entry] {
        let language = world.language
        func key(_ action: String, _ usual: Character) -> String {
            world.keymap.shown("\(GlobalKeys.owner).\(action)", usually: .character(usual))
        }
        var entries = catalog.screens.enumerated().map { index, screen in
            Entry(
                title: ChromePhrases.goTo(language, screen.title(language)),
                hint: index < 9 ? key("screen-\(index + 1)", Character("\(index + 1)")) : "",
                action: .show(screen.id))
        }
        entries.append(
            Entry(title: ChromePhrases.chooseBackend(language), hint: key("backend", "t"), action: .chooseBackend))
        for status in world.backends.backends where !status.isActive {
            let name = status.backend.name
            entries.append(
                Entry(
                    title: ChromePhrases.useBackend(language, name), hint: ":switch \(name)",
                    action: .switchBackend(name)))
        }
        entries += [
            Entry(title: ChromePhrases.onlyErrors(language), hint: ":filter st>=400", action: .filter("st>=400")),
            Entry(title: ChromePhrases.probeBindings(language), hint: ":probe", action: .probe),
            Entry(title: ChromePhrases.showHelp(language), hint: key("help", "?"), action: .help),
            Entry(title: ChromePhrases.timesUTC(language), hint: ":set tz utc", action: .timeZone(isUTC: true)),
            Entry(title: ChromePhrases.timesLocal(language), hint: ":set tz local", action: .timeZone(isUTC: false)),
            Entry(title: ChromePhrases.nextTheme(language), hint: key("theme", "T"), action: .theme(nil)),
        ]
        entries += GlyphSet.allCases.map {
            Entry(
                title: ChromePhrases.drawWith(language, $0.rawValue), hint: ":glyphs \($0.rawValue)",
                action: .glyphs($0))
        }
        entries += [
            Entry(title: ChromePhrases.inLanguage(language, "English"), hint: ":lang en", action: .language(.english)),
            Entry(
                title: ChromePhrases.inLanguage(language, "简体中文"), hint: ":lang zh",
                action: .language(.simplifiedChinese)),
            Entry(
                title: ChromePhrases.useMouse(language),
                hint: world.keymap.shown("\(GlobalKeys.owner).mouse", usually: .function(2)), action: .mouse(true)),
            Entry(title: ChromePhrases.leaveMouse(language), hint: ":mouse off", action: .mouse(false)),
            Entry(title: ChromePhrases.quitConsole(language), hint: key("quit", "q"), action: .quit),
        ]
        return entries
    }
}
