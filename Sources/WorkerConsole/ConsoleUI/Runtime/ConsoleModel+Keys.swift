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
            return (0..<Self.wheelLines).flatMap { _ in self.take(key) }
        case .press:
            guard self.overlay == nil, self.screen?.isTyping != true else { return [] }
            if let id = Frame(model: self).tab(row: mouse.row, column: mouse.column) { return self.bring(id) }
            return self.click(row: mouse.row, column: mouse.column)
        }
    }

    private mutating func take(_ key: KeyEvent) -> [ConsoleCommand] {
        switch key {
        case .control("c"): return [.quit]
        case .control("z"): return [.suspend]
        case .control("l"): return [.repaint]
        case .function(2): return self.toggleMouse()
        default: break
        }
        if let overlay = self.overlay { return self.take(key, over: overlay) }
        let isTyping = self.screen?.isTyping == true
        // Also where the window has no room for the field: what is typed into it must not become commands.
        if Frame.isTooSmall(self.size), !isTyping { return key == .character("q") ? [.quit] : [] }
        if key == .control("p") {
            self.overlay = .palette(Palette(in: self.world))
            return []
        }
        if isTyping, key != .character("/") { return self.tell(.key(key), to: self.current) }
        switch key {
        case .character("1"), .character("2"), .character("3"), .character("4"), .character("5"), .character("6"):
            guard case .character(let digit) = key, let id = digit.wholeNumberValue.flatMap(ScreenID.init(rawValue:))
            else { return [] }
            return self.bring(id)
        case .character("t"): return self.perform(.chooseBackend)
        case .character("?"): return self.perform(.help)
        case .character("T"): return self.perform(.theme(nil))
        case .character(":"):
            self.overlay = .command(TextField(limit: Self.commandLimit))
            return []
        case .character("/"): return self.ask()
        case .character("u") where self.undoTarget != nil: return self.undo()
        case .character("q"):
            guard self.screen?.canGoBack == true else { return [.quit] }
            return self.tell(.key(.escape), to: self.current)
        default: return self.tell(.key(key), to: self.current)
        }
    }

    /// Opens the field of the screen behind `/`. Where the screen has none to open now, the command line takes what is
    /// typed next: it must never act as keys.
    private mutating func ask() -> [ConsoleCommand] {
        let commands = self.tell(.key(.character("/")), to: self.current)
        if self.overlay == nil, self.screen?.isTyping != true {
            self.overlay = .command(TextField("filter ", limit: Self.commandLimit))
        }
        return commands
    }

    private static let commandLimit = 500

    mutating func changeTraffic(_ change: (inout TrafficScreen, World) -> Void) {
        guard let index = self.screens.firstIndex(where: { $0 is TrafficScreen }),
            var traffic = self.screens[index] as? TrafficScreen
        else { return }
        change(&traffic, self.world)
        self.screens[index] = traffic
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
        case .help: break
        case nil: return self.tell(.paste(text), to: self.current)
        }
        return []
    }

    private mutating func take(_ key: KeyEvent, over overlay: Overlay) -> [ConsoleCommand] {
        if key == .escape {
            self.overlay = nil
            return []
        }
        switch overlay {
        case .help(let offset):
            switch key {
            case .down, .character("j"): self.overlay = .help(offset: min(offset + 1, 200))
            case .up, .character("k"): self.overlay = .help(offset: max(0, offset - 1))
            case .pageDown, .character(" "): self.overlay = .help(offset: min(offset + 10, 200))
            case .pageUp: self.overlay = .help(offset: max(0, offset - 10))
            case .character("/"), .character(":"):
                self.overlay = nil
                return self.take(key)
            default: self.overlay = nil
            }
        case .command(var field):
            if key == .enter {
                self.overlay = nil
                return self.perform(CommandLine.parse(field.text))
            }
            if key == .backspace, field.isEmpty {
                self.overlay = nil
                return []
            }
            _ = field.handle(key)
            self.overlay = .command(field)
        case .palette(var palette):
            switch key {
            case .enter:
                guard let entry = palette.selected else { return [] }
                self.overlay = nil
                return self.perform(entry.action)
            case .up: palette.list.move(by: -1)
            case .down: palette.list.move(by: 1)
            case .pageUp: palette.list.page(by: -1)
            case .pageDown: palette.list.page(by: 1)
            default: if palette.field.handle(key) { palette.narrow() }
            }
            self.overlay = .palette(palette)
        case .backend(var dialog):
            let decision = dialog.take(key, in: self.world)
            self.overlay = .backend(dialog)
            if let decision { return self.carryOut(decision) }
        }
        return []
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
            return [
                .run(owner: .frame, key: "add") { services -> any Sendable in
                    do throws(BackendControlError) {
                        try await services.backends.add(backend)
                        return AddReply.success(backend)
                    } catch {
                        return AddReply.failure(error)
                    }
                }
            ]
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
        case .help: self.overlay = .help(offset: 0)
        case .probe:
            self.show(ChromePhrases.probing(language))
            return [
                .run(owner: .frame, key: "probe") { services in
                    await services.worker.probeBindings()
                    await services.backends.probe(nil)
                    return true
                }
            ]
        case .quit: return [.quit]
        case .usage(let usage): self.show(ChromePhrases.usage(language, usage), isFailure: true)
        case .unknown(let name): self.show(ChromePhrases.unknownCommand(language, name), isFailure: true)
        }
        return []
    }
}
