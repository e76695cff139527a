import TerminalCanvas
import Widgets
import WorkerDomain

/// The keys of the backends screen.
enum BackendsKeys {
    typealias Binding = KeyBinding<BackendsScreen, Effect>
    typealias Pane = KeyPane<BackendsScreen, Effect>

    static let panes: [Pane] = [
        Pane(
            "choice", BackendsPhrases.paneChoice, when: { $0.choice != nil },
            [Self.choose, Self.down, Self.up, Self.leaveChoice]),
        Pane(
            "form", BackendsPhrases.formTitle, when: { $0.form != nil }, [Self.save, Self.field, Self.leaveForm]
        ) { screen, key, _ in
            screen.edit { _ = $0.handle(key) }
            return []
        },
        Pane(
            "list", BackendsPhrases.paneList, when: { $0.focus == .list },
            Self.actions + [Self.pane, Self.into] + Self.moves),
        Pane(
            "details", BackendsPhrases.details, when: { $0.focus == .details },
            Self.actions + [Self.pane, Self.back] + Self.moves),
    ]

    private static let actions: [Binding] =
        [Self.switchTo, Self.open, Self.canary, Self.canaryRefused, Self.drain, Self.drainRefused, Self.fault]
        + [Self.probe, Self.new, Self.undo, Self.undoNothing, Self.copy]

    private static let moves: [Binding] = KeyMovement.bindings(label: BackendsPhrases.keyMove, bar: false) {
        screen, movement, world in
        screen.move(movement, in: world)
        return []
    }

    // MARK: Where requests go

    private static let switchTo = Binding(
        "switch", .character("t"), BackendsPhrases.keySwitch, help: KeyPhrases.chooseBackend, group: .open,
        danger: .reversible, when: { _, world in !world.backends.backends.isEmpty }
    ) { _, _ in [.chooseBackend] }

    private static let open = Binding(
        "open", .enter, BackendsPhrases.keyAdd, help: BackendsPhrases.helpOpen, group: .open, danger: .reversible,
        labelNow: { screen, world in
            screen.selectedStatus(in: world) == nil ? BackendsPhrases.keyAdd : BackendsPhrases.keySwitch
        }
    ) { screen, world in
        if screen.selectedStatus(in: world) != nil { return [.chooseBackend] }
        screen.openForm(with: screen.selected(in: world))
        return []
    }

    /// The backend before the last switch; `nil` when there was none, or it is there no more.
    static func undoTarget(in world: World) -> String? {
        world.backends.switches.last?.from.flatMap { from in
            world.backends.backends.contains { $0.backend.name == from } ? from : nil
        }
    }

    private static let undo = Binding(
        "undo", .character("u"), BackendsPhrases.keyUndo, help: BackendsPhrases.helpUndo, group: .change,
        danger: .reversible, when: { _, world in Self.undoTarget(in: world) != nil }
    ) { screen, world in screen.undo(in: world) }

    private static let undoNothing = Binding(
        "undo", .character("u"), BackendsPhrases.keyUndo, help: BackendsPhrases.helpUndo, group: .change, bar: false,
        when: { _, world in Self.undoTarget(in: world) == nil }
    ) { screen, world in screen.undo(in: world) }

    // MARK: Steering

    /// It may become a canary: it does not have the requests already.
    private static func canBeCanary(_ screen: BackendsScreen, _ world: World) -> Bool {
        screen.selectedStatus(in: world).map { !$0.isActive } ?? false
    }

    private static let canary = Binding(
        "canary", .character("c"), SteeringPhrases.keyCanary, help: SteeringPhrases.helpCanary, group: .change,
        danger: .reversible, when: { Self.canBeCanary($0, $1) }
    ) { screen, world in screen.ask(.canary, in: world) }

    private static let canaryRefused = Binding(
        "canary", .character("c"), SteeringPhrases.keyCanary, help: SteeringPhrases.helpCanary, group: .change,
        bar: false,
        when: { screen, world in screen.selectedStatus(in: world) != nil && !Self.canBeCanary(screen, world) }
    ) { screen, world in
        let name = screen.selectedStatus(in: world)?.backend.name ?? ""
        return [.toast(SteeringPhrases.canaryActive(world.language, name), isFailure: true)]
    }

    /// Requests go elsewhere, or may be sent elsewhere.
    private static func canBeDrained(_ screen: BackendsScreen, _ world: World) -> Bool {
        screen.selectedStatus(in: world).map { !$0.isActive || world.backends.policy != "active" } ?? false
    }

    private static let drain = Binding(
        "drain", .character("d"), SteeringPhrases.keyDrain, help: SteeringPhrases.helpDrain, group: .change,
        danger: .reversible, when: { Self.canBeDrained($0, $1) }
    ) { screen, world in screen.ask(.drain, in: world) }

