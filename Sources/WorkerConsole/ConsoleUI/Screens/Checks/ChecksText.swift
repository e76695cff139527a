import TerminalCanvas
import Widgets
import WorkerDomain

/// What the checks screen says of checks.
enum ChecksText {
    /// That checks run, and why; `nil` while none does.
    static func running(_ screen: ChecksScreen, in world: World) -> String? {
        if case .changedOnDisk(let files) = world.checkRun {
            return ChecksPhrases.changedOnDisk(world.language, ProjectText.names(files, world.language))
        }
        return screen.isRunning || world.checkRun != nil ? ChecksPhrases.running(world.language) : nil
    }

    /// Whether a deploy is expected to work.
    static func gate(of screen: ChecksScreen, in world: World, _ glyphs: Glyphs) -> String {
        let language = world.language
        if let running = self.running(screen, in: world) { return Pane.marked(running, glyphs) }
        guard let report = screen.report(in: world) else { return "" }
        let gate = (report.isBlocked ? ChecksPhrases.blocked : ChecksPhrases.ready)(language)
        return Pane.marked(ChecksPhrases.gate(language, gate), glyphs)
    }

    // MARK: List

    static func drawRows(
        _ results: [CheckResult], window: Range<Int>, selected: Int, isFocused: Bool, into canvas: inout Canvas,
        in rect: Rect, _ language: Language
    ) {
        let titles = results.map { Sanitizer.columns(of: self.title(of: $0, language)) }
        let titleColumns = min(titles.max() ?? 8, max(8, rect.columns / 3))
        let ellipsis = canvas.glyphs.glyphs.ellipsis
        for (offset, index) in window.enumerated() {
            let result = results[index]
            let row = rect.row + offset
            let (mark, role) = self.mark(of: result.outcome, canvas.glyphs.glyphs)
            canvas.write(mark, row: row, column: rect.column + 2, role: role)
            let title = Truncation.end(self.title(of: result, language), columns: titleColumns, ellipsis: ellipsis)
            canvas.write(title, row: row, column: rect.column + 4, role: result.outcome == .pass ? .plain : .strong)
            let place = rect.column + 5 + titleColumns + (rect.columns < 60 ? 0 : 1)
            canvas.write(
                Truncation.end(
                    self.summary(of: result, language), columns: rect.endColumn - place - 1, ellipsis: ellipsis),
                row: row, column: place, role: result.outcome == .pass ? .dim : .plain)
            if index == selected { Pane.select(&canvas, row: row, in: rect, isFocused: isFocused) }
        }
        ScrollBar(count: results.count, window: window).draw(into: &canvas, in: rect)
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

    private static func fixText(of result: CheckResult, _ language: Language) -> String? {
        language == .simplifiedChinese ? result.chinese?.fix ?? result.fix : result.fix
    }

    // MARK: Explanation

    static func explanation(of result: CheckResult, columns: Int, _ language: Language) -> [[Span]] {
        var lines = Wrapping.lines(of: self.summary(of: result, language), columns: columns).map { [Span($0, .strong)] }
        lines += self.block(
            ChecksPhrases.seen(language), result.texts(in: language).evidence.prefix(100).joined(separator: "\n"),
            columns: columns)
        lines += self.block(ChecksPhrases.rule(language), self.rule(of: result, language), columns: columns)
        lines += self.block(ChecksPhrases.place(language), result.place, columns: columns, role: .name)
        lines += self.block(
            ChecksPhrases.fix(language), self.fixText(of: result, language), columns: columns, role: .ok)
        return lines + self.example(of: result, columns: columns, language)
    }

    static func fix(of result: CheckResult, columns: Int, _ language: Language) -> [[Span]] {
        var lines = self.block(ChecksPhrases.place(language), result.place, columns: columns, role: .name)
        lines += self.block(
            ChecksPhrases.fix(language), self.fixText(of: result, language), columns: columns, role: .ok)
        return lines + self.example(of: result, columns: columns, language)
    }

    /// The code that works, line by line as it is copied.
    private static func example(of result: CheckResult, columns: Int, _ language: Language) -> [[Span]] {
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

    // MARK: State

    static func stateLine(of screen: ChecksScreen, in world: World) -> [Span] {
        let language = world.language
        var spans = [Span(" ")]
        if let report = screen.report(in: world) {
            spans.append(Span(self.counts(of: report, language)))
            let code = report.isBlocked ? "1" : "0"
            spans.append(Span(" · \(ChecksPhrases.exitCode(language, code))", report.isBlocked ? .failure : .ok))
            let time = ScreenFormat.clock(report.startedAt, in: world)
            spans.append(
                Span(" · \(ChecksPhrases.ranAt(language, time, ScreenFormat.duration(report.duration)))", .dim))
        }
        // What goes on now comes before figures, which are left out first where there is no room.
        if let running = self.running(screen, in: world) {
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
}
