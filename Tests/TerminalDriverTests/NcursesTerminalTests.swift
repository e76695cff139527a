import Testing

/// The real terminal, in a process of its own: ncurses cannot be shared by suites.
@Suite("NcursesTerminal", .serialized)
struct NcursesTerminalTests {
    private static let leavesScreen = "\u{1B}[?1049l"
    private static let endsPaste = "\u{1B}[?2004l"

    @Test("it draws, reads keys, pastes and sizes, and gives the terminal back")
    func works() throws {
        let outcome = try PseudoTerminal().run([
            ["expect", "[ready unicode 80x24]"], ["send", "é"], ["expect", "é"], ["send", "\u{1B}[A"],
            ["expect", "up"], ["send", "\u{1B}[200~a\rb\u{1B}[201~"], ["expect", "paste 3 a"],
            ["resize", "30 100"], ["send", "w"], ["expect", "size 100x30"], ["send", "y"],
            ["expect", "\u{1B}]52;c;Y29waWVk\u{1B}\\"], ["send", "q"], ["expect", Self.leavesScreen],
            ["expect", "<closed>"],
        ])
        #expect(outcome.missing == nil)
        #expect(outcome.signal == 0)
        #expect(outcome.isRestored)
        #expect(outcome.output.contains("照片"))
        #expect(!outcome.output.contains("\u{202E}"))
        #expect(!outcome.output.contains("\u{1B}[31m\u{7}"))
        #expect(outcome.output.contains(Self.endsPaste))
    }

    @Test("a crash gives the terminal back before anything else", arguments: ["a", "t"])
    func crash(key: String) throws {
        let outcome = try PseudoTerminal().run([["expect", "ready"], ["send", key], ["expect", Self.leavesScreen]])
        #expect(outcome.missing == nil)
        #expect(outcome.signal != 0)
        #expect(outcome.isRestored)
        #expect(outcome.output.contains(Self.endsPaste))
    }

    @Test("Ctrl-Z gives the terminal back and takes it again")
    func suspend() throws {
        let outcome = try PseudoTerminal().run([
            ["expect", "ready"], ["send", "z"], ["expect", Self.leavesScreen], ["stopped"], ["continue"],
            ["expect", "\u{1B}[?1049h"], ["expect", "key character(\"z\")"],
            ["send", "q"], ["expect", "<closed>"],
        ])
        #expect(outcome.missing == nil)
        #expect(outcome.isRestored)
    }

    @Test("after a stop by a signal everything is shown anew, the mouse is asked for again, and it is announced")
    func resume() throws {
        let outcome = try PseudoTerminal().run([
            ["expect", "ready"], ["send", "\u{1B}OQ"], ["expect", Self.mouseOn], ["send", "r"],
            ["expect", Self.mouseOn], ["expect", "RESUMED"], ["send", "q"], ["expect", "<closed>"],
        ])
        #expect(outcome.missing == nil)
        #expect(outcome.isRestored)
    }

    private static let mouseOn = "\u{1B}[?1000h"
    private static let mouseOff = "\u{1B}[?1000l"

    @Test("the mouse is off until asked for, tells presses and the wheel, and stops when told")
    func mouse() throws {
        let outcome = try PseudoTerminal().run([
            ["expect", "[ready"], ["send", "x"], ["expect", "key character(\"x\")"], ["send", "\u{1B}OQ"],
            ["expect", "\u{1B}[?1006h"], ["send", "\u{1B}[<0;10;5M\u{1B}[<0;10;5m"], ["expect", "mouse press 4,9"],
            ["send", "\u{1B}[<65;300;24M"], ["expect", "wheelDown 23,299"], ["send", "\u{1B}OR"],
            ["expect", Self.mouseOff], ["send", "q"], ["expect", "<closed>"],
        ])
        #expect(outcome.missing == nil)
        let parts = outcome.output.split(separator: Self.mouseOn, omittingEmptySubsequences: false)
        #expect(parts.count == 2)
        #expect(parts.first?.contains("?1006") == false)
        #expect(parts.first?.contains("character(\"x\")") == true)
    }

