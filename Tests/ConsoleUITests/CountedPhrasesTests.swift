import Foundation
import Testing
import WorkerDomain

@testable import ConsoleUI

/// Every phrase of the interface, read from the tables themselves.
@Suite("Phrases with numbers")
struct CountedPhrasesTests {
    /// Where the phrase tables are.
    private static let folders: [URL] = {
        let base = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return ["ConsoleUI", "StorageScreens"].map { base.appendingPathComponent("Sources/WorkerConsole/\($0)") }
    }()

    private static func phrases() throws -> [Phrase] {
        let files = try self.folders.flatMap { folder in
            Array(try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)))
        }
        let pattern = #/Phrase\(\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"\s*\)/#
        return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.flatMap { file in
            try String(contentsOf: file, encoding: .utf8).matches(of: pattern)
                .map { Phrase(String($0.1), String($0.2)) }
        }
    }

    /// What may stand behind a 1 and ends in `s`: verbs of something that is named, and units.
    private static let verbs: Set<String> = [
        "is", "gets", "s", "fails", "keeps", "has", "ends", "needs", "matches", "finishes", "responds", "success",
        "runs", "copies", "adds", "probes", "switches", "lists", "changes", "clears", "reveals", "cancels", "brings",
        // ASCII glyphs.
        "glyphs",
    ]

    @Test("no phrase says 1 exchanges, and none 2 exchange")
    func one() throws {
        let phrases = try Self.phrases()
        #expect(phrases.count > 400)
        for phrase in phrases {
            let ones = phrase(.english, "1", "1", "1", "1")
            for match in ones.matches(of: #/(?:^|[^\w.,:–])1 ([a-z]+)/#) {
                let word = String(match.1)
                #expect(!word.hasSuffix("s") || Self.verbs.contains(word), "\(ones)")
                #expect(!["are", "were", "have", "match", "finish", "end", "answer"].contains(word), "\(ones)")
            }
            let twos = phrase(.english, "2", "2", "2", "2")
            for match in twos.matches(of: #/(?:^|[^\w.,:–])2 ([a-z]+)/#) {
                let word = String(match.1)
                #expect(
                    ![
                        "request", "exchange", "object", "name", "key", "table", "row", "notice", "check", "event",
                        "character", "backend", "file",
                    ].contains(word), "\(twos)")
            }
            #expect(!ones.contains("{") && !ones.contains("|") && !twos.contains("{"), "\(phrase)")
        }
    }

    @Test(
        "a word that goes by a number is chosen by it, in any place, and other braces stay",
        arguments: [
            ("%1 {1:exchange|exchanges}", "1", "1 exchange"), ("%1 {1:exchange|exchanges}", "0", "0 exchanges"),
            ("%1 {1:exchange|exchanges}", "1,000", "1,000 exchanges"), ("{1:one|%1}!", "7", "7!"),
            ("{1:one|%1}!", "1", "one!"),
            ("{a} {9:b|c} {1:open", "1", "{a} {9:b|c} {1:open"), ("%1 %", "1", "1 %"), ("{1:a}", "2", "a"),
            ("{", "1", "{"),
        ])
    func choice(_ pattern: String, _ argument: String, _ expected: String) {
        #expect(Phrase(pattern, pattern)(.english, argument) == expected)
        #expect(Phrase(pattern, pattern)(.simplifiedChinese, argument) == expected)
    }

    @Test("an argument that looks like a pattern is text")
    func hostileArgument() {
        #expect(Phrase("%1 and %2", "")(.english, "%2 {2:a|b}", "x") == "%2 {2:a|b} and x")
    }

    @Test("numbers with their nouns outside the tables")
    func counted() {
        #expect(Counted.text(1, "byte") == "1 byte" && Counted.text(0, "byte") == "0 bytes")
        #expect(
            Counted.text(1, "entry", "entries") == "1 entry" && Counted.text(21, "entry", "entries") == "21 entries")
    }
}
