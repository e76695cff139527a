import TextSafety
package import WorkerDomain

/// A report as text for a person, and as JSON for a program.
package enum CheckReportText {
    /// The checks in groups, then what was found in full.
    /// - Parameters:
    ///   - report: What was found; text from outside is made harmless.
    ///   - color: True to mark outcomes with terminal colours.
    ///   - width: Columns to fill, 40 to 200; code is never wrapped.
    ///   - language: The language of the texts.
    ///   - least: The mildest outcome that gives exit code 1.
    /// - Returns: Lines that end with the exit code.
    package static func render(
        _ report: CheckReport, color: Bool, width: Int = 100, language: Language = .english,
        failOn least: CheckFailure = .fail
    ) -> String {
        let width = min(200, max(40, width))
        var lines: [String] = []
        var group: Phrase?
        for result in report.results {
            let next = Self.group(of: result.id)
            if next != group {
                if group != nil { lines.append("") }
                lines.append(next(language))
                group = next
            }
            let texts = result.texts(in: language)
            let title = WrappedText.padded(Self.safe(texts.title), to: 20)
            let head = "  \(Self.glyph(result.outcome, color: color)) \(title)"
            lines += Self.wrapped(Self.safe(texts.summary), first: head, indent: 24, width: width)
        }
        for result in report.results where [.fail, .warn, .undecided].contains(result.outcome) {
            lines.append("")
            lines += Self.details(result, color: color, width: width, language)
        }
        let counts = CheckResult.Outcome.allCases.compactMap { outcome -> String? in
            let count = report.count(of: outcome)
            return count == 0 ? nil : CheckPhrases.count(of: outcome)(language, "\(count)")
        }
        let exitCode = CheckPhrases.exitCode(language, "\(report.exitCode(failOn: least))")
        lines += ["", (counts + [exitCode]).joined(separator: " · "), ""]
        return lines.joined(separator: "\n")
    }

    private static func details(_ result: CheckResult, color: Bool, width: Int, _ language: Language) -> [String] {
        let texts = result.texts(in: language)
        let name = CheckPhrases.titled(language, Self.safe(texts.title), Self.safe(result.id))
        var lines = ["\(Self.glyph(result.outcome, color: color)) \(name)"]
        func add(_ label: Phrase?, _ text: String?) {
            guard let text, !text.isEmpty else { return }
            let head = "  " + WrappedText.padded(label?(language) ?? "", to: 7)
            lines.append(contentsOf: Self.wrapped(Self.safe(text), first: head, indent: 9, width: width))
        }
        add(CheckPhrases.what, texts.summary)
        add(CheckPhrases.place, result.place)
        for (index, line) in texts.evidence.prefix(20).enumerated() { add(index == 0 ? CheckPhrases.found : nil, line) }
        add(CheckPhrases.why, texts.rule)
        add(CheckPhrases.fix, texts.fix)
        if let example = result.example {
            lines.append("")
            for line in example.split(separator: "\n", omittingEmptySubsequences: false) {
                lines.append(line.isEmpty ? "" : "    " + Self.safe(String(line)))
            }
            while lines.last == "" { lines.removeLast() }
        }
        return lines
    }

    private static func group(of id: String) -> Phrase {
        switch id.split(separator: ".").first ?? "" {
        case "config", "vars", "wrangler": CheckPhrases.configuration
        case "main", "packages", "entrypoint", "handler", "addresses", "secrets": CheckPhrases.source
        case "bindings": CheckPhrases.bindings
        case "backends": CheckPhrases.backends
        case "cors": CheckPhrases.traffic
        default: CheckPhrases.checks
        }
    }

    private static func glyph(_ outcome: CheckResult.Outcome, color: Bool) -> String {
        let (glyph, code) =
            switch outcome {
            case .pass: ("✓", 32)
            case .warn: ("▲", 33)
            case .fail: ("✖", 31)
            case .skip: ("–", 2)
            case .undecided: ("?", 33)
            }
        return color ? "\u{1B}[\(code)m\(glyph)\u{1B}[0m" : glyph
    }

    private static func wrapped(_ text: String, first: String, indent: Int, width: Int) -> [String] {
        let lines = WrappedText.lines(text, columns: max(16, width - indent))
        let blank = String(repeating: " ", count: indent)
        return (lines.isEmpty ? [""] : lines).enumerated().map {
            $0.offset == 0 ? first + $0.element : blank + $0.element
        }
    }

    // MARK: - Text from outside

    /// The text with every hostile character written as `<U+001B>`.
    package static func safe(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { ControlCharacters.isUnsafe($0) }) else { return text }
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\t" {
                out.append(contentsOf: "    ".unicodeScalars)
            } else if ControlCharacters.isUnsafe(scalar) {
                out.append(
                    contentsOf: "<U+\(ControlCharacters.hexadecimal(scalar.value, digits: 4).uppercased())>"
                        .unicodeScalars)
            } else {
                out.append(scalar)
            }
        }
        return String(out)
    }

    /// One JSON object with the exit code, the counts and every result; hostile characters are `\u` escapes.
    package static func json(_ report: CheckReport) -> String { CheckReportJSON.text(report) }
}
