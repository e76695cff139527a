import CommandLineArguments
import ConsoleUI
import Foundation
import ProxyCore
import StorageScreens
import TerminalCanvas
import TestScreens
import Testing
import WorkerDomain
import WorkerProject

@testable import Application

@Suite("Commands")
struct CommandsTests {
    private func command<Wanted: Command>(_ words: [String], as _: Wanted.Type = Wanted.self) throws -> Wanted {
        guard case .run(let command) = Commands.program.request(words) else { throw CocoaError(.formatting) }
        return try #require(command as? Wanted)
    }

    private func refusal(_ words: [String]) -> String {
        guard case .refuse(let lines) = Commands.program.request(words) else { return "taken" }
        return lines.first ?? ""
    }

    @Test("without a command the console opens, on the folder that was named or on this one")
    func implied() throws {
        #expect(try self.command([], as: OpenCommand.self).project.path == ".")
        #expect(try self.command(["project"], as: OpenCommand.self).project.path == "project")
        #expect(try self.command(["--env", "staging", "p"], as: OpenCommand.self).project.env == "staging")
        #expect(try self.command(["./serve"], as: OpenCommand.self).project.path == "./serve")
    }

    @Test("every option of serve arrives")
    func serve() throws {
        let command = try self.command(
            [
                "serve", "--listen", ":9000", "--backend", "http://127.0.0.1:9000", "-b", "green=https://example.com",
                "--env=staging", "--loops", "2", "-q", "folder",
            ], as: ServeCommand.self)
        #expect(command.isQuiet && command.project.path == "folder" && command.serving.env == "staging")
        #expect(command.serving.listen == ListenAddress(host: "127.0.0.1", port: 9_000) && command.serving.loops == 2)
        #expect(command.serving.backends.map(\.name) == ["backend", "green"])
        #expect(command.serving.backends.map { "\($0.url)" } == ["http://127.0.0.1:9000", "https://example.com"])
    }

    @Test("every option of the screen arrives")
    func interface() throws {
        let command = try self.command(
            ["demo", "--language", "zh-CN", "--glyphs", "ascii", "--theme", "mono", "--screen", "1"],
            as: DemoCommand.self)
        #expect(command.interface.language == .simplifiedChinese && command.interface.glyphs == .ascii)
        #expect(command.interface.theme == .mono && command.interface.screen == ScreenCatalog.all.ids.first)
    }

    @Test(
        "--screen takes every screen by its number and its names, and one that there is not is told all of them",
        arguments: [ScreenCatalog.all, .withNotes])
    func screens(catalog: ScreenCatalog) throws {
        let option = InterfaceOptions.screenOption(of: catalog)
        for (offset, screen) in catalog.screens.enumerated() {
            let titles = Language.allCases.map { screen.title($0) }
            for name in ["\(offset + 1)", screen.commandName] + titles {
                #expect(try option.value(of: [name]) as? ScreenID == screen.id, "\(name)")
            }
        }
        let names = catalog.commandNames.joined(separator: ", ")
        let error = try #require(throws: UsageError.self) { try option.value(of: ["\(catalog.screens.count + 1)"]) }
        #expect("\(error)".contains("must be a number from 1 to \(catalog.screens.count), or one of \(names)"))
    }

