import TerminalCanvas
import TestSupport
import Testing
import TextSafety
import TrafficJournal
import Widgets
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite("what is said of a copy", .timeLimit(.minutes(1)))
struct CopyReplyTests {
    private static let outcomes: [CopyOutcome] = [
        .terminal, .nested, .screen, .tmux(isSentOn: true), .tmux(isSentOn: false),
        .file(path: "/run/user/1000/worker-console/copy-12.txt", .tooLong),
        .file(path: "/run/user/1000/worker-console/copy-12.txt", .noClipboard),
        .file(path: "/run/user/1000/worker-console/copy-12.txt", .deafTerminal),
        .file(path: "/run/user/1000/worker-console/copy-12.txt", .noTmux),
    ]

    /// The toast as it is drawn.
    private func toast(_ text: String, columns: Int) -> String {
        var canvas = Canvas(columns: columns, rows: 1)
        Toast(text).draw(into: &canvas, in: canvas.bounds)
        return (0..<columns).map { canvas[0, $0].text }.joined()
    }

    @Test("the way, and that dots are in it, fit into 80 columns; nothing says copied", arguments: Language.allCases)
    func messages(language: Language) {
        for outcome in Self.outcomes {
            let plain = CopyReply(copied: CopiedText(value: "abc"), outcome: outcome).message(
                language, columns: 80, reveal: "*")
            #expect(!plain.contains("redacted") && !plain.contains("copied"))
            if case .file(let path, _) = outcome { #expect(self.toast(plain, columns: 80).contains(path)) }
            for columns in [40, 80, 160] {
                let reply = CopyReply(copied: CopiedText(value: "a \(Redaction.mask)"), outcome: outcome)
                let shown = self.toast(reply.message(language, columns: columns, reveal: "*"), columns: columns)
                if case .file(let path, _) = outcome, columns >= 80 { #expect(shown.contains(path), "\(shown)") }
                #expect(shown.contains(ChromePhrases.copyRedacted(language, "*")), "\(shown)")
            }
        }
        let failed = CopyReply(copied: CopiedText(value: Redaction.mask), outcome: .failed(reason: "no space"))
        #expect(
            failed.isFailure
                && failed.message(language, columns: 80, reveal: "*") == ChromePhrases.notCopied(language, "no space"))
    }

    @Test("a key copies, and the console says which way it went when that is known")
    func runtime() async throws {
        for (sending, said) in [
            (ClipboardSending.sent, "sent to the terminal's clipboard (OSC 52)"), (.tooLong, "not copied: too long"),
            (.failed, "not copied: the terminal did not accept it"),
        ] {
            let terminal = HeadlessTerminal(sending: sending)
            let now = Pilot.now
            let options = ConsoleOptions(initialScreen: .backends, now: { now })
            let services = Services(
                journal: Journal(), backends: PilotBackends(), worker: PilotWorker(), resources: Pilot.resources(),
                checks: PilotChecks())
            let runtime = try ConsoleRuntime(services: services, terminal: terminal, options: options, catalog: .all)
            let running = Task { try await runtime.run() }
            _ = await terminal.waitForText("blue")
            terminal.type("y")
            #expect(await terminal.waitForText(said) != nil)
            terminal.send(.key(.control("c")))
            try await running.value
            #expect(await terminal.copied == (sending == .sent ? ["http://127.0.0.1:9001"] : []))
        }
    }
}
