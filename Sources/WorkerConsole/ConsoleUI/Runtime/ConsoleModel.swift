import Executors
import TerminalCanvas
import TrafficJournal
import Widgets
import WorkerDomain

/// Everything that the console shows at one moment, and how keys and news change it; a value.
struct ConsoleModel: Sendable {
    /// What lies over the screen and takes the keys.
    enum Overlay: Sendable {
        case help(HelpView)
        case command(TextField)
        case palette(Palette)
        case backend(BackendDialog)
    }

    struct Notice: Sendable, Equatable {
        var text: String
        var isFailure: Bool
        var until: WallTime
    }

    var world: World
    var screens: [any Screen]
    private(set) var current: ScreenID
    var size: Size
    var glyphs: GlyphSet
    /// A person has chosen the glyphs: what the terminal says of itself comes too late.
    var hasChosenGlyphs = false
    var overlay: Overlay?
    var notice: Notice?
    /// The backend that `u` goes back to while the notice of the switch is shown.
    var undoTarget: String?
    /// Without colours.
    private(set) var isMono = false
    /// The terminal tells presses and turns of the mouse.
    private(set) var usesMouse = false
    /// The newest event of the backends that has been looked at.
    private var toldEventsUntil: WallTime
    /// The last two moments with more between them than ``stall``.
    private var leap: (start: WallTime, end: WallTime)?
    private var themes: [String]
    private var theme = 0
    private var hasChosenTheme = false
    private var usesUTC = false
    private let options: ConsoleOptions
    let catalog: ScreenCatalog

    init(world: World, options: ConsoleOptions, size: Size, catalog: ScreenCatalog) {
        self.world = world
        self.catalog = catalog
        self.screens = catalog.screens.map { $0.init() }
        let ids = catalog.ids
        self.current = ids.first { $0 == options.initialScreen } ?? ids.first ?? .overview
        self.size = size
        self.glyphs = options.glyphs
        // A look without colours is there on every terminal.
        let names = options.themes.isEmpty ? ["auto"] : options.themes
        self.themes = names.contains(Self.mono) ? names : names + [Self.mono]
        self.isMono = self.themes.first == Self.mono
        self.options = options
        self.toldEventsUntil = world.backends.events.last?.at ?? world.now
        self.world.redaction = options.redaction
        self.world.pdfToText = options.pdfToText
        self.world.keymap = options.keymap
        self.world.secondsFromUTC = options.secondsFromUTC(world.now)
    }

    private static let mono = "mono"
    /// A running console looks at the clock every second.
    private static let stall = Duration.seconds(2)

    var screen: (any Screen)? { self.screens.first { type(of: $0).id == self.current } }

    /// Draws everything, and notes for the next key or click where things stand.
    mutating func draw() -> Canvas {
        let (canvas, layout) = Frame(model: self).drawWithLayout()
        self.world.layout = layout
        return canvas
    }

    /// The first messages and effects.
    mutating func start() -> [ConsoleCommand] {
        var commands = self.tell(.shown, to: self.current)
        self.world.checkRun = .atStart
        commands.append(Self.check(changedOnly: false))
        commands.append(Self.waitForProject(after: 0))
        if self.options.greets() {
            self.overlay = .help(.greeting)
        } else if self.world.backends.backends.isEmpty {
            self.overlay = .backend(BackendDialog(in: self.world))
        }
        return commands
    }

    // MARK: News

    mutating func tick(now: WallTime) -> [ConsoleCommand] {
        self.advance(to: now)
        if !self.usesUTC { self.world.secondsFromUTC = self.options.secondsFromUTC(now) }
        if let notice = self.notice, notice.until <= now {
            self.notice = nil
            self.undoTarget = nil
        }
        return self.tellAll(.tick)
    }

    mutating func take(_ delta: JournalDelta) -> [ConsoleCommand] {
        self.world.traffic.apply(delta)
        self.world.statistics = delta.statistics
        return self.tellAll(.traffic(delta))
    }

    mutating func worldChanged() -> [ConsoleCommand] {
        self.tellTrouble()
        return self.tellAll(.worldChanged)
    }

    /// Says what has gone wrong with the backends since the last look; what was done is said by who did it.
    private mutating func tellTrouble() {
        let events = self.world.backends.events
        let seen = self.toldEventsUntil
        guard let newest = events.last?.at, newest > seen else { return }
        self.toldEventsUntil = newest
        guard let news = events.last(where: { $0.isTrouble && $0.at > seen }) else { return }
        self.show(SteeringText.event(news, self.world.language), isFailure: true, seconds: 12)
    }

    mutating func show(_ text: String, isFailure: Bool = false, seconds: Int64 = 5) {
        let until = WallTime(nanosecondsSinceEpoch: self.world.now.nanosecondsSinceEpoch + seconds * 1_000_000_000)
        self.notice = Notice(text: text, isFailure: isFailure, until: until)
    }

    /// Says for how long the process was stopped: since the newest moment that is known of before.
    mutating func resumed(at now: WallTime) {
        var before = self.world.now
        self.advance(to: max(before, now))
        // The clock may have been looked at already when the news of going on arrives.
        if let leap = self.leap, self.world.now.since(leap.end) < Self.stall { before = leap.start }
        let stopped = max(.zero, now.since(before)).components.seconds
        self.show(ChromePhrases.stoodStill(self.world.language, "\(stopped)"))
    }