    @Test("check, config and paths")
    func others() throws {
        let check = try self.command(["check", "-e", "a", "--json", "-b", "http://b", "p"], as: CheckCommand.self)
        #expect(
            check.format == .json && check.project.env == "a" && check.project.path == "p" && check.backends.count == 1)
        let gate = try self.command(
            ["check", "--sarif", "--fail-on", "warn", "--only", "config", "--only=entrypoint", "--fix", "--yes"],
            as: CheckCommand.self)
        #expect(gate.format == .sarif && gate.failOn == .warn && gate.only == ["config", "entrypoint"])
        #expect(gate.isFixing && gate.isConfirmed)
        #expect(self.refusal(["check", "--json", "--junit"]).contains("choose one of --json, --sarif and --junit"))
        #expect(self.refusal(["check", "--yes"]).contains("--yes needs --fix"))
        #expect(self.refusal(["check", "--only", "nothing"]).contains("must be the id of a check"))
        #expect(self.refusal(["check", "--fail-on", "skip"]).contains("fail, warn or undecided"))
        let new = try self.command(
            ["init", "--name", "a-b", "--compatibility-date", "2025-12-23", "--backend-url", "https://x.example", "p"],
            as: InitCommand.self)
        #expect(new.path == "p" && new.name == "a-b" && new.date == "2025-12-23" && new.backend == "https://x.example")
        for words in [["--name", "A b"], ["--compatibility-date", "2025-1-1"], ["--backend-url", "ftp://x"]] {
            #expect(self.refusal(["init"] + words).contains("invalid value"), "\(words)")
        }
        #expect(self.refusal(["init", "--compatibility-date", "2999-01-01"]).contains("in the future"))
        let config = try self.command(["config", "--json", "--reveal"], as: ConfigCommand.self)
        #expect(config.isJSON && config.isRevealing && config.project.path == ".")
        #expect(try self.command(["paths", "--", "-p"], as: PathsCommand.self).project.path == "-p")
    }

    static let mistakes = [
        ("--listen nowhere", #"invalid value "nowhere" for --listen: must be ADDRESS:PORT, :PORT or PORT"#),
        (
            "--listen 127.0.0.1:70000",
            #"invalid value "127.0.0.1:70000" for --listen: must be ADDRESS:PORT, :PORT or PORT"#
        ),
        ("--loops 0", #"invalid value "0" for --loops: must be a whole number from 1 to 64"#),
        ("serve --loops -1", #"invalid value "-1" for --loops: must be a whole number from 1 to 64"#),
        (
            "--screen \(ScreenCatalog.all.screens.count + 1)",
            "invalid value \"\(ScreenCatalog.all.screens.count + 1)\" for --screen: must be a number from 1 to "
                + "\(ScreenCatalog.all.screens.count), or one of \(ScreenCatalog.all.commandNames.joined(separator: ", "))"
        ),
        ("--language fr", #"invalid value "fr" for --language: must be en or zh-CN"#),
        ("--theme drak", #"invalid value "drak" for --theme: must be dark, light or mono; did you mean dark?"#),
        (
            "--glyphs asci",
            #"invalid value "asci" for --glyphs: must be unicode, neutral, console or ascii; did you mean ascii?"#
        ),
        (
            "--backend a:b:c",
            #"invalid value "a:b:c" for --backend: must be URL or NAME=URL, such as green=http://127.0.0.1:9001"#
        ),
        ("--backend a=http://b --backend a=http://c", "two backends have the name a"),
        ("check --quiet", "check has no option --quiet; serve has it"),
        ("serve --theme dark", "serve has no option --theme; open and demo have it"),
        ("serv ./project", #"unknown command "serv"; did you mean serve?"#),
        ("srve -q", #"unknown command "srve"; did you mean serve?"#),
        ("--env a chek --json", #"unknown command "chek"; did you mean check?"#),
        ("project --json", "open has no option --json; check, config, r2, kv and d1 have it"),
        ("demo folder", #"unexpected argument "folder""#),
    ]

    @Test("mistakes are named", arguments: mistakes)
    func refuse(line: String, message: String) {
        #expect(self.refusal(line.split(separator: " ").map(String.init)) == "worker-console: " + message)
    }

    @Test("a folder that is none may be a command with a slip; the exit code is 2")
    func slip() async throws {
        let messages = [
            (["serv"], #"no folder or command "serv"; did you mean serve?"#),
            (["nothing-here"], #"no folder or command "nothing-here"; worker-console --help lists them"#),
            (["./nothing-here"], "no such folder: ./nothing-here; give the project's folder"),
            (["open", "serv"], "no such folder: serv; give the project's folder"),
            (["/dev/null"], "/dev/null is a file; give the project's folder"),
        ]
        for (words, message) in messages {
            let command = try self.command(words, as: OpenCommand.self)
            await #expect(throws: CommandFailure(exitCode: 2, message: message)) { try await command.run() }
        }
    }

    @Test("every command says what it does, and takes its folder first")
    func declarations() {
        for command in Commands.program.declarations {
            #expect(command.abstract.hasSuffix("."), "\(command.name)")
            for parameter in command.parameters.map(\.declaration) {
                #expect(parameter.help.hasSuffix("."), "\(command.name) \(parameter.spelling)")
            }
        }
    }
}
