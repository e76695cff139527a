import TerminalCanvas
import Testing
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI

@Suite("traffic of a backend on the backends screen")
struct BackendsTrafficTests {
    private static let exchanges: [Exchange] = {
        var all = (1...6).map { Pilot.exchange(UInt64($0), "GET", "/api/resumes/\($0)", at: Double($0) - 10) }
        all.append(Pilot.exchange(7, "POST", "/api/upload", status: 500, at: -3))
        all.append(Pilot.exchange(8, "POST", "/api/upload", status: 404, at: -2))
        all.append(Pilot.exchange(9, "GET", "/api/old", status: 502, at: -200))
        all.append(Pilot.exchange(10, "GET", "/api/older", at: -400))
        all.sort { $0.startedAt < $1.startedAt }
        for index in all.indices { all[index].id = ExchangeID(rawValue: UInt64(index + 1)) }
        return all
    }()

    private static func list() -> TrafficList {
        var list = TrafficList()
        list.apply(Pilot.delta(self.exchanges))
        return list
    }

    @Test("seconds of the last minute, and routes of the last five, those with failures first")
    func figures() {
        let digest = BackendsDigest(of: Self.list(), now: Pilot.now)
        let blue = digest["blue"]
        #expect(blue.requests.reduce(0, +) == 8 && blue.requests[57] == 1)
        #expect(blue.failures.reduce(0, +) == 1)
        #expect(blue.routes.map(\.path) == ["/api/upload", "/api/old", "/api/resumes/:id"])
        #expect(blue.routes[0].failures == 1 && blue.routes[0].refused == 1 && blue.routes[0].requests == 2)
        #expect(blue.routes[2].requests == 6 && blue.routes[2].p95 == .milliseconds(66))
        #expect(digest["green"].isEmpty && BackendsDigest().isEmpty)
    }

    @Test("graphs and routes stand on the screen at every size, and a secret of a path does not")
    func pictures() async {
        for (columns, rows) in [(80, 24), (120, 35), (160, 45), (300, 100)] {
            var bench = ScreenBench<BackendsScreen>(
                world: World(language: .english, now: Pilot.now, status: Pilot.status(), backends: Pilot.backends()))
            bench.world.traffic = Self.list()
            await bench.send(.shown)
            if rows < 40 { await bench.press(.tab) }
            var text = CanvasReading.text(of: bench.canvas(columns, rows))
            for _ in 0..<3 {
                bench.draw(columns, rows)
                await bench.press(.pageDown)
                text += CanvasReading.text(of: bench.canvas(columns, rows))
            }
            #expect(text.contains("POST /api/upload") && text.contains("req/s"), "\(columns)×\(rows)")
        }
    }
}
