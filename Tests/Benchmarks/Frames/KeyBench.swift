import ConsoleUI
import Dispatch
import Glibc
import StorageScreens
import Synchronization
import TerminalCanvas
import TrafficJournal
import WorkerDomain

/// How long the console takes from a key to the frame that answers it, on 20,000 exchanges in the journal: the whole
/// runtime, by the clock, without what a real terminal takes to show the frame.
///
/// The goals: median 2 ms and p99 8 ms while nothing comes, p99 16 ms while 20,000 exchanges come in a second.
struct KeyBench {
    /// A key, and how the frame that answers it is told from others.
    private struct Step {
        let name: String
        let key: KeyEvent
        let isSettled: @Sendable (Canvas) -> Bool
    }

    private static let rows: UInt64 = 20_000
    private static let arrivingPerSecond: UInt64 = 20_000
    private static let rounds = 150
    private static let size = (columns: 160, rows: 45)

    /// There and back through lists, help, fields, screens and a detail with its content.
    private static let steps: [Step] = {
        func shows(_ text: String) -> @Sendable (Canvas) -> Bool { { Self.text(of: $0).contains(text) } }
        func lacks(_ text: String) -> @Sendable (Canvas) -> Bool { { !Self.text(of: $0).contains(text) } }
        return [
            Step(name: "up", key: .up, isSettled: shows("PAUSED")),
            Step(name: "follow", key: .character("G"), isSettled: lacks("PAUSED")),
            Step(name: "page up", key: .pageUp, isSettled: shows("PAUSED")),
            Step(name: "follow", key: .character("G"), isSettled: lacks("PAUSED")),
            Step(name: "filter", key: .character("/"), isSettled: { $0.cursor != nil }),
            Step(name: "leave it", key: .escape, isSettled: { $0.cursor == nil }),
            Step(name: "help", key: .character("?"), isSettled: shows("Keys ·")),
            Step(name: "close it", key: .escape, isSettled: lacks("Keys ·")),
            Step(name: "overview", key: .character("1"), isSettled: shows("Needs attention")),
            Step(name: "traffic", key: .character("2"), isSettled: lacks("Needs attention")),
            // The newest may be in flight, and its body comes with the next news: the one above has ended.
            Step(name: "up", key: .up, isSettled: shows("PAUSED")),
            // Settled when the body stands there, which is read as work.
            Step(
                name: "detail", key: .enter,
                isSettled: { Self.text(of: $0).contains("\"items\"") && !Self.text(of: $0).contains("─ Requests ") }),
            Step(name: "list", key: .escape, isSettled: shows("─ Requests ")),
            Step(name: "follow", key: .character("G"), isSettled: lacks("PAUSED")),
        ]
    }()

    private let terminal = BenchTerminal(columns: Self.size.columns, rows: Self.size.rows)
    private let journal = Journal(limits: JournalLimits(exchanges: Int(Self.rows)))

    static func run() {
        let bench = KeyBench()
        for id in 1...Self.rows {
            BenchTraffic.record(BenchTraffic.exchange(id, at: BenchServices.now()), in: bench.journal)
        }
        bench.open()
        bench.measure("key to settled, nothing comes", pause: 0...2_000)
        let isOver = Arrivals(bench.journal, from: Self.rows + 1, perSecond: Self.arrivingPerSecond)
        isOver.start()
        bench.measure("key to settled, \(Self.arrivingPerSecond) exchanges a second come", pause: 0...20_000)
        isOver.stop()
        print("    \(isOver.told) exchanges came in \(isOver.seconds) s")
    }

    private func open() {
        let (terminal, journal) = (self.terminal, self.journal)
        let options = ConsoleOptions(initialScreen: .traffic, now: { BenchServices.now() })
        Task.detached {
            let runtime = try ConsoleRuntime(
                services: BenchServices.services(journal), terminal: terminal, options: options, catalog: .all)
            try await runtime.run()
        }
        guard self.terminal.frame(where: { Self.text(of: $0).contains("─ Requests ") }) != nil else {
            print("the console did not open")
            exit(1)
        }
    }

    /// Presses every key of the round many times, and prints how long each took to settle.
    /// - Parameters:
    ///   - name: What goes on meanwhile.
    ///   - pause: Microseconds between two keys, so that they fall at any moment of what else goes on.
    private func measure(_ name: String, pause: ClosedRange<UInt32>) {
        var times: [String: [Duration]] = [:]
        for round in 0..<Self.rounds {
            for step in Self.steps {
                usleep(UInt32.random(in: pause))
                self.terminal.forget()
                let start = ContinuousClock.now
                self.terminal.press(step.key)
                guard let frame = self.terminal.frame(where: step.isSettled) else {
                    print("\(name): no frame answers \(step.name)")
                    exit(1)
                }
                if round >= 5 { times[step.name, default: []].append(start.duration(to: frame.moment)) }
            }
        }
        print("\(name): \(Figures(of: times.values.flatMap { $0 }))")
        for (key, times) in times.sorted(by: { $0.key < $1.key }) { print("    \(key): \(Figures(of: times))") }
    }

    private static func text(of canvas: Canvas) -> String { canvas.cells.map(\.text).joined() }
}

/// A thread that tells a journal so many exchanges a second.
private final class Arrivals: Sendable {
    private let journal: Journal
    private let first: UInt64
    private let perSecond: UInt64
    private let isOver = Atomic(false)
    private let count = Atomic<UInt64>(0)
    private let microseconds = Atomic<Int64>(0)
    private let ended = DispatchSemaphore(value: 0)

    init(_ journal: Journal, from first: UInt64, perSecond: UInt64) {
        self.journal = journal
        self.first = first
        self.perSecond = perSecond
    }

    var told: UInt64 { self.count.load(ordering: .relaxed) }
    var seconds: Double { Double(self.microseconds.load(ordering: .relaxed) / 1_000) / 1_000 }

    func start() {
        DispatchQueue(label: "arrivals").async {
            let start = ContinuousClock.now
            var told: UInt64 = 0
            while !self.isOver.load(ordering: .relaxed) {
                let due = UInt64(start.duration(to: .now) / .microseconds(1)) * self.perSecond / 1_000_000
                while told < due {
                    let exchange = BenchTraffic.exchange(self.first + told, at: BenchServices.now())
                    BenchTraffic.record(exchange, in: self.journal)
                    told += 1
                }
                usleep(1_000)
            }
            self.count.store(told, ordering: .relaxed)
            self.microseconds.store(Int64(start.duration(to: .now) / .microseconds(1)), ordering: .relaxed)
            self.ended.signal()
        }
    }

    func stop() {
        self.isOver.store(true, ordering: .relaxed)
        self.ended.wait()
    }
}
