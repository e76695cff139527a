package import TerminalCanvas
import Widgets
package import WorkerDomain

/// Shows what decides whether the deploy will work: every check, its evidence, its rule and its fix.
package struct ChecksScreen: Screen {
    package static let id = ScreenID.checks
    package static let title = Phrase("Checks", "检查")
    package static let summary = Phrase(
        "Whether the deploy will work, and how to fix what will not.", "部署能否成功，以及如何修复问题。")

    /// The pane that keys go to.
    enum Focus: String, Sendable { case list, explanation, fix, confirmation }

    /// The newest run of this screen; the world's stands before it.
    private var ownReport: CheckReport?
    private var list = ListPane<String>()
    private var text = DetailPane()
    private var hasBeenShown = false
    private(set) var focus = Focus.list
    private var running = Pending("run")
    private var applying = Pending("apply")
    /// Of the project's files when this screen's run was begun.
    private var runRevision = 0

    package init() {}

    package static let panes: [KeyPane<ChecksScreen, Effect>] = ChecksKeys.panes

    // MARK: What there is

    func report(in world: World) -> CheckReport? { world.checks ?? self.ownReport }

    func results(in world: World) -> [CheckResult] { self.report(in: world)?.results ?? [] }

    func selected(in world: World) -> CheckResult? {
        let results = self.results(in: world)
        return results.isEmpty ? nil : results[max(0, min(self.list.cursor, results.count - 1))]
    }

    /// Checks run that this screen has asked for.
    var isRunning: Bool { self.running.isWaiting }

    var cursor: Int { self.list.cursor }

    // MARK: Messages

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        switch message {
        case .shown:
            self.hasBeenShown = true
            self.settle(in: world)
            return self.report(in: world) == nil && world.checkRun == nil ? self.run(in: world) : []
        case .key(let key): return self.press(key, in: world)
        case .worldChanged:
            self.settle(in: world)
            // What was asked for before the files changed may have read them as they were.
            guard case .changedOnDisk = world.checkRun, self.isRunning,
                world.status.project.revision != self.runRevision
            else { return [] }
            return self.runAgain(in: world)
        case .paste, .hidden, .tick, .traffic, .object: return []
        }
    }

    /// Finds the selected check in the newest report; the first problem, when none was selected.
    private mutating func settle(in world: World) {
        let results = self.results(in: world)
        let start = results.firstIndex { $0.outcome == .fail } ?? results.firstIndex { $0.outcome == .warn } ?? 0
        if !self.list.update(results.map(\.id), start: start, isSeen: self.hasBeenShown) { self.text.home() }
        // The fix may be there no more.
        if self.focus == .fix, self.selected(in: world).map(Self.hasFix) != true { self.show(.list) }
        if self.focus == .confirmation, self.selected(in: world)?.repair == nil { self.show(.list) }
    }

    // MARK: What keys do

    static func hasFix(_ result: CheckResult) -> Bool { result.fix != nil || result.example != nil }

    /// Writes what the confirmation shows, and runs the checks again.
    mutating func apply(in world: World) -> [Effect] {
        guard let repair = self.selected(in: world)?.repair, !self.applying.isWaiting else { return [] }
        self.show(.list)
        return [
            self.start(\.applying) {
                await $0.checks.apply(repair)
            } then: { screen, outcome, world in
                let language = world.language
                switch outcome {
                case .applied(let backups):
                    let names = repair.files.map(\.name).joined(separator: ", ")
                    let words = ChecksPhrases.applied(language, names, backups.joined(separator: ", "))
                    return [.toast(words, isFailure: false)] + screen.run(in: world)
                case .refused(let why):
                    return [.toast(ChecksPhrases.notApplied(language, language.text(why)), isFailure: true)]
                }
            }
        ]
    }

    mutating func run(in world: World) -> [Effect] { self.isRunning ? [] : self.runAgain(in: world) }

    private mutating func runAgain(in world: World) -> [Effect] {
        self.runRevision = world.status.project.revision
        return [
            self.start(\.running) {
                await $0.checks.run()
            } then: { screen, report, world in
                screen.ownReport = report
                screen.settle(in: world)
                return [.checked(report)]
            }
        ]
    }

    mutating func show(_ focus: Focus) {
        self.focus = focus
        self.text.home()
    }

    mutating func move(_ movement: KeyMovement, in world: World) {
        let rows = movement.rows(page: world.layout.page)
        guard self.focus != .list else { return self.select(self.list.cursor + rows, in: world) }
        let count =
            self.selected(in: world).map {
                self.lines(of: $0, columns: world.layout.columns - 2, GlyphSet.unicode.glyphs, world)
            } ?? []
        self.text.move(by: rows, count: count.count, page: world.layout.page)
    }

    mutating func select(_ row: Int, in world: World) {
        self.list.select(row, in: self.results(in: world).map(\.id))
        self.text.home()
    }

    /// Selects the next or previous check that failed or warns.
    mutating func moveToProblem(forward: Bool, in world: World) -> [Effect] {
        let results = self.results(in: world)
        let order = forward ? Array(results.indices) : results.indices.reversed()
        let candidates = order.filter { results[$0].outcome == .fail || results[$0].outcome == .warn }
        let next = candidates.first { forward ? $0 > self.cursor : $0 < self.cursor } ?? candidates.first
        guard let next, next != self.cursor else {
            return [.toast(ChecksPhrases.noOtherProblem(world.language), isFailure: false)]
        }
        self.select(next, in: world)
        return []
    }

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] {
        guard let (pane, index) = world.layout.hit(row: row, column: column, as: Focus.self),
            pane != .fix, pane != .confirmation
        else {
            return []
        }
        if pane == .list, self.focus == .list, let index, index == self.cursor {
            self.show(.explanation)
            return []
        }
        if self.focus != pane { self.show(pane) }
        if pane == .list, let index, index != self.cursor { self.select(index, in: world) }
        return []
    }

    // MARK: Drawing

    package func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout {
        var layout = ScreenLayout()
        guard !area.isEmpty else { return layout }
        let selected = self.selected(in: world)
        if self.focus == .fix || self.focus == .confirmation, let selected {
            self.drawFix(of: selected, &canvas, area, &layout, world)
        } else if Pane.isSmall(area) {
            if self.focus == .explanation, let selected {
                self.drawText(of: selected, &canvas, area, &layout, world)
            } else {
                self.drawList(&canvas, area, &layout, world)
            }
        } else {
            self.drawPanes(&canvas, area, &layout, world)
        }
        return layout
    }

    private func drawFix(
        of result: CheckResult, _ canvas: inout Canvas, _ area: Rect, _ layout: inout ScreenLayout, _ world: World
    ) {
        let names = result.repair?.files.map(\.name).joined(separator: ", ") ?? ""
        let head = self.focus == .fix ? ChecksPhrases.fix(world.language) : ChecksPhrases.change(world.language, names)
        let title = "\(head) · \(ChecksText.title(of: result, world.language))"
        let inner = Pane.isSmall(area) ? area : Pane.frame(&canvas, area, title: title, isFocused: true)
        self.drawText(of: result, &canvas, inner, &layout, world)
    }

    private func drawPanes(_ canvas: inout Canvas, _ area: Rect, _ layout: inout ScreenLayout, _ world: World) {
        let results = self.results(in: world)
        let (listRect, textRect) = self.split(area, results)
        let note = ChecksText.gate(of: self, in: world, canvas.glyphs.glyphs)
        let inner = Pane.frame(
            &canvas, listRect, title: ChecksPhrases.title(world.language), note: note, isFocused: self.focus == .list)
        self.drawList(&canvas, inner, &layout, world)
        guard let selected = self.selected(in: world) else {
            Pane.frame(&canvas, textRect, title: "")
            return
        }
        let mark = ChecksText.mark(of: selected.outcome, canvas.glyphs.glyphs).text
        let position = ChecksPhrases.position(
            world.language, String(min(self.cursor, results.count - 1) + 1), String(results.count))
        let right = Pane.frame(
            &canvas, textRect, title: "\(mark) \(ChecksText.title(of: selected, world.language))", note: position,
            isFocused: self.focus == .explanation)
        self.drawText(of: selected, &canvas, right, &layout, world)
    }

    private func split(_ area: Rect, _ results: [CheckResult]) -> (list: Rect, text: Rect) {
        if area.columns >= 120 {
            let (list, text) = area.splitLeft(area.columns * 9 / 20)
            return (list, text)
        }
        let least = 6
        // What is wrong takes words; when nothing is, the list may be whole.
        let isWell = results.allSatisfy { $0.outcome == .pass || $0.outcome == .skip }
        let rows = self.focus == .explanation ? least : min(results.count + 2, area.rows - (isWell ? 6 : 9))
        let (list, text) = area.splitTop(max(least, rows))
        return (list, text)
    }

    private func drawList(_ canvas: inout Canvas, _ rect: Rect, _ layout: inout ScreenLayout, _ world: World) {
        let results = self.results(in: world)
        guard !results.isEmpty else {
            let text =
                self.report(in: world) == nil
                ? ChecksText.running(self, in: world)
                    ?? ChecksPhrases.notRunYet(
                        world.language, world.keymap.shown("checks.run", usually: .character("r")))
                : ChecksPhrases.noChecks(world.language)
            return Pane.notice(&canvas, rect, [Span(text, .dim)])
        }
        let window = self.list.window(rows: rect.rows, count: results.count)
        layout.note(Focus.list, rect, first: window.lowerBound, count: results.count)
        if self.focus == .list { layout.noteFocus(rect) }
        ChecksText.drawRows(
            results, window: window, selected: min(self.cursor, results.count - 1), isFocused: self.focus == .list,
            into: &canvas, in: rect, world.language)
    }

    private func drawText(
        of result: CheckResult, _ canvas: inout Canvas, _ rect: Rect, _ layout: inout ScreenLayout, _ world: World
    ) {
        let pane: Focus = self.focus == .list ? .explanation : self.focus
        layout.note(pane, rect, first: 0, count: 0)
        if self.focus != .list { layout.noteFocus(rect) }
        self.text.draw(
            self.lines(of: result, columns: rect.columns - 2, canvas.glyphs.glyphs, world), into: &canvas, in: rect)
    }

    private func lines(of result: CheckResult, columns: Int, _ glyphs: Glyphs, _ world: World) -> [[Span]] {
        switch self.focus {
        case .fix: ChecksText.fix(of: result, columns: columns, glyphs, world)
        case .confirmation: ChecksText.confirmation(of: result, columns: columns, glyphs, world)
        case .list, .explanation: ChecksText.explanation(of: result, columns: columns, glyphs, world)
        }
    }

    package func stateLine(in world: World) -> [Span] { ChecksText.stateLine(of: self, in: world) }
}

extension ScreenID {
    package static let checks = ScreenID(rawValue: "checks")
}
