import Foundation
import FoundationXML
import Testing
import WorkerDomain

@testable import WorkerProject

/// The parts of the published schemas that the reports use: SARIF 2.1.0 (OASIS, sarif-schema-2.1.0) and JUnit's XML as
/// Ant (JUnit.xsd) and the Jenkins plugin (junit-10.xsd) have it.
@Suite("Reports for other tools")
struct CheckReportTests {
    private static let hostile = "a <b> & \"c\"\n\u{1B}[31m\u{0}\u{FFFE}\u{202E}]]> 中文"

    private static let report: CheckReport = {
        var fail = CheckResult(
            id: "entrypoint", title: "Entrypoint", outcome: .fail, summary: "deploying gives error 10068",
            evidence: ["worker.py:2:1: async def fetch", hostile], rule: "a rule", place: "src/wörker 1.py:12:3",
            fix: "add a class Default", example: "x = 1\n", duration: .milliseconds(1_234))
        fail.code = 10_068
        return CheckReport(
            results: [
                CheckResult(
                    id: "config.parse", title: "Configuration", outcome: .pass, summary: "wrangler.toml parses"),
                fail,
                CheckResult(
                    id: "addresses", title: "Addresses", outcome: .warn, summary: hostile, place: "wrangler.toml"),
                CheckResult(id: "handler", title: "Handler", outcome: .skip, summary: "no handler registers"),
                CheckResult(id: "main.compiles", title: "Compiles", outcome: .undecided, summary: "cannot decide"),
            ], startedAt: WallTime(millisecondsSinceEpoch: 1_796_000_000_123), duration: .milliseconds(2_005))
    }()

    private static let checks = DeployChecks.all + DeployChecks.onlyWhenAsked

    /// A result of every check with every outcome, those that run only when asked for included, and what stands for all
    /// of them when none could run.
    private static let everything: CheckReport = {
        var results = Self.checks.flatMap { check in
            CheckResult.Outcome.allCases.map { outcome in
                CheckResult(
                    id: check.id, title: check.title, outcome: outcome, summary: "\(check.id) \(outcome)",
                    evidence: [check.about], rule: check.about, place: "worker.py:1:1")
            }
        }
        results.append(CheckResult(id: "run", title: "Checks", outcome: .skip, summary: "the checks could not run"))
        return CheckReport(
            results: results, startedAt: WallTime(millisecondsSinceEpoch: 1_796_000_000_123), duration: .seconds(1))
    }()

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("JSON keeps its shape; severity and Cloudflare's code are fields of their own")
    func json() throws {
        let object = try self.json(CheckReportJSON.text(Self.report))
        #expect(object["exit_code"] as? Int == 1 && (object["counts"] as? [String: Int])?["warn"] == 1)
        let results = try #require(object["results"] as? [[String: Any]])
        let old: Set = [
            "id", "title", "outcome", "summary", "evidence", "rule", "place", "fix", "example", "milliseconds",
        ]
        for result in results { #expect(Set(result.keys) == old.union(["severity", "code", "fixable"])) }
        #expect(results.map { $0["severity"] as? String } == ["none", "error", "warning", "none", "note"])
        #expect(results[1]["code"] as? Int == 10_068 && results[0]["code"] is NSNull)
    }

    @Test(
        "the mildest outcome that fails is chosen",
        arguments: [
            ([CheckResult.Outcome.pass, .warn], CheckFailure.fail, 0), ([.pass, .warn], .warn, 1),
            ([.undecided], .warn, 0),
            ([.undecided], .undecided, 1), ([.fail], .fail, 1), ([.skip], .undecided, 2),
            ([.pass, .skip], .undecided, 0),
        ])
    func failOn(outcomes: [CheckResult.Outcome], least: CheckFailure, code: Int) {
        let results = outcomes.map { CheckResult(id: "x", title: "x", outcome: $0, summary: "x") }
        let report = CheckReport(results: results, startedAt: WallTime(nanosecondsSinceEpoch: 0), duration: .zero)
        #expect(report.exitCode(failOn: least) == Int32(code))
    }

    @Test("a check is named by its id or the part before the dot")
    func named() {
        #expect(DeployChecks.named("entrypoint")?.count == 1)
        #expect((DeployChecks.named("config")?.count ?? 0) > 4)
        #expect(
            DeployChecks.named("conf") == nil && DeployChecks.named("") == nil && DeployChecks.named("config.") == nil)
    }

