import Foundation
import TestSupport
import Testing

@testable import PythonSource

/// The python3 of this machine compiles sources, and says what it says.
private struct Compiler {
    static let script = """
        import sys, warnings
        warnings.simplefilter("ignore")
        source = sys.stdin.buffer
        while True:
            head = source.read(8)
            if not head: break
            text = source.read(int(head, 16))
            try:
                compile(text, "x", "exec", dont_inherit=True)
                print("ok")
            except (SyntaxError, ValueError):
                print("bad")
            except (RecursionError, MemoryError, OverflowError):
                print("deep")
        """

    let path: String
    let minor: Int
    let library: String

    /// The newest python3 whose grammar is known here; `nil` when the machine has none.
    static let found: Compiler? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let paths = folders.map { "\($0)/python3" }
        guard let path = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { return nil }
        let question = "import sys, os; print(sys.version_info[1], os.path.dirname(os.__file__))"
        let answer = try? Self.run(path, ["-I", "-c", question], input: []).split(separator: "\n").first
        let fields = answer?.split(separator: " ", maxSplits: 1) ?? []
        guard fields.count == 2, let minor = Int(fields[0]), (11...14).contains(minor) else { return nil }
        return Compiler(path: path, minor: minor, library: String(fields[1]))
    }()

    static func run(_ path: String, _ arguments: [String], input: [UInt8]) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("compiler-\(UUID().uuidString)")
        try Data(input).write(to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = try FileHandle(forReadingFrom: folder)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// True for each source that it takes, `nil` where it stops at a bound of its own.
    func judge(_ sources: [[UInt8]]) throws -> [Bool?] {
        var input: [UInt8] = []
        for source in sources {
            let size = String(source.count, radix: 16)
            input += Array((String(repeating: "0", count: 8 - size.count) + size).utf8) + source
        }
        return try Self.run(self.path, ["-I", "-S", "-c", Self.script], input: input).split(separator: "\n").map {
            $0 == "deep" ? nil : $0 == "ok"
        }
    }

    /// The files of its standard library, a part of them or all.
    func files(limit: Int) -> [[UInt8]] {
        let names = (FileManager.default.enumerator(atPath: self.library)?.compactMap { $0 as? String } ?? [])
            .filter { $0.hasSuffix(".py") && !$0.contains("site-packages/") && !$0.contains("dist-packages/") }.sorted()
        let step = max(1, names.count / limit)
        return stride(from: 0, to: names.count, by: step).compactMap { index in
            FileManager.default.contents(atPath: self.library + "/" + names[index]).map { [UInt8]($0) }
        }
    }
}

/// Our grammar held against Python itself: `PYTHON_DIFFERENTIAL=whole` takes every file and 20,000 mutations.
@Suite("The grammar against python3", .enabled(if: Compiler.found != nil))
struct PythonDifferentialTests {
    private static let isWhole = ProcessInfo.processInfo.environment["PYTHON_DIFFERENTIAL"] == "whole"

    /// What differs, sources that are not decided here left out.
    private func differences(_ sources: [[UInt8]]) throws -> (compared: Int, different: [String]) {
        let compiler = try #require(Compiler.found)
        var different: [String] = []
        var compared = 0
        for (source, isTaken) in zip(sources, try compiler.judge(sources)) {
            let verdict = PythonGrammar.verdict(of: source, minor: max(12, compiler.minor))
            if case .unsure = verdict { continue }
            guard let isTaken else { continue }
            compared += 1
            if (verdict == .takes) != isTaken {
                different.append(
                    "\(verdict), python \(isTaken ? "takes" : "refuses"):\n\(String(decoding: source.prefix(2_000), as: UTF8.self))"
                )
            }
        }
        return (compared, different)
    }

