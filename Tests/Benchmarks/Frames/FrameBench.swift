import ConsoleUI
import Glibc
import TerminalCanvas
import TrafficJournal
import WorkerDomain

/// What a frame of the traffic screen costs on 20,000 rows, in processor time of its thread; then how long a key takes on
/// the whole console (``KeyBench``).
///
/// Run it in a release build: `swift build -c release --scratch-path .build-release --product frame-bench`.
@main
struct FrameBench {
    private static let rows: UInt64 = 20_000
    private static let frames = 400
    private static let size = (columns: 160, rows: 45)

    private var screen = TrafficScreen()
    private var world: World
    private var next: UInt64
    private var coming: [Exchange] = []

    static func main() {
        var bench = FrameBench()
        bench.report("still") { _ in }
        bench.report("a key each") { $0.press(.up) }
        bench.report("a page each") { $0.press(.pageUp) }
        bench.press(.character("G"))
        bench.report("50 new rows each", before: { $0.prepare(50) }, change: { $0.arrive() })
        bench.press(.enter)
        bench.report("detail, a key each") { $0.press(.down) }
        bench.reportOverview()
        KeyBench.run()
    }

    /// What looking through the kept exchanges costs when Overview is opened, and a frame of it.
    private mutating func reportOverview() {
        var overview = OverviewScreen()
        let world = self.world
        // A screen of its own each time: one that was open a moment ago has looked already.
        self.report("overview, opened") { _ in
            overview = OverviewScreen()
            _ = overview.update(.shown, in: world)
        }
        self.report("overview, frame") { bench in
            var canvas = Canvas(columns: Self.size.columns, rows: Self.size.rows)
            let body = Rect(row: 2, column: 0, rows: Self.size.rows - 4, columns: Self.size.columns)
            bench.world.layout = overview.draw(into: &canvas, area: body, world: world)
        }
    }

    private init() {
        let now = WallTime(millisecondsSinceEpoch: 1_763_812_871_000)
        self.world = World(
            language: .english, now: now,
            status: WorkerStatus(state: .serving, name: "bench", listening: ["127.0.0.1:8787"], startedAt: now))
        self.next = Self.rows + 1
        self.take((1...Self.rows).map { BenchTraffic.exchange($0, at: now) }, isComplete: true)
        _ = self.screen.update(.shown, in: self.world)
        self.draw()
    }

    private mutating func draw() {
        var canvas = Canvas(columns: Self.size.columns, rows: Self.size.rows)
        let body = Rect(row: 2, column: 0, rows: Self.size.rows - 4, columns: Self.size.columns)
        self.world.layout = self.screen.draw(into: &canvas, area: body, world: self.world)
    }

    private mutating func press(_ key: KeyEvent) { _ = self.screen.update(.key(key), in: self.world) }

    /// Makes exchanges that ``arrive()`` brings: what the journal has made of the traffic is no part of a frame.
    private mutating func prepare(_ count: UInt64) {
        self.coming = (self.next..<self.next + count).map { BenchTraffic.exchange($0, at: self.world.now) }
        self.next += count
    }

    private mutating func arrive() { self.take(self.coming, isComplete: false) }

    private mutating func take(_ exchanges: [Exchange], isComplete: Bool) {
        let oldest = ExchangeID(rawValue: self.next > Self.rows ? self.next - Self.rows : 1)
        let delta = JournalDelta(
            changed: exchanges, isComplete: isComplete, oldest: oldest, statistics: TrafficStatistics(),
            cursor: JournalCursor(version: self.next))
        self.world.traffic.apply(delta)
        _ = self.screen.update(.traffic(delta), in: self.world)
    }

    /// Draws many frames, each after `change`, and prints what one costs together with the change.
    private mutating func report(
        _ name: String, before: (inout FrameBench) -> Void = { _ in }, change: (inout FrameBench) -> Void
    ) {
        for _ in 0..<20 {
            before(&self)
            change(&self)
            self.draw()
        }
        var times: [Double] = []
        for _ in 0..<Self.frames {
            before(&self)
            let start = Self.processorTime()
            change(&self)
            self.draw()
            times.append(Self.processorTime() - start)
        }
        print("\(name): \(Figures(of: times.map { .seconds($0) }))")
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
