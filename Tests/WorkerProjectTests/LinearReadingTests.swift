import Foundation
import Testing

@testable import WorkerProject

/// A file of four times the size takes about four times as long, whatever it is full of.
@Suite("Reading takes time in proportion", .timeLimit(.minutes(5)))
struct LinearReadingTests {
    /// A file with `count` of something.
    struct Shape: Sendable, CustomTestStringConvertible {
        let file: String
        let about: String
        let count: Int
        let text: @Sendable (Int) -> String

        var testDescription: String { "\(self.file): \(self.about)" }

        init(_ file: String, _ about: String, _ count: Int = 2_500, _ text: @escaping @Sendable (Int) -> String) {
            self.file = file
            self.about = about
            self.count = count
            self.text = text
        }
    }

    private static func each(_ count: Int, _ body: (Int) -> String) -> String { (0..<count).map(body).joined() }
    private static func times(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    private static let head =
        "name = \"a\"\nmain = \"worker.py\"\ncompatibility_date = \"2025-12-23\"\ncompatibility_flags = [\"python_workers\"]\n"

    private static let toml: [Shape] = [
        Shape("wrangler.toml", "keys") { n in Self.each(n) { "k\($0) = 1\n" } },
        Shape("wrangler.toml", "quoted keys") { n in Self.each(n) { "\"k \($0)\" = 1\n" } },
        Shape("wrangler.toml", "variables") { n in "[vars]\n" + Self.each(n) { "k\($0) = \"x\"\n" } },
        Shape("wrangler.toml", "an inline table") { n in "vars = {" + Self.each(n) { "k\($0)=1," } + "}\n" },
        Shape("wrangler.toml", "tables") { n in Self.each(n) { "[t\($0)]\n" } },
        Shape("wrangler.toml", "tables in tables") { n in Self.each(n) { "[a.b.c.t\($0)]\nx = 1\n" } },
        Shape("wrangler.toml", "tables named again") { n in
            Self.each(n) { "[t\($0)]\n" } + Self.each(n) { "[t\($0).x]\n" }
        },
        Shape("wrangler.toml", "tables with dotted keys") { n in Self.each(n) { "[t\($0)]\na.b = 1\na.c = 2\n" } },
        Shape("wrangler.toml", "dotted keys of one table") { n in "[vars]\n" + Self.each(n) { "a.k\($0) = 1\n" } },
        Shape("wrangler.toml", "dotted keys of many tables") { n in "[vars]\n" + Self.each(n) { "k\($0).a = 1\n" } },
        Shape("wrangler.toml", "dotted keys out of order", 800) { n in
            "[vars]\n" + Self.each(n) { "k\($0).a = 1\n" } + Self.each(n) { "k\(($0 * 7_919) % n).b = 1\n" }
        },
        Shape("wrangler.toml", "array tables of one name") { n in
            Self.each(n) { "[[kv_namespaces]]\nbinding = \"K\($0)\"\n" }
        },
        Shape("wrangler.toml", "empty array tables") { n in Self.times("[[d1_databases]]\n", n) },
        Shape("wrangler.toml", "array tables of many names") { n in Self.each(n) { "[[a\($0)]]\n" } },
        Shape("wrangler.toml", "environments") { n in Self.each(n) { "[env.e\($0)]\n" } },
        Shape("wrangler.toml", "a list") { n in "a = [" + Self.times("1e400,", n) + "]\n" },
        Shape("wrangler.toml", "comments", 10_000) { n in Self.times("# c\n", n) },
        Shape("wrangler.toml", "one long line", 40_000) { n in "a = \"" + Self.times("x", n) + "\"\n" },
        Shape("wrangler.toml", "a key twice") { n in Self.times("a = 1\n", n) },
    ].map { shape in Shape(shape.file, shape.about, shape.count) { Self.head + shape.text($0) } }

    private static let jsonc: [Shape] = [
        Shape("wrangler.jsonc", "keys") { n in Self.each(n) { ",\"k\($0)\":1" } },
        Shape("wrangler.jsonc", "keys on lines") { n in Self.each(n) { ",\n\"k\($0)\":1" } },
        Shape("wrangler.jsonc", "variables") { n in ",\"vars\":{" + Self.each(n) { "\"k\($0)\":1," } + "}" },
        Shape("wrangler.jsonc", "a key twice") { n in ",\"vars\":{" + Self.times("\"k\":1,", n) + "}" },
        Shape("wrangler.jsonc", "environments") { n in ",\"env\":{" + Self.each(n) { "\"k\($0)\":{}," } + "}" },
        Shape("wrangler.jsonc", "bindings without a name") { n in ",\"kv_namespaces\":[" + Self.times("{},", n) + "]" },
        Shape("wrangler.jsonc", "bindings of one name") { n in
            ",\"kv_namespaces\":[" + Self.times("{\"binding\":\"A\"},", n) + "]"
        },
        Shape("wrangler.jsonc", "a list", 10_000) { n in ",\"a\":[" + Self.times("1,", n) + "]" },
        Shape("wrangler.jsonc", "escapes", 10_000) { n in ",\"a\":\"" + Self.times("\\u0041", n) + "\"" },
        Shape("wrangler.jsonc", "comments", 10_000) { n in Self.times("/**/", n) },
        Shape("wrangler.jsonc", "comments that never end", 10_000) { n in Self.times("/* ", n) },
    ].map { shape in Shape(shape.file, shape.about, shape.count) { "{\"name\":\"a\"" + shape.text($0) + "}" } }

    private static let variables: [Shape] = [
        Shape(".dev.vars", "lines") { n in Self.each(n) { "K\($0)=\($0)\n" } },
        Shape(".dev.vars", "quoted values") { n in Self.each(n) { "K\($0)='x'\n" } },
        Shape(".dev.vars", "open quotes") { n in Self.each(n) { "K\($0)='\n" } },
        Shape(".dev.vars", "three open quotes") { n in Self.each(n) { "K\($0)='a\nL\($0)=\"b\nM\($0)=`c\n" } },
        Shape(".dev.vars", "open quotes and backslashes") { n in Self.each(n) { "K\($0)=`\\\n" } },
        Shape(".dev.vars", "escaped quotes") { n in Self.each(n) { "K\($0)=\"\\\"\\\"\n" } },
        Shape(".dev.vars", "text behind quotes") { n in Self.each(n) { "K\($0)=\"x\" y\n" } },
        Shape(".dev.vars", "lines without a sign") { n in Self.each(n) { "K\($0)\n" } },
        Shape(".dev.vars", "exports", 10_000) { n in Self.times("export\n", n) },
        Shape(".dev.vars", "empty lines", 20_000) { n in Self.times("\n", n) + "K" },
        Shape(".dev.vars", "escaped quotes in one line", 20_000) { n in "K=\"" + Self.times("\\\"", n) },
        Shape(".dev.vars", "one name", 5_000) { n in Self.times("K=1\n", n) },
        Shape(".env", "references") { n in Self.each(n) { "K\($0)=$K\(max(0, $0 - 1))\n" } },
        Shape(".env", "references to nothing") { n in Self.each(n) { "K\($0)=${N:-$M}\n" } },
        Shape(".env", "references in one line", 10_000) { n in "A=1\nB=" + Self.times("$A", n) },
        Shape(".env", "open braces", 10_000) { n in "A=1\nB=" + Self.times("${", n) },
    ]

    private static let others: [Shape] = [
        Shape("worker-console.toml", "keys") { n in Self.each(n) { "k\($0) = 1\n" } },
        Shape("worker-console.toml", "backends") { n in
            Self.each(n) { "backends.b\($0).url = \"http://127.0.0.1:9\"\n" }
        },
        Shape("worker-console.toml", "backends that are refused") { n in Self.each(n) { "[backends.b\($0)]\nurl = 1\n" }
        },
        Shape("worker-console.toml", "bindings") { n in Self.each(n) { "[bindings.B\($0)]\nstore = \"none\"\n" } },
    ]

    static let shapes = Self.toml + Self.jsonc + Self.variables + Self.others

    /// The least time of this thread that reading and printing takes, in nanoseconds.
    private func time(_ shape: Shape, _ count: Int) throws -> Double {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("linear-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(shape.text(count).utf8).write(to: folder.appendingPathComponent(shape.file))
        return (0..<3).map { _ in
            let start = threadTime()
            let project = ProjectConfiguration.load(startingAt: folder.path, process: [:])
            _ = project.json(reveal: true).utf8.count + project.lines(reveal: true).count
            _ = project.findings.map(\.description).count
            return Double(threadTime() - start)
        }.min() ?? 0
    }

    private func threadTime() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    @Test("a file of four times the size takes less than eight times as long", arguments: Self.shapes)
    func ratio(shape: Shape) throws {
        let (small, large) = (try self.time(shape, shape.count), try self.time(shape, 4 * shape.count))
        // What a small file takes whatever is in it does not count.
        #expect(large < 8 * max(small, 500_000), "\(small / 1e6) ms, then \(large / 1e6) ms")
    }
}