    @Test("the files of the standard library are accepted and refused alike")
    func library() throws {
        let compiler = try #require(Compiler.found)
        let files = compiler.files(limit: Self.isWhole ? 100_000 : 120).filter { Self.isWhole || $0.count < 60_000 }
        let (compared, different) = try self.differences(files)
        #expect(compared > files.count * 9 / 10 && compared > 50)
        #expect(
            different.isEmpty, "\(different.count) of \(compared): \(different.prefix(5).joined(separator: "\n----\n"))"
        )
    }

    private static let pieces = [
        " = ", " := ", "(", ")", "[", "]", "{", "}", ",", ":", "*", "**", ".", ";", " in ", " for x in y ", " if ",
        " else ", "lambda: ", "await ", "yield ", "async ", "return ", "not ", "\n", "    ", "'", "\"", "1", "0x", "1_",
        "0777", "None", "...", "@", "->", "global x\n", "nonlocal x\n", "del ", "import ", " as ", "except ",
        "finally:",
        "match ", "case ", "\\", "break\n", "b'x'", "!", "-", "/", "raise ", "with ", "try:", "class ", "def f(", "_",
        "#", "\t", "pass\n", "é", "a=1",
    ]

    /// Words, runs of blanks, line starts and single characters.
    private static func parts(of source: [UInt8]) -> [[UInt8]] {
        func kind(_ byte: UInt8) -> Int {
            switch byte {
            case 32, 9: 1
            case UInt8(ascii: "_"), 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: 2
            default: 0
            }
        }
        var parts: [[UInt8]] = []
        for byte in source {
            if let last = parts.last?.last, kind(last) == kind(byte), kind(byte) != 0 {
                parts[parts.count - 1].append(byte)
            } else {
                parts.append([byte])
            }
        }
        return parts
    }

    /// Definitions and statements of the outermost level, up to 40 lines each.
    private static func chunks(of source: [UInt8]) -> [[UInt8]] {
        var chunks: [[[UInt8]]] = []
        for line in source.split(separator: 10, omittingEmptySubsequences: false) {
            let isInner = line.isEmpty || [32, 9, UInt8(ascii: ")"), UInt8(ascii: "#")].contains(line[line.startIndex])
            if isInner, !chunks.isEmpty {
                chunks[chunks.count - 1].append(Array(line))
            } else {
                chunks.append([Array(line)])
            }
        }
        return chunks.filter { (2...40).contains($0.count) }.map { Array($0.joined(separator: [10])) + [10] }
    }

    /// Formatted strings and `type` differ between 3.11 and 3.12: such a source says nothing there.
    private static func isOfBoth(_ source: [UInt8]) -> Bool {
        let text = String(decoding: source, as: UTF8.self)
        return !text.contains(#/[fF][rR]?["']|[rR][fF]["']|\btype\b|\b(def|class)\s+\w+\s*\[/#)
    }

    @Test("mutations of them are accepted and refused alike", arguments: 0..<4)
    func mutations(seed: Int) throws {
        let compiler = try #require(Compiler.found)
        var generator = SeededGenerator(seed: UInt64(seed) &* 7_919 &+ 5)
        let chunks = compiler.files(limit: 40).filter { $0.count < 60_000 }.flatMap(Self.chunks)
        #expect(chunks.count > 50)
        var sources: [[UInt8]] = []
        for _ in 0..<(Self.isWhole ? 5_000 : 400) {
            var parts = Self.parts(of: chunks.randomElement(using: &generator) ?? [])
            for _ in 0..<Int.random(in: 1...2, using: &generator) where !parts.isEmpty {
                let at = Int.random(in: 0..<parts.count, using: &generator)
                let piece = Array((Self.pieces.randomElement(using: &generator) ?? "(").utf8)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: parts.remove(at: at)
                case 1: parts.insert(piece, at: at)
                case 2: parts[at] = piece
                default: parts.swapAt(at, Int.random(in: 0..<parts.count, using: &generator))
                }
            }
            let source = Array(parts.joined())
            if compiler.minor >= 12 || Self.isOfBoth(source) { sources.append(source) }
        }
        let (compared, different) = try self.differences(sources)
        #expect(compared > 100)
        #expect(
            different.isEmpty, "\(different.count) of \(compared): \(different.prefix(3).joined(separator: "\n----\n"))"
        )
    }
}
