extension ProjectConfiguration {
    /// Stands for a value that isn't shown.
    package static let mask = "••••••"

    /// What was read, as JSON under wrangler's own key names, in the order of the files.
    /// - Parameter reveal: Shows secrets; otherwise they are masked.
    /// - Returns: One JSON object, indented.
    package func json(reveal: Bool) -> String {
        func optional(_ text: String?) -> ConfigurationValue { text.map { .string($0) } ?? ConfigurationValue(.null) }
        func number(_ value: Int?) -> ConfigurationValue { ConfigurationValue(value.map { .number("\($0)") } ?? .null) }
        let findings = self.findings.map { finding in
            ConfigurationValue.table([
                ("severity", .string(finding.severity.rawValue)), ("file", optional(finding.file)),
                ("line", number(finding.line)), ("column", number(finding.column)), ("field", optional(finding.field)),
                ("message", .string(finding.message)), ("refusedByWrangler", .bool(finding.refusedByWrangler)),
            ])
        }
        let variables = self.variables.map { variable in
            (
                variable.name,
                ConfigurationValue.table([
                    ("secret", .bool(variable.isSecret)),
                    ("value", variable.isSecret && !reveal ? .string(Self.mask) : variable.value),
                ])
            )
        }
        let settings = self.settings.map { setting in
            let value = setting.value ?? ConfigurationValue(.null)
            return (setting.key, ConfigurationValue.table([("set", .bool(setting.isSet)), ("value", value)]))
        }
        return ConfigurationValue.table([
            ("file", optional(self.wrangler.path)), ("environment", optional(self.wrangler.environment)),
            ("refusedByWrangler", .bool(self.wouldWranglerRefuse)), ("config", self.wrangler.values),
            ("vars", .table(variables)), ("settings", .table(settings)), ("findings", .array(findings)),
        ]).json(indent: 2)
    }

    /// What was read, a line each, for a person.
    /// - Parameter reveal: Shows secrets; otherwise they are masked.
    /// - Returns: Lines without their ends, findings left out.
    package func lines(reveal: Bool) -> [String] {
        var lines = [
            "file: \(self.wrangler.path ?? "none")", "environment: \(self.wrangler.environment ?? "top level")",
        ]
        let hidden: Set = [
            "vars", "configPath", "userConfigPath", "topLevelName", "definedEnvironments", "targetEnvironment",
        ]
        for member in self.wrangler.values.members ?? [] where !hidden.contains(member.key) {
            if member.value.elements?.isEmpty == true || member.value.members?.isEmpty == true { continue }
            lines.append("\(member.key): \(member.value.string ?? member.value.json())")
        }
        for variable in self.variables {
            let value = variable.isSecret && !reveal ? Self.mask : variable.value.string ?? variable.value.json()
            lines.append("vars.\(variable.name): \(value)")
        }
        for setting in self.settings {
            guard let value = setting.value else { continue }
            lines.append("settings.\(setting.key): \(value.toml)\(setting.isSet ? "" : " (default)")")
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
