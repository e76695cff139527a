package import TerminalCanvas
import TrafficJournal
import WorkerDomain

/// Joins terminal, screens and services: the loop of the console.
///
/// Keys, news and answers change the model one after the other; at most 20 times a second it is drawn, and shown when a
/// person would see a difference. A key is answered at once, with a frame that the next news then wait for. The journal
/// is asked at most 20 times a second, and only when its version has moved.
package actor ConsoleRuntime {
    private enum Input: Sendable {
        case terminal(TerminalEvent)
        case terminalClosed
        case poll
        case reply(EffectOwner, key: String, generation: UInt64, payload: any Sendable)
    }

    private struct EffectKey: Hashable {
        let owner: EffectOwner
        let key: String
    }

    private struct RunningEffect {
        let generation: UInt64
        let task: Task<Void, Never>
    }

    private static let pollInterval = Duration.milliseconds(50)
    private static let pollsPerStatus = 10

    private let services: Services
    private let terminal: any Terminal
    private let options: ConsoleOptions
    private let inputs: AsyncStream<Input>
    private let feed: AsyncStream<Input>.Continuation
    private var model: ConsoleModel
    private var effects: [EffectKey: RunningEffect] = [:]
    private var generation: UInt64 = 0
    private var cursor: JournalCursor?
    private var journalVersion: UInt64?
    private var shown: Canvas?
    private var isDirty = true
    /// One frame may be drawn in each interval.
    private var mayDraw = true
    /// A key's frame was drawn ahead of its interval: news skip one.
    private var hasBorrowed = false
    /// A key waits to be answered.
    private var isKeyPending = false
    private let needs: PollNeeds
    /// The second of the newest tick, since the epoch.
    private var second: Int64 = 0
    private var isQuitting = false

    package init(services: Services, terminal: any Terminal, options: ConsoleOptions) {
        self.services = services
        self.terminal = terminal
        self.options = options
        (self.inputs, self.feed) = AsyncStream.makeStream()
        let world = World(
            language: options.language, now: options.now(),
            status: services.worker.status(), backends: services.backends.snapshot(), resources: services.resources,
            health: services.worker.bindingHealth())
        self.model = ConsoleModel(world: world, options: options, size: Size(columns: 80, rows: 24))
        self.needs = PollNeeds(services: services, pollsPerStatus: Self.pollsPerStatus, now: options.now)
    }

    /// Runs until the user quits, the terminal is closed or the task is cancelled; the terminal is given back in any
    /// case.
    /// - Throws: ``TerminalError`` when the terminal cannot be opened.
    package func run() async throws {
        self.model.size = try await self.terminal.open()
        await withTaskGroup(of: Void.self) { group in
            let (terminal, feed, clock, needs) = (self.terminal, self.feed, self.options.clock, self.needs)
            group.addTask {
                for await event in terminal.events { feed.yield(.terminal(event)) }
                feed.yield(.terminalClosed)
            }
            group.addTask {
                while !Task.isCancelled {
                    do { try await clock.sleep(for: Self.pollInterval) } catch { return }
                    // Most of the time nothing is new: finding that out must not wake the console.
                    if needs.isDue() { feed.yield(.poll) }
                }
            }
            await self.loop()
            for effect in self.effects.values { effect.task.cancel() }
            self.effects = [:]
            // The reader of events ends with the terminal.
            await self.terminal.close()
            group.cancelAll()
        }
    }

    private func loop() async {
        self.readJournal()
        await self.carryOut(self.model.start())
        await self.draw()
        for await input in self.inputs {
            await self.take(input)
            if self.isQuitting { return }
            if self.isDirty, self.mayDraw || (self.isKeyPending && !self.hasBorrowed) {
                self.hasBorrowed = !self.mayDraw
                await self.draw()
            } else if self.isDirty {
                self.needs.ask()
            }
        }
    }

    private func take(_ input: Input) async {
        switch input {
        case .terminal(.resumed):
            self.isDirty = true
            self.model.resumed(at: self.options.now())
        case .terminal(let event):
            self.isDirty = true
            self.isKeyPending = true
            await self.carryOut(self.model.take(event))
        case .terminalClosed: self.isQuitting = true
        case .poll: await self.poll()
        case .reply(let owner, let key, let generation, let payload):
            let place = EffectKey(owner: owner, key: key)
            // An answer that something newer was asked after is stale.
            guard self.effects[place]?.generation == generation else { return }
            self.effects[place] = nil
            self.isDirty = true
            self.readWorld()
            await self.carryOut(self.model.reply(payload, key: key, to: owner))
        }
    }

    // MARK: News

    private func poll() async {
        self.mayDraw = self.isKeyPending || !self.hasBorrowed
        self.hasBorrowed = false
        let now = self.options.now()
        let second = now.nanosecondsSinceEpoch / 1_000_000_000
        let isNewSecond = second != self.second
        if isNewSecond {
            self.second = second
            self.isDirty = true
            await self.carryOut(self.model.tick(now: now))
        }
        // Figures of the last seconds change without a new event.
        if isNewSecond || self.services.journal.version != self.journalVersion {
            self.isDirty = true
            await self.carryOut(self.readJournal())
        }
        if self.needs.takeStatusDue(), self.readWorld() {
            self.isDirty = true
            await self.carryOut(self.model.worldChanged())
        }
    }

    @discardableResult
    private func readJournal() -> [ConsoleCommand] {
        self.journalVersion = self.services.journal.version
        self.needs.sawJournal(self.services.journal.version)
        // How long something has been in flight is told by the same moment as the rest.
        self.model.world.now = max(self.model.world.now, self.options.now())
        let delta = self.services.journal.delta(since: self.cursor)
        self.cursor = delta.cursor
        return self.model.take(delta)
    }

    /// - Returns: True when something differs.
    @discardableResult
    private func readWorld() -> Bool {
        let status = self.services.worker.status()
        let backends = self.services.backends.snapshot()
        let health = self.services.worker.bindingHealth()
        let world = self.model.world
        guard status != world.status || backends != world.backends || health != world.health else { return false }
        self.model.world.status = status
        self.model.world.backends = backends
        self.model.world.health = health
        return true
    }

    // MARK: Commands

    private func carryOut(_ commands: [ConsoleCommand]) async {
        for command in commands {
            switch command {
            case .run(let owner, let key, let work): self.start(owner, key, work)
            case .cancel(let owner, let key):
                self.effects.removeValue(forKey: EffectKey(owner: owner, key: key))?.task.cancel()
            case .copy(let copied): self.copy(copied)
            case .setTheme(let name): await self.options.setTheme(name)
            case .useMouse(let isOn): await self.terminal.useMouse(isOn)
            case .suspend:
                await self.terminal.suspend()
                self.shown = nil
            case .repaint: await self.repaint()
            case .quit: self.isQuitting = true
            }
        }
    }

    /// A child process or a file may be in it: its answer comes as that of an effect.
    private func copy(_ copied: CopiedText) {
        let (terminal, clipboard) = (self.terminal, self.options.clipboard)
        self.start(.frame, "copy") { _ in
            CopyReply(copied: copied, outcome: await clipboard.put(copied.text, through: terminal))
        }
    }

    private func start(
        _ owner: EffectOwner, _ key: String, _ work: @escaping @Sendable (Services) async -> any Sendable
    ) {
        let place = EffectKey(owner: owner, key: key)
        self.effects[place]?.task.cancel()
        self.generation += 1
        let (services, feed, generation) = (self.services, self.feed, self.generation)
        let task = Task {
            let payload = await work(services)
            feed.yield(.reply(owner, key: key, generation: generation, payload: payload))
        }
        self.effects[place] = RunningEffect(generation: generation, task: task)
    }

    // MARK: Drawing

    private func draw() async {
        self.isDirty = false
        self.isKeyPending = false
        let canvas = Frame(model: self.model).draw()
        guard canvas != self.shown else { return }
        self.shown = canvas
        self.mayDraw = false
        self.needs.ask()
        await self.terminal.present(canvas)
    }

    /// Only what differs is sent: a canvas that differs everywhere makes the next one go out whole.
    private func repaint() async {
        var other = Canvas(
            columns: self.model.size.columns, rows: self.model.size.rows, glyphs: self.model.glyphs)
        other.fill(other.bounds, with: Cell(".", role: .dim))
        await self.terminal.present(other)
        self.shown = nil
        self.isDirty = true
    }
}
