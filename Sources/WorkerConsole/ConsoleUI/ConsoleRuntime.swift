import Executors
package import TerminalCanvas
import TrafficJournal
import WorkerDomain

/// Joins terminal, screens and services: the loop of the console, on a thread of its own.
///
/// Keys, news and answers change the model one after the other. What a person did is drawn at once; news of the traffic
/// are read and drawn at most 20 times a second, and with a frame that is drawn anyway when those it has are 25 ms old; 10
/// times and 100 ms where thousands of requests come in a second. With nothing new the loop wakes once a second, for the
/// clock.
package actor ConsoleRuntime {
    private enum Input: Sendable {
        case terminal(TerminalEvent)
        case terminalClosed
        case cancelled
        case traffic
        case done(EffectOwner, slot: String, generation: UInt64, any Reply)
    }

    private struct EffectKey: Hashable {
        let owner: EffectOwner
        let key: String
    }

    private struct RunningEffect {
        let generation: UInt64
        let task: Task<Void, Never>
    }

    private static let newsInterval = Duration.milliseconds(50)
    /// A frame that is drawn anyway shows the news too when those it has are so old: one frame instead of two.
    private static let askedNewsInterval = Duration.milliseconds(25)
    /// Changes a second of which each news has more than a window shows: nobody reads them all, and requests need the cores.
    private static let crowd = 2_000
    private static let crowdedNewsInterval = Duration.milliseconds(100)
    private static let statusInterval = Duration.milliseconds(500)

    package nonisolated var unownedExecutor: UnownedSerialExecutor { self.thread.asUnownedSerialExecutor() }

    private nonisolated let thread: SerialThread
    private let services: Services
    private let terminal: any Terminal
    private let options: ConsoleOptions
    private var model: ConsoleModel
    private var inputs: [Input] = []
    private var ended: CheckedContinuation<Void, Never>?
    private var effects: [EffectKey: RunningEffect] = [:]
    private var generation: UInt64 = 0
    private var cursor: JournalCursor?
    private var shown: Canvas?
    /// The journal has events that were not read.
    private var hasTraffic = false
    private var lastNews = ContinuousClock.now
    /// The newest news were of so many changes in the time since those before that they come less often.
    private var isCrowded = false
    private var lastStatus = ContinuousClock.now
    /// The second of the newest tick, since the epoch.
    private var second: Int64 = 0
    private var isQuitting = false

    /// - Throws: ``TerminalError`` — `.noThread`.
    package init(
        services: Services, terminal: any Terminal, options: ConsoleOptions, catalog: ScreenCatalog
    ) throws(TerminalError) {
        do throws(ThreadUnavailable) {
            self.thread = try SerialThread()
        } catch {
            throw .noThread(errno: error.code)
        }
        self.services = services
        self.terminal = terminal
        self.options = options
        let world = World(
            language: options.language, now: options.now(),
            status: services.worker.status(), backends: services.backends.snapshot(), resources: services.resources,
            health: services.worker.bindingHealth())
        self.model = ConsoleModel(
            world: world, options: options, size: Size(columns: 80, rows: 24), catalog: catalog)
    }

    deinit { self.thread.stop() }

    /// Runs until the user quits, the terminal is closed or the task is cancelled; the terminal is given back in any
    /// case.
    /// - Throws: ``TerminalError`` when the terminal cannot be opened.
    package func run() async throws {
        self.model.size = try await self.terminal.open()
        self.thread.onAlarm { [weak self] in self?.assumeIsolated { $0.turn() } }
        let reader = Task { await self.readEvents() }
        self.begin()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                self.ended = continuation
                self.endIfQuitting()
            }
        } onCancel: {
            self.tell(.cancelled)
        }
        for effect in self.effects.values { effect.task.cancel() }
        self.effects = [:]
        self.thread.setAlarm(at: nil)
        self.options.ending()
        // The reader of events ends with the terminal.
        await self.terminal.close()
        await reader.value
    }

    private func readEvents() async {
        for await event in self.terminal.events { self.add(.terminal(event)) }
        self.add(.terminalClosed)
    }

    // MARK: Turns

    private func begin() {
        self.readJournal()
        let commands = self.model.start()
        // Shown before the work begins that the first screen asks for.
        self.draw()
        self.carryOut(commands)
        self.setAlarm()
    }

    private nonisolated func tell(_ input: Input) {
        self.thread.perform { [weak self] in self?.assumeIsolated { $0.add(input) } }
    }

    /// What waits together is drawn once: the turn comes behind everything that the thread knows of already.
    private func add(_ input: Input) {
        self.inputs.append(input)
        guard self.inputs.count == 1 else { return }
        self.thread.perform { [weak self] in self?.assumeIsolated { $0.turn() } }
    }

    /// Handles what has come, reads what is new, and draws what differs.
    private func turn() {
        var isAsked = false
        let inputs = self.inputs
        self.inputs = []
        for input in inputs where !self.isQuitting { isAsked = self.take(input) || isAsked }
        if self.isQuitting { return self.endIfQuitting() }
        giveWay()
        if self.readNews(isAsked: isAsked) || isAsked {
            giveWay()
            self.draw()
        }
        self.setAlarm()
        self.endIfQuitting()
    }

    private func endIfQuitting() {
        guard self.isQuitting else { return }
        let ended = self.ended
        self.ended = nil
        ended?.resume()
    }

    /// The next turn without an input: at the next second, or when news may be read.
    private func setAlarm() {
        let now = self.options.now().nanosecondsSinceEpoch
        let toSecond = 1_000_000_000 - (now % 1_000_000_000 + 1_000_000_000) % 1_000_000_000
        var moment = ContinuousClock.now + .nanoseconds(toSecond)
        if self.hasTraffic { moment = min(moment, self.lastNews + self.newsInterval(isAsked: false)) }
        self.thread.setAlarm(at: moment)
    }

    /// - Returns: True when it is to be shown at once.
    private func take(_ input: Input) -> Bool {
        switch input {
        case .terminal(.resumed):
            self.model.resumed(at: self.options.now())
        case .terminal(let event):
            self.carryOut(self.model.take(event))
        case .terminalClosed, .cancelled: self.isQuitting = true
        case .traffic:
            self.hasTraffic = true
            return false
        case .done(let owner, let slot, let generation, let reply):
            guard self.ends(EffectKey(owner: owner, key: slot), generation) else { return false }
            self.readWorld()
            self.carryOut(self.model.receive(reply, for: owner))
        }
        return true
    }

    /// Of one slot only the newest work counts: what something newer was asked after is dropped here, and only here.
    private func ends(_ place: EffectKey, _ generation: UInt64) -> Bool {
        guard self.effects[place]?.generation == generation else { return false }
        self.effects[place] = nil
        return true
    }

    // MARK: News

    private func newsInterval(isAsked: Bool) -> Duration {
        if self.isCrowded { return Self.crowdedNewsInterval }
        return isAsked ? Self.askedNewsInterval : Self.newsInterval
    }

    /// - Parameter isAsked: A frame is drawn in any case.
    /// - Returns: True when something is new.
    private func readNews(isAsked: Bool) -> Bool {
        let (now, moment) = (self.options.now(), ContinuousClock.now)
        let second = now.nanosecondsSinceEpoch / 1_000_000_000
        let isNewSecond = second != self.second
        let mayReadTraffic = self.hasTraffic && self.lastNews + self.newsInterval(isAsked: isAsked) <= moment
        if isNewSecond {
            self.second = second
            self.carryOut(self.model.tick(now: now))
        }
        // Figures of the last seconds change without a new event.
        if isNewSecond || mayReadTraffic { self.carryOut(self.readJournal()) }
        guard isNewSecond || mayReadTraffic else { return false }
        if isNewSecond || self.lastStatus + Self.statusInterval <= moment {
            self.lastStatus = moment
            if self.readWorld() { self.carryOut(self.model.worldChanged()) }
        }
        return true
    }

    @discardableResult
    private func readJournal() -> [ConsoleCommand] {
        let (before, now) = (self.lastNews, ContinuousClock.now)
        self.lastNews = now
        self.hasTraffic = false
        // How long something has been in flight is told by the same moment as the rest.
        self.model.advance(to: max(self.model.world.now, self.options.now()))
        let delta = self.services.journal.delta(since: self.cursor)
        self.cursor = delta.cursor
        self.isCrowded = .seconds(1) * delta.changed.count >= (now - before) * Self.crowd
        self.services.journal.whenChanged(from: delta.cursor.version, for: self) { [weak self] in
            self?.tell(.traffic)
        }
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

    private func carryOut(_ commands: [ConsoleCommand]) {
        for command in commands {
            switch command {
            case .work(let owner, let work): self.start(owner, work)
            case .cancel(let owner, let key):
                self.effects.removeValue(forKey: EffectKey(owner: owner, key: key))?.task.cancel()
            case .copy(let copied): self.copy(copied)
            case .setTheme(let name): self.options.setTheme(name)
            case .useMouse(let isOn): self.terminal.useMouse(isOn)
            case .suspend: self.terminal.suspend()
            case .edit(let path, let line): self.edit(path, line: line)
            case .repaint: self.terminal.repaint()
            case .quit: self.isQuitting = true
            }
        }
    }

    /// A child process or a file may be in it: its result comes as that of work.
    private func copy(_ copied: CopiedText) {
        let (terminal, clipboard) = (self.terminal, self.options.clipboard)
        let work = ConsoleModel.copying {
            CopyReply(copied: copied, outcome: await clipboard.put(copied.text, through: terminal))
        }
        self.start(.frame, work)
    }

    /// The terminal is the editor's until it ends; what went wrong comes back as that of work.
    private func edit(_ path: String, line: Int) {
        let (terminal, edit) = (self.terminal, self.options.edit)
        self.start(
            .frame,
            ConsoleModel.editing {
                await withCheckedContinuation { continuation in
                    terminal.lend { continuation.resume(returning: edit(path, line)) }
                }
            })
    }

    private func start(_ owner: EffectOwner, _ work: Work) {
        let place = EffectKey(owner: owner, key: work.slot)
        self.effects[place]?.task.cancel()
        self.generation += 1
        let (services, generation) = (self.services, self.generation)
        let task = Task.detached { [weak self] in
            let reply = await work.run(services)
            self?.tell(.done(owner, slot: work.slot, generation: generation, reply))
        }
        self.effects[place] = RunningEffect(generation: generation, task: task)
    }

    // MARK: Drawing

    private func draw() {
        let canvas = self.model.draw()
        guard canvas != self.shown else { return }
        self.shown = canvas
        self.terminal.present(canvas)
    }
}
