import TerminalCanvas
import WorkerDomain

/// The keys of the checks screen.
enum ChecksKeys {
    typealias Binding = KeyBinding<ChecksScreen, Effect>
    typealias Pane = KeyPane<ChecksScreen, Effect>

    static let panes: [Pane] = [
        Pane(
            "list", Phrase("List", "列表"), when: { $0.focus == .list },
            [
                Self.explain, Self.fix, Self.apply, Self.edit, Self.exchange, Self.copy, Self.run, Self.nextProblem,
                Self.previousProblem, Self.pane,
            ] + Self.moves
        ),
        Pane(
            "explanation", Phrase("Explanation", "说明"), when: { $0.focus == .explanation },
            [
                Self.fix, Self.apply, Self.edit, Self.exchange, Self.copy, Self.run, Self.nextProblem,
                Self.previousProblem, Self.pane,
                Self.back,
            ] + Self.scrolls
        ),
        Pane(
            "fix", Phrase("Fix", "修复"), when: { $0.focus == .fix },
            [Self.apply, Self.edit, Self.copy] + Self.scrolls + [Self.nextProblem, Self.previousProblem, Self.back]),
        Pane(
            "confirmation", Phrase("Confirmation", "确认"), when: { $0.focus == .confirmation },
            [Self.confirm, Self.decline] + Self.scrolls),
    ]

    private static let moves: [Binding] = KeyMovement.bindings(label: ChecksPhrases.keyMove, bar: false) {
        screen, movement, world in
        screen.move(movement, in: world)
        return []
    }

    /// The same where a text is read.
    private static let scrolls: [Binding] = KeyMovement.bindings(label: ChecksPhrases.keyMove) {
        screen, movement, world in
        screen.move(movement, in: world)
        return []
    }

    private static let explain = Binding(
        "explain", [.enter, .right, .character("l")], ChecksPhrases.keyExplain, help: ChecksPhrases.helpExplain,
        group: .open, when: { screen, world in !screen.results(in: world).isEmpty }
    ) { screen, _ in
        screen.show(.explanation)
        return []
    }

    private static let fix = Binding(
        "fix", .character("f"), ChecksPhrases.keyFix, help: ChecksPhrases.helpFix, group: .open,
        when: { screen, world in screen.selected(in: world).map(ChecksScreen.hasFix) ?? false }
    ) { screen, _ in
        screen.show(.fix)
        return []
    }

    private static let copy = Binding(
        "copy", .character("y"), ChecksPhrases.keyCopy, help: ChecksPhrases.helpCopy, group: .copy,
        when: { screen, world in screen.selected(in: world) != nil }
    ) { screen, world in
        guard let result = screen.selected(in: world) else { return [] }
        return [.copyLines(result.example ?? "\(result.id): \(result.summary)")]
    }

    private static let run = Binding(
        "run", [.character("r"), .character("a")], ChecksPhrases.keyRun, help: ChecksPhrases.helpRun, group: .change
    ) { screen, world in screen.run(in: world) }

    private static let nextProblem = Binding(
        "next-problem", .character("e"), ChecksPhrases.keyProblem, help: ChecksPhrases.helpNextProblem, group: .find
    ) { screen, world in screen.moveToProblem(forward: true, in: world) }

    private static let previousProblem = Binding(
        "previous-problem", .character("p"), ChecksPhrases.keyProblem, help: ChecksPhrases.helpPreviousProblem,
        group: .find
    ) { screen, world in screen.moveToProblem(forward: false, in: world) }

    private static let apply = Binding(
        "apply-fix", .character("F"), ChecksPhrases.keyApply, help: ChecksPhrases.helpApply, group: .change,
        danger: .reversible, when: { screen, world in screen.selected(in: world)?.repair != nil && !screen.isRunning }
    ) { screen, _ in
        screen.show(.confirmation)
        return []
    }

    private static let confirm = Binding(
        "confirm", [.enter, .character("F")], ChecksPhrases.keyConfirm, help: ChecksPhrases.helpConfirm, group: .change,
        danger: .reversible
    ) { screen, world in screen.apply(in: world) }

    private static let decline = Binding(
        "decline", [.escape, .left, .character("h"), .character("n")], ChecksPhrases.keyBack,
        help: ChecksPhrases.helpDecline, group: .move
    ) { screen, _ in
        screen.show(.list)
        return []
    }

    private static let edit = Binding(
        "edit", .character("E"), ChecksPhrases.keyEdit, help: ChecksPhrases.helpEdit, group: .open,
        when: { screen, world in screen.selected(in: world)?.location != nil }
    ) { screen, world in
        screen.selected(in: world)?.location.map { [.edit(path: $0.path, line: $0.line)] } ?? []
    }

    private static let exchange = Binding(
        "exchange", .character("o"), ChecksPhrases.keyExchange, help: ChecksPhrases.helpExchange, group: .open,
        when: { screen, world in screen.selected(in: world)?.exchange != nil }
    ) { screen, world in
        screen.selected(in: world)?.exchange.map { [.showExchange($0, filter: "")] } ?? []
    }

    private static let pane = Binding(
        "pane", [.tab, .backTab], ChecksPhrases.keyPane, help: KeyPhrases.nextPane, group: .view
    ) { screen, _ in
        screen.show(screen.focus == .list ? .explanation : .list)
        return []
    }

    private static let back = Binding(
        "back", [.escape, .left, .character("h"), .character("f")], ChecksPhrases.keyBack, help: KeyPhrases.back,
        group: .move
    ) { screen, _ in
        screen.show(.list)
        return []
    }
}
