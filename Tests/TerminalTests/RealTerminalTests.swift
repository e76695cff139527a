import ConsoleUI
import Foundation
import StorageScreens
import Testing
import WorkerDomain

/// The built binary in a real terminal: keys, sizes, locales, and every way to end.
@Suite("real terminal", .enabled(if: TmuxSession.isAvailable), .serialized, .timeLimit(.minutes(3)))
struct RealTerminalTests {
    private let demo = "\(TmuxSession.program) demo --listen 127.0.0.1:0"

    private func opened(
        columns: Int = 80, rows: Int = 24, environment: [String: String] = [:], arguments: String = ""
    ) async throws -> TmuxSession {
        let session = try await TmuxSession(
            "\(self.demo) \(arguments)", columns: columns, rows: rows, environment: environment)
        let screen = try await session.wait { $0.contains("x12523-site") }
        #expect(screen.contains("x12523-site"), "the console did not open:\n\(screen)")
        return session
    }

    private func expectRestored(_ session: TmuxSession, code: String) async throws {
        let after = try await session.wait { $0.contains("ended:") && $0.contains("icanon") }
        #expect(after.contains("ended:\(code)"), "\(after)")
        #expect(after.contains("icanon") && !after.contains("-icanon"), "the line discipline is still raw:\n\(after)")
        #expect(try await !session.isAlternate())
    }

    @Test("every screen opens by its key, and q gives the terminal back")
    func screens() async throws {
        let session = try await self.opened()
        // The first one is there from the start: it comes last.
        for number in Array(2...ScreenCatalog.all.screens.count) + [1] {
            let mark = "‹\(number) \(ScreenCatalog.all.screens[number - 1].title(.english))›"
            try await session.press("\(number)")
            let screen = try await session.wait { $0.contains(mark) }
            #expect(screen.contains(mark), "key \(number):\n\(screen)")
            #expect(screen.contains("LOCAL"))
        }
        try await session.press("q")
        try await self.expectRestored(session, code: "0")
        await session.end()
    }

    @Test("signals give the terminal back", arguments: [SIGTERM, SIGHUP, SIGINT])
    func signals(number: Int32) async throws {
        let session = try await self.opened()
        let child = try #require(try await session.childProcess())
        kill(child, number)
        let after = try await session.wait { $0.contains("ended:") && $0.contains("icanon") }
        #expect(after.contains("ended:") && !after.contains("-icanon"), "\(after)")
        #expect(try await !session.isAlternate())
        await session.end()
    }

    @Test(
        "a crash of any kind gives the terminal back",
        arguments: [
            SIGILL, SIGSEGV, SIGABRT, SIGQUIT, SIGTRAP, SIGBUS, SIGFPE, SIGSYS, SIGXCPU, SIGXFSZ, SIGALRM, SIGVTALRM,
            SIGPROF, SIGUSR1, SIGUSR2, SIGPOLL, SIGPWR, 16,
        ])
    func crash(number: Int32) async throws {
        let session = try await self.opened(environment: ["SWIFT_BACKTRACE": "enable=no"])
        let child = try #require(try await session.childProcess())
        kill(child, number)
        let after = try await session.wait { $0.contains("ended:") && $0.contains("icanon") }
        #expect(after.contains("ended:") && !after.contains("-icanon"), "\(after)")
        #expect(try await !session.isAlternate())
        await session.end()
    }

    @Test(
        "F2 asks for the mouse and gives it back; so does every way to end",
        arguments: ["F2", "q", "TERM", "HUP", "SEGV"])
    func mouse(end: String) async throws {
        let session = try await self.opened(environment: ["SWIFT_BACKTRACE": "enable=no"])
        #expect(try await !session.usesMouse())
        try await session.press("F2")
        _ = try await session.wait { $0.contains("mouse on") }
        #expect(try await session.usesMouse())
        switch end {
        case "F2":
            try await session.press("F2")
            _ = try await session.wait { $0.contains("mouse off") }
        case "q":
            try await session.press("q")
            _ = try await session.wait { $0.contains("ended:") }
        default:
            let child = try #require(try await session.childProcess())
            kill(child, ["TERM": SIGTERM, "HUP": SIGHUP][end] ?? SIGSEGV)
            _ = try await session.wait { $0.contains("ended:") }
        }
        #expect(try await !session.usesMouse())
        await session.end()
    }

    @Test("Ctrl-C ends it")
    func interrupt() async throws {
        let session = try await self.opened()
        try await session.press("C-c")
        try await self.expectRestored(session, code: "0")
        await session.end()
    }

