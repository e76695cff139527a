package import WorkerDomain

/// A report as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), for code review tools.
package enum CheckReportSARIF {
    /// - Parameters:
    ///   - report: What was found.
    ///   - version: Of this program.
    ///   - least: The mildest outcome that gives exit code 1.
    /// - Returns: One JSON object; paths are relative to the project's folder.
    package static func text(_ report: CheckReport, version: String, failOn least: CheckFailure = .fail) -> String {
        let checks = DeployChecks.all + DeployChecks.onlyWhenAsked
        let rules = checks.map { check in
            self.object([
                ("id", self.text(check.id)), ("shortDescription", self.message(check.title)),
                ("fullDescription", self.message(check.about)),
                ("defaultConfiguration", self.object([("level", self.text("error"))])),
            ])
        }
        let results = report.results.map { result in
            self.result(result, index: checks.firstIndex { $0.id == result.id })
        }
        let driver = self.object([
            ("name", self.text("worker-console")), ("version", self.text(version)), ("rules", self.array(rules)),
        ])
        let invocation = self.object([
            ("executionSuccessful", report.exitCode(failOn: least) == 2 ? "false" : "true"),
            ("exitCode", "\(report.exitCode(failOn: least))"),
        ])
        let run = self.object([
            ("tool", self.object([("driver", driver)])), ("invocations", self.array([invocation])),
            ("columnKind", self.text("unicodeCodePoints")), ("results", self.array(results)),
        ])
        return self.object([
            ("$schema", self.text("https://json.schemastore.org/sarif-2.1.0.json")), ("version", self.text("2.1.0")),
            ("runs", self.array([run])),
        ]) + "\n"
    }

    private static func result(_ result: CheckResult, index: Int?) -> String {
        // A level other than "none" belongs to the kind "fail" alone (section 3.27.10).
        let (kind, level) =
            switch result.outcome {
            case .fail: ("fail", "error")
            case .warn: ("fail", "warning")
            case .undecided: ("open", "none")
            case .pass: ("pass", "none")
            case .skip: ("notApplicable", "none")
            }
        var fields = [("ruleId", self.text(result.id))]
        if let index { fields.append(("ruleIndex", "\(index)")) }
        let words = result.summary + (result.fix.map { "\nFix: " + $0 } ?? "")
        fields += [("kind", self.text(kind)), ("level", self.text(level)), ("message", self.message(words))]
        if let location = self.location(result.place) { fields.append(("locations", self.array([location]))) }
        var properties = [("evidence", self.array(result.evidence.map { self.text($0) }))]
        if let rule = result.rule { properties.append(("rule", self.text(rule))) }
        if let code = result.code { properties.append(("cloudflareCode", "\(code)")) }
        fields.append(("properties", self.object(properties)))
        return self.object(fields)
    }

    /// `worker.py:12:1` as a place in a file.
    private static func location(_ place: String?) -> String? {
        guard let place else { return nil }
        var parts = place.split(separator: ":", omittingEmptySubsequences: false)
        var numbers: [Int] = []
        while parts.count > 1, numbers.count < 2, let number = parts.last.flatMap({ Int($0) }), number > 0 {
            numbers.insert(number, at: 0)
            parts.removeLast()
        }
        let file = self.object([("uri", self.text(self.uri(parts.joined(separator: ":"))))])
        var physical = [("artifactLocation", file)]
        if let line = numbers.first {
            var region = [("startLine", "\(line)")]
            if numbers.count > 1 { region.append(("startColumn", "\(numbers[1])")) }
            physical.append(("region", self.object(region)))
        }
        return self.object([("physicalLocation", self.object(physical))])
    }

    /// A path as a relative reference (RFC 3986).
    private static func uri(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }

    // MARK: - JSON

    private static func text(_ text: String) -> String { CheckReportJSON.quoted(text) }
    private static func message(_ text: String) -> String {
        self.object([("text", self.text(text.isEmpty ? "-" : text))])
    }
    private static func array(_ values: [String]) -> String { "[" + values.joined(separator: ",") + "]" }
    private static func object(_ fields: [(String, String)]) -> String {
        "{" + fields.map { self.text($0.0) + ":" + $0.1 }.joined(separator: ",") + "}"
    }
}
