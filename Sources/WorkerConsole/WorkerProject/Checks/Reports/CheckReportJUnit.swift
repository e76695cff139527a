package import WorkerDomain

/// A report as JUnit XML, for build servers: each check is a test case.
///
/// It holds to the schema of JUnit for Ant and to that of the Jenkins plugin, which leave different things out.
package enum CheckReportJUnit {
    package static func text(_ report: CheckReport, failOn least: CheckFailure = .fail) -> String {
        let failed = report.results.count { least.includes($0.outcome) }
        let skipped = report.results.count { self.isSkipped($0, least) }
        let time = self.seconds(report.duration)
        let head =
            "tests=\"\(report.results.count)\" failures=\"\(failed)\" errors=\"0\" skipped=\"\(skipped)\" time=\"\(time)\""
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites>",
            "  <testsuite name=\"worker-console check\" id=\"0\" package=\"check\" hostname=\"localhost\" "
                + "timestamp=\"\(self.timestamp(report.startedAt))\" \(head)>",
            "    <properties/>",
        ]
        var other: [String] = []
        for result in report.results {
            let name = "classname=\"\(self.escaped(result.id))\" name=\"\(self.escaped(result.title))\""
            let open = "    <testcase \(name) time=\"\(self.seconds(result.duration))\""
            if least.includes(result.outcome) {
                let message = self.escaped(result.summary)
                lines.append(open + ">")
                lines.append(
                    "      <failure message=\"\(message)\" type=\"\(result.outcome.severity)\">"
                        + self.escaped(self.details(result).joined(separator: "\n")) + "</failure>")
                lines.append("    </testcase>")
                continue
            }
            if self.isSkipped(result, least) {
                lines += [open + ">", "      <skipped/>", "    </testcase>"]
            } else {
                lines.append(open + "/>")
            }
            if result.outcome != .pass {
                other.append(
                    "\(result.outcome.rawValue): \(result.id): " + self.details(result).joined(separator: "; "))
            }
        }
        lines.append("    <system-out>\(self.escaped(other.joined(separator: "\n")))</system-out>")
        lines += ["    <system-err/>", "  </testsuite>", "</testsuites>", ""]
        return lines.joined(separator: "\n")
    }

    private static func isSkipped(_ result: CheckResult, _ least: CheckFailure) -> Bool {
        result.outcome == .skip || result.outcome == .undecided && !least.includes(.undecided)
    }

    private static func details(_ result: CheckResult) -> [String] {
        [
            result.place.map { "where: " + $0 }, result.summary, result.code.map { "Cloudflare's error: \($0)" },
            result.rule.map { "why: " + $0 }, result.fix.map { "fix: " + $0 },
        ].compactMap { $0 } + result.evidence.map { "found: " + $0 }
    }

    /// Text for an element or an attribute; what XML 1.0 cannot hold is U+FFFD, what steers a terminal is named.
    private static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { escaped.append(contentsOf: "&#10;".unicodeScalars) }
            self.append(CheckReportText.safe(String(line)), to: &escaped)
        }
        return String(escaped)
    }

    private static func append(_ text: String, to escaped: inout String.UnicodeScalarView) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "\u{FFFE}", "\u{FFFF}": escaped.append("\u{FFFD}")
            default: escaped.append(scalar.value < 0x20 ? "\u{FFFD}" : scalar)
            }
        }
    }

    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration.wholeMilliseconds
        let rest = String(milliseconds % 1_000)
        return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    /// `2026-11-29T15:04:05`, in UTC, as the schema wants it: without a zone.
    private static func timestamp(_ time: WallTime) -> String {
        String(time.rfc3339.prefix(19))
    }
}