    @Test("every way to end stops the mouse", arguments: ["q", "a", "t", "z"])
    func mouseEnds(key: String) throws {
        var steps = [["expect", "[ready"], ["send", "\u{1B}OQ"], ["expect", Self.mouseOn], ["send", key]]
        steps += [["expect", Self.mouseOff], ["expect", Self.leavesScreen]]
        if key == "z" { steps += [["stopped"], ["continue"], ["expect", Self.mouseOn], ["send", "q"]] }
        let outcome = try PseudoTerminal().run(steps)
        #expect(outcome.missing == nil)
        #expect(outcome.isRestored)
        let last = outcome.output.ranges(of: Self.mouseOff).last?.lowerBound
        let lastOn = outcome.output.ranges(of: Self.mouseOn).last?.lowerBound
        #expect(try #require(last) > #require(lastOn))
    }

    @Test("a terminal that says that it shows pictures gets each once, and they go when something covers them")
    func kitty() throws {
        var terminal = PseudoTerminal()
        (terminal.environment["TMUX"], terminal.environment["STY"]) = ("", "")
        let outcome = try terminal.run([
            ["expect", "\u{1B}_Gi=31,s=1,v=1,a=q"], ["expect", "[ready"],
            ["send", "\u{1B}_Gi=31;OK\u{1B}\\\u{1B}[?62;4c\u{1B}[1;1R"], ["send", "\u{1B}OS"],
            ["expect", "function(4)"], ["expect", "a=t,t=d,f=24,i=1,s=2,v=2,q=2,m=0;/wAAAP8AAAD/////\u{1B}\\"],
            ["expect", "\u{1B}[6;4H\u{1B}_Ga=p,i=1,x=0,y=0,w=2,h=2,c=4,r=3,C=1,q=2\u{1B}\\\u{1B}8"],
            ["send", "\u{1B}[15~"], ["expect", "COVER"], ["expect", "a=d,d=a"],
            ["send", "x"], ["expect", "a=p,i="], ["send", "z"], ["expect", "a=d,d=A"], ["stopped"], ["continue"],
            ["expect", "a=p,i=1"], ["send", "\u{1B}OS"], ["expect", "a=d,d=I,i=1"], ["send", "q"],
            ["expect", Self.leavesScreen], ["expect", "<closed>"],
        ])
        #expect(outcome.missing == nil)
        #expect(outcome.isRestored)
        #expect(!outcome.output.contains("\u{1B}P"), "sixels beside kitty's own way")
        #expect(!outcome.output.contains("key character(\"G\")"))
    }

    @Test("a terminal that shows no pictures, or is a multiplexer, is sent none", arguments: [true, false])
    func noPictures(isMultiplexer: Bool) throws {
        var terminal = PseudoTerminal()
        (terminal.environment["TMUX"], terminal.environment["STY"]) = (isMultiplexer ? "/tmp/x,1,0" : "", "")
        // No pixels in the size of the window: sixels would miss their place.
        let answer = isMultiplexer ? "\u{1B}_Gi=31;OK\u{1B}\\" : "\u{1B}_Gi=31;EINVAL:no\u{1B}\\\u{1B}[?62;4c"
        let outcome = try terminal.run([
            ["expect", "[ready"], ["send", answer + "\u{1B}[1;1R"], ["send", "\u{1B}OS"], ["expect", "function(4)"],
            ["send", "q"], ["expect", "<closed>"],
        ])
        #expect(outcome.missing == nil)
        #expect(outcome.output.contains("a=q") == !isMultiplexer)
        #expect(!outcome.output.contains("a=t") && !outcome.output.contains("\u{1B}P"))
    }

    @Test("a terminal that goes away ends the events")
    func hangup() throws {
        let outcome = try PseudoTerminal().run([["expect", "ready"], ["hangup"]])
        #expect(outcome.missing == nil)
        #expect(outcome.signal == 0)
    }

    @Test(
        "every terminal type gets a screen or a clear refusal",
        arguments: [
            ("linux", "C.UTF-8", "[ready unicode"), ("xterm", "C", "[ready ascii"),
            ("vt100", "C.UTF-8", "[ready unicode"),
            ("xterm-256color", "xx_YY.UTF-8", "[ready unicode"), ("dumb", "C.UTF-8", "<not opened"),
            ("no-such-terminal", "C.UTF-8", "TERM=no-such-terminal"), ("", "C.UTF-8", "<not opened"),
        ])
    func types(type: String, language: String, expected: String) throws {
        var terminal = PseudoTerminal()
        terminal.environment = ["TERM": type, "LANG": language]
        let outcome = try terminal.run([["expect", expected]] + (expected.hasPrefix("[") ? [["send", "q"]] : []))
        #expect(outcome.missing == nil)
        #expect(outcome.signal == 0)
        #expect(outcome.isRestored)
        if language == "C" { #expect(!outcome.output.contains("照")) }
    }

    @Test("without colours none is sent")
    func mono() throws {
        var terminal = PseudoTerminal()
        terminal.environment["NO_COLOR"] = "1"
        let outcome = try terminal.run([["expect", "ready"], ["send", "q"]])
        #expect(outcome.missing == nil)
        #expect(!outcome.output.contains("38;5"))
        #expect(!outcome.output.contains("\u{1B}[32m"))
    }
}

/// What the terminal is asked, and what comes of the answers.
@Suite("NcursesTerminal's questions", .serialized)
struct TerminalQuestionTests {
    private static let background = "\u{1B}]11;?\u{1B}\\"
    private static let cursor = "\u{1B}[6n"
    private static let narrow = "\u{1B}[2;21R"

