import Synchronization
import TerminalCanvas
import TestSupport
import Testing
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("the runtime's guard against work that comes late")
struct LateWorkTests {
    private static func resource(
        _ name: String, _ store: any ObjectStore, changes: (any ChangeSource)? = nil
    ) -> BoundResource {
        BoundResource(
            binding: Binding(name: name, kind: .r2), reader: .bucket(store), place: "r2", changes: changes)
    }

    @Test(
        "of one slot only the newest work counts, and a result that nobody waits for is dropped",
        .timeLimit(.minutes(1)))
    func late() async throws {
        let terminal = HeadlessTerminal()
        let held = HeldStore(MemoryObjectStore([BucketsSample.object("late.txt", [65])]))
        let changes = ScriptedChanges()
        let own = MemoryObjectStore([BucketsSample.object("own.txt", [66])])
        let services = Services(
            journal: Journal(), backends: PilotBackends(), worker: PilotWorker(),
            resources: [Self.resource("A", held, changes: changes), Self.resource("B", own)], checks: PilotChecks())
        let now = Pilot.now
        let runtime = try ConsoleRuntime(
            services: services, terminal: terminal, options: ConsoleOptions(now: { now }), catalog: .all)
        let running = Task { try await runtime.run() }
        #expect(await terminal.waitForText("Needs attention") != nil)
        terminal.send(.key(.character("3")))
        #expect(await terminal.waitForText("loading…") != nil)
        terminal.send(.key(.character("]")))
        #expect(await terminal.waitForText("own.txt") != nil)
        await held.release()
        // The page holds the watch that was begun for it. A screen that took it would keep the watch.
        while changes.watches > 0 { await Task.yield() }
        terminal.send(.key(.character("y")))
        let picture = await terminal.waitForText("own.txt")
        #expect(picture.map { !CanvasReading.text(of: $0).contains("late.txt") } ?? false)
        terminal.send(.key(.control("c")))
        try await running.value
    }
}

/// A store whose first listing waits until it is let go; nothing else ends its waiting.
private final class HeldStore: ObjectStore {
    private struct State {
        var waiting: [CheckedContinuation<Void, Never>] = []
        var isReleased = false
    }
    private let store: MemoryObjectStore
    private let state = Mutex(State())

    init(_ store: MemoryObjectStore) {
        self.store = store
    }

    func release() async {
        let waiting = self.state.withLock { state in
            state.isReleased = true
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func list(_ request: ObjectListRequest) async throws(StorageError) -> ObjectPage {
        await withCheckedContinuation { continuation in
            let isReleased = self.state.withLock { state in
                if !state.isReleased { state.waiting.append(continuation) }
                return state.isReleased
            }
            if isReleased { continuation.resume() }
        }
        return try await self.store.list(request)
    }

    func head(_ key: String) async throws(StorageError) -> StoredObject? { try await self.store.head(key) }

    func read(_ key: String, offset: Int64, length: Int) async throws(StorageError) -> ObjectPart {
        try await self.store.read(key, offset: offset, length: length)
    }

    func usage() async throws(StorageError) -> BucketUsage { try await self.store.usage() }
}