    @Test("Ctrl-Z gives the terminal back; continued, the console and the proxy go on")
    func suspend() async throws {
        // Only a shell with job control can be given the terminal; it says so, and waits for a key.
        let session = try await TmuxSession("set -m; \(self.demo); echo stopped:$?; read -r line; fg >/dev/null")
        _ = try await session.wait { $0.contains("x12523-site") }
        try await session.press("C-z")
        let shell = try await session.wait { $0.contains("stopped:") }
        #expect(shell.contains("stopped:\(128 + SIGTSTP)"), "\(shell)")
        #expect(try await !session.isAlternate())
        try await session.press("Enter")
        let screen = try await session.wait { $0.contains("paused for") }
        #expect(screen.contains("paused for") && screen.contains("x12523-site"), "\(screen)")
        #expect(try await session.isAlternate())
        try await self.expectServing(session)
    }

    @Test("stopped and continued by signals, the console and the proxy go on")
    func stopAndContinue() async throws {
        let session = try await self.opened()
        let child = try #require(try await session.childProcess())
        kill(child, SIGSTOP)
        while try !Self.isStopped(child), !Task.isCancelled { try await Task.sleep(for: .milliseconds(20)) }
        kill(child, SIGCONT)
        let screen = try await session.wait { $0.contains("paused for") }
        #expect(screen.contains("paused for") && screen.contains("x12523-site"), "\(screen)")
        try await self.expectServing(session)
    }

    /// The sample's traffic comes in, and q ends the console.
    private func expectServing(_ session: TmuxSession) async throws {
        try await session.press("2", "F")
        let first = try await session.wait { $0.contains("‹2") }
        let second = try await session.wait { $0.contains("‹2") && $0 != first }
        #expect(first.contains("LOCAL") && second != first, "\(second)")
        try await session.press("q")
        try await self.expectRestored(session, code: "0")
        await session.end()
    }

    /// State T of proc(5).
    private static func isStopped(_ process: Int32) throws -> Bool {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        return text.split(separator: ")").last?.hasPrefix(" T") == true
    }

    @Test("a resize at any moment keeps the frame whole")
    func resize() async throws {
        let session = try await self.opened()
        for (columns, rows) in [(160, 45), (40, 10), (100, 30), (80, 24)] {
            try await session.resize(columns: columns, rows: rows)
            let screen = try await session.wait { screen in
                screen.split(separator: "\n", omittingEmptySubsequences: false).count >= rows
                    && screen.contains("x12523-site")
            }
            #expect(screen.contains("x12523-site"), "\(columns)×\(rows):\n\(screen)")
        }
        try await session.resize(columns: 30, rows: 6)
        let small = try await session.wait { $0.contains("30×6") || $0.contains("30x6") }
        #expect(small.contains("30×6") || small.contains("30x6"), "\(small)")
        try await session.resize(columns: 80, rows: 24)
        #expect(try await session.wait { $0.contains("‹1") }.contains("‹1"))
        await session.end()
    }

    @Test("without UTF-8 everything is ASCII")
    func plainLocale() async throws {
        let session = try await self.opened(
            environment: ["LANG": "C", "LC_ALL": "C", "TERM": "linux"], arguments: "--glyphs ascii")
        let screen = try await session.wait { $0.contains("+-") }
        #expect(screen.unicodeScalars.allSatisfy { $0.value < 0x7F }, "\(screen)")
        #expect(screen.contains("+-"))
        await session.end()
    }

    @Test("NO_COLOR sends no colour")
    func noColour() async throws {
        let session = try await self.opened(environment: ["NO_COLOR": "1"])
        let screen = try await session.screen(styled: true)
        #expect(screen.firstMatch(of: /\x1b\[(3[0-7]|9[0-7]|4[0-7]|38;|48;)/) == nil)
        await session.end()
    }

    @Test("the interface speaks Chinese")
    func chinese() async throws {
        let session = try await self.opened(arguments: "--language zh")
        #expect(try await session.wait { $0.contains("流量") }.contains("流量"))
        await session.end()
    }

    @Test("an unknown terminal type is named")
    func unknownTerminal() async throws {
        let session = try await TmuxSession(self.demo, environment: ["TERM": "nonexistent-type"])
        let screen = try await session.wait { $0.contains("ended:") }
        #expect(screen.contains("nonexistent-type") && screen.contains("xterm-256color"), "\(screen)")
        await session.end()
    }
}
