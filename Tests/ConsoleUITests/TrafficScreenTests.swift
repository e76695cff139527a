import TerminalCanvas
import TestSupport
import Testing
import WorkerDomain

@testable import ConsoleUI

@Suite struct TrafficScreenTests {
    @Test("secrets are hidden until they are asked for, and the state line says so")
    func redaction() async {
        var model = Pilot.model(screen: .traffic, catalog: Pilot.only(.traffic))
        await model.send("/")
        await model.send("path:upload")
        await model.send(.enter)
        await model.send(.enter)
        await model.send("[")
        #expect(goldenMismatch(Frame(model: model).draw(), "traffic-request-80x24") == nil)
        #expect(!model.picture.contains("s3cr3t"))
        await model.send("*")
        #expect(model.picture.contains("s3cr3t"))
        #expect(model.picture.contains("REVEALED"))
        await model.send("[")
        #expect(goldenMismatch(Frame(model: model).draw(), "traffic-timing-80x24") == nil)
    }

    @Test("a broken filter keeps the rows of the last good one and says where it broke")
    func brokenFilter() async {
        var model = Pilot.model(screen: .traffic, catalog: Pilot.only(.traffic))
        await model.send("/")
        await model.send("path:login")
        await model.send(" & (")
        #expect(model.picture.contains("/api/login"))
        #expect(!model.picture.contains("/api/me"))
        #expect(goldenMismatch(Frame(model: model).draw(), "traffic-broken-filter-80x24") == nil)
    }

    @Test("while it is paused the selection stays and what comes is counted")
    func pause() async {
        var model = Pilot.model(screen: .traffic)
        await model.send("kk")
        let newer = (8...44).map { Pilot.exchange($0) }
        _ = model.take(Pilot.delta(Pilot.exchanges() + newer))
        #expect(model.picture.contains("+37"))
        #expect((model.screen as? TrafficScreen)?.selectedID?.rawValue == 5)
        await model.send("G")
        #expect((model.screen as? TrafficScreen)?.selectedID?.rawValue == 44)
    }

    @Test("nothing from outside reaches a cell as a control, bidi or zero-width scalar")
    func hostile() async {
        let evil = "/\u{1B}[31m\u{9B}2J\u{202E}x\u{200B}\u{7}"
        let exchange = Pilot.exchange(
            1, "GET", evil, status: 500, fields: ["X-Evil: \(evil)"], cause: .backendAborted, reason: evil, answer: evil
        )
        for size in [(80, 24), (160, 45), (40, 10)] {
            var model = Pilot.model(columns: size.0, rows: size.1, screen: .traffic, exchanges: [exchange])
            var pictures = [model.picture]
            await model.send(.enter)
            for _ in 0..<3 {
                pictures.append(model.picture)
                await model.send(.tab)
            }
            await model.send("1")
            pictures.append(model.picture)
            for scalar in pictures.joined().unicodeScalars where scalar != "\n" {
                let value = scalar.value
                #expect(value >= 0x20 && !(0x7F...0x9F).contains(value))
                #expect(!(0x202A...0x202E).contains(value) && !(0x200B...0x200F).contains(value))
            }
        }
    }

    @Test("keys to another row answer at the ends as well", arguments: [false, true])
    func ends(isOpen: Bool) async {
        var model = Pilot.model(screen: .traffic)
        if isOpen { await model.send(.enter) }
        for (keys, said) in [("EN", "before this one"), ("en", "after this one")] {
            for key in keys {
                model.notice = nil
                for _ in 0..<20 { await model.send(String(key)) }
                #expect(model.notice?.text.contains(said) == true, "\(key)")
            }
        }
    }
}
