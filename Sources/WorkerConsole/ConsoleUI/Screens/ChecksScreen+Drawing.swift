package import TerminalCanvas
import Widgets
import WorkerDomain

extension ChecksScreen {
    package func draw(into canvas: inout Canvas, area: Rect, world: World) {
        guard !area.isEmpty else { return }
        self.clicks.clear()
        let selected = self.selected(in: world)
        if self.isFixOpen, let selected {
            let title = Self.title(of: selected, world.language)
            let inner =
                Pane.isSmall(area)
                ? area
                : Pane.frame(
                    &canvas, area, title: "\(ChecksPhrases.fix(world.language)) · \(title)", isFocused: true)
            self.drawLines(self.fixLines(selected, columns: inner.columns - 2, world.language), &canvas, inner)
            return
        }
        if Pane.isSmall(area) {
            if self.focus == .explanation, let selected {
                self.drawExplanation(selected, &canvas, area, world)
            } else {
                self.drawList(&canvas, area, world)
            }
            return
        }
        let results = self.results(in: world)
        let listRect: Rect
        let explanationRect: Rect
        if area.columns >= 120 {
            (listRect, explanationRect) = area.splitLeft(area.columns * 9 / 20)
        } else {
            let least = 6
            let wanted = results.count + 2
            // What is wrong takes words; when nothing is, the list may be whole.
            let isWell = results.allSatisfy { $0.outcome == .pass || $0.outcome == .skip }
            let rows = self.focus == .explanation ? least : min(wanted, area.rows - (isWell ? 6 : 9))
            (listRect, explanationRect) = area.splitTop(max(least, rows))
        }
        let inner = Pane.frame(
            &canvas, listRect, title: ChecksPhrases.title(world.language),
            note: self.gateNote(in: world, canvas.glyphs.glyphs),
            isFocused: self.focus == .list)
        self.drawList(&canvas, inner, world)
        guard let selected else {
            Pane.frame(&canvas, explanationRect, title: "")
            return
        }
        let mark = Self.mark(of: selected.outcome, canvas.glyphs.glyphs).text
        let position = ChecksPhrases.position(
            world.language, String(min(self.cursor, results.count - 1) + 1), String(results.count))
        let right = Pane.frame(
            &canvas, explanationRect, title: "\(mark) \(Self.title(of: selected, world.language))", note: position,
            isFocused: self.focus == .explanation)
        self.drawExplanation(selected, &canvas, right, world)
    }

    /// That checks run, and why; `nil` while none does.
    private func running(in world: World) -> String? {
        if case .changedOnDisk(let files) = world.checkRun {
            return ChecksPhrases.changedOnDisk(world.language, ProjectText.names(files, world.language))
        }
        return self.runPending.isWaiting || world.checkRun != nil ? ChecksPhrases.running(world.language) : nil
    }

    /// Whether a deploy is expected to work.
    private func gateNote(in world: World, _ glyphs: Glyphs) -> String {
        let language = world.language
        if let running = self.running(in: world) { return Pane.marked(running, glyphs) }
        guard let report = self.report(in: world) else { return "" }
        let gate = (report.isBlocked ? ChecksPhrases.blocked : ChecksPhrases.ready)(language)
        return Pane.marked(ChecksPhrases.gate(language, gate), glyphs)
    }

    // MARK: List

