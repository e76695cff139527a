import TerminalCanvas
import TestSupport
import Testing
import TextSafety
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

/// 200 secrets in every place that an exchange has: none is on a screen or in a copy.
@Suite("seeded secrets", .timeLimit(.minutes(5)))
struct SeededSecretsTests {
    private static let secrets = SeededSecrets(seed: 20_260_917, count: 200).secrets

    /// Every view of an exchange, and the command that is copied.
    private func views(of exchange: Exchange, isRevealed: Bool) async -> String {
        var model = Pilot.model(columns: 160, rows: 45, screen: .traffic, exchanges: [exchange])
        if isRevealed { await model.send("*") }
        var text = model.picture
        func copy() {
            for case .copy(let copied) in model.press("y") { text += "\n" + copied.text }
            text += "\n" + model.picture
        }
        copy()
        await model.send(.enter)
        for _ in TrafficDetail.Tab.allCases {
            text += "\n" + model.picture
            await model.send(.tab)
        }
        copy()
        model.size = Size(columns: 80, rows: 24)
        return text + "\n" + model.picture
    }

    @Test("screens and copied commands hold none of them, and all of them once they are revealed")
    func exchanges() async {
        for secret in Self.secrets {
            let shown = await self.views(of: secret.exchange, isRevealed: false)
            #expect(!shown.containsAnyCase(secret.piece), "\(secret.place): \(secret.name) \(secret.value)\n\(shown)")
            #expect(shown.contains("••••"), "\(secret.place): \(secret.name)")
            // Without this the search would find nothing because nothing is shown.
            guard secret.place != "reason" else { continue }
            let revealed = await self.views(of: secret.exchange, isRevealed: true)
            #expect(
                revealed.containsAnyCase(secret.piece),
                "\(secret.place): \(secret.name) \(secret.value)")
        }
    }

    @Test("the list, and what the Overview makes of it, hold none of them")
    func lists() {
        let failing = Self.secrets.map { secret in
            var exchange = secret.exchange
            exchange.status = 500
            return exchange
        }
        for screen in [ScreenID.traffic, .overview] {
            for (columns, rows) in [(80, 24), (160, 45), (200, 220)] {
                let picture = Pilot.model(columns: columns, rows: rows, screen: screen, exchanges: failing).picture
                for secret in Self.secrets {
                    #expect(!picture.containsAnyCase(secret.piece), "\(screen) \(secret.place)")
                }
            }
        }
    }

    @Test("columns of D1 hold none of them: by their names, by where they come from, by what is in them")
    func database() async {
        for (index, secret) in Self.secrets.enumerated() {
            let text = SQLValue.text(secret.value)
            let answer =
                switch index % 6 {
                case 0: SQLRows(columns: [secret.name], rows: [[text]])
                case 1:
                    SQLRows(
                        columns: ["p"], rows: [[text]],
                        sources: SQLSources(origins: [secret.name], reads: [secret.name]))
                case 2:
                    SQLRows(
                        columns: ["q"], rows: [[text]], sources: SQLSources(origins: [nil], reads: ["id", secret.name]))
                case 3:
                    SQLRows(
                        columns: ["name"], rows: [[text]],
                        sources: SQLSources(origins: ["name"], reads: ["name", secret.name], isCompound: true))
                case 4: SQLRows(columns: ["note"], rows: [[.text(#"{"\#(secret.name)":["\#(secret.value)"]}"#)]])
                default: SQLRows(columns: [secret.name], rows: [[.blob(Array(secret.value.utf8))]])
                }
            let memory = MemoryDatabase([DatabaseSample.large(3)])
            var bench = ScreenBench<DatabaseScreen>(
                world: BackendsSample.world(resources: DatabaseSample.resources(memory)))
            await bench.send(.shown)
            memory.answer(.success(answer))
            await bench.press(.character("i"))
            await bench.type("select 1")
            await bench.press(.function(5))
            var seen = ""
            for key in ["y", "Y", "v"] { await bench.press(.character(Character(key))) }
            seen += bench.canvas(120, 30).lines.joined(separator: "\n") + bench.copied.joined()
            #expect(!seen.containsAnyCase(secret.piece), "\(index % 6) \(secret.name)\n\(seen)")
        }
    }
}

extension String {
    /// Compared without case: a name in capitals may carry its value with it.
    fileprivate func containsAnyCase(_ text: String) -> Bool { self.lowercased().contains(text.lowercased()) }
}
