import Foundation
import Synchronization
import Testing

@testable import Application

@Suite("Signals", .timeLimit(.minutes(1)))
struct SignalWatchTests {
    @Test("a first signal to end is an event; a second one too, for a short time; a third one ends the process")
    func ends() async {
        let watch = SignalWatch()
        let events = watch.events()
        #expect(watch.take(SIGTERM) == .wait)
        #expect(watch.take(SIGWINCH) == .wait)
        #expect(watch.take(SIGINT) == .waitBriefly)
        #expect(watch.take(SIGCONT) == .waitBriefly)
        #expect(watch.take(SIGHUP) == .endProcess)
        var seen: [SignalWatch.Event] = []
        for await event in events {
            seen.append(event)
            if seen.count == 5 { break }
        }
        #expect(seen == [.end, .resized, .end, .resumed, .end])
    }

    @Test("when nobody listens a signal to end ends the process, and the others are nothing")
    func nobody() {
        let watch = SignalWatch()
        #expect(watch.take(SIGWINCH) == .wait && watch.take(SIGCONT) == .wait)
        #expect(watch.take(SIGINT) == .endProcess)
        // A resize must not end a program that two signals have not ended yet.
        #expect(SignalWatch().take(SIGWINCH) == .wait)
    }

    @Test("everybody who listens is told, and one who has left keeps nobody alive")
    func listeners() async {
        let watch = SignalWatch()
        let first = watch.events()
        do {
            let second = watch.events()
            #expect(watch.take(SIGTERM) == .wait)
            for await event in first {
                #expect(event == .end)
                break
            }
            for await event in second {
                #expect(event == .end)
                break
            }
        }
        let other = SignalWatch()
        do { _ = other.events() }
        #expect(other.take(SIGTERM) == .endProcess)
    }

    @Test("one who wants no past is told of what comes while waiting only")
    func present() async {
        let watch = SignalWatch()
        let events = watch.events(keepingPast: false)
        #expect(watch.take(SIGWINCH) == .wait)
        let isDone = Atomic(false)
        async let first = Self.first(of: events, isDone)
        // The one of before was dropped, so what arrives is one of these.
        while !isDone.load(ordering: .relaxed), !Task.isCancelled {
            _ = watch.take(SIGCONT)
            await Task.yield()
        }
        #expect(await first == .resumed)
    }

    private static func first(
        of events: AsyncStream<SignalWatch.Event>, _ isDone: borrowing Atomic<Bool>
    ) async -> SignalWatch.Event? {
        for await event in events {
            isDone.store(true, ordering: .relaxed)
            return event
        }
        return nil
    }
}