    /// Takes a moment for now, and notes when the one before is longer ago than the clock is ever left alone.
    mutating func advance(to now: WallTime) {
        if now.since(self.world.now) >= Self.stall { self.leap = (self.world.now, now) }
        self.world.now = now
    }

    // MARK: Messages and effects

    mutating func bring(_ id: ScreenID) -> [ConsoleCommand] {
        guard id != self.current, self.screens.contains(where: { type(of: $0).id == id }) else { return [] }
        var commands = self.tell(.hidden, to: self.current)
        self.current = id
        commands += self.tell(.shown, to: id)
        return commands
    }

    mutating func tell(_ message: Message, to id: ScreenID) -> [ConsoleCommand] {
        guard let index = self.screens.firstIndex(where: { type(of: $0).id == id }) else { return [] }
        let effects = self.screens[index].update(message, in: self.world)
        return effects.flatMap { self.carryOut($0, of: .screen(id)) }
    }

    mutating func tellAll(_ message: Message) -> [ConsoleCommand] {
        self.screens.map { type(of: $0).id }.flatMap { id in
            giveWay()
            return self.tell(message, to: id)
        }
    }

    /// Asks the shown screen.
    mutating func tellScreen(_ body: (inout any Screen, World) -> [Effect]) -> [ConsoleCommand] {
        guard let index = self.screens.firstIndex(where: { type(of: $0).id == self.current }) else { return [] }
        let effects = body(&self.screens[index], self.world)
        return effects.flatMap { self.carryOut($0, of: .screen(self.current)) }
    }

    /// Gives work's result to who asked for it.
    mutating func receive(_ reply: any Reply, for owner: EffectOwner) -> [ConsoleCommand] {
        switch owner {
        case .screen(let id):
            guard let index = self.screens.firstIndex(where: { type(of: $0).id == id }) else { return [] }
            let effects = self.screens[index].receive(reply, in: self.world)
            return effects.flatMap { self.carryOut($0, of: owner) }
        case .frame:
            guard let reply = reply as? TypedReply<ConsoleModel, ConsoleCommand> else { return [] }
            return reply.apply(&self, self.world)
        }
    }

    mutating func carryOut(_ effect: Effect, of owner: EffectOwner) -> [ConsoleCommand] {
        switch effect {
        case .work(let work): return [.work(owner: owner, work)]
        case .checked(let report):
            self.world.checks = report
            return self.tellAll(.worldChanged)
        case .cancel(let key): return [.cancel(owner: owner, key: key)]
        case .show(let id): return self.bring(id)
        case .showTraffic(let filter): return self.perform(.filter(filter))
        case .showExchange(let id, let filter): return self.showExchange(id, filter: filter)
        case .showObject(let binding, let key):
            return self.bring(.buckets) + self.tell(.object(binding: binding, key: key), to: .buckets)
        case .typeFilter:
            let commands = self.bring(.traffic)
            self.changeTraffic { traffic, _ in traffic.beginTyping() }
            return commands
        case .toast(let text, let isFailure):
            self.undoTarget = nil
            self.show(text, isFailure: isFailure)
            return []
        case .copy(let text): return [.copy(CopiedText(value: text))]
        case .copyLines(let text): return [.copy(CopiedText(lines: text))]
        case .copyCommand(let command): return [.copy(CopiedText(command: command))]
        case .edit(let path, let line): return [.edit(path: path, line: line)]
        case .chooseBackend:
            self.overlay = .backend(BackendDialog(in: self.world))
            return []
        case .quit: return [.quit]
        }
    }

    mutating func undo() -> [ConsoleCommand] {
        guard let target = self.undoTarget else { return [] }
        self.undoTarget = nil
        return [self.activate(target, why: "undo")]
    }

    /// The terminal draws with this theme by itself: the next one is another one.
    mutating func found(theme name: String) {
        guard !self.hasChosenTheme, let index = self.themes.firstIndex(of: name) else { return }
        self.theme = index
    }

    mutating func nextTheme(_ name: String?) -> [ConsoleCommand] {
        let language = self.world.language
        if let name {
            guard let index = self.themes.firstIndex(of: name) else {
                let usage = "theme " + self.themes.joined(separator: "|")
                self.show(ChromePhrases.usage(language, usage), isFailure: true)
                return []
            }
            self.theme = index
        } else {
            self.theme = (self.theme + 1) % self.themes.count
        }
        let chosen = self.themes[self.theme]
        self.hasChosenTheme = true
        self.isMono = chosen == Self.mono
        self.show(ChromePhrases.themeNow(language, chosen))
        return self.options.themes.contains(chosen) ? [.setTheme(chosen)] : []
    }

    mutating func toggleMouse() -> [ConsoleCommand] {
        self.usesMouse.toggle()
        self.show((self.usesMouse ? ChromePhrases.mouseOn : ChromePhrases.mouseOff)(self.world.language), seconds: 8)
        return [.useMouse(self.usesMouse)]
    }

    mutating func useTimeZone(isUTC: Bool) {
        self.usesUTC = isUTC
        self.world.secondsFromUTC = isUTC ? 0 : self.options.secondsFromUTC(self.world.now)
        let name = (isUTC ? ChromePhrases.utc : ChromePhrases.localTime)(self.world.language)
        self.show(ChromePhrases.timeNow(self.world.language, name))
    }
}
