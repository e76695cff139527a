import TextOutput
import TextSafety
import WorkerDomain

/// A report of migrations, for a person and for a program.
enum MigrationText {
    /// A line a migration and a line a difference.
    static func lines(of report: MigrationReport) -> String {
        var lines = report.migrations.map { migration in
            let name = ObjectText.key(migration.name)
            return "\(migration.state.rawValue)\t\(name)"
                + (migration.appliedAt.map { "\t\(ObjectText.key($0))" } ?? "")
        }
        lines += report.drift.map { "\($0.kind.rawValue)\t\(ObjectText.key($0.type)) \(ObjectText.key($0.name))" }
        return lines.map { $0 + "\n" }.joined()
    }

    /// One object of JSON.
    static func json(of report: MigrationReport) -> String {
        let migrations = report.migrations.map { migration in
            "{\"name\":\(self.text(migration.name)),\"state\":\(self.text(migration.state.rawValue)),"
                + "\"appliedAt\":\(migration.appliedAt.map { self.text($0) } ?? "null")}"
        }
        let drift = report.drift.map { difference in
            "{\"kind\":\(self.text(difference.kind.rawValue)),\"type\":\(self.text(difference.type)),"
                + "\"name\":\(self.text(difference.name))}"
        }
        return "{\"folder\":\(self.text(report.folder)),\"table\":\(self.text(report.table)),"
            + "\"migrations\":[\(migrations.joined(separator: ","))],\"drift\":[\(drift.joined(separator: ","))],"
            + "\"undecided\":\(report.undecided.map { self.text($0) } ?? "null")}\n"
    }

    private static func text(_ text: String) -> String { ControlCharacters.json(text) }
}
