import Synchronization
import Testing

@testable import PythonSource

/// Modules beside main, which a source names and which may be many and large.
@Suite("Modules that are imported")
struct ImportedSourcesTests {
    private static let good = """
        from workers import WorkerEntrypoint, Response
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response("ok")

        """

    private static func each(_ count: Int, _ line: (Int) -> String) -> String { (0..<count).map(line).joined() }

    /// Files that count what is read of them.
    private final class CountedFiles: EntrypointFiles {
        let files: [String: [UInt8]]
        private let reads = Mutex<[String: Int]>([:])

        init(_ files: [String: String]) { self.files = files.mapValues { Array($0.utf8) } }

        /// How often each file that is there was read.
        var counts: [String: Int] { self.reads.withLock { $0 } }

        func bytes(_ path: String) -> [UInt8]? {
            guard let bytes = self.files[path] else { return nil }
            self.reads.withLock { $0[path, default: 0] += 1 }
            return bytes
        }

        func isFolder(_ path: String) -> Bool { false }
    }

    @Test("a module is read once, and no more of them than are followed")
    func modules() {
        let imports = Self.each(500) { "import m\($0)\n" }
        var all = [
            "worker.py": imports + Self.good,
            "few.py": "import m1\nfrom m2 import x, y\nfrom workers import Response\n",
        ]
        for index in 0..<500 { all["m\(index).py"] = "x = y = 1\nimport few\n" }
        let files = CountedFiles(all)
        _ = ImportedSources(main: "worker.py", files: files, minor: 13).addresses()
        #expect(files.counts.count == 64 && files.counts.values.allSatisfy { $0 == 1 }, "\(files.counts)")
        let few = CountedFiles(all.filter { ["few.py", "m1.py", "m2.py"].contains($0.key) })
        _ = ImportedSources(main: "few.py", files: few, minor: 13).addresses()
        #expect(few.counts == ["few.py": 1, "m1.py": 1, "m2.py": 1])
        let followed = CountedFiles(all)
        _ = EntrypointAnalysis.verdict(
            main: "worker.py", files: followed, flags: EffectiveFlags(date: "2025-12-23", flags: ["python_workers"]),
            environment: EntrypointEnvironment(isComplete: true))
        #expect(followed.counts.count <= 66, "\(followed.counts)")
    }

    @Test("modules that are not there do not keep those that are from being read")
    func absent() throws {
        let imports = Self.each(200) { "from package\($0) import a, b, c\n" } + "import here\n"
        let files = FixedFiles([
            "worker.py": Array(("import last\n" + imports).utf8), "here.py": Array("x('http://127.0.0.1/')\n".utf8),
            "last.py": Array("x('http://10.0.0.1/')\n".utf8),
        ])
        let found = ImportedSources(main: "worker.py", files: files, minor: 13).addresses()
        #expect(Set(found.map(\.file)) == ["here.py", "last.py"])
    }
}
