import TerminalCanvas
import WorkerDomain

/// Shows what decides whether the deploy will work: every check, its evidence, its rule and its fix.
package struct ChecksScreen: Screen {
    package static let id = ScreenID.checks

    /// The pane that keys go to.
    enum Focus: Sendable, Equatable { case list, explanation }

    /// The newest run of this screen; the world's stands before it.
    private var ownReport: CheckReport?
    private(set) var cursor = 0
    /// The check that the cursor is on: it stays there, whatever comes and goes around it. `nil` before somebody has
    /// seen the list.
    private var selectedID: String?
    private var hasBeenShown = false
    var focus = Focus.list
    /// The line of the explanation that the view is around.
    var line = 0
    /// The fix of the selected check fills the screen.
    var isFixOpen = false
    private(set) var runPending = PendingEffect("checks")
    /// Of the project's files when this screen's run was begun.
    private var runRevision = 0

    /// Rows of the pane that has the focus.
    let height = PaneHeight()
    /// Where the panes stand.
    let clicks = ClickMap<Focus>()

    package init() {}

    package var isTyping: Bool { false }

    package var canGoBack: Bool { self.isFixOpen || self.focus == .explanation }

    func report(in world: World) -> CheckReport? { world.checks ?? self.ownReport }

    func results(in world: World) -> [CheckResult] { self.report(in: world)?.results ?? [] }

    func selected(in world: World) -> CheckResult? {
        let results = self.results(in: world)
        return results.isEmpty ? nil : results[max(0, min(self.cursor, results.count - 1))]
    }

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        switch message {
        case .shown:
            self.hasBeenShown = true
            self.reselect(in: world)
            return self.report(in: world) == nil && world.checkRun == nil ? self.run(in: world) : []
        case .key(let key): return self.take(key, in: world)
        case .reply(let key, let payload):
            guard self.runPending.takes(key), let report = payload as? CheckReport else { return [] }
            self.ownReport = report
            self.reselect(in: world)
            return []
        case .worldChanged:
            self.reselect(in: world)
            // What was asked for before the files changed may have read them as they were.
            guard case .changedOnDisk = world.checkRun, self.runPending.isWaiting,
                world.status.project.revision != self.runRevision
            else { return [] }
            return self.runAgain(in: world)
        case .paste, .hidden, .tick, .traffic: return []
        }
    }

    /// Finds the selected check in the newest report; the first problem, when none was selected.
    private mutating func reselect(in world: World) {
        let results = self.results(in: world)
        guard !results.isEmpty else { return }
        let before = self.selectedID
        let place = before.flatMap { id in results.firstIndex { $0.id == id } }
        if let place {
            self.cursor = place
        } else if before == nil {
            self.cursor = Self.firstProblem(in: results)
            // Nobody has seen it yet: the next report may have another first problem.
            guard self.hasBeenShown else { return }
        } else {
            self.cursor = max(0, min(self.cursor, results.count - 1))
            self.line = 0
        }
        self.selectedID = results[self.cursor].id
        // The fix may be there no more.
        if self.isFixOpen, results[self.cursor].fix == nil, results[self.cursor].example == nil {
            self.isFixOpen = false
            self.line = 0
        }
    }

    private mutating func select(_ index: Int, in world: World) {
        let results = self.results(in: world)
        self.cursor = max(0, min(index, results.count - 1))
        self.selectedID = results.isEmpty ? nil : results[self.cursor].id
        self.line = 0
    }

    /// What failed is what somebody comes for, so the cursor starts there.
    private static func firstProblem(in results: [CheckResult]) -> Int {
        results.firstIndex { $0.outcome == .fail } ?? results.firstIndex { $0.outcome == .warn } ?? 0
    }

    private mutating func run(in world: World) -> [Effect] {
        self.runPending.isWaiting ? [] : self.runAgain(in: world)
    }

    private mutating func runAgain(in world: World) -> [Effect] {
        self.runRevision = world.status.project.revision
        return self.runPending.start("run") { await $0.checks.run() }
    }

    private mutating func take(_ key: KeyEvent, in world: World) -> [Effect] {
        switch key {
        case .character("r"), .character("a"): return self.run(in: world)
        case .character("y"):
            guard let result = self.selected(in: world) else { return [] }
            return [.copyLines(result.example ?? "\(result.id): \(result.summary)")]
        case .character("f"):
            let hasFix = self.selected(in: world).map { $0.fix != nil || $0.example != nil } ?? false
            self.isFixOpen = !self.isFixOpen && hasFix
            self.line = 0
        case .escape, .character("q"), .left, .character("h"):
            if self.isFixOpen { self.isFixOpen = false } else { self.focus = .list }
            self.line = 0
        case .tab, .backTab:
            self.focus = self.focus == .list ? .explanation : .list
            self.line = 0
        case .enter, .right, .character("l"):
            if !self.results(in: world).isEmpty { self.focus = .explanation }
        case .character("e"): return self.moveToProblem(forward: true, in: world)
        case .character("E"): return self.moveToProblem(forward: false, in: world)
        default:
            guard let step = self.height.step(of: key) else { return [] }
            if self.focus == .explanation || self.isFixOpen {
                // The pane's width is not known here; narrow lines make sure that the end can be reached.
                let count = self.selected(in: world).map {
                    self.isFixOpen
                        ? self.fixLines($0, columns: 38, world.language).count
                        : self.explanationLines($0, columns: 38, world.language).count
                }
                self.line = max(0, min(self.line + step, (count ?? 1) - 1))
            } else {
                self.select(self.cursor + step, in: world)
            }
        }
        return []
    }

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] {
        guard !self.isFixOpen, let (pane, index) = self.clicks.hit(row: row, column: column) else { return [] }
        if pane == .list, self.focus == .list, let index, index == self.cursor {
            return self.take(.enter, in: world)
        }
        self.focus = pane
        if pane == .list, let index, index != self.cursor { self.select(index, in: world) }
        return []
    }

    /// Selects the next or previous check that failed or warns.
    private mutating func moveToProblem(forward: Bool, in world: World) -> [Effect] {
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
}
