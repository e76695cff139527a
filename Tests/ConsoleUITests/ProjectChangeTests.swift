import Synchronization
import TerminalCanvas
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

/// The console while files of the project change: everything that it shows follows by itself.
@Suite("Files that change while the console runs", .timeLimit(.minutes(1)))
struct ProjectChangeTests {
    /// A project whose changes the test makes.
    private final class ScriptedProject: ProjectSource {
        private struct State {
            var change: ProjectChange
            var waiter: CheckedContinuation<ProjectChange?, Never>?
        }
        private let state: Mutex<State>

        init(_ resources: [BoundResource]) {
            self.state = Mutex(State(change: ProjectChange(news: ProjectNews(), resources: resources)))
        }

        var resources: [BoundResource] { self.state.withLock { $0.change.resources } }

        func change(
            _ files: [String], _ resources: [BoundResource]? = nil, _ note: (inout ProjectNews) -> Void = { _ in }
        ) {
            let (change, waiter) = self.state.withLock { state in
                var news = state.change.news
                news.revision += 1
                news.files = files
                news.hasNewBindings = resources != nil
                note(&news)
                state.change = ProjectChange(news: news, resources: resources ?? state.change.resources)
                defer { state.waiter = nil }
                return (state.change, state.waiter)
            }
            waiter?.resume(returning: change)
        }

