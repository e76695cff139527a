import Foundation
import TestSupport
import Testing
import WorkerProject

/// Every project in `Fixtures/wrangler-config` is read as wrangler reads it; deliberate differences stand in
/// docs/reference/wrangler-differences.md.
@Suite("Projects that wrangler has read")
struct ConfigurationFixtureTests {
    static let folder = Fixtures.folder() + "/wrangler-config"
    static let cases = ((try? FileManager.default.contentsOfDirectory(atPath: Self.folder)) ?? []).sorted()

    @Test("there are 39 of them")
    func count() { #expect(Self.cases.count == 39) }

    @Test("values, refusals and warnings are the same", arguments: Self.cases)
    func reads(_ name: String) throws {
        let root = Self.folder + "/" + name
        let setup = try Self.object(root + "/case.json")
        let expected = try #require(Self.json(root + "/expected.json") as? [[String: Any]])
        let start = root + "/" + (setup["cwd"] as? String ?? ".")
        for entry in expected {
            let environment = try #require(entry["environment"] as? String)
            let project = ProjectConfiguration.load(startingAt: start, environment: environment)
            let errors = project.findings.filter(\.refusedByWrangler)
            if let message = entry["error"] as? String {
                Self.compareErrors(errors, message, entry["location"] as? [String: Any])
                continue
            }
            #expect(errors.isEmpty, "\(name) \(environment): \(errors)")
            if let config = entry["config"] as? [String: Any] {
                try Self.compareValues(project, config, root: root)
            }
            if let vars = entry["varsForDev"] as? [String: [String: Any]] {
                let seen = project.variables.map { "\($0.name)=\($0.value.string ?? "")/\($0.isSecret)" }
                let wanted = vars.map {
                    "\($0.key)=\($0.value["value"] ?? "")/\($0.value["type"] as? String == "secret_text")"
                }
                #expect(Set(seen) == Set(wanted))
            }
            let warnings = (entry["warnings"] as? [String] ?? []).joined()
            let seen = project.findings.filter { $0.severity == .warning }
            #expect(warnings.isEmpty == seen.isEmpty, "\(name) \(environment): \(seen) for \(warnings)")
            for field in Self.warned(warnings) {
                #expect(
                    seen.contains {
                        $0.message.contains("\"\(field)\"") || $0.field == field
                            || $0.field?.hasSuffix("." + field) == true
                    }, "\(name): \(field)")
            }
        }
    }

    /// Each line of wrangler's message names a field; a finding for the same field has to stand with a line and column.
    static func compareErrors(_ errors: [ConfigurationFinding], _ message: String, _ location: [String: Any]?) {
        #expect(!errors.isEmpty, "wrangler says \(message)")
        if let line = location?["line"] as? Int {
            #expect(errors.first?.line == line)
            #expect(errors.first?.column != nil)
            return
        }
        for line in message.split(separator: "\n") where line.hasPrefix("  - ") {
            let fields = line.matches(of: /"?([a-z][a-z_0-9]*(\[\d+\])?(\.[A-Za-z_]+)*)"?/).map { String($0.output.1) }
            let isNamed = errors.contains { error in
                guard let field = error.field else { return false }
                return fields.contains { field == $0 || field.hasPrefix($0 + ".") } || line.contains(field)
            }
            #expect(isNamed || line.contains("unique names") || line.contains("No environment"), "\(line) in \(errors)")
        }
        for error in errors { #expect(error.line != nil && error.column != nil, "\(error)") }
    }

    static func compareValues(_ project: ProjectConfiguration, _ config: [String: Any], root: String) throws {
        let text = project.wrangler.values.json().replacingOccurrences(of: root, with: "")
        let read = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        for (key, value) in config {
            // Without a file there is nothing that could have a value; the defaults of commands are not the file's.
            if project.wrangler.path == nil { continue }
            let mine = try #require(read[key], "\(key) is missing")
            #expect(Self.isSame(mine, value), "\(key): \(mine) for \(value)")
        }
        for (key, value) in read where config[key] == nil {
            let isEmpty = (value as? [Any])?.isEmpty ?? (value as? [String: Any])?.isEmpty ?? false
            #expect(isEmpty || (config.isEmpty && project.wrangler.path == nil), "\(key) is too much: \(value)")
        }
    }

    /// Numbers are compared as JavaScript's, which has only doubles; what JSON writes as null is a text in the data.
    static func isSame(_ left: Any, _ right: Any) -> Bool {
        if left is NSNull, let text = right as? String, ["Infinity", "-Infinity", "NaN"].contains(text) { return true }
        if let left = left as? [String: Any], let right = right as? [String: Any] {
            return left.keys.sorted() == right.keys.sorted()
                && left.allSatisfy { key, value in right[key].map { isSame(value, $0) } ?? false }
        }
        if let left = left as? [Any], let right = right as? [Any] {
            return left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1) }
        }
        if let left = left as? NSNumber, let right = right as? NSNumber { return left.doubleValue == right.doubleValue }
        return (left as? NSObject) == (right as? NSObject)
    }

    static func warned(_ text: String) -> [String] {
        var fields = text.matches(of: /"([a-z0-9_]+)" exists at the top level/).map { String($0.output.1) }
        fields += text.matches(of: /\n\s+- ([A-Z_]+)\n/).map { String($0.output.1) }
        for match in text.matches(of: /Unexpected fields found in [^:]+: (.+)/) {
            fields += match.output.1.matches(of: /"([^"]+)"/).map { String($0.output.1) }
        }
        return fields
    }

    static func json(_ path: String) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    static func object(_ path: String) throws -> [String: Any] {
        try #require(Self.json(path) as? [String: Any])
    }
}