    private func drawList(_ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        let language = world.language
        guard let report = self.report(in: world) else {
            let text = self.running(in: world) ?? ChecksPhrases.notRun(language)
            Pane.notice(&canvas, rect, [Span(text, .dim)])
            return
        }
        let results = report.results
        guard !results.isEmpty else {
            Pane.notice(&canvas, rect, [Span(ChecksPhrases.noChecks(language), .dim)])
            return
        }
        let cursor = max(0, min(self.cursor, results.count - 1))
        let titles = results.map { Sanitizer.columns(of: Self.title(of: $0, language)) }
        let titleColumns = min(titles.max() ?? 8, max(8, rect.columns / 3))
        if self.focus == .list { self.height.note(rect.rows) }
        let top = Pane.top(cursor: cursor, count: results.count, height: rect.rows)
        self.clicks.note(.list, rect, first: top, count: results.count)
        for offset in 0..<min(rect.rows, results.count - top) {
            let result = results[top + offset]
            let row = rect.row + offset
            let (mark, role) = Self.mark(of: result.outcome, canvas.glyphs.glyphs)
            canvas.write(mark, row: row, column: rect.column + 2, role: role)
            let ellipsis = canvas.glyphs.glyphs.ellipsis
            let title = Truncation.end(Self.title(of: result, language), columns: titleColumns, ellipsis: ellipsis)
            canvas.write(title, row: row, column: rect.column + 4, role: result.outcome == .pass ? .plain : .strong)
            let place = rect.column + 5 + titleColumns + (rect.columns < 60 ? 0 : 1)
            canvas.write(
                Truncation.end(
                    Self.summary(of: result, language), columns: rect.endColumn - place - 1, ellipsis: ellipsis),
                row: row,
                column: place, role: result.outcome == .pass ? .dim : .plain)
            if top + offset == cursor {
                Pane.select(&canvas, row: row, in: rect, isFocused: self.focus == .list)
            }
        }
        ScrollBar(count: results.count, window: top..<min(results.count, top + rect.rows)).draw(
            into: &canvas, in: rect)
    }

    static func mark(of outcome: CheckResult.Outcome, _ glyphs: Glyphs) -> (text: String, role: Role) {
        switch outcome {
        case .pass: (glyphs.check, .ok)
        case .warn: (glyphs.warning, .warning)
        case .fail: (glyphs.cross, .failure)
        case .skip: (glyphs.skipped, .dim)
        case .undecided: ("?", .warning)
        }
    }

    static func title(of result: CheckResult, _ language: Language) -> String {
        language == .simplifiedChinese ? result.chinese?.title ?? result.title : result.title
    }

    static func summary(of result: CheckResult, _ language: Language) -> String {
        language == .simplifiedChinese ? result.chinese?.summary ?? result.summary : result.summary
    }

    private static func rule(of result: CheckResult, _ language: Language) -> String? {
        language == .simplifiedChinese ? result.chinese?.rule ?? result.rule : result.rule
    }

    private static func fix(of result: CheckResult, _ language: Language) -> String? {
        language == .simplifiedChinese ? result.chinese?.fix ?? result.fix : result.fix
    }

    // MARK: Explanation

    private func drawExplanation(_ result: CheckResult, _ canvas: inout Canvas, _ rect: Rect, _ world: World) {
        self.clicks.note(.explanation, rect, first: 0, count: 0)
        self.drawLines(self.explanationLines(result, columns: rect.columns - 2, world.language), &canvas, rect)
    }

    private func drawLines(_ lines: [[Span]], _ canvas: inout Canvas, _ rect: Rect) {
        if self.focus == .explanation || self.isFixOpen { self.height.note(rect.rows) }
        let top = max(0, min(self.line, lines.count - rect.rows))
        let glyphs = canvas.glyphs.glyphs
        for offset in 0..<min(rect.rows, max(0, lines.count - top)) {
            let line = lines[top + offset]
            Pane.write(line, to: &canvas, row: rect.row + offset, column: rect.column + 1, columns: rect.columns - 2)
        }
        if top + rect.rows < lines.count, rect.rows > 1 {
            canvas.write(glyphs.expanded, row: rect.endRow - 1, column: rect.endColumn - 1, role: .dim)
        }
    }

    func explanationLines(_ result: CheckResult, columns: Int, _ language: Language) -> [[Span]] {
        var lines = Wrapping.lines(of: Self.summary(of: result, language), columns: columns).map { [Span($0, .strong)] }
        lines += Self.block(
            ChecksPhrases.seen(language), result.texts(in: language).evidence.prefix(100).joined(separator: "\n"),
            columns: columns)
        lines += Self.block(ChecksPhrases.rule(language), Self.rule(of: result, language), columns: columns)
        lines += Self.block(ChecksPhrases.place(language), result.place, columns: columns, role: .name)
        lines += Self.block(ChecksPhrases.fix(language), Self.fix(of: result, language), columns: columns, role: .ok)
        return lines + self.exampleLines(result, columns: columns, language)
    }

