import TerminalCanvas
import Widgets
import WorkerDomain

extension ConsoleModel {
    mutating func take(_ event: TerminalEvent) -> [ConsoleCommand] {
        switch event {
        case .resized(let size):
            self.size = size
            return []
        // The runtime tells this one with the time.
        case .resumed: return []
        case .glyphs(let glyphs):
            if !self.hasChosenGlyphs { self.glyphs = glyphs }
            return []
        case .theme(let theme):
            self.found(theme: theme.rawValue)
            return []
        case .paste(let text): return self.paste(text)
        case .key(let key): return self.take(key)
        case .mouse(let mouse): return self.take(mouse)
        }
    }

    /// Lines that a notch of the wheel moves.
    private static let wheelLines = 3

    private mutating func take(_ mouse: MouseEvent) -> [ConsoleCommand] {
        guard !Frame.isTooSmall(self.size) else { return [] }
        switch mouse.kind {
        case .wheelUp, .wheelDown:
            // In a field that is typed in, the arrows mean something else.
            if self.overlay == nil, self.screen?.isTyping == true { return [] }
            if case .command = self.overlay { return [] }
            let key = mouse.kind == .wheelUp ? KeyEvent.up : .down
            return (0..<Self.wheelLines).flatMap { _ in self.scroll(key) }
        case .press:
            guard self.overlay == nil, self.screen?.isTyping != true else { return [] }
            if let id = Frame(model: self).tab(row: mouse.row, column: mouse.column) { return self.bring(id) }
            return self.tellScreen { $0.click(row: mouse.row, column: mouse.column, in: $1) }
        }
    }

    /// What an arrow does, also where a person has chosen other keys to move with.
    private mutating func scroll(_ arrow: KeyEvent) -> [ConsoleCommand] {
        let world = self.world.withUsualKeys
        if let pane = OverlayKeys.panes.first(where: { $0.isFocused(in: self) }) {
            return pane.press(arrow, on: &self, in: world, screen: GlobalKeys.owner) ?? []
        }
        return self.tellUsual(arrow)
    }

    /// Tells the shown screen a key as if nobody had chosen other keys.
    mutating func tellUsual(_ key: KeyEvent) -> [ConsoleCommand] {
        let world = self.world.withUsualKeys
        return self.tellScreen { screen, _ in screen.update(.key(key), in: world) }
    }

    private mutating func take(_ key: KeyEvent) -> [ConsoleCommand] {
        let owner = GlobalKeys.owner
        if let commands = GlobalKeys.always.press(key, on: &self, in: self.world, screen: owner) { return commands }
        if let pane = OverlayKeys.panes.first(where: { $0.isFocused(in: self) }) {
            if let commands = pane.press(key, on: &self, in: self.world, screen: owner) { return commands }
            if case .help(let help) = self.overlay, help.isGreeting { self.endGreeting() }
            return []
        }
        let isTyping = self.screen?.isTyping == true
        // Also where the window has no room for the field: what is typed into it must not become commands.
        if Frame.isTooSmall(self.size), !isTyping {
            return GlobalKeys.tooSmall.press(key, on: &self, in: self.world, screen: owner) ?? []
        }
        if isTyping { return key == .character("/") ? self.ask() : self.tell(.key(key), to: self.current) }
        return GlobalKeys.free.press(key, on: &self, in: self.world, screen: owner)
            ?? self.tell(.key(key), to: self.current)
    }

    /// Esc or q go one level back inside the screen.
    var canGoBack: Bool {
        self.screen.map { $0.binds(.escape, in: self.world.withUsualKeys) } ?? false
    }

    /// What the key line and the help say of the pane that keys go to.
    var entries: [KeyEntry] { self.entries(barOnly: false) }

    /// Those of them that the key line names.
    var barEntries: [KeyEntry] { self.entries(barOnly: true) }

    private func entries(barOnly: Bool) -> [KeyEntry] {
        if let pane = OverlayKeys.panes.first(where: { $0.isFocused(in: self) }) {
            return pane.entries(for: self, in: self.world, screen: GlobalKeys.owner, barOnly: barOnly)
        }
        return self.screen?.entries(in: self.world, barOnly: barOnly) ?? []
    }

    /// The keys of the frame that mean something now.
    var globalEntries: [KeyEntry] { self.globalEntries(barOnly: false) }

    var globalBarEntries: [KeyEntry] { self.globalEntries(barOnly: true) }

    private func globalEntries(barOnly: Bool) -> [KeyEntry] {
        [GlobalKeys.free, GlobalKeys.always].flatMap {
            $0.entries(for: self, in: self.world, screen: GlobalKeys.owner, barOnly: barOnly)
        }
    }

    /// Opens the field of the screen behind `/`. Where the screen has none to open now, the command line takes what is
    /// typed next: it must never act as keys.
    mutating func ask() -> [ConsoleCommand] {
        let commands = self.tellUsual(.character("/"))
        if self.overlay == nil, self.screen?.isTyping != true { self.openCommand("filter ") }
        return commands
    }

    private static let commandLimit = 500

    mutating func openCommand(_ text: String) {
        self.overlay = .command(TextField(text, limit: Self.commandLimit))
    }

    mutating func changeTraffic(_ change: (inout TrafficScreen, World) -> Void) {
        guard let index = self.screens.firstIndex(where: { $0 is TrafficScreen }),
            var traffic = self.screens[index] as? TrafficScreen
        else { return }
        change(&traffic, self.world)
        self.screens[index] = traffic
    }

