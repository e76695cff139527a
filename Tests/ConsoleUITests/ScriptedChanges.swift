import Synchronization
import WorkerDomain

/// Tells of a change whenever it is asked, and notes the pauses that it is asked for and the watches that live.
final class ScriptedChanges: ChangeSource {
    final class Watch: ChangeWatch {
        private let source: ScriptedChanges

        init(_ source: ScriptedChanges) {
            self.source = source
            source.state.withLock { $0.watches += 1 }
        }

        deinit { self.source.state.withLock { $0.watches -= 1 } }

        func next(pause: Duration) async -> Bool {
            self.source.state.withLock { $0.pauses.append(pause) }
            return true
        }
    }

    private struct State {
        var pauses: [Duration] = []
        var watches = 0
    }
    private let state = Mutex(State())
    private let isBlind: Bool

    init(isBlind: Bool = false) {
        self.isBlind = isBlind
    }

    var pauses: [Duration] { self.state.withLock { $0.pauses } }
    var watches: Int { self.state.withLock { $0.watches } }

    func watch() -> (any ChangeWatch)? { self.isBlind ? nil : Watch(self) }
}
