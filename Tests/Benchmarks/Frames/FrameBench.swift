import ConsoleUI
import Glibc
import TerminalCanvas
import TrafficJournal
import WorkerDomain

/// What a frame of the traffic screen costs on 20,000 rows, in processor time of its thread.
///
/// Run it in a release build: `swift run -c release frame-bench`.
@main
struct FrameBench {
    private static let rows: UInt64 = 20_000
    private static let frames = 400
    private static let size = (columns: 160, rows: 45)

    private var screen = TrafficScreen()
    private var world: World
    private var next: UInt64

    static func main() {
        var bench = FrameBench()
        bench.report("still") { _ in }
        bench.report("a key each") { $0.press(.up) }
        bench.report("a page each") { $0.press(.pageUp) }
        bench.press(.character("G"))
        bench.report("50 new rows each") { $0.arrive(50) }
        bench.press(.enter)
        bench.report("detail, a key each") { $0.press(.down) }
    }

    private init() {
        let now = WallTime(millisecondsSinceEpoch: 1_763_812_871_000)
        self.world = World(
            language: .english, now: now,
            status: WorkerStatus(state: .serving, name: "bench", listening: ["127.0.0.1:8787"], startedAt: now))
        self.next = Self.rows + 1
        self.take((1...Self.rows).map { Self.exchange($0, at: now) }, isComplete: true)
        _ = self.screen.update(.shown, in: self.world)
        self.draw()
    }

    private mutating func draw() {
        var canvas = Canvas(columns: Self.size.columns, rows: Self.size.rows)
        let body = Rect(row: 2, column: 0, rows: Self.size.rows - 4, columns: Self.size.columns)
        self.world.layout = self.screen.draw(into: &canvas, area: body, world: self.world)
    }

    private mutating func press(_ key: KeyEvent) { _ = self.screen.update(.key(key), in: self.world) }

    private mutating func arrive(_ count: UInt64) {
        let new = (self.next..<self.next + count).map { Self.exchange($0, at: self.world.now) }
        self.next += count
        self.take(new, isComplete: false)
    }

    private mutating func take(_ exchanges: [Exchange], isComplete: Bool) {
        let oldest = ExchangeID(rawValue: self.next > Self.rows ? self.next - Self.rows : 1)
        let delta = JournalDelta(
            changed: exchanges, isComplete: isComplete, oldest: oldest, statistics: TrafficStatistics(),
            cursor: JournalCursor(version: self.next))
        self.world.traffic.apply(delta)
        _ = self.screen.update(.traffic(delta), in: self.world)
    }

    /// Draws many frames, each after `change`, and prints what one costs together with the change.
    private mutating func report(_ name: String, change: (inout FrameBench) -> Void) {
        for _ in 0..<20 {
            change(&self)
            self.draw()
        }
        var times: [Double] = []
        for _ in 0..<Self.frames {
            let start = Self.processorTime()
            change(&self)
            self.draw()
            times.append(Self.processorTime() - start)
        }
        times.sort()
        func shown(_ share: Double) -> String {
            let microseconds = Int(times[min(times.count - 1, Int(Double(times.count) * share))] * 1_000_000)
            return "\(microseconds) µs"
        }
        print("\(name): median \(shown(0.5)), p99 \(shown(0.99))")
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func exchange(_ id: UInt64, at now: WallTime) -> Exchange {
        let targets = ["/api/resumes?city=%E4%B8%8A%E6%B5%B7&page=\(id)", "/api/projects/\(id)/timeline", "/api/me"]
        let target = targets[Int(id % 3)]
        let head =
            "\(id % 5 == 0 ? "POST" : "GET") \(target) HTTP/1.1\r\nHost: 127.0.0.1:8787\r\n"
            + "Origin: https://app.example.com\r\nAuthorization: Bearer 0123456789abcdef\r\n\r\n"
        var exchange = Exchange(
            id: ExchangeID(rawValue: id), startedAt: now, downstream: "127.0.0.1:51934", requestHead: Array(head.utf8))
        let status = id % 11 == 0 ? 500 : 200
        exchange.route = .backend("blue")
        exchange.status = status
        exchange.timers.requestHeadNanoseconds = 200_000
        exchange.timers.queueNanoseconds = 0
        exchange.timers.connectNanoseconds = 3_000_000
        exchange.timers.responseNanoseconds = 58_000_000
        exchange.timers.dataNanoseconds = 5_000_000
        exchange.timers.totalNanoseconds = 66_000_000
        exchange.reusedConnection = false
        exchange.responseHead = Array(
            "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\nServer: bench\r\n\r\n".utf8)
        let body = Array(#"{"ok":true,"items":[1,2,3],"name":"somebody"}"#.utf8)
        exchange.responseBody = CapturedBody(bytes: body, totalBytes: body.count)
        exchange.ending = ExchangeEnding(cause: .completed, phase: .done)
        return exchange
    }
}
