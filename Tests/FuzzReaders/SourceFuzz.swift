import PythonSource

/// The Worker's source: a verdict for any bytes, the same one twice.
enum SourceFuzz {
    private static let rules: [(date: String, flags: [String])] = [
        ("2025-12-23", ["python_workers"]), ("2025-06-01", ["python_workers"]), ("2026-10-01", ["python_workers"]),
        ("2025-12-23", ["python_workers", "disable_python_no_global_handlers"]),
    ]

    /// The first byte chooses date and flags; a zero byte ends the main file and begins a module that it may import.
    static func violation(_ input: [UInt8]) -> String? {
        let rule = Self.rules[Int(input.first ?? 0) % Self.rules.count]
        let parts = input.dropFirst().split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
        let files = Files(main: Array(parts.first ?? []), module: parts.dropFirst().first.map { Array($0) })
        func judge() -> EntrypointVerdict {
            EntrypointAnalysis.verdict(
                main: "worker.py", files: files, flags: EffectiveFlags(date: rule.date, flags: rule.flags),
                environment: EntrypointEnvironment(names: ["DB"], isComplete: true))
        }
        let verdict = judge()
        return verdict == judge() ? nil : "the verdict is another the second time"
    }

    private struct Files: EntrypointFiles {
        let main: [UInt8]
        let module: [UInt8]?

        func bytes(_ path: String) -> [UInt8]? {
            path == "worker.py" ? self.main : path == "entry.py" ? self.module : nil
        }

        func isFolder(_ path: String) -> Bool { false }
    }
}
