import TextSafety
package import WorkerDomain

/// A report for a program that reads JSON.
package enum CheckReportJSON {
    /// One JSON object with the exit code, the counts and every result; hostile characters are `\u` escapes.
    package static func text(_ report: CheckReport, failOn least: CheckFailure = .fail) -> String {
        let results = report.results.map { result in
            var fields = [
                "\"id\": \(Self.quoted(result.id))", "\"title\": \(Self.quoted(result.title))",
                "\"outcome\": \(Self.quoted(result.outcome.rawValue))", "\"summary\": \(Self.quoted(result.summary))",
                "\"evidence\": [\(result.evidence.map { Self.quoted($0) }.joined(separator: ", "))]",
            ]
            let optional = [
                ("rule", result.rule), ("place", result.place), ("fix", result.fix), ("example", result.example),
            ]
            for (name, value) in optional { fields.append("\"\(name)\": \(value.map { Self.quoted($0) } ?? "null")") }
            fields.append("\"severity\": \(Self.quoted(result.outcome.severity))")
            fields.append("\"code\": \(result.code.map { "\($0)" } ?? "null")")
            fields.append("\"fixable\": \(result.repair != nil)")
            fields.append("\"milliseconds\": \(result.duration.wholeMilliseconds)")
            return "    {" + fields.joined(separator: ", ") + "}"
        }
        let counts = CheckResult.Outcome.allCases.map { "\"\($0.rawValue)\": \(report.count(of: $0))" }
        return """
            {
              "exit_code": \(report.exitCode(failOn: least)),
              "counts": {\(counts.joined(separator: ", "))},
              "results": [
            \(results.joined(separator: ",\n"))
              ]
            }

            """
    }

    static func quoted(_ text: String) -> String { ControlCharacters.json(text) }
}

extension CheckResult.Outcome {
    /// How much it weighs: `error` ends a deploy, `warning` may, `none` says nothing against it.
    package var severity: String {
        switch self {
        case .fail: "error"
        case .warn: "warning"
        case .undecided: "note"
        case .pass, .skip: "none"
        }
    }
}