    // MARK: - SARIF

    /// An object that has these members and no others, each with its check.
    private func expect(
        _ value: Any?, required: [String], optional: [String], _ path: String
    ) throws -> [String: Any] {
        let object = try #require(value as? [String: Any], "\(path) is an object")
        for name in required { #expect(object[name] != nil, "\(path).\(name) is required") }
        let unknown = Set(object.keys).subtracting(required + optional)
        #expect(unknown.isEmpty, "\(path): \(unknown)")
        return object
    }

    private func expectMessage(_ value: Any?, _ path: String) throws {
        let message = try self.expect(value, required: ["text"], optional: ["markdown", "id", "arguments"], path)
        #expect((message["text"] as? String)?.isEmpty == false, "\(path).text")
    }

    @Test("SARIF holds to the schema of 2.1.0")
    func sarif() throws {
        for (report, least) in [Self.report, Self.everything].flatMap({ report in
            CheckFailure.allCases.map { (report, $0) }
        }) {
            let text = CheckReportSARIF.text(report, version: "0.1.0", failOn: least)
            #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0 == "\u{202E}" })
            let log = try self.expect(
                try self.json(text), required: ["version", "runs"], optional: ["$schema", "properties"], "log")
            #expect(log["version"] as? String == "2.1.0")
            #expect(URL(string: log["$schema"] as? String ?? "")?.scheme == "https")
            let runs = try #require(log["runs"] as? [Any])
            let run = try self.expect(
                runs.first, required: ["tool"], optional: ["invocations", "results", "columnKind"], "run")
            #expect(["utf16CodeUnits", "unicodeCodePoints"].contains(run["columnKind"] as? String))
            let tool = try self.expect(run["tool"], required: ["driver"], optional: ["extensions"], "tool")
            let driver = try self.expect(
                tool["driver"], required: ["name"], optional: ["version", "semanticVersion", "rules"], "driver")
            let rules = try #require(driver["rules"] as? [Any])
            var ids: [String] = []
            for rule in rules {
                let rule = try self.expect(
                    rule, required: ["id"],
                    optional: ["shortDescription", "fullDescription", "defaultConfiguration", "help", "helpUri"], "rule"
                )
                ids.append(rule["id"] as? String ?? "")
                try self.expectMessage(rule["shortDescription"], "rule.shortDescription")
                try self.expectMessage(rule["fullDescription"], "rule.fullDescription")
                let configuration = try self.expect(
                    rule["defaultConfiguration"], required: [], optional: ["enabled", "level", "rank", "parameters"],
                    "configuration")
                #expect(["none", "note", "warning", "error"].contains(configuration["level"] as? String))
            }
            #expect(Set(ids).count == ids.count && ids == Self.checks.map { $0.id } && ids.contains("parity"))
            let invocation = try self.expect(
                (run["invocations"] as? [Any])?.first, required: ["executionSuccessful"], optional: ["exitCode"],
                "invocation")
            #expect(invocation["executionSuccessful"] as? Bool == true && invocation["exitCode"] is Int)
            let results = try #require(run["results"] as? [Any])
            #expect(results.count == report.results.count)
            for (value, result) in zip(results, report.results) { try self.expectResult(value, of: result, ids) }
        }
    }

    private func expectResult(_ value: Any, of source: CheckResult, _ ids: [String]) throws {
        let result = try self.expect(
            value, required: ["message"],
            optional: ["ruleId", "ruleIndex", "kind", "level", "locations", "properties"], "result")
        try self.expectMessage(result["message"], "result.message")
        let (kind, level) = (result["kind"] as? String, result["level"] as? String)
        #expect(["notApplicable", "pass", "fail", "review", "open", "informational"].contains(kind))
        // Section 3.27.10: a kind other than "fail" has the level "none".
        let expected: (String?, String?) =
            switch source.outcome {
            case .fail: ("fail", "error")
            case .warn: ("fail", "warning")
            case .undecided: ("open", "none")
            case .pass: ("pass", "none")
            case .skip: ("notApplicable", "none")
            }
        #expect((kind, level) == expected, "\(source)")
        // What is no check of its own has a name and no rule (section 3.27.6: then there is no index).
        #expect(result["ruleId"] as? String == source.id)
        #expect(result["ruleIndex"] as? Int == ids.firstIndex(of: source.id), "\(source.id)")
        #expect(source.id == "run" || ids.contains(source.id), "\(source.id)")
        for location in result["locations"] as? [Any] ?? [] {
            let location = try self.expect(location, required: [], optional: ["physicalLocation"], "location")
            let physical = try self.expect(
                location["physicalLocation"], required: ["artifactLocation"], optional: ["region"], "physicalLocation")
            let file = try self.expect(
                physical["artifactLocation"], required: [], optional: ["uri", "uriBaseId"], "artifact")
            let uri = try #require(file["uri"] as? String)
            #expect(URLComponents(string: uri) != nil && uri.utf8.allSatisfy { $0 > 32 && $0 < 127 }, "\(uri)")
            if let region = physical["region"] {
                let region = try self.expect(
                    region, required: [], optional: ["startLine", "startColumn", "endLine"], "region")
                #expect((region["startLine"] as? Int ?? 0) >= 1 && (region["startColumn"] as? Int ?? 1) >= 1)
            }
        }
    }

    @Test("SARIF names the place, the code and the fix")
    func sarifContent() throws {
        let text = CheckReportSARIF.text(Self.report, version: "0.1.0")
        #expect(text.contains(#""uri":"src/w%C3%B6rker%201.py"},"region":{"startLine":12,"startColumn":3}"#))
        #expect(text.contains(#""cloudflareCode":10068"#) && text.contains("Fix: add a class Default"))
    }

    // MARK: - JUnit

    private final class Elements: NSObject, XMLParserDelegate {
        var path: [String] = []
        var found: [(path: String, attributes: [String: String])] = []
        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            self.path.append(name)
            self.found.append((self.path.joined(separator: "/"), attributes))
        }
        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            self.path.removeLast()
        }
    }

    @Test("JUnit holds to the schemas of Ant and Jenkins", arguments: CheckFailure.allCases)
    func junit(least: CheckFailure) throws {
        for report in [Self.report, Self.everything] { try self.expectJUnit(of: report, failOn: least) }
    }

    private func expectJUnit(of report: CheckReport, failOn least: CheckFailure) throws {
        let text = CheckReportJUnit.text(report, failOn: least)
        let elements = Elements()
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = elements
        #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
        let suite = "testsuites/testsuite"
        // Order and attributes as the sequences of the schemas have them.
        #expect(Array(elements.found.map(\.path).prefix(3)) == ["testsuites", suite, "\(suite)/properties"])
        #expect(Array(elements.found.map(\.path).suffix(2)) == ["\(suite)/system-out", "\(suite)/system-err"])
        let attributes = elements.found[1].attributes
        #expect(
            Set(attributes.keys) == [
                "name", "id", "package", "hostname", "timestamp", "tests", "failures", "errors", "skipped", "time",
            ])
        #expect(attributes["timestamp"]?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) != nil)
        for name in ["tests", "failures", "errors", "skipped", "id"] { #expect(Int(attributes[name] ?? "") != nil) }
        let cases = elements.found.filter { $0.path == "\(suite)/testcase" }
        #expect(cases.count == report.results.count && attributes["tests"] == "\(report.results.count)")
        #expect(cases.count { $0.attributes["name"]?.isEmpty != false } == 0)
        for item in cases {
            #expect(Set(item.attributes.keys) == ["classname", "name", "time"])
            #expect(item.attributes["time"]?.wholeMatch(of: /\d+\.\d{3}/) != nil)
        }
        let failures = elements.found.filter { $0.path == "\(suite)/testcase/failure" }
        let expected = report.results.count { least.includes($0.outcome) }
        #expect(failures.count == expected && attributes["failures"] == "\(expected)")
        #expect(failures.allSatisfy { Set($0.attributes.keys) == ["message", "type"] })
        let skipped = elements.found.count { $0.path == "\(suite)/testcase/skipped" }
        #expect(
            attributes["skipped"] == "\(skipped)"
                && skipped
                    == report.results.count {
                        $0.outcome == .skip || $0.outcome == .undecided && least != .undecided
                    }
        )
        let allowed: Set = [
            "testsuites", suite, "\(suite)/properties", "\(suite)/testcase", "\(suite)/testcase/failure",
            "\(suite)/testcase/skipped", "\(suite)/system-out", "\(suite)/system-err",
        ]
        #expect(Set(elements.found.map(\.path)).isSubset(of: allowed))
        #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" || $0 == "\u{0}" })
    }
}