    private func terminal(_ environment: [String: String] = [:]) -> PseudoTerminal {
        var terminal = PseudoTerminal()
        terminal.environment.merge(environment) { $1 }
        return terminal
    }

    @Test("the screen is painted before the terminal answers, and again when it does")
    func light() throws {
        let outcome = try self.terminal().run([
            ["expect", Self.background], ["expect", Self.cursor], ["expect", "[ready"],
            ["send", "\u{1B}]11;rgb:ffff/ffff/ffff\u{1B}\\"], ["send", Self.narrow], ["expect", "THEME light"],
            ["send", "x"], ["expect", "key character(\"x\")"], ["send", "q"], ["expect", "<closed>"],
        ])
        #expect(outcome.missing == nil && outcome.isRestored && outcome.rest.isEmpty)
        #expect(!outcome.output.contains("key escape") && !outcome.output.contains("\"1\""))
    }

    @Test("what is written in pieces, late, is no key")
    func pieces() throws {
        var steps = [["expect", "[ready"]]
        for byte in "\u{1B}]11;rgb:fdfd/f6f6/e3e3\u{7}".unicodeScalars {
            steps += [["send", String(byte)], ["pause", "0.03"]]
        }
        steps += [
            ["expect", "THEME light"], ["send", "\u{1B}"], ["pause", "0.1"], ["send", "[2;2"], ["pause", "0.3"],
        ]
        steps += [
            ["send", "1R"], ["send", "x"], ["expect", "key character(\"x\")"], ["send", "q"], ["expect", "<closed>"],
        ]
        let outcome = try self.terminal().run(steps)
        #expect(outcome.missing == nil && outcome.rest.isEmpty)
        #expect(!outcome.output.contains("key escape") && !outcome.output.contains("key character(\"1\")"))
    }

    @Test("a terminal that draws wide is found out by its cursor")
    func wide() throws {
        let outcome = try self.terminal(["WORKER_CONSOLE_PTY_GLYPHS": "auto"]).run([
            ["expect", "\u{2500}\u{1B}[6n"], ["expect", "[ready unicode"], ["send", "\u{1B}[2;22R"],
            ["expect", "GLYPHS neutral"], ["send", "q"], ["expect", "<closed>"],
        ])
        #expect(outcome.missing == nil)
    }

    @Test(
        "nothing is asked where it is known or nobody would understand",
        arguments: [
            ["TERM": "linux"], ["TERM": "vt100"], ["NO_COLOR": "1"], ["WORKER_CONSOLE_PTY_THEME": "dark"],
            ["TERM": "xterm-mono"],
        ])
    func silent(environment: [String: String]) throws {
        let outcome = try self.terminal(environment).run([
            ["expect", "[ready"], ["send", "q"], ["expect", "<closed>"],
        ])
        #expect(outcome.missing == nil && outcome.isRestored)
        #expect(!outcome.output.contains("\u{1B}]11"))
    }

    @Test("who leaves at once leaves no answer behind", arguments: ["q", "z"])
    func leaving(key: String) throws {
        var steps = [["expect", "[ready"], ["send", key], ["pause", "0.15"]]
        steps += [["send", "\u{1B}]11;rgb:0000/0000/0000\u{1B}\\" + Self.narrow]]
        if key == "z" {
            steps += [["stopped"], ["left"], ["continue"], ["expect", "character(\"z\")"], ["send", "q"]]
        }
        let outcome = try self.terminal().run(steps + [["expect", "<closed>"]])
        #expect(outcome.missing == nil && outcome.isRestored)
        #expect(outcome.rest.isEmpty, "\(outcome.rest)")
    }
}
