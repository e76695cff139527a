import Foundation
import TestSupport
import Testing
import WorkerProject

/// One row of `Fixtures/env-files`: small files, and what wrangler 4.164.0 read in them.
///
/// The rows of `own-cases.json` come from its parts alone: dotenv 16.3.1, dotenv-expand 12.0.3 and wrangler's order of files.
struct WranglerCase: Sendable, CustomTestStringConvertible {
    let about: String
    /// What follows the four lines of every row's `wrangler.toml`.
    let toml: String
    let files: [String: String]
    /// Variables of the process.
    let environment: [String: String]
    let env: String?
    let name: String?
    /// What the Worker sees, as JSON; `nil` when wrangler refused.
    let vars: String?
    let error: String?
    let line: Int?

    var testDescription: String { self.about }

    init(_ row: [String: Any]) throws {
        self.about = try #require(row["about"] as? String)
        self.toml = try #require(row["toml"] as? String)
        self.files = try #require(row["files"] as? [String: String])
        self.environment = try #require(row["environment"] as? [String: String])
        self.env = row["env"] as? String
        self.name = row["name"] as? String
        self.vars = try (row["vars"] as? [String: Any]).map {
            String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
        }
        self.error = row["error"] as? String
        self.line = row["line"] as? Int
    }

    static func all(_ file: String) -> [WranglerCase] {
        guard let bytes = try? Fixtures.bytes("env-files/\(file)"),
            let rows = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [[String: Any]]
        else { return [] }
        return rows.compactMap { try? WranglerCase($0) }
    }

    func load() throws -> ProjectConfiguration {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cases-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let head = """
            name = "x12523-site"
            main = "worker.py"
            compatibility_date = "2025-12-23"
            compatibility_flags = ["python_workers"]

            """
        var files = self.files
        files["wrangler.toml"] = head + self.toml
        for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        return ProjectConfiguration.load(
            startingAt: folder.path, environment: self.env, process: self.environment)
    }
}

@Suite("Small files that wrangler has read")
struct WranglerCasesTests {
    static let rows = WranglerCase.all("cases.json")
    static let ownRows = WranglerCase.all("own-cases.json")

    @Test("there are 54 of wrangler's and more of its parts")
    func count() {
        #expect(Self.rows.count == 54)
        #expect(Self.ownRows.count == 62)
    }

    @Test("values, names and refusals are the same", arguments: Self.rows + Self.ownRows)
    func reads(row: WranglerCase) throws {
        let project = try row.load()
        let errors = project.findings.filter(\.refusedByWrangler)
        if let message = row.error {
            ConfigurationFixtureTests.compareErrors(errors, message, row.line.map { ["line": $0] })
            return
        }
        #expect(errors.isEmpty, "\(errors)")
        #expect(project.wrangler.name == row.name)
        let seen = ConfigurationValue.table(project.variables.map { ($0.name, $0.value) }).json()
        #expect(Set(project.variables.map { Array($0.name.utf8) }).count == project.variables.count)
        let left = try JSONSerialization.jsonObject(with: Data(seen.utf8))
        let right = try JSONSerialization.jsonObject(with: Data(try #require(row.vars).utf8))
        #expect(ConfigurationFixtureTests.isSame(left, right), "\(left) for \(right)")
    }
}
