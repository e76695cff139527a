import Foundation
import Testing
import WorkerDomain

@testable import Application
@testable import CommandLineArguments

/// The texts of the program as its sources have them: two languages, one word a thing, the punctuation of each language.
@Suite("Wording")
struct WordingTests {
    private struct Entry: CustomTestStringConvertible {
        let english: String
        let chinese: String
        let file: String
        var testDescription: String { "\(self.file): \(self.english)" }
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../..").standardizedFileURL

    private static func files(_ folder: String, _ ending: String) throws -> [(name: String, text: String)] {
        let base = Self.root.appendingPathComponent(folder)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: base.path).filter { $0.hasSuffix(ending) }
        return try paths.sorted().map { path in
            (path, try String(contentsOf: base.appendingPathComponent(path), encoding: .utf8))
        }
    }

    private static func unescaped(_ literal: some StringProtocol) -> String {
        literal.replacingOccurrences(of: "\\\"", with: "\"").replacingOccurrences(of: "\\\\", with: "\\")
    }

    /// Every `Phrase("…", "…")` of the sources.
    private static let phrases: [Entry] = {
        let pattern = /Phrase\(\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"\)/
        let sources = (try? Self.files("Sources/WorkerConsole", ".swift")) ?? []
        return sources.flatMap { file in
            file.text.matches(of: pattern).map { match in
                Entry(english: Self.unescaped(match.1), chinese: Self.unescaped(match.2), file: file.name)
            }
        }
    }()

    /// Names, codes and signs that are the same in every language.
    private static let sameInBoth: Set<String> = [
        "UTC", "D1", "URL", "TLS", "CORS", "P95", "PK", "Worker", "SQL", "etag", "NOT NULL", "%", "5XX", "×%1",
        "%1 → %2", "%1: %2", "5xx %1 > %2", "p95 %1 > %2", "wrangler", "English", "text", "REMOTE", "", "%1 of %2",
        "%1 (%2)", "JSON", "HTML", "XML", "Markdown", "PDF", "SQLite",
    ]

    @Test("every phrase has a Chinese twin")
    func twins() {
        #expect(Self.phrases.count > 900)
        for phrase in Self.phrases where !Self.sameInBoth.contains(phrase.english) {
            #expect(phrase.chinese.contains(/[\u{4E00}-\u{9FFF}]/), "\(phrase.testDescription)")
        }
    }

    @Test("both languages of a phrase have the same placeholders")
    func placeholders() {
        for phrase in Self.phrases {
            let marks = { (text: String) in Set(text.matches(of: /[%{]([1-9])/).map { String($0.1) }) }
            let (english, chinese) = (marks(phrase.english), marks(phrase.chinese))
            #expect(chinese.isSubset(of: english), "\(phrase.testDescription)")
            // A number may choose a word in English alone.
            let shown = Set(phrase.english.matches(of: /%([1-9])/).map { String($0.1) })
            #expect(shown.isSubset(of: chinese), "\(phrase.testDescription)")
        }
    }

    @Test("Chinese has full-width punctuation, and blanks around Latin words")
    func punctuation() throws {
        for phrase in Self.phrases { self.expectChinese(phrase.chinese, phrase.testDescription) }
        for (name, text) in try Self.files(".", ".zh-CN.md") where !name.hasPrefix(".build") {
            for line in text.split(separator: "\n") {
                // Code and the targets of links are not sentences.
                let plain = line.replacing(/`[^`]*`/, with: "x").replacing(/\]\([^)]*\)/, with: "]")
                self.expectChinese(String(plain), "\(name): \(line)")
            }
        }
    }

    private func expectChinese(_ text: String, _ place: String) {
        #expect(
            !text.contains(/[\u{4E00}-\u{9FFF}][,:;?!]|[,:;?!][\u{4E00}-\u{9FFF}]/),
            "\(place): ASCII punctuation in \(text)")
        let words = text.replacing(/%[1-9]/, with: "")
        #expect(
            !words.contains(/[\u{4E00}-\u{9FFF}][A-Za-z0-9]|[A-Za-z0-9][\u{4E00}-\u{9FFF}]/),
            "\(place): no blank in \(text)")
    }

    /// What the field does not say, and what it says instead.
    private static var forbidden: [(pattern: Regex<Substring>, better: String)] {
        [
            (/\banswers? (?:in time|from|came|of)\b|\bno answer\b|\bthe answer'?s?\b/, "response"),
            (/\bis no (?!longer\b|other\b|polling\b|environment\b)[a-z]+/, "is not a …"),
            (/\bstands? (?:there|here|below|in|beside|behind|before)\b/, "is"),
            (/\btaken? back\b/, "roll back"), (/\bsmall letters\b(?! \|)|lower-case/, "lowercase"), (/\bmend\b/, "fix"),
            (/\btime limit\b/, "timeout"), (/\bis talk\b|\bare talk\b/, "messages go to standard error"),
            (/\b[Bb]reaks? (?:green|blue|%1|a backend)\b/, "inject a fault"),
            (/\bnothing listed holds\b|\bthat holds? “/, "contains"),
            (/\bthere is no (?:folder|backend|environment|such)\b/, "no …"), (/\bwaited with\b/, "kept"),
            (/\bcan't\b|\bdoesn't\b/, "cannot, does not"), (/\bnot be completed\b/, "what failed"),
            (/\bcode that works\b/, "corrected code"), (/\bdeploy gate\b/, "this deploy will fail"),
        ]
    }

    private static let forbiddenChinese = ["受阻", "部署关口", "所见", "撤回", "换桶", "换库", "以此开头的键", "脱敏开"]

    @Test("sources and documentation use the field's words")
    func words() throws {
        for phrase in Self.phrases {
            self.expectWords(phrase.english, phrase.testDescription)
            for word in Self.forbiddenChinese { #expect(!phrase.chinese.contains(word), "\(phrase.testDescription)") }
        }
        for literal in try Self.sentences() { self.expectWords(literal.english, literal.testDescription) }
        for (name, text) in try Self.files("docs", ".md") where !name.hasPrefix("decisions/") {
            for line in text.split(separator: "\n") { self.expectWords(String(line), "docs/\(name): \(line)") }
        }
        for name in ["README.md", "CONTRIBUTING.md", "SECURITY.md"] {
            let text = try String(contentsOf: Self.root.appendingPathComponent(name), encoding: .utf8)
            for line in text.split(separator: "\n") { self.expectWords(String(line), "\(name): \(line)") }
        }
    }

    private func expectWords(_ text: String, _ place: String) {
        for (pattern, better) in Self.forbidden {
            guard let match = text.firstMatch(of: pattern) else { continue }
            Issue.record("\(place): “\(match.output)”, better: \(better)")
        }
    }

    // MARK: - Sentences that are made in English

    /// Where sentences for people are made; the grammar of Python speaks as CPython does.
    private static let speakers = [
        "ProxyCore", "NetworkIO/Connection", "NetworkIO/TLS", "LocalState", "S3Storage", "SQLite",
        "TrafficJournal/Filter",
        "WorkerDomain/Text", "WorkerDomain/Backends", "WorkerProject/Checks", "WorkerProject/Configuration",
        "WorkerProject/Settings", "Application/Commands", "Application/Data", "Application/Serving",
        "Application/System",
        "CommandLineArguments",
    ]

    /// Literals with the look of a sentence: three words or more, their values replaced with a short one.
    private static func sentences() throws -> [Entry] {
        try Self.speakers.flatMap { folder in
            try Self.files("Sources/WorkerConsole/\(folder)", ".swift").flatMap { file -> [Entry] in
                let lines = file.text.split(separator: "\n").filter { !$0.contains(/^\s*\/\/|precondition|fatalError/) }
                let text = lines.joined(separator: "\n").replacing(/"\s*\+\s*"/, with: "")
                    .replacing(/static let about =\s*"(?:[^"\\]|\\.)*"/, with: "")
                    // A check's title has its Chinese beside it.
                    .replacing(/static let title = "(?:[^"\\]|\\.)*"/, with: "")
                return Self.literals(in: text).filter { $0.contains(/[a-z]+ [a-z]+ [a-z]+/) }
                    .map { Entry(english: $0, chinese: Sentences.chinese($0) ?? "", file: "\(folder)/\(file.name)") }
            }
        }
    }

    /// String literals, with `7` for each interpolated value.
    private static func literals(in text: String) -> [String] {
        var found: [String] = []
        var rest = Substring(text)
        while let start = rest.firstIndex(of: "\"") {
            rest = rest[rest.index(after: start)...]
            var literal = ""
            var depth = 0
            var isQuoted = false
            while let character = rest.popFirst() {
                if depth > 0 {
                    // Inside a value: nested literals and parentheses.
                    if character == "\"" { isQuoted.toggle() }
                    if !isQuoted { depth += character == "(" ? 1 : character == ")" ? -1 : 0 }
                    if depth == 0 { literal += "7" }
                } else if character == "\\", let next = rest.popFirst() {
                    if next == "(" { depth = 1 } else { literal.append(next == "n" ? "\n" : next) }
                } else if character == "\"" || character == "\n" {
                    break
                } else {
                    literal.append(character)
                }
            }
            found.append(literal)
        }
        return found
    }

    @Test("every sentence that a part makes in English has its Chinese")
    func sentencesAreKnown() throws {
        var missing: [String] = []
        for sentence in try Self.sentences() where sentence.chinese.isEmpty && !Self.isNoSentence(sentence) {
            missing.append(sentence.testDescription)
        }
        #expect(missing.isEmpty, "\(missing.joined(separator: "\n"))")
    }

    /// What Python and the runtime say, what goes into the log, and what only looks like a sentence.
    private static let others: Set<String> = [
        "not of type 'Sequence'", "did not resolve to 'Response'", "Unsupported type in Response", "is not defined",
        "No module named 'workers'", "no descriptor is left", "it has ended", "st:500, st:5xx or st>=400",
    ]

    /// Code, the words of toml++, and what stands in the user guide alone.
    private static let otherFiles = [
        "TOMLWords.swift", "Settings/Settings.swift", "Settings/Settings+Stores.swift",
        "Settings/Settings+Checks.swift",
        "Completion/FishCompletion.swift",
    ]

    private static func isNoSentence(_ entry: Entry) -> Bool {
        if Self.others.contains(entry.english) || Self.otherFiles.contains(where: { entry.file.hasSuffix($0) }) {
            return true
        }
        // A part of a sentence that the code joins: its words are words of the tables.
        let pieces = entry.english.split(separator: "7").flatMap { $0.components(separatedBy: "; ") }.map {
            $0.trimmingCharacters(in: CharacterSet(charactersIn: " ;:.,()"))
        }
        return pieces.filter { $0.contains(" ") }.allSatisfy { piece in
            Sentences.all.contains { $0.english.contains(piece) }
        }
    }

    @Test("every phrase of the tables translates itself, and no other one is in its way")
    func tables() {
        for phrase in Sentences.all {
            let values = ["7a", "8b", "9c"]
            let english = phrase(.english, values[0], values[1], values[2])
            let chinese = phrase(.simplifiedChinese, values[0], values[1], values[2])
            #expect(Sentences.chinese(english) == chinese, "\(phrase.english)")
        }
    }
}
