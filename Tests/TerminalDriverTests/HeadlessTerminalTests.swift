import TerminalCanvas
import TestSupport
import Testing

@Suite("HeadlessTerminal")
struct HeadlessTerminalTests {
    @Test("events come out in order, and end")
    func events() async throws {
        let terminal = HeadlessTerminal(columns: 40, rows: 10)
        #expect(try await terminal.open() == Size(columns: 40, rows: 10))
        terminal.type("ab")
        terminal.send(.key(.enter))
        await terminal.close()
        var seen: [TerminalEvent] = []
        for await event in terminal.events { seen.append(event) }
        #expect(seen == [.key(.character("a")), .key(.character("b")), .key(.enter)])
    }

    @Test("a canvas can be waited for, before and after it is shown")
    func waits() async {
        let terminal = HeadlessTerminal()
        var canvas = Canvas(columns: 80, rows: 24)
        canvas.write("hello", row: 3, column: 2)
        let shown = canvas
        async let found = terminal.waitForText("hello")
        terminal.present(shown)
        terminal.present(shown)
        #expect(await found == shown)
        #expect(await terminal.waitForText("hello") == shown)
        #expect(await terminal.presented == 1)
    }

    @Test("closing ends the waiting, and opening can fail")
    func closing() async {
        let terminal = HeadlessTerminal(failure: .notATerminal)
        await #expect(throws: TerminalError.notATerminal) { try await terminal.open() }
        async let found = terminal.waitForText("never")
        await terminal.close()
        _ = await terminal.copied
        await terminal.close()
        #expect(await found == nil)
    }
}