    func fixLines(_ result: CheckResult, columns: Int, _ language: Language) -> [[Span]] {
        var lines = Self.block(ChecksPhrases.place(language), result.place, columns: columns, role: .name)
        lines += Self.block(ChecksPhrases.fix(language), Self.fix(of: result, language), columns: columns, role: .ok)
        return lines + self.exampleLines(result, columns: columns, language)
    }

    /// The code that works, line by line as it is copied.
    private func exampleLines(_ result: CheckResult, columns: Int, _ language: Language) -> [[Span]] {
        guard let example = result.example else { return [] }
        let code = StoredLines.split(example).prefix(400).flatMap { line in
            Wrapping.lines(of: line.replacing("\t", with: "    "), columns: columns - 2, maximum: 20)
        }
        return [[], [Span(ChecksPhrases.example(language), .heading)]] + code.map { [Span("  \($0)", .literal)] }
    }

    /// A label and its text, which goes on below itself.
    private static func block(_ label: String, _ text: String?, columns: Int, role: Role = .plain) -> [[Span]] {
        guard let text, !text.isEmpty else { return [] }
        let indent = 7
        let lines = StoredLines.split(text).prefix(200).flatMap {
            Wrapping.lines(of: $0.replacing("\t", with: "    "), columns: columns - indent, maximum: 40)
        }
        let gap = String(repeating: " ", count: max(1, indent - Sanitizer.columns(of: label)))
        return lines.enumerated().map { index, line in
            [index == 0 ? Span(label + gap, .dim) : Span(String(repeating: " ", count: indent)), Span(line, role)]
        }
    }

    // MARK: State and keys

    package func stateLine(in world: World) -> [Span] {
        let language = world.language
        var spans = [Span(" ")]
        if let report = self.report(in: world) {
            spans.append(Span(Self.counts(of: report, language)))
            let code = report.isBlocked ? "1" : "0"
            spans.append(Span(" · \(ChecksPhrases.exitCode(language, code))", report.isBlocked ? .failure : .ok))
            let time = ScreenFormat.clock(report.startedAt, in: world)
            spans.append(
                Span(" · \(ChecksPhrases.ranAt(language, time, ScreenFormat.duration(report.duration)))", .dim))
        }
        // What goes on now comes before figures, which are left out first where there is no room.
        if let running = self.running(in: world) {
            spans.insert(Span(spans.count > 1 ? "\(running) · " : running, .active), at: 1)
        }
        return spans
    }

    /// `11 pass · 1 warn`: outcomes that there are.
    static func counts(of report: CheckReport, _ language: Language) -> String {
        CheckResult.Outcome.allCases.compactMap { outcome -> String? in
            let count = report.count(of: outcome)
            return count == 0 ? nil : "\(count) \(ChecksPhrases.word(for: outcome)(language))"
        }.joined(separator: " · ")
    }

    package func keys(in world: World) -> [KeyHint] {
        if self.isFixOpen {
            return [
                KeyHint("y", ChecksPhrases.keyCopy), KeyHint("j k", ChecksPhrases.keyMove),
                KeyHint("Esc", ChecksPhrases.keyBack),
            ]
        }
        var hints: [KeyHint] = self.focus == .list ? [KeyHint("⏎", ChecksPhrases.keyExplain)] : []
        if let selected = self.selected(in: world) {
            if selected.fix != nil || selected.example != nil { hints.append(KeyHint("f", ChecksPhrases.keyFix)) }
            if selected.example != nil { hints.append(KeyHint("y", ChecksPhrases.keyCopy)) }
        }
        hints += [
            KeyHint("r", ChecksPhrases.keyRun), KeyHint("e", ChecksPhrases.keyProblem),
            KeyHint("Tab", ChecksPhrases.keyPane),
        ]
        if self.focus == .explanation { hints.append(KeyHint("Esc", ChecksPhrases.keyBack)) }
        return hints
    }
}
