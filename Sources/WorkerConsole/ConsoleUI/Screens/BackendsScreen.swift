import TerminalCanvas
import Widgets
import WorkerDomain

/// Shows the backends with their health, and switches, probes and adds them.
package struct BackendsScreen: Screen {
    package static let id = ScreenID.backends
    package static let title = Phrase("Backends", "后端")
    package static let summary = Phrase(
        "Where requests go: switch, drain, canary and inject faults, with the health of each backend.",
        "请求发往何处：切换、排空、金丝雀发布、故障注入，以及每个后端的健康状况。")

    /// The pane that keys go to.
    enum Focus: Sendable, Equatable { case list, details }

    /// A row of the list: a backend, or a URL that the project's `vars` hold and nobody has added.
    enum Row: Sendable, Equatable {
        case backend(BackendStatus)
        case suggestion(name: String, url: String)
    }

    typealias AddReply = Result<Backend, BackendControlError>
    typealias SwitchReply = Result<String, BackendControlError>

    var cursor = 0
    var focus = Focus.list
    var line = 0
    var form: BackendsForm?
    private(set) var probePending = PendingEffect("probe")
    private var addPending = PendingEffect("add")
    private var undoPending = PendingEffect("undo")
    var steeringPending = PendingEffect("steer")
    /// The question that lies over the panes.
    var choice: BackendsChoice?

    /// Rows of the pane that has the focus.
    let height = PaneHeight()
    /// Where the panes stand.
    let clicks = ClickMap<Focus>()

    package init() {}

    package var isTyping: Bool { self.form != nil || self.choice != nil }

    package var canGoBack: Bool { self.isTyping || self.focus == .details }

    /// Backends in configured order, then what the project's `vars` suggest and none of them uses.
    func rows(in world: World) -> [Row] {
        let backends = world.backends.backends
        let known = Set(backends.map(\.backend.url.description))
        let suggestions = world.status.suggestedBackends.sorted { $0.key < $1.key }.filter { _, url in
            guard let parsed = try? BackendURL(parsing: url) else { return false }
            return !known.contains(parsed.description)
        }
        return backends.map { .backend($0) } + suggestions.map { .suggestion(name: $0.key, url: $0.value) }
    }

    func selected(in world: World) -> Row? {
        let rows = self.rows(in: world)
        return rows.isEmpty ? nil : rows[max(0, min(self.cursor, rows.count - 1))]
    }

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        switch message {
        case .key(let key) where self.choice != nil: return self.takeChoice(key, in: world)
        case .key(let key): return self.form == nil ? self.take(key, in: world) : self.takeTyped(key, in: world)
        case .paste(let text):
            // A pasted URL often comes with the end of its line.
            let line = text.filter { !$0.isNewline }
            if self.form?.isSaving == false { self.form?.edit { $0.paste(line) } }
            return []
        case .reply(let key, let payload): return self.takeReply(key, payload, in: world)
        case .shown, .hidden, .tick, .traffic, .worldChanged: return []
        }
    }

    // MARK: Keys

    private mutating func take(_ key: KeyEvent, in world: World) -> [Effect] {
        switch key {
        case .character("t"): return [.chooseBackend]
        case .enter:
            switch self.selected(in: world) {
            case .backend: return [.chooseBackend]
            case .suggestion(let name, let url): self.form = BackendsForm(name: Self.plainName(name), url: url)
            case nil: self.form = BackendsForm()
            }
        case .character("b"):
            guard !self.probePending.isWaiting, !world.backends.backends.isEmpty else { return [] }
            return self.probePending.start("all") { services in
                await services.backends.probe(nil)
                return true
            }
        case .character("d"): return self.ask(.drain, in: world)
        case .character("c"): return self.ask(.canary, in: world)
        case .character("f"): return self.ask(.fault, in: world)
        case .character("n"): self.form = BackendsForm()
        case .character("u"): return self.undo(in: world)
        case .character("y"):
            switch self.selected(in: world) {
            case .backend(let status): return [.copy(status.backend.url.description)]
            case .suggestion(_, let url): return [.copy(url)]
            case nil: return []
            }
        case .tab, .backTab:
            self.focus = self.focus == .list ? .details : .list
            self.line = 0
        case .right, .character("l"): self.focus = .details
        case .escape, .character("q"), .left, .character("h"):
            self.focus = .list
            self.line = 0
        default:
            guard let step = self.height.step(of: key) else { return [] }
            if self.focus == .details {
                let count = self.detailLines(in: world, GlyphSet.ascii.glyphs).count
                self.line = max(0, min(self.line + step, count - 1))
            } else {
                self.cursor = max(0, min(self.cursor + step, self.rows(in: world).count - 1))
                self.line = 0
            }
        }
        return []
    }

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] {
        guard !self.isTyping, let (pane, index) = self.clicks.hit(row: row, column: column) else { return [] }
        if pane == .list, self.focus == .list, let index, index == self.cursor {
            return self.take(.enter, in: world)
        }
        self.focus = pane
        if pane == .list, let index, index != self.cursor {
            self.cursor = index
            self.line = 0
        }
        return []
    }

    /// A variable's name made into a backend's: `BACKEND_URL` stays, what a name may not hold becomes `-`.
    private static func plainName(_ name: String) -> String {
        let bytes = name.utf8.prefix(64).map { byte in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte == 0x2E || byte == 0x5F
                || byte == 0x2D
            return isPlain ? byte : 0x2D
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func takeTyped(_ key: KeyEvent, in world: World) -> [Effect] {
        guard let form = self.form else { return [] }
        if key == .escape {
            self.form = nil
            return self.addPending.cancel()
        }
        guard !form.isSaving else { return [] }
        switch key {
        case .tab, .backTab, .up, .down: self.form?.switchPart()
        case .enter:
            let taken = world.backends.backends.map(\.backend.name)
            if form.part == .name, form.url.text.isEmpty, form.nameProblem(taken: taken) == nil {
                self.form?.part = .url
                return []
            }
            guard let backend = self.form?.submit(taken: taken) else { return [] }
            self.form?.isSaving = true
            return self.addPending.start(backend.name) { services in
                do throws(BackendControlError) {
                    try await services.backends.add(backend)
                    return AddReply.success(backend)
                } catch {
                    return AddReply.failure(error)
                }
            }
        default: self.form?.edit { _ = $0.handle(key) }
        }
        return []
    }

    /// Goes back to the backend before the last switch.
    private mutating func undo(in world: World) -> [Effect] {
        guard let last = world.backends.switches.last, let from = last.from,
            world.backends.backends.contains(where: { $0.backend.name == from })
        else { return [.toast(BackendsPhrases.nothingToUndo(world.language), isFailure: true)] }
        return self.undoPending.start(from) { services in
            do throws(BackendControlError) {
                try await services.backends.activate(from, why: "undo")
                return SwitchReply.success(from)
            } catch {
                return SwitchReply.failure(error)
            }
        }
    }

    // MARK: Replies

    private mutating func takeReply(_ key: String, _ payload: any Sendable, in world: World) -> [Effect] {
        if self.probePending.takes(key) { return [] }
        if self.steeringPending.takes(key) { return self.takeSteered(payload, in: world) }
        if self.undoPending.takes(key) {
            switch payload as? SwitchReply {
            case .success(let name): return [.toast(BackendsPhrases.wentBack(world.language, name), isFailure: false)]
            case .failure(let error): return [.toast(error.description, isFailure: true)]
            case nil: return []
            }
        }
        guard self.addPending.takes(key) else { return [] }
        self.form?.isSaving = false
        switch payload as? AddReply {
        case .success(let backend):
            self.form = nil
            let isFirst = world.backends.goesFirst(to: backend)
            let phrase = isFirst ? ChromePhrases.addedActive : ChromePhrases.added
            return [.toast(phrase(world.language, backend.name), isFailure: false)]
        case .failure(let error): self.form?.refusal = error
        case nil: break
        }
        return []
    }
}

extension ScreenID {
    package static let backends = ScreenID(rawValue: "backends")
}
