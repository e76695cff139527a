import CommandLineArguments
import Foundation
import Testing
import WorkerDomain

@testable import Application

@Suite("Command lines of stored data")
struct DataCommandTests {
    private func refusal(_ line: String) -> String {
        guard case .refuse(let lines) = Commands.program.request(line.split(separator: " ").map(String.init)) else {
            return "taken"
        }
        return lines.first ?? ""
    }

    @Test("a binding is told from its key at the first slash")
    func places() {
        for (text, binding, path) in [
            ("B", "B", ""), ("B/", "B", ""), ("B/a/b", "B", "a/b"), ("B//a", "B", "/a"), ("B/ ", "B", " "),
        ] {
            let place = BindingPlace(text)
            #expect(place?.binding == binding && place?.path == path)
        }
        #expect(BindingPlace("/x") == nil && BindingPlace("") == nil)
    }

    static let mistakes = [
        ("r2", "missing argument <action>"), ("r2 ls", "missing argument <binding>"),
        ("r2 list B", "invalid value \"list\" for <action>: must be ls, cat, get, stat, du, put, rm or presign"),
        ("r2 put B/k f --metadata novalue", "invalid value \"novalue\" for --metadata: must be NAME=VALUE"),
        ("r2 ls B --metadata a=b", "--metadata is of r2 put, not of r2 ls"),
        ("d1 migrations DB x", "unexpected argument \"x\""),
        ("d1 migrations DB --format csv", "migrations are printed as text or json"),
        ("r2 cat B", "r2 cat needs a key: B/KEY"), ("r2 rm B --dry-run", "r2 rm needs a key: B/KEY"),
        ("r2 put B/k", "r2 put needs a file: r2 put BINDING/KEY FILE"),
        ("r2 ls B --write", "--write is of r2 put or rm, not of r2 ls"),
        ("r2 rm B/k --write --dry-run", "--write and --dry-run exclude each other"),
        ("r2 ls B --limit 0", "invalid value \"0\" for --limit: must be a whole number from 1 to 9223372036854775807"),
        (
            "r2 presign B/k --expires 604801",
            "invalid value \"604801\" for --expires: must be a whole number from 1 to 604800"
        ),
        ("kv get B", "kv get needs a name: B/KEY"),
        ("d1 export DB --format csv", "a whole database is exported as SQL; name a table for another format"),
        ("d1 query DB x --json --format csv", "--json and --format csv exclude each other"),
        ("d1 query DB a b", "unexpected argument \"b\""),
        ("d1 tables DB --write", "--write is of d1 query, not of d1 tables"),
        ("d1 query DB x --write --read-only", "--write and --read-only exclude each other"),
        ("r2 rm B/k --write --read-only", "--write and --read-only exclude each other"),
    ]

    @Test("mistakes are named", arguments: mistakes)
    func refuse(line: String, message: String) {
        #expect(self.refusal(line) == "worker-console: " + message)
    }

    @Test("every text of the commands has its Chinese")
    func chinese() {
        for declaration in [R2Command.declaration, KVCommand.declaration, D1Command.declaration] {
            for text in [declaration.abstract, declaration.discussion] + declaration.parameters.map(\.declaration.help)
            {
                #expect(Sentences.chinese(text) != nil, "\(text)")
            }
        }
    }

    @Test(
        "the completion of bash offers what a command does",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/bash")))
    func completion() throws {
        #expect(try self.completed(["r2", "p"]) == "put presign")
        #expect(try self.completed(["d1", "--project", ".", "m"]) == "migrations")
        #expect(try self.completed(["d1", "--json", "q"]) == "query")
    }

    @Test(
        "bash offers what a command does at its first argument alone",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/bash")))
    func completionOfLaterArguments() throws {
        for words in [["r2", "ls", "p"], ["d1", "query", "DB", "t"], ["r2", "put", "B/k", "l"], ["kv", "get", "l"]] {
            #expect(try self.completed(words) == "", "\(words)")
        }
    }

    /// What the script of bash offers for the last word.
    private func completed(_ words: [String]) throws -> String {
        guard case .print(let script) = Commands.program.request(["--generate-completion-script", "bash"]) else {
            throw CocoaError(.formatting)
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/bash")
        process.arguments = [
            "--norc", "-c",
            script + "\nCOMP_WORDS=(worker-console \(words.joined(separator: " "))); COMP_CWORD=\(words.count);"
                + " _worker_console; echo ${COMPREPLY[@]}",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.trimmingCharacters(in: .newlines)
    }
}