        func next(after revision: Int) async -> ProjectChange? {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let known: ProjectChange?? = self.state.withLock { state in
                        if Task.isCancelled { return .some(nil) }
                        if state.change.news.revision > revision { return state.change }
                        state.waiter = continuation
                        return nil
                    }
                    if let known { continuation.resume(returning: known) }
                }
            } onCancel: {
                self.state.withLock { state in
                    defer { state.waiter = nil }
                    return state.waiter
                }?.resume(returning: nil)
            }
        }
    }

    /// Checks that end when the test says so.
    private final class HeldChecks: CheckRunner {
        private struct State {
            var report: CheckReport
            var isHeld = false
            var waiters: [CheckedContinuation<Void, Never>] = []
        }
        private let state: Mutex<State>

        init(_ report: CheckReport) { self.state = Mutex(State(report: report)) }

        func hold() { self.state.withLock { $0.isHeld = true } }

        func release(_ report: CheckReport) {
            let waiters = self.state.withLock { state in
                state.report = report
                state.isHeld = false
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.resume() }
        }

        func run() async -> CheckReport {
            await withCheckedContinuation { continuation in
                let isFree = self.state.withLock { state in
                    if state.isHeld { state.waiters.append(continuation) }
                    return !state.isHeld
                }
                if isFree { continuation.resume() }
            }
            return self.state.withLock { $0.report }
        }
    }

    private struct Stage {
        let terminal = HeadlessTerminal()
        let project: ScriptedProject
        let checks: HeldChecks
        private let running: Task<Void, any Error>

        init(
            _ language: Language = .english, _ report: CheckReport = ChecksSample.report,
            resources: [BoundResource] = Pilot.resources()
        ) throws {
            let (project, checks) = (ScriptedProject(resources), HeldChecks(report))
            (self.project, self.checks) = (project, checks)
            let services = Services(
                journal: Journal(), backends: PilotBackends(), worker: PilotWorker(), project: project, checks: checks)
            let now = Pilot.now
            let runtime = try ConsoleRuntime(
                services: services, terminal: self.terminal,
                options: ConsoleOptions(language: language, now: { now }), catalog: .all)
            self.running = Task { try await runtime.run() }
        }

        func end() async throws {
            self.terminal.send(.key(.character("q")))
            try await self.running.value
        }
    }

    /// The sample's report with one more check in front, and the failure gone.
    private static let mended: CheckReport = {
        var report = ChecksSample.report
        report.results[2] = CheckResult(
            id: "entrypoint", title: "Entrypoint", outcome: .pass, summary: "class Default(WorkerEntrypoint) registers")
        report.results.insert(
            CheckResult(id: "config.more", title: "One more", outcome: .pass, summary: "it is there now"), at: 0)
        return report
    }()

    @Test(
        "checks run by themselves and say why; the old findings stay till the new ones stand, the selection at its check",
        arguments: [
            (Language.english, "wrangler.toml changed on disk, running…", "check 3/6", "check 4/7"),
            (.simplifiedChinese, "wrangler.toml 在磁盘上已更改，正在检查…", "检查 3/6", "检查 4/7"),
        ])
    func checks(_ language: Language, _ words: String, _ before: String, _ after: String) async throws {
        let stage = try Stage(language)
        stage.terminal.send(.key(Pilot.key(of: .checks)))
        let first = try #require(await stage.terminal.waitForText(before))
        #expect(CanvasReading.text(of: first).contains("10068"))
        stage.checks.hold()
        stage.project.change(["wrangler.toml"])
        let running = try #require(await stage.terminal.waitForText(words))
        let text = CanvasReading.text(of: running)
        #expect(text.contains("10068") && text.contains(before))
        stage.checks.release(Self.mended)
        let ended = try #require(await stage.terminal.waitForText(after))
        let end = CanvasReading.text(of: ended)
        #expect(
            !end.contains(words) && !end.contains("10068") && end.contains("class Default(WorkerEntrypoint) registers"))
        try await stage.end()
    }

    @Test("a change during a run is not lost: the run that counts began after it")
    func changeDuringRun() async throws {
        let stage = try Stage()
        stage.terminal.send(.key(Pilot.key(of: .checks)))
        #expect(await stage.terminal.waitForText("check 3/6") != nil)
        stage.checks.hold()
        stage.project.change(["worker.py"])
        #expect(await stage.terminal.waitForText("worker.py changed on disk") != nil)
        stage.project.change(["worker.py", "wrangler.toml", "a.py"])
        #expect(await stage.terminal.waitForText("wrangler.toml and 2 more files changed on disk") != nil)
        stage.checks.release(Self.mended)
        #expect(await stage.terminal.waitForText("check 4/7") != nil)
        try await stage.end()
    }

    @Test("Overview and the counts follow what the checks find then")
    func overview() async throws {
        let stage = try Stage()
        #expect(await stage.terminal.waitForText("10068") != nil)
        stage.checks.release(Self.mended)
        stage.project.change(["worker.py"])
        #expect(await stage.terminal.waitForCanvas { !CanvasReading.text(of: $0).contains("10068") } != nil)
        try await stage.end()
    }

    private static func bucket(_ name: String, _ key: String, generation: Int) -> BoundResource {
        let store = MemoryObjectStore([BucketsSample.object(key, [65], type: "text/plain", etag: "e")])
        var resource = BoundResource(
            binding: Binding(name: "UPLOADS", kind: .r2, resource: name), reader: .bucket(store), place: name)
        resource.generation = generation
        return resource
    }

    @Test("a bucket that the wrangler file names anew is listed anew; what did not change is left alone")
    func bindings() async throws {
        let stage = try Stage(resources: [Self.bucket("one", "first.txt", generation: 0)])
        stage.terminal.send(.key(Pilot.key(of: .buckets)))
        #expect(await stage.terminal.waitForText("first.txt") != nil)
        stage.project.change(["wrangler.toml"], [Self.bucket("two", "second.txt", generation: 1)])
        let canvas = try #require(await stage.terminal.waitForText("second.txt"))
        #expect(!CanvasReading.text(of: canvas).contains("first.txt"))
        #expect(await stage.terminal.waitForText("wrangler.toml changed on disk · bindings read again") != nil)
        try await stage.end()
    }

    @Test(
        "worker-console.toml says which keys are in use now and which need a restart; a broken file where and why",
        arguments: [
            (
                Language.english, "needs a restart: listen.port · now in use: cors.origins",
                "the previous values stay in use · wrangler.toml:3:1: no value"
            ),
            (.simplifiedChinese, "需要重启：listen.port · 现已生效：cors.origins", "继续使用之前的值 · wrangler.toml:3:1：no value"),
        ])
    func settings(_ language: Language, _ words: String, _ fault: String) async throws {
        let stage = try Stage(language)
        stage.terminal.send(.resized(Size(columns: 160, rows: 45)))
        stage.project.change(["worker-console.toml"]) { news in
            news.applied = ["cors.origins"]
            news.needRestart = ["listen.port"]
        }
        #expect(await stage.terminal.waitForText(words) != nil)
        stage.project.change(["wrangler.toml"]) { news in
            news.unusable = [
                ProjectNews.Unusable(
                    file: "wrangler.toml", problem: .fault(place: "wrangler.toml:3:1", reason: "no value"))
            ]
        }
        #expect(await stage.terminal.waitForText(fault) != nil)
        try await stage.end()
    }

    @Test("what is not as the files say stays among what needs attention")
    func attention() {
        var world = BackendsSample.world(.english)
        world.status.project.needRestart = ["listen.port"]
        world.status.project.delay = .inotifyLimit
        world.status.project.unusable = [ProjectNews.Unusable(file: "wrangler.toml", problem: .gone)]
        let texts = AttentionItem.all(in: world).map(\.text)
        #expect(texts.contains("worker-console.toml: listen.port needs a restart"))
        #expect(texts.contains("wrangler.toml: the previous values stay in use · wrangler.toml no longer exists"))
        #expect(texts.contains { $0.hasPrefix("changes on disk are checked every 2 s") })
        world.status.project.needRestart = ["listen.port", "proxy.engine"]
        #expect(
            AttentionItem.all(in: world).map(\.text)
                .contains("worker-console.toml: listen.port, proxy.engine need a restart"))
    }

    @Test("a run that a person asked for is begun anew when the files change meanwhile")
    func askedRun() {
        var bench = ScreenBench<ChecksScreen>(world: BackendsSample.world(.english))
        bench.begin(.shown)
        #expect(bench.begun == 1)
        bench.world.checkRun = .changedOnDisk(["worker.py"])
        bench.world.status.project.revision += 1
        bench.begin(.worldChanged)
        #expect(bench.works.count == 1 && bench.begun == 2)
        // The world changes with every request too: that begins nothing.
        bench.begin(.worldChanged)
        #expect(bench.works.count == 1 && bench.begun == 2)
    }

    @Test("hidden screens read nothing when the bindings change, and are up to date when they are shown")
    func hidden() async {
        let one = Self.bucket("one", "first.txt", generation: 0)
        var bench = ScreenBench<BucketsScreen>(world: BackendsSample.world(.english, resources: [one]))
        await bench.send(.shown)
        await bench.send(.hidden)
        let two = Self.bucket("two", "second.txt", generation: 1)
        bench.world.resources = [two]
        bench.services = Services(
            journal: Journal(), backends: ScriptedBackends(), worker: ScriptedWorker(), resources: [two],
            checks: ScriptedChecks(report: ChecksSample.report))
        bench.begin(.worldChanged)
        #expect(bench.works.isEmpty)
        await bench.send(.shown)
        #expect(bench.screen.listing?.items.map(\.key) == ["second.txt"])
    }
}