    private static let drainRefused = Binding(
        "drain", .character("d"), SteeringPhrases.keyDrain, help: SteeringPhrases.helpDrain, group: .change, bar: false,
        when: { screen, world in screen.selectedStatus(in: world) != nil && !Self.canBeDrained(screen, world) }
    ) { screen, world in
        let name = screen.selectedStatus(in: world)?.backend.name ?? ""
        let key = world.keymap.shown("\(GlobalKeys.owner).backend", usually: .character("t"))
        return [.toast(SteeringPhrases.drainActiveNow(world.language, name, key), isFailure: true)]
    }

    private static let fault = Binding(
        "fault", .character("f"), SteeringPhrases.keyFault, help: SteeringPhrases.helpFault, group: .change,
        danger: .reversible, when: { screen, world in screen.selectedStatus(in: world) != nil }
    ) { screen, world in screen.ask(.fault, in: world) }

    private static let probe = Binding(
        "probe", .character("b"), BackendsPhrases.keyProbe, help: BackendsPhrases.helpProbe, group: .change,
        when: { _, world in !world.backends.backends.isEmpty }
    ) { screen, _ in screen.probe() }

    private static let new = Binding(
        "new", .character("n"), BackendsPhrases.keyNew, help: BackendsPhrases.helpNew, group: .change,
        danger: .reversible
    ) { screen, _ in
        screen.openForm()
        return []
    }

    private static let copy = Binding(
        "copy", .character("y"), BackendsPhrases.keyCopy, help: BackendsPhrases.helpCopy, group: .copy,
        when: { screen, world in screen.selected(in: world) != nil }
    ) { screen, world in screen.selected(in: world).map { [.copy($0.url)] } ?? [] }

    // MARK: Panes

    private static let pane = Binding(
        "pane", [.tab, .backTab], BackendsPhrases.keyPane, help: KeyPhrases.nextPane, group: .view,
        when: { screen, world in screen.selected(in: world) != nil }
    ) { screen, _ in
        screen.show(screen.focus == .list ? .details : .list)
        return []
    }

    private static let into = Binding(
        "details", [.right, .character("l")], BackendsPhrases.details, help: BackendsPhrases.helpDetails, group: .view,
        bar: false, when: { screen, world in screen.selected(in: world) != nil }
    ) { screen, _ in
        screen.show(.details)
        return []
    }

    private static let back = Binding(
        "back", [.escape, .left, .character("h")], CommonPhrases.back, help: KeyPhrases.back, group: .move, bar: false
    ) { screen, _ in
        screen.show(.list)
        return []
    }

    // MARK: Form

    private static let save = Binding(
        "save", .enter, BackendsPhrases.keyAdd, help: BackendsPhrases.helpSave, group: .change, danger: .reversible,
        labelNow: { screen, world in
            let taken = world.backends.backends.map(\.backend.name)
            return screen.form?.leadsOn(taken: taken) == true ? BackendsPhrases.keyField : BackendsPhrases.keyAdd
        }, when: { screen, _ in !screen.isAdding }
    ) { screen, world in screen.submit(in: world) }

    private static let field = Binding(
        "field", [.tab, .backTab, .up, .down], BackendsPhrases.keyField, help: BackendsPhrases.helpField, group: .view,
        when: { screen, _ in !screen.isAdding }
    ) { screen, _ in
        screen.changeForm { $0.switchPart() }
        return []
    }

    private static let leaveForm = Binding(
        "cancel", .escape, BackendsPhrases.keyCancel, help: KeyPhrases.close, group: .move
    ) { screen, _ in screen.closeForm() }

    // MARK: Questions

    private static let choose = Binding(
        "choose", .enter, SteeringPhrases.choose, help: SteeringPhrases.helpChoose, group: .open, danger: .reversible
    ) { screen, world in screen.choose(in: world) }

    private static let down = Binding(
        "down", [.down, .character("j"), .tab], BackendsPhrases.keyMove, help: KeyPhrases.down, group: .move
    ) { screen, world in
        screen.changeChoice { $0.move(by: 1, in: world) }
        return []
    }

    private static let up = Binding(
        "up", [.up, .character("k"), .backTab], BackendsPhrases.keyMove, help: KeyPhrases.up, group: .move
    ) { screen, world in
        screen.changeChoice { $0.move(by: -1, in: world) }
        return []
    }

    private static let leaveChoice = Binding(
        "cancel", .escape, BackendsPhrases.keyCancel, help: KeyPhrases.close, group: .move
    ) { screen, _ in
        screen.closeChoice()
        return []
    }
}
