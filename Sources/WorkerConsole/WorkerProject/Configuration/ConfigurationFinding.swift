package import TextSafety
package import WorkerDomain

/// Something in a configuration file that a person should know, with its place.
package struct ConfigurationFinding: Sendable, Equatable, CustomStringConvertible {
    package enum Severity: String, Sendable, Equatable, CaseIterable {
        /// The value can't be used; see ``ConfigurationFinding/refusedByWrangler`` for what wrangler does.
        case error
        case warning
        case note
    }
    package let severity: Severity
    /// Absolute path; `nil` when no file is meant.
    package let file: String?
    /// 1-based; `nil` when it isn't known.
    package let line: Int?
    /// 1-based; `nil` when it isn't known.
    package let column: Int?
    /// The key that is meant: `r2_buckets[0].bucket_name`; `nil` for a syntax error.
    package let field: String?
    /// What is wrong, and what to write instead.
    package let message: String
    /// wrangler stops at this and reads nothing.
    package let refusedByWrangler: Bool

    package init(
        _ severity: Severity, file: String? = nil, at position: SourcePosition? = nil, field: String? = nil,
        message: String, refusedByWrangler: Bool = false
    ) {
        self.severity = severity
        self.file = file
        self.line = position?.line
        self.column = position?.column
        self.field = field
        self.message = message
        self.refusedByWrangler = refusedByWrangler
    }

    /// `wrangler.toml:3:7`, with the file's name only; `nil` when no file is meant.
    ///
    /// A file of wrangler's own keeps its folder (`.wrangler/deploy/config.json`): its name alone could be any.
    package var place: String? {
        guard let file = self.file else { return nil }
        let parts = file.split(separator: "/")
        let own = parts.lastIndex(of: ".wrangler") ?? max(0, parts.count - 1)
        var text = parts[min(own, parts.count)...].joined(separator: "/")
        if let line = self.line { text += ":\(line)" }
        if let column = self.column { text += ":\(column)" }
        return text
    }

    package var description: String { self.text(in: .english) }

    /// One line: place, severity and message, without what gives access.
    package func text(in language: Language, redaction: Redaction = .off) -> String {
        let message = self.severity.phrase(language, language.text(redaction.message(self.message)))
        return self.place.map { Self.placed(language, $0, message) } ?? message
    }

    private static let placed = Phrase("%1: %2", "%1：%2")
}

extension ConfigurationFinding.Severity {
    /// The severity before a message.
    fileprivate var phrase: Phrase {
        switch self {
        case .error: Phrase("error: %1", "错误：%1")
        case .warning: Phrase("warning: %1", "警告：%1")
        case .note: Phrase("note: %1", "提示：%1")
        }
    }
}
