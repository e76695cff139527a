import TerminalCanvas
import TextSafety
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
        return Pane.marked((report.isBlocked ? ChecksPhrases.deployFails : ChecksPhrases.deployWorks)(language), glyphs)
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

    static func explanation(of result: CheckResult, columns: Int, _ glyphs: Glyphs, _ world: World) -> [[Span]] {
        let language = world.language
        var lines = Wrapping.lines(of: self.summary(of: result, language), columns: columns).map { [Span($0, .strong)] }
        lines += self.block(
            ChecksPhrases.seen(language), result.texts(in: language).evidence.prefix(100).joined(separator: "\n"),
            columns: columns)
        lines += self.block(ChecksPhrases.rule(language), self.rule(of: result, language), columns: columns)
        return lines + self.fix(of: result, columns: columns, glyphs, world)
    }

    /// The place with the source around it, what to do, and the corrected code.
    static func fix(of result: CheckResult, columns: Int, _ glyphs: Glyphs, _ world: World) -> [[Span]] {
        let language = world.language
        var lines = self.block(ChecksPhrases.place(language), result.place, columns: columns, role: .name)
        if let excerpt = result.excerpt { lines += ChecksSource.excerpt(excerpt, columns: columns, glyphs) }
        lines += self.block(
            ChecksPhrases.fix(language), self.fixText(of: result, language), columns: columns, role: .ok)
        guard let example = result.example else { return lines }
        let key = world.keymap.shown("checks.copy", usually: .character("y"))
        lines += [[], [Span(Pane.marked(ChecksPhrases.corrected(language, key), glyphs), .heading)]]
        return lines
            + ChecksSource.fix(
                from: result.original, to: example, headLines: result.headLines, isPython: self.isPython(result),
                columns: columns, glyphs)
    }

    /// The changes that would be made, file by file.
    static func confirmation(of result: CheckResult, columns: Int, _ glyphs: Glyphs, _ world: World) -> [[Span]] {
        guard let repair = result.repair else { return [] }
        let key = world.keymap.shown("checks.confirm", usually: .enter)
        let question = ChecksPhrases.confirmKeys(world.language, key)
        var lines = Wrapping.lines(of: question, columns: columns).map { [Span($0, .strong)] }
        lines += repair.steps.map { [Span("· " + world.language.text($0), .ok)] }
        for file in repair.files {
            lines += [[], [Span(Sanitizer.line(file.name), .heading)]]
            lines += ChecksSource.fix(
                from: self.shown(file.original, world), to: self.shown(file.repaired, world),
                isPython: file.name.hasSuffix(".py"), columns: columns, glyphs)
        }
        return lines
    }

    /// Without what gives access, and without a byte order mark.
    private static func shown(_ bytes: [UInt8], _ world: World) -> String {
        world.redaction.source(String(decoding: bytes, as: UTF8.self).replacing("\u{FEFF}", with: ""))
    }

    /// The corrected code is Python: a comment of Python names its file, or the place does.
    private static func isPython(_ result: CheckResult) -> Bool {
        result.original != nil || result.excerpt?.isPython == true || result.place?.contains(".py") == true
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
