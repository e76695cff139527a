import TextSafety
package import WorkerDomain

/// Words between what was read.
private enum OutputPhrases {
    static let file = Phrase("file: %1", "文件：%1")
    static let none = Phrase("none", "无")
    static let environment = Phrase("environment: %1", "环境：%1")
    static let topLevel = Phrase("top level", "最外层")
    static let standard = Phrase(" (default)", "（默认）")
}

extension ProjectConfiguration {
    /// What was read, as JSON under wrangler's own key names, in the order of the files.
    /// - Parameter reveal: Shows secrets; otherwise they are hidden.
    /// - Returns: One JSON object, indented.
    package func json(reveal: Bool) -> String {
        let redaction: Redaction = reveal ? .off : .standard
        func optional(_ text: String?) -> ConfigurationValue { text.map { .string($0) } ?? ConfigurationValue(.null) }
        func number(_ value: Int?) -> ConfigurationValue { ConfigurationValue(value.map { .number("\($0)") } ?? .null) }
        let findings = self.findings.map { finding in
            ConfigurationValue.table([
                ("severity", .string(finding.severity.rawValue)), ("file", optional(finding.file)),
                ("line", number(finding.line)), ("column", number(finding.column)), ("field", optional(finding.field)),
                ("message", .string(redaction.message(finding.message))),
                ("refusedByWrangler", .bool(finding.refusedByWrangler)),
            ])
        }
        let variables = self.variables.map { variable in
            let value = variable.shown(redaction)
            return (
                variable.name,
                ConfigurationValue.table([
                    ("secret", .bool(variable.isSecret)), ("redacted", .bool(value != variable.value)),
                    ("value", value),
                ])
            )
        }
        let settings = self.settings.map { setting in
            let value = (setting.value ?? ConfigurationValue(.null)).redacted(redaction)
            return (setting.key, ConfigurationValue.table([("set", .bool(setting.isSet)), ("value", value)]))
        }
        return ConfigurationValue.table([
            ("file", optional(self.wrangler.path)), ("environment", optional(self.wrangler.environment)),
            ("refusedByWrangler", .bool(self.wouldWranglerRefuse)),
            ("config", self.wrangler.values.redacted(redaction)), ("vars", .table(variables)),
            ("settings", .table(settings)), ("findings", .array(findings)),
        ]).json(indent: 2)
    }

    /// What was read, a line each, for a person.
    /// - Parameters:
    ///   - reveal: Shows secrets; otherwise they are hidden.
    ///   - language: The language of what is no key and no value.
    /// - Returns: Lines without their ends, findings left out.
    package func lines(reveal: Bool, language: Language = .english) -> [String] {
        let redaction: Redaction = reveal ? .off : .standard
        var lines = [
            OutputPhrases.file(language, self.wrangler.path ?? OutputPhrases.none(language)),
            OutputPhrases.environment(language, self.wrangler.environment ?? OutputPhrases.topLevel(language)),
        ]
        let hidden: Set = [
            "vars", "configPath", "userConfigPath", "topLevelName", "definedEnvironments", "targetEnvironment",
        ]
        for member in self.wrangler.values.members ?? [] where !hidden.contains(member.key) {
            if member.value.elements?.isEmpty == true || member.value.members?.isEmpty == true { continue }
            let value = member.value.redacted(redaction, key: member.key)
            lines.append("\(member.key): \(value.string ?? value.json())")
        }
        for variable in self.variables {
            let value = variable.shown(redaction)
            lines.append("vars.\(variable.name): \(value.string ?? value.json())")
        }
        for setting in self.settings {
            guard let value = setting.value?.redacted(redaction) else { continue }
            lines.append(
                "settings.\(setting.key): \(value.toml)\(setting.isSet ? "" : OutputPhrases.standard(language))")
        }
        return lines
    }

    /// Every setting in the order of the user guide, with what it is here and whether the file sets it.
    private var settings: [(key: String, value: ConfigurationValue?, isSet: Bool)] {
        let draft = ConsoleDraft(self.console)
        return Settings.all.flatMap { $0.values(in: draft) }
            .map { ($0.key, $0.value, self.console.places[$0.key] != nil) }
    }
}

extension ProjectConfiguration.Variable {
    /// The value as it may be shown: one of `.dev.vars` never, one of the configuration by its name and its shape.
    func shown(_ redaction: Redaction) -> ConfigurationValue {
        if redaction.isOff { return self.value }
        return self.isSecret ? .string(Redaction.mask) : self.value.hidden(named: self.name, redaction)
    }
}

extension ConfigurationValue {
    /// Tables whose keys are the user's own, so that they say what the values are.
    private static let ownNames: Set<String> = ["vars", "define"]

    /// wrangler's own keys name no secrets (`secret_name`, `secrets.required`); below `vars` and `define` names count, and
    /// everywhere shapes do.
    func redacted(_ redaction: Redaction, key: String = "") -> ConfigurationValue {
        guard !redaction.isOff else { return self }
        var result = self
        switch self.content {
        case .string(let text): result.content = .string(redaction.source(text))
        case .array(let values): result.content = .array(values.map { $0.redacted(redaction) })
        case .table(let members):
            result.content = .table(
                members.map { member in
                    var member = member
                    member.value =
                        Self.ownNames.contains(key)
                        ? member.value.hidden(named: member.key, redaction)
                        : member.value.redacted(redaction, key: member.key)
                    return member
                })
        case .null, .bool, .number, .date: break
        }
        return result
    }

    /// The value of a name that the user chose.
    func hidden(named name: String, _ redaction: Redaction) -> ConfigurationValue {
        var result = self
        switch self.content {
        case .null, .bool: break
        case .string(let text), .date(let text):
            let isSecret = redaction.hides(member: name, text: text)
            result.content = .string(isSecret ? Redaction.mask : redaction.text(text))
            if !isSecret, case .date = self.content { result.content = self.content }
        case .number: if redaction.hidesNumber(member: name) { result.content = .string(Redaction.mask) }
        case .array(let values):
            result.content = .array(values.map { $0.hidden(named: name, redaction) })
        case .table(let members):
            let isBelowSecret = redaction.hidesAll(member: name)
            result.content = .table(
                members.map { member in
                    var member = member
                    member.value = member.value.hidden(named: isBelowSecret ? name : member.key, redaction)
                    return member
                })
        }
        return result
    }
}
