package import TerminalCanvas
import Widgets
package import WorkerDomain

/// Shows the backends with their health, and switches, probes and adds them.
package struct BackendsScreen: Screen {
    package static let id = ScreenID.backends
    package static let title = Phrase("Backends", "后端")
    package static let summary = Phrase(
        "Where requests go: switch, drain, canary and inject faults, with the health of each backend.",
        "请求发往何处：切换、排空、金丝雀发布、故障注入，以及每个后端的健康状况。")

    /// The pane that keys go to while no form and no question is open.
    enum Focus: String, Sendable { case list, details }

    private var list = ListPane<BackendsRow.ID>()
    private var details = DetailPane()
    private(set) var focus = Focus.list
    /// The form that adds a backend, in the place of the details.
    private(set) var form: BackendsForm?
    /// The question that lies over the panes.
    private(set) var choice: BackendsChoice?
    private var digest = BackendsDigest()
    /// Traffic has come since the digest was made.
    private var hasTraffic = true
    private var isShown = false
    private var hasBeenShown = false
    private var probing = Pending("probe")
    private var adding = Pending("add")
    private var undoing = Pending("undo")
    private var steering = Pending("steer")

    package init() {}

    package static let panes: [KeyPane<BackendsScreen, Effect>] = BackendsKeys.panes

    // MARK: What there is

    func selected(in world: World) -> BackendsRow? {
        let rows = BackendsRow.all(in: world)
        return rows.isEmpty ? nil : rows[max(0, min(self.list.cursor, rows.count - 1))]
    }

    /// The selected backend; `nil` when none or a suggestion is selected.
    func selectedStatus(in world: World) -> BackendStatus? {
        if case .backend(let status) = self.selected(in: world) { status } else { nil }
    }

    var isProbing: Bool { self.probing.isWaiting }

    /// What the form says is being saved.
    var isAdding: Bool { self.adding.isWaiting }

    // MARK: Messages

    package mutating func update(_ message: Message, in world: World) -> [Effect] {
        switch message {
        case .key(let key): return self.press(key, in: world)
        case .paste(let text):
            // A pasted URL often comes with the end of its line.
            let line = text.filter { !$0.isNewline }
            self.edit { $0.paste(line) }
        case .shown:
            self.hasBeenShown = true
            self.isShown = true
            self.settle(in: world)
            self.count(in: world)
        case .hidden: self.isShown = false
        case .worldChanged: self.settle(in: world)
        case .traffic: self.hasTraffic = true
        case .tick: self.count(in: world)
        case .object: break
        }
        return []
    }

    /// Once a second is enough for what is counted over minutes.
    private mutating func count(in world: World) {
        guard self.isShown, self.hasTraffic || !self.digest.isEmpty else { return }
        self.hasTraffic = false
        self.digest = BackendsDigest(of: world.traffic, now: world.now)
    }

    /// Finds the selected row among those that there are now.
    private mutating func settle(in world: World) {
        if !self.list.update(BackendsRow.all(in: world).map(\.id), isSeen: self.hasBeenShown) { self.details.home() }
    }

    // MARK: Moving

    mutating func show(_ focus: Focus) {
        self.focus = focus
        self.details.home()
    }

    mutating func move(_ movement: KeyMovement, in world: World) {
        let rows = movement.rows(page: world.layout.page)
        guard self.focus == .details else { return self.select(self.list.cursor + rows, in: world) }
        let view = self.view(in: world)
        let count = view.detailLines(GlyphSet.ascii.glyphs, columns: world.layout.columns - 2, world.layout).count
        self.details.move(by: rows, count: count, page: world.layout.page)
    }

    private mutating func select(_ row: Int, in world: World) {
        self.list.select(row, in: BackendsRow.all(in: world).map(\.id))
        self.details.home()
    }

    package mutating func click(row: Int, column: Int, in world: World) -> [Effect] {
        guard self.form == nil, self.choice == nil,
            let (pane, index) = world.layout.hit(row: row, column: column, as: Focus.self)
        else { return [] }
        if pane == .list, self.focus == .list, let index, index == self.list.cursor {
            return self.perform("backends.open", in: world)
        }
        if self.focus != pane { self.show(pane) }
        if pane == .list, let index, index != self.list.cursor { self.select(index, in: world) }
        return []
    }

    // MARK: Adding

    /// Opens the form, with what the selected suggestion says when it is one.
    mutating func openForm(with row: BackendsRow? = nil) {
        if case .suggestion(let name, let url) = row {
            self.form = BackendsForm(name: BackendsForm.plainName(name), url: url)
        } else {
            self.form = BackendsForm()
        }
    }

    mutating func closeForm() -> [Effect] {
        self.form = nil
        return self.cancel(\.adding)
    }

    /// Changes the form while nothing is being saved.
    mutating func changeForm(_ change: (inout BackendsForm) -> Void) {
        guard var form = self.form, !self.isAdding else { return }
        change(&form)
        self.form = form
    }

    mutating func edit(_ change: (inout TextField) -> Void) { self.changeForm { $0.edit(change) } }

    mutating func submit(in world: World) -> [Effect] {
        var backend: Backend?
        self.changeForm { backend = $0.enter(taken: world.backends.backends.map(\.backend.name)) }
        guard let backend else { return [] }
        return [
            self.start(\.adding) { services in
                await Result { () async throws(BackendControlError) in try await services.backends.add(backend) }
            } then: { screen, outcome, world in
                switch outcome {
                case .success:
                    screen.form = nil
                    let isFirst = world.backends.goesFirst(to: backend)
                    let phrase = isFirst ? ChromePhrases.addedActive : ChromePhrases.added
                    return [.toast(phrase(world.language, backend.name), isFailure: false)]
                case .failure(let error):
                    screen.changeForm { $0.refuse(error) }
                    return []
                }
            }
        ]
    }

    // MARK: Probing and switching

    mutating func probe() -> [Effect] {
        guard !self.isProbing else { return [] }
        return [
            self.start(\.probing) {
                await $0.backends.probe(nil)
            } then: { _, _, _ in
                []
            }
        ]
    }

    /// Goes back to the backend before the last switch.
    mutating func undo(in world: World) -> [Effect] {
        guard let name = BackendsKeys.undoTarget(in: world) else {
            return [.toast(BackendsPhrases.nothingToUndo(world.language), isFailure: true)]
        }
        return [
            self.start(\.undoing) { services in
                await Result { () async throws(BackendControlError) in
                    try await services.backends.activate(name, why: "undo")
                }
            } then: { _, outcome, world in
                switch outcome {
                case .success: [.toast(BackendsPhrases.wentBack(world.language, name), isFailure: false)]
                case .failure(let error): [.toast(error.description, isFailure: true)]
                }
            }
        ]
    }

    // MARK: Drains, canaries and faults

    /// Opens the question, or says that it has no answers.
    mutating func ask(_ topic: BackendsChoice.Topic, in world: World) -> [Effect] {
        guard let name = self.selectedStatus(in: world)?.backend.name else { return [] }
        let choice = BackendsChoice(topic, name)
        guard !choice.answers(in: world).isEmpty else {
            return [.toast("\(name): \(SteeringPhrases.drainNone(world.language))", isFailure: false)]
        }
        self.choice = choice
        return []
    }

    mutating func changeChoice(_ change: (inout BackendsChoice) -> Void) {
        guard var choice = self.choice else { return }
        change(&choice)
        self.choice = choice
    }

    mutating func closeChoice() { self.choice = nil }

    /// Does what the chosen answer says.
    mutating func choose(in world: World) -> [Effect] {
        guard let choice = self.choice, let answer = choice.chosen(in: world) else { return [] }
        self.choice = nil
        let rule = world.backends.canary?.plan.rule ?? world.backends.canaryRule
        return [
            self.start(\.steering) { services in
                await Result { () async throws(BackendControlError) in
                    try await answer.action.carryOut(on: choice.name, rule: rule, services.backends)
                }
            } then: { _, outcome, world in
                switch outcome {
                case .success:
                    [.toast(SteeringPhrases.done(world.language, "\(choice.name): \(answer.text)"), isFailure: false)]
                case .failure(let error): [.toast(error.description, isFailure: true)]
                }
            }
        ]
    }

    // MARK: Drawing

    private func view(in world: World) -> BackendsView {
        BackendsView(
            world: world, rows: BackendsRow.all(in: world), cursor: self.list.cursor, focus: self.focus,
            details: self.details, form: self.form, isProbing: self.isProbing, isAdding: self.isAdding,
            traffic: self.selectedStatus(in: world).map {
                BackendsTraffic(figures: self.digest[$0.backend.name], world: world)
            })
    }

    package func draw(into canvas: inout Canvas, area: Rect, world: World) -> ScreenLayout {
        var layout = ScreenLayout()
        guard !area.isEmpty else { return layout }
        self.view(in: world).draw(into: &canvas, in: area, &layout)
        self.choice?.draw(into: &canvas, in: area, world: world)
        return layout
    }

    package func stateLine(in world: World) -> [Span] { BackendsHealth.stateLine(isProbing: self.isProbing, in: world) }
}

extension ScreenID {
    package static let backends = ScreenID(rawValue: "backends")
}
