import Synchronization

/// How far a transfer of objects has come.
package struct TransferProgress: Sendable, Equatable {
    package var objects = 0
    /// `nil` while nobody knows.
    package var totalObjects: Int?
    package var bytes: Int64 = 0
    /// `nil` while nobody knows.
    package var totalBytes: Int64?
    /// The object that is transferred now.
    package var name = ""
    /// Over the last seconds; `nil` before there is enough to tell.
    package var bytesPerSecond: Int64?

    package init() {}
}

/// Counts what a transfer has done, for whoever shows it.
package final class TransferMeter: Sendable {
    private struct Sample {
        let moment: ContinuousClock.Instant
        let moved: Int64
    }

    private struct State {
        var progress = TransferProgress()
        /// Bytes of the objects that are done.
        var finished: Int64 = 0
        /// Where the present object went on; `nil` before it has told.
        var start: Int64?
        /// Bytes that have really been transferred.
        var moved: Int64 = 0
        var samples: [Sample] = []
    }

    private let state = Mutex(State())

    /// What a rate is taken over.
    private static let window = Duration.seconds(3)
    /// Before so long a rate would be a guess.
    private static let shortest = Duration.milliseconds(500)

    package init() {}

    package func expect(objects: Int, bytes: Int64) {
        self.state.withLock { state in
            state.progress.totalObjects = objects
            state.progress.totalBytes = bytes
        }
    }

    package func begin(_ name: String) {
        self.state.withLock { state in
            state.progress.name = name
            state.start = nil
        }
    }

    /// The bytes of the present object that are there; the first report says where it goes on.
    package func move(to bytes: Int64) {
        self.state.withLock { state in
            let now = state.finished + bytes
            if state.start == nil { state.start = bytes } else { state.moved += max(0, now - state.progress.bytes) }
            state.progress.bytes = now
        }
    }

    package func finish(bytes: Int64) {
        self.state.withLock { state in
            state.finished += bytes
            state.progress.bytes = state.finished
            state.progress.objects += 1
        }
    }

    /// The present object did not come about: what was transferred of it does not count.
    package func fail() { self.state.withLock { $0.progress.bytes = $0.finished } }

    /// How far it is; the rate is that of the readings before.
    package func progress(at moment: ContinuousClock.Instant = .now) -> TransferProgress {
        self.state.withLock { state in
            state.samples.append(Sample(moment: moment, moved: state.moved))
            while state.samples.count > 2, state.samples[1].moment.duration(to: moment) >= Self.window {
                state.samples.removeFirst()
            }
            var progress = state.progress
            if let first = state.samples.first {
                let time = first.moment.duration(to: moment)
                if time >= Self.shortest {
                    progress.bytesPerSecond = Int64(Double(state.moved - first.moved) / (time / .seconds(1)))
                }
            }
            return progress
        }
    }
}