    mutating func showExchange(_ id: ExchangeID, filter: String) -> [ConsoleCommand] {
        var effects: [Effect]?
        let commands = self.bring(.traffic)
        self.changeTraffic { traffic, world in effects = traffic.open(id, in: world) }
        if let effects { return commands + effects.flatMap { self.carryOut($0, of: .screen(.traffic)) } }
        self.show(TrafficPhrases.noLongerKept(self.world.language))
        return commands + self.perform(.filter(filter))
    }

    private mutating func paste(_ text: String) -> [ConsoleCommand] {
        switch self.overlay {
        case .command(var field):
            field.paste(text)
            self.overlay = .command(field)
        case .palette(var palette):
            palette.field.paste(text)
            palette.narrow()
            self.overlay = .palette(palette)
        case .backend(var dialog):
            dialog.paste(text)
            self.overlay = .backend(dialog)
        case .help(var help):
            help.paste(text)
            self.overlay = .help(help)
        case nil: return self.tell(.paste(text), to: self.current)
        }
        return []
    }

    // MARK: Over the screen

    mutating func runCommand() -> [ConsoleCommand] {
        guard case .command(let field) = self.overlay else { return [] }
        self.overlay = nil
        return self.perform(CommandLine.parse(field.text, in: self.catalog))
    }

    mutating func typeCommand(_ key: KeyEvent) {
        guard case .command(var field) = self.overlay else { return }
        if key == .backspace, field.isEmpty {
            self.overlay = nil
            return
        }
        _ = field.handle(key)
        self.overlay = .command(field)
    }

    mutating func openPalette(in world: World) {
        self.overlay = .palette(Palette(entries: self.entries, in: world, catalog: self.catalog))
    }

    mutating func changePalette(_ change: (inout Palette) -> Void) -> [ConsoleCommand] {
        guard case .palette(var palette) = self.overlay else { return [] }
        change(&palette)
        self.overlay = .palette(palette)
        return []
    }

    mutating func runSelected() -> [ConsoleCommand] {
        guard case .palette(let palette) = self.overlay, let entry = palette.selected else { return [] }
        self.overlay = nil
        return self.perform(entry.action)
    }

    mutating func changeHelp(_ change: (inout HelpView) -> Void) {
        guard case .help(var help) = self.overlay else { return }
        change(&help)
        self.overlay = .help(help)
    }

    /// Closes the tour of the first start; the first backend is asked for behind it.
    mutating func endGreeting() {
        self.overlay = self.world.backends.backends.isEmpty ? .backend(BackendDialog(in: self.world)) : nil
    }

    mutating func press(inDialog key: KeyEvent) -> [ConsoleCommand] {
        guard case .backend(var dialog) = self.overlay else { return [] }
        let decision = dialog.take(key, in: self.world)
        self.overlay = .backend(dialog)
        return decision.map { self.carryOut($0) } ?? []
    }

    private mutating func carryOut(_ decision: BackendDialog.Decision) -> [ConsoleCommand] {
        switch decision {
        case .activate(let name):
            if self.world.backends.active?.backend.name == name {
                self.overlay = nil
                self.show(ChromePhrases.already(self.world.language, name))
                return []
            }
            self.setDialogBusy()
            return [self.activate(name)]
        case .add(let backend):
            self.setDialogBusy()
            return [Self.add(backend)]
        }
    }

    private mutating func setDialogBusy() {
        guard case .backend(var dialog) = self.overlay else { return }
        dialog.isBusy = true
        self.overlay = .backend(dialog)
    }

    mutating func perform(_ action: ConsoleAction) -> [ConsoleCommand] {
        let language = self.world.language
        switch action {
        case .nothing: break
        case .show(let id): return self.bring(id)
        case .chooseBackend: self.overlay = .backend(BackendDialog(in: self.world))
        case .switchBackend(let name):
            let names = self.world.backends.backends.map(\.backend.name)
            guard names.contains(name) else {
                let known = names.isEmpty ? CommonPhrases.none(language) : names.joined(separator: ", ")
                self.show(ChromePhrases.unknownBackend(language, name, known), isFailure: true)
                return []
            }
            return self.carryOut(.activate(name))
        case .filter(let text):
            let commands = self.bring(.traffic)
            self.changeTraffic { traffic, world in traffic.setFilter(text, in: world) }
            return commands
        case .timeZone(let isUTC): self.useTimeZone(isUTC: isUTC)
        case .theme(let name): return self.nextTheme(name)
        case .glyphs(let glyphs):
            self.glyphs = glyphs
            self.hasChosenGlyphs = true
        case .language(let language): self.world.language = language
        case .mouse(let isOn): return isOn == self.usesMouse ? [] : self.toggleMouse()
        case .help: self.overlay = .help(HelpView())
        case .press(let action): return self.tellScreen { $0.perform(action, in: $1) }
        case .probe:
            self.show(ChromePhrases.probing(language))
            return [Self.probe]
        case .quit: return [.quit]
        case .usage(let usage): self.show(ChromePhrases.usage(language, usage), isFailure: true)
        case .unknown(let name): self.show(ChromePhrases.unknownCommand(language, name), isFailure: true)
        }
        return []
    }
}
